"""Days of European languages, and where pages of any site say when they were published. Pages are our own."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers import Article, Document
from parsers.dates.western import in_english, whole_year
from parsers.reader.default import DefaultPage
from parsers.reader.view.normalisers import normalise_published, zone_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PROSE = "<p>The ferries of the delta run more often in summer, and the people on the islands are glad of it.</p>" * 4


@every_row(
    ("text", "english"),
    [
        ("3. März 2022", "3 March 2022"),
        ("26.04.2024, 20:44 Uhr", "26 April 2024 20:44"),
        ("3. März 2022, 14.05 Uhr", "3 March 2022 14:05"),
        ("5.11.2021 um 9 Uhr", "5 November 2021 9:00"),
        ("Do 25.04.24 | 14:07 Uhr", "Do 25 April 2024 14:07"),
        ("21. Jan 2022", "21 January 2022"),
        ("le 7 mai 2020 à 12h38", "le 7 May 2020 12:38"),
        ("1er août 2021", "1 August 2021"),
        ("miércoles, 4 de mayo de 2022", "miércoles, 4 May 2022"),
        ("12 Gennaio 2020 alle 14:05", "12 January 2020 14:05"),
        ("15 de março de 2023, às 8h", "15 March 2023 8:00"),
        ("4 mei 2020", "4 May 2020"),
        ("28. apr. 2023 kl. 14.05", "28 April 2023 14:05"),
        ("5 września 2021", "5 September 2021"),
        ("25 января 2020, 14:05", "25 January 2020 14:05"),
        ("3 Ağustos 2021", "3 August 2021"),
        ("12 NİSAN 2023", "12 April 2023"),
        ("12 KASIM 2023", "12 November 2023"),
        ("12 aralık 2023, 14:05", "12 December 2023 14:05"),
        ("26.02.22", "26.02.22"),
        ("32.13.2024", "32.13.2024"),
        ("Version 1.2.2020.4", "Version 1.2.2020.4"),
        ("2024-04-13T15:01:00Z", "2024-04-13T15:01:00Z"),
        ("2019年2月15日 10:30", "2019年2月15日 10:30"),
        ("im November 2022", "im November 2022"),
    ],
)
def test_a_european_day_is_put_into_english(text, english):
    assert in_english(text) == english


@pytest.mark.parametrize(
    ("text", "whole"),
    [("2.11.22", "2.11.2022"), ("23.09.22", "23.09.2022"), ("2.11.2022", "2.11.2022"), ("1.2.22.4", "1.2.22.4")],
)
def test_the_century_of_a_bare_day_is_put_in(text, whole):
    assert whole_year(text) == whole


@given(st.text())
def test_putting_a_text_into_english_twice_gives_the_same_as_once(text):
    assert in_english(in_english(text)) == in_english(text)


@every_row("mark", ["1", "1. ", "3. Mai ", ". ", "1.1.", "de "])
def test_a_megabyte_of_one_mark_is_read_in_linear_time(mark):
    assert len(in_english(mark * (1_000_000 // len(mark)))) <= 2_100


def test_the_raw_form_is_kept_as_printed():
    found = normalise_published(("3. März 2022, 14.05 Uhr",), NOW, "Europe/Berlin")
    assert found is not None
    assert (found.value.isoformat(), found.raw) == ("2022-03-03T14:05:00+01:00", "3. März 2022, 14.05 Uhr")


@every_row(
    ("host", "language", "zone"),
    [
        ("www.herold.de", "de", "Europe/Berlin"),
        ("herald.com", "de-AT", "Europe/Berlin"),
        ("herald.com", "en", "UTC"),
        ("herald.co.uk", "en", "Europe/London"),
        ("herald.com", "zh-Hans", "Asia/Shanghai"),
        ("news.example.cn", "en", "Asia/Shanghai"),
        ("herald.com", None, "UTC"),
    ],
)
def test_the_zone_of_a_clock_follows_the_host_then_the_language(host, language, zone):
    assert zone_of(host, language) == zone


def read(shown: str = "", head: str = "", below: str = "", url: str = "https://www.herold.de/a") -> Article:
    page = f"<html lang=de><title>Fähren fahren öfter</title>{head}<body>{shown}<div>{PROSE}</div>{below}"
    return DefaultPage(Document(page.encode(), "text/html", url, NOW)).article()


H1 = "<h1>Fähren fahren öfter</h1>"


@every_row(
    ("shown", "below", "published"),
    [
        (f"{H1}<p>Stand: 4. Mai 2022</p><p>3. Mai 2022, 14:05 Uhr</p>", "", "2022-05-03T14:05:00+02:00"),
        (f"{H1}<time datetime='2022-05-03T14:05:00+02:00'>3. Mai</time>", "", "2022-05-03T14:05:00+02:00"),
        (f"{H1}<p>3.5.2022</p><time datetime='2022-05-03T14:05:00+02:00'></time>", "", "2022-05-03T14:05:00+02:00"),
        (f"{H1}<abbr class=published title='2022-05-03T14:05:00Z'>14:05</abbr>", "", "2022-05-03T14:05:00+00:00"),
        (f"<p itemprop=datePublished content='2022-05-03T14:05:00Z'></p>{H1}", "", "2022-05-03T14:05:00+00:00"),
        (
            f"{H1}<time datetime='2022-05-04'><i itemprop=datePublished content='2022-05-03T14:05:00Z'></i></time>",
            "",
            "2022-05-03T14:05:00+00:00",
        ),
        (f"{H1}<time class=updated datetime='2022-05-03'>aktualisiert</time>", "", None),
        (  # WordPress: of a post that was not changed since
            f"{H1}<time class='entry-date published updated' datetime='2022-05-03T14:05:00+02:00'>3. Mai 2022</time>",
            "",
            "2022-05-03T14:05:00+02:00",
        ),
        (  # and of one that was
            f"{H1}<time class='entry-date published' datetime='2022-05-03T14:05:00+02:00'>3. Mai 2022</time>"
            "<time class=updated datetime='2022-06-03T10:00:00+02:00'>3. Juni 2022</time>",
            "",
            "2022-05-03T14:05:00+02:00",
        ),
        (H1, "<aside><time datetime='2022-05-03'>3. Mai</time></aside>", None),
        (H1, f"<ul>{'<li><a>Impressum</a></li>' * 90}</ul><i>24. Mai 2012</i>", None),
        (f"<p itemprop=datePublished>3. Mai 2022</p>{'<p><a>Seite</a></p>' * 90}{H1}", "", "2022-05-03T00:00:00+02:00"),
        (f"{H1}<p itemprop=datePublished>gestern</p>", "", None),
        (f"{H1}<p>Januar 2022</p>", "", None),
        (f"{H1}<p>Mitglied seit:</p><p>1.4.2008, 9:30 Uhr</p><p>3.5.2022</p>", "", "2022-05-03T00:00:00+02:00"),
        (f"{H1}<p>23.09.22</p>", "", "2022-09-23T00:00:00+02:00"),
        (f"<p>Kultur, 2.11.22</p>{H1}", "", "2022-11-02T00:00:00+01:00"),
        (f"{H1}<p>Ausgabe:</p><p>23.09.22</p>", "", None),
        (f"{H1}<p>Fassung 2.11.22</p>", "", None),
        (f"{H1}<p>2.11.22.4</p>", "", None),
    ],
)
def test_only_a_full_date_of_publication_dates_a_page(shown, below, published):
    date = read(shown, below=below).date_published
    assert (date.isoformat() if date else None) == published


SUMMARY = "<p>More boats will cross the delta in the summer months, and the people of the islands wait for them.</p>"


@every_row(
    ("lines", "published"),
    [
        ("<p>3. Mai 2022</p>", "2022-05-03"),
        ("<p>Veröffentlicht am 3. Mai 2022, 9:30 Uhr</p><p>Stand: 4. Mai 2022</p>", "2022-05-03"),
        ("<p>Posted: May 3, 2022 9:30 AM ET | Last updated: an hour ago</p>", "2022-05-03"),
        ("<p>Dienstag, 3. Mai 2022</p><p>3. Mai 2022</p>", "2022-05-03"),
        ("<p>3. Mai 2022</p><p>Das erste Boot.</p><p>5. Mai 2022</p><p>Das zweite.</p>", None),
        ("<p>Einsendeschluss:</p><p>3. Mai 2022</p>", None),
        ("<p>Ruan Qing (@ruanqing)</p><p>May 3, 2022</p>", None),
        (f"{PROSE * 2}<p>3. Mai 2022</p>", None),
        ("<p>ab dem 3. Mai 2022</p>", None),
        ("<p>3.5.2022 – 5.5.2022</p>", None),
        ("<p>Mai 2022</p>", None),
    ],
)
def test_only_a_day_alone_in_its_line_under_a_summary_dates_the_page(lines, published):
    date = read(f"{H1}<div>{SUMMARY}{lines}{PROSE}</div>").date_published
    assert (date.date().isoformat() if date else None) == published


@every_row(
    ("opening", "published"),
    [
        ("3.5.2022 - In Bonn", "2022-05-03"),
        ("3. Mai 2022 „Die Boote", "2022-05-03"),
        ("(3. Mai 2022) In Bonn", "2022-05-03"),
        ("Bonn, den 3. Mai 2022 – Die Stadt", "2022-05-03"),
        ("3. Mai 2022 war ein guter Tag, an dem", None),
        ("Seit der Wahl vom 3. Mai 2022 – sie war knapp –", None),
    ],
)
def test_the_day_that_opens_a_text_is_the_last_resort(opening, published):
    text = f"{opening} fahren die Fähren im Delta wieder öfter als in den Jahren davor, und das freut die Inseln."
    date = read(f"{H1}<div><p>{text}</p>{PROSE}</div>").date_published
    assert (date.date().isoformat() if date else None) == published


@pytest.mark.parametrize("host", ["herald.com", "herald.cn"])
def test_a_year_of_two_digits_is_read_only_where_the_day_stands_first(host):
    page = f"<html lang=en><title>Ferries run more often</title><h1>Ferries run more often</h1><p>09.05.22</p>{PROSE}"
    assert DefaultPage(Document(page.encode(), "text/html", f"https://{host}/a", NOW)).article().date_published is None


@every_row("mark", ["1.", "1.1.22\n", "1.1.22 ", ", 1.1.2", "20 ", "3. Mai 2022 "])
def test_many_marks_by_the_headline_are_read_in_linear_time(mark):
    many = f"<pre>{mark * (200_000 // len(mark))}</pre>"
    assert read(f"{H1}{many}<div>{SUMMARY}{many}{PROSE}</div>").headline == "Fähren fahren öfter"


def test_the_article_inside_a_web_page_is_the_linked_one():
    linked = {"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "datePublished": "2024-04-26T20:44:00+0200"}}
    date = read(H1, f'<script type="application/ld+json">{json.dumps(linked)}</script>').date_published
    assert date is not None
    assert date.isoformat() == "2024-04-26T20:44:00+02:00"


def test_a_day_in_the_address_is_read_without_leading_zeros():
    date = read(H1, url="https://www.herold.de/home/2017/7/12/faehren").date_published
    assert date is not None
    assert date.date().isoformat() == "2017-07-12"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("11/28/2016 04:23 pm ET", "2016-11-28T16:23:00-05:00"),
        ("July 28, 2016 4:23 p.m. PT", "2016-07-28T16:23:00-07:00"),
        ("Dec 15, 2016, 1:55pm EST", "2016-12-15T13:55:00-05:00"),
        ("Dec 15, 2016, 1:55pm", "2016-12-15T13:55:00+00:00"),
    ],
)
def test_american_clock_times_are_read_with_their_zones(line, published):
    page = (
        f"<title>The ferries run more often</title><h1>The ferries run more often</h1><p>{line}</p><div>{PROSE}</div>"
    )
    date = DefaultPage(Document(page.encode(), "text/html", "https://herald.com/a", NOW)).article().date_published
    assert date is not None
    assert date.isoformat() == published


def test_a_whole_moment_of_json_ld_ends_the_search_and_a_bare_day_does_not():
    def script(value: str) -> str:
        return f'<script type="application/ld+json">{json.dumps({"@type": "Article", "datePublished": value})}</script>'

    shown = f"{H1}<time datetime='2022-05-03T14:05:00+02:00'></time>"
    assert str(read(shown, script("2022-05-03T09:00:00Z")).date_published) == "2022-05-03 09:00:00+00:00"
    assert str(read(shown, script("2022-05-03")).date_published) == "2022-05-03 14:05:00+02:00"

"""`doctor SOURCE --report`: how a site is built, in a file without its texts that is read as the site is."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.journeys import Thinker, asked
from support.tables import every_row

from crawler.examining.report import replayed
from newsroom.process import Site, running
from parsers import Document, ParseError, parse
from parsers.scaffold.masking import CHARACTERS, FAMILIES, LABEL, MAX_LABELLED_CHARACTERS, NUMERALS, PARTICLES, Mask
from parsers.text.han import HAN

AT = datetime(2026, 11, 29, tzinfo=UTC)
PROSE = re.compile(f"[{HAN}]{{6}}")  # so many characters in a row are a text, and no label


@every_row(
    ("text", "masked"),  # H: a Han character, Z, z: a letter, #: a numeral
    [
        ("来源：江海日报", "来源：HHHH"),
        ("责任编辑：王某 2026-11-29 09:30", "责任编辑：HH 2026-11-29 09:30"),
        ("Published by Li Lei", "Published by Zz Zzz"),
        ("1,234 次浏览", "1,234 H浏览"),
        ("https://a.example/t_1.html 江海", "https://a.example/t_1.html HH"),
        ("见https://a.example/a_1，江海之间", "Hhttps://a.example/a_1，HHHH"),
        ("来源：" + "长" * MAX_LABELLED_CHARACTERS + "12次", "HH：" + "H" * MAX_LABELLED_CHARACTERS + "##H"),
        ("", ""),
    ],
)
def test_labels_dates_and_addresses_stay_and_every_text_goes(text: str, masked: str) -> None:
    told = Mask().text(text)
    assert len(told) == len(text)
    kinds = {"H": f"[{HAN}]", "Z": "[A-Z]", "z": "[a-z]", "#": r"\d"}
    assert re.fullmatch("".join(kinds.get(sign, re.escape(sign)) for sign in masked), told), told


@given(st.text(min_size=MAX_LABELLED_CHARACTERS + 1))
def test_of_a_long_line_no_character_says_which_it_was(text: str) -> None:
    mask = Mask()
    told = mask.text(text)
    assert [len(line) for line in told.split("\n")] == [len(line) for line in text.split("\n")]
    for line, other in zip(text.split("\n"), told.split("\n"), strict=True):
        if len(line.strip()) > MAX_LABELLED_CHARACTERS and not re.search(r"\d|https?:|GMT|[a-z]", line, re.IGNORECASE):
            assert all(sign in CHARACTERS + FAMILIES + NUMERALS + PARTICLES for sign in re.findall(f"[{HAN}]", other))
    assert mask.text(text) == told  # what was alike stays alike


@every_row(
    ("markup", "kept", "gone"),
    [
        ('<p onclick="江海">甲<!-- 江海 --></p>', "<p>", "江海"),
        ('<a href="data:text/html,江海">甲</a>', 'href=""', "江海"),
        ('<img alt="江海之间" src="/a.png">', 'src="/a.png"', "江海"),
        ('<script>var t = "江海之间的一句话"; // 江海\nvar d = "2026-11-29";</script>', '"2026-11-29"', "江海"),
        ('<script type="a/ld+json">{"@type": "NewsArticle", "headline": "江海"}</script>', "NewsArticle", "江海"),
        ("<style>.江海{}</style><noscript>江海之间的一句话</noscript>", "<noscript>", "江海"),
        ("<title>江海</title><textarea>江海</textarea>", "<textarea>", "江海"),
        ("<table><tr><td>江海<td>江海", "<td>", "江海"),
        ("<p>&lt;script&gt;江海", "&lt;", "<script>"),
        ('<script type="a/ld+json">{"@graph": [{"@type": "Person", "name": "江海"}]}</script>', "Person", "江海"),
        ('<script type="a/json">{"江海": "x"}</script>', "json", "江海"),
        ("<script>var t = `Between\nthe rivers`</script>", "var t = `", "rivers"),
        ("<script>var r = /[']/; t = '江海'</script>", "var r = /", "江海"),
        ('<script type="text/template"><p>Between the rivers</p></script>', "text/template", "rivers"),
        ("<p>甲<b江海之间>乙", "<p>", "江海"),
        ('<meta name="发布日期" content="x"><meta name="江海" content="x">', 'name="发布日期"', "江海"),
        ('<p class="正文 content" style="content: \'江海\'">', 'class="正文 content"', "江海"),
        ('<a href="http://a.example/?q=1">http://a.example/%E6%B1%9F%E6%B5%B7</a>', "?q=1", "%E6%B1%9F"),
    ],
)  # fmt: skip
def test_text_is_masked_and_elements_are_kept(markup: str, kept: str, gone: str) -> None:
    told = Mask().page(markup)
    assert (kept in told, gone in told) == (True, False), told


@every_row(
    ("markup", "kept", "gone"),
    [
        ('<rss version="2.0"><item title="江海"/></rss>', '<rss version="2.0"><item title="', "江海"),
        ("<rss><!-- 江海 --><?x 江海?><link>http://a.example/t_1.html</link></rss>",
         "<rss><link>http://a.example/t_1.html</link></rss>", "江海"),
        ('<!DOCTYPE rss [<!ENTITY a "江海">]><rss/>', "<rss/>", "江海"),
        ('<feed><link rel="self" href="http://a.example/%E6%B1%9F"/></feed>', 'rel="self"', "%E6%B1%9F"),
        ('<rss><guid isPermaLink="false">http://a.example/1</guid><江海>江海</江海></rss>',
         '<guid isPermaLink="false">http://a.example/1</guid>', "江海"),
        ("<rss><title><![CDATA[江海]]></title></rss>", "<![CDATA[", "江海"),
        ("<rss><title><![CDATA[江海", "<rss><title><![CDATA[", "江海"),
        ('<rss><a b="江海>江海</a>', "<rss>", "江海"),
    ],
)  # fmt: skip
def test_a_feed_is_masked_and_its_elements_stay(markup: str, kept: str, gone: str) -> None:
    told = Mask().document(Document(f'<?xml version="1.0"?>{markup}'.encode(), "text/xml", "https://a.example/", AT))
    assert (kept in told.decode(), gone in told.decode()) == (True, False), told.decode()


@every_row(
    ("start", "again"),
    [("<script>", "'\\"), ("<script>", '"\\'), ("<rss>", "<![CDATA["), ("<rss>", "<!--"), ("<rss ", "a")],
)
def test_long_unclosed_markup_is_masked_in_reasonable_time(start: str, again: str) -> None:
    """Megabytes of it would take hours."""
    document = Document((start + again * 100_000).encode(), "text/html", "https://a.example/", AT)
    assert Mask().document(document)


def test_a_page_nested_by_hundreds_is_masked() -> None:
    told = Mask().page("<div>" * 400 + "江海")
    assert (told.count("<div>"), told.count("</div>"), "江海" in told) == (400, 400, False)


# -- a site ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=8) as site:
        yield site


@pytest.mark.slow
def test_the_file_has_no_text_of_the_site_and_reads_as_the_site_does(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THINKER_NEWSROOM", site.address)
    thinker, file = Thinker(tmp_path / "home", site), tmp_path / "report.json"
    process = thinker.start("doctor", "newsroom", "--report", str(file))
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (
        0,
        f"wrote 5 pages without their texts to {file}; 5 parsed like the original\n",
    )
    report = json.loads(file.read_text(encoding="utf-8"))
    assert [(page["kind"], page["statuses"], page["reads_alike"]) for page in report["pages"]] == [
        *[("list", [200], True)] * 3, *[("article", [200], True)] * 2,
    ]  # fmt: skip
    assert [url for url, then, now in replayed(report) if then != now] == []
    texts = {prose for text in _texts_of(site) for prose in PROSE.findall(text)}
    assert len(texts) > 100
    assert [prose for prose in texts if prose in file.read_text(encoding="utf-8")] == []


def _texts_of(site: Site) -> list[str]:
    return [str(value) for truth in site.truths() for value in truth.values()]


@pytest.mark.slow
@every_row(
    ("arguments", "line"),
    [
        (["--report", "HOME/r.json"], "Invalid value for --report: needs a SOURCE"),
        (["newsroom", "--report", "HOME/thinker.toml"], "HOME/thinker.toml already exists: name another file"),
        (["newsroom", "--report", "HOME/no/r.json"], "HOME/no is not a folder"),
    ],
)
def test_a_file_that_cannot_be_is_named_before_anything_is_asked(
    tmp_path: Path, site: Site, arguments: list[str], line: str
) -> None:
    (tmp_path / "thinker.toml").write_text("")
    before = len(site.log())
    process = Thinker(tmp_path, site).start("doctor", *(each.replace("HOME", str(tmp_path)) for each in arguments))
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, len(site.log())) == (2, "", before)
    assert line.replace("HOME", str(tmp_path)) in " ".join(err.split())


def test_a_file_that_nothing_was_written_into_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text("[sources.shangguan]")
    file = tmp_path / "report.json"
    code, out, err = asked(tmp_path, "doctor", "shangguan", "--report", str(file))
    assert (code, out, "contact" in err, file.exists()) == (2, "", True, False)


# -- what was sent, and real pages ------------------------------------------------------------------------------

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.json"))


@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.stem)
def test_a_report_that_was_sent_reads_as_it_did(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = json.loads(file.read_text(encoding="utf-8"))
    monkeypatch.setenv("THINKER_NEWSROOM", report.get("newsroom", ""))
    assert [(url, then, now) for url, then, now in replayed(report) if then != now] == []


@pytest.mark.shared
@pytest.mark.slow
def test_real_chinese_pages_read_much_alike_and_nothing_of_their_texts_is_left(shared: Path) -> None:
    """Of 19 saved pages 18 keep headline and date, 10 all paragraphs: boilerplate has more words than are kept."""
    folder, told = shared / "data/policy-pages", []
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["kind"].startswith("article")]
    for row in rows:
        if row["original_url"].startswith("http"):
            kind = "application/json" if row["file"].endswith("json") else "text/html"
            page = Document((folder / row["file"]).read_bytes(), kind, row["original_url"].split()[0], AT)
            masked = replace(page, payload=Mask().document(page), content_type=f"{kind}; charset=utf-8")
            prose = [
                text for text in PROSE.findall(page.visible_text) if PROSE.search(LABEL.sub(" ", text)) is not None
            ]
            left = [text for text in prose if text in masked.payload.decode()]
            was, now = _measured(page), _measured(masked)
            told.append((was[:2] == now[:2], was == now, left))
    assert (len(told), [left for *_, left in told if left]) == (19, [])
    assert (sum(known for known, *_ in told), sum(alike for _, alike, _ in told)) >= (17, 9)


def _measured(page: Document) -> tuple[Any, ...]:
    try:
        article = parse(page)
    except ParseError as error:
        return type(error), error.reason
    return len(article.headline), article.date_published, [len(each) for each in article.paragraphs]

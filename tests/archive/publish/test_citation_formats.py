"""A version as BibTeX, RIS, CSL-JSON, GB/T 7714, JSON-LD and COinS: the programs of others find the same fields."""

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from citeproc import Citation as Cluster
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from datasette.app import Datasette
from support.hostile_strings import strings
from support.small_archive import HOSTILE, TALK, add_versions, build, digest_of
from support.small_site import get, served, small_site
from support.tables import every_row

from archive.publish.citing import bibtex, csl, embedded, gbt7714, ris
from archive.publish.citing.citation import Citation, citation, one_line
from archive.publish.formatting.filters import publisher_of

DIGEST = digest_of(TALK)
FIRST = f"/a/newsroom-1/v/{DIGEST[7:19]}"
NASTY = (
    HOSTILE, "a {b} }{ \\c \\textbf{d} %e & f_g #h $i$ ~j ^k", "one\ntwo\r\nER  - \r\nTY  - JOUR",
    "\x00\x07 控制 \u2028 行",
    "@article{x, title = {y}}", "-- --- `` '' <<>> ?` !` ,,", '" = {', "</script><!--<script>", "A and B", "\ud800",
    "ends with \\", "{", "}", "[[N/OL]]. x", "\u202eabc",
)  # fmt: skip
PLAIN = Citation(
    key="newsroom-1-0123456789ab", title="题", subtitle=None, authors=("林知远",), container="解放日报", section=None,
    publisher="新闻室", keywords=("城市",), published="2024-04-14", language="zh-CN", url="http://x.example/1?a=%20b#c",
    seen="2024-04-16T01:00:00Z", digest="sha256:" + "0" * 64, address="https://archive.example/a/x/v/0123456789ab",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def read_bibtex(text: str) -> dict[str, Any]:
    found = bibtexparser.parse_string(text, append_middleware=[middlewares.SeparateCoAuthors()])
    assert found.failed_blocks == []
    (entry,) = found.entries
    fields = {field.key: field.value for field in entry.fields}
    names = [_decoded(name) for name in fields.pop("author", [])]
    raw = {name: fields.pop(name) for name in ("url",) if name in fields}
    return {**{name: _decoded(value) for name, value in fields.items()}, **raw, "author": names, "key": entry.key}


def _decoded(text: str) -> str:
    """pylatexenc reads \\textasciicircum as U+02C6, which no other reader does."""
    said = text.replace(r"\textasciicircum{}", "\x1a")
    decode = middlewares.LatexDecodingMiddleware()._transform_python_value_string
    return decode(said)[0].replace("\x1a", "^")


def read_ris(text: str) -> dict[str, Any]:
    (found,) = rispy.loads(text)
    return found


def cited_by_citeproc(text: str, tmp_path: Path) -> str:
    style = tmp_path / "style.csl"
    style.write_text(STYLE, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields that it does not know
        items = json.loads(text)
        source = CiteProcJSON(items)
        paper = CitationStylesBibliography(
            CitationStylesStyle(str(style)[:-4], validate=False), source, formatter.plain
        )
        paper.register(Cluster([CitationItem(items[0]["id"])]))
        return str(paper.bibliography()[0])


STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>t</title><id>t</id><updated>2024-01-01T00:00:00Z</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><group delimiter="|"><names variable="author"><name/></names><text variable="title"/>
<text variable="container-title"/><date variable="issued" form="numeric" date-parts="year-month-day"/>
<text variable="URL"/><text variable="note"/></group></layout></bibliography></style>"""


def test_a_version_is_read_back_to_the_same_fields(site: Datasette, tmp_path: Path) -> None:
    bib = read_bibtex(get(site, f"{FIRST}.bib").text)
    tags = read_ris(get(site, f"{FIRST}.ris").text)
    (item,) = get(site, f"{FIRST}.csl.json").json()
    authors = [name["literal"] for name in item["author"]]
    note = f"Version {DIGEST}, seen 2024-04-16T01:00:00Z, archived at http://localhost{FIRST}"
    same = ("林知远", TALK.headline, "解放日报", "http://127.0.0.1:8765/articles/1", "zh-CN", note)
    assert (*bib["author"], bib["title"], bib["journal"], bib["url"], bib["language"], bib["note"]) == same
    assert (
        *tags["authors"],
        tags["title"],
        tags["secondary_title"],
        *tags["urls"],
        tags["language"],
        *tags["notes"],
    ) == same
    assert (
        *authors, item["title"], item["container-title"], item["URL"], item["language"], item["note"],
    ) == same  # fmt: skip
    assert (bib["date"], bib["urldate"]) == ("2024-04-14", "2024-04-16")
    assert (tags["date"], tags["access_date"], tags["type_of_reference"]) == ("2024/04/14/", "2024/04/16/", "NEWS")
    assert (item["issued"], item["accessed"]) == ({"date-parts": [[2024, 4, 14]]}, {"date-parts": [[2024, 4, 16]]})
    assert (item["version"], item["archive_location"], item["type"]) == (
        DIGEST, f"http://localhost{FIRST}", "article-newspaper",
    )  # fmt: skip
    told = cited_by_citeproc(json.dumps([item]), tmp_path).split("|")
    assert told[:3] == ["林知远", TALK.headline, "解放日报"]
    assert told[4:] == [item["URL"], note]


def test_a_version_is_cited_in_the_form_of_gb_t_7714(site: Datasette) -> None:
    assert get(site, f"{FIRST}.txt").text == (
        "林知远. 把小事办好，城市才有温度: 从一张便民清单说起[N/OL]. 解放日报, 2024-04-14[2024-04-16]. "
        f"http://127.0.0.1:8765/articles/1. 存档: http://localhost{FIRST}, 版本 {DIGEST}, "
        "采集于 2024-04-16T01:00:00Z.\n"
    )


@every_row(
    ("changed", "expected"),
    [
        ({"container": None}, "林知远. 题[EB/OL]. (2024-04-14)[2024-04-16]. "),
        ({"container": None, "published": None}, "林知远. 题[EB/OL]. [2024-04-16]. "),
        ({"published": None, "authors": ()}, "题[N/OL]. 解放日报[2024-04-16]. "),
        ({"authors": ("甲", "乙", "丙", "丁")}, "甲, 乙, 丙, 等. 题[N/OL]. "),
        ({"authors": ("A", "B", "C", "D"), "language": "en"}, "A, B, C, et al. 题[N/OL]. "),
    ],
)
def test_a_citation_leaves_out_details_that_the_page_lacks(changed: dict[str, Any], expected: str) -> None:
    assert gbt7714.write(replace(PLAIN, **changed)).startswith(expected)


@every_row(
    ("language", "langid"),
    [
        ("zh-CN", "chinese"),
        ("en", "english"),
        ("en-GB", "english"),
        ("ru", "russian"),
        ("fr-FR", "french"),
        ("xx", None),
    ],
)
def test_bibtex_names_a_known_language_for_latex(language: str, langid: str | None) -> None:
    assert read_bibtex(bibtex.write(replace(PLAIN, language=language))).get("langid") == langid


def _everywhere(text: str) -> Citation:
    return replace(PLAIN, title=text, subtitle=text, authors=(text, "另一人"), container=text, section=text,
                   publisher=text, keywords=(text,))  # fmt: skip


def check(text: str) -> None:
    """Check that the text breaks no form's syntax and loses no character that the form can hold."""
    cited, plain = _everywhere(text), one_line(text)
    names = [name for name in (plain, "另一人") if name]
    bib, tags = read_bibtex(bibtex.write(cited)), read_ris(ris.write(cited))
    assert (bib.get("title", ""), bib["author"], bib["note"]) == (plain, names, cited.note)
    assert (tags.get("title", ""), tags["authors"], tags["notes"]) == (plain, names, [cited.note])
    (item,) = json.loads(csl.write(cited))
    assert (item["title"], item["author"][0]["literal"]) == (text, text)
    assert gbt7714.write(cited).count("\n") == 1
    assert plain in gbt7714.write(cited)
    assert dict(parse_qsl(embedded.coins(cited))).get("rft.title", "") == plain
    block = str(
        embedded.json_ld({"standfirst": text, "editors": [text], "date_published": None, "date_modified": None}, cited)
    )
    assert json.loads(block)["headline"] == text
    assert re.search("[<>&\u2028\u2029]", block) is None


@every_row("text", NASTY)
def test_a_hostile_text_breaks_no_syntax_and_loses_no_character(text: str) -> None:
    check(text)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.soak
def test_strings_of_attackers_break_no_citation_format(shared: Path) -> None:
    wrong = []
    for text in strings(shared):
        try:
            check(text)
        except AssertionError as error:
            wrong.append((text, str(error)[:300]))
    assert wrong == []


def test_a_page_describes_itself_in_json_ld_citation_tags_and_coins(site: Datasette) -> None:
    page = get(site, FIRST).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    said = json.loads(block)
    assert {name: said[name] for name in ("@type", "headline", "identifier", "isBasedOn", "inLanguage", "author")} == {
        "@type": "NewsArticle", "headline": TALK.headline, "identifier": DIGEST,
        "isBasedOn": "http://127.0.0.1:8765/articles/1", "inLanguage": "zh-CN",
        "author": [{"@type": "Person", "name": "林知远"}],
    }  # fmt: skip
    metas = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page))
    assert (metas["citation_title"], metas["citation_author"], metas["citation_publication_date"]) == (
        TALK.headline, "林知远", "2024/04/14",
    )  # fmt: skip
    (coins,) = re.findall(r'<span class="Z3988" title="([^"]*)">', page)
    context = dict(parse_qsl(unescape(coins)))
    assert (context["rft.type"], context["rft.creator"], context["rft.language"], context["rft.date"]) == (
        "newspaperArticle", "林知远", "zh-CN", "2024-04-14",
    )  # fmt: skip


def test_a_page_names_the_authors_in_its_head_and_the_speaker_only_without_any(tmp_path: Path) -> None:
    home, pair = build(tmp_path), ["记者甲", "记者乙"]
    talk = replace(TALK, identity="9")
    add_versions(
        home,
        replace(talk, speaker=None, authors=tuple(pair)),
        replace(talk, authors=("记者甲",)),
        replace(talk, authors=()),
    )
    with served(home) as there:
        pages = [get(there, f"/a/newsroom-9/v/{number}", follow_redirects=True).text for number in (1, 2, 3)]
    for name in ("author", "citation_author"):
        found = [re.findall(f'<meta name="{name}" content="([^"]*)">', each) for each in pages]
        assert found == [pair, ["记者甲"], ["林知远"]]


def test_a_version_number_leads_to_the_citation_of_its_digest_and_a_withdrawn_one_is_410(site: Datasette) -> None:
    assert get(site, "/a/newsroom-1/v/1.bib").headers["location"] == f"{FIRST}.bib"
    assert get(site, "/a/newsroom-5/v/1.ris").status_code == 410
    assert get(site, "/a/newsroom-1/v/9.txt").status_code == 404
    for ending in ("bib", "ris", "csl.json", "txt"):
        assert f'href="{FIRST}.{ending}"' in get(site, FIRST).text


def test_a_speaker_stands_beside_the_authors_in_every_format() -> None:
    cited = replace(PLAIN, authors=("记者甲",), speaker="林知远")
    (item,) = json.loads(csl.write(cited))
    assert (item["author"], item["contributor"]) == ([{"literal": "记者甲"}], [{"literal": "林知远"}])
    bib, tags = read_bibtex(bibtex.write(cited)), read_ris(ris.write(cited))
    assert (bib["author"], tags["authors"]) == (["记者甲"], ["记者甲"])
    assert [note.partition(". ")[0] for note in (bib["note"], *tags["notes"])] == ["Speaker: 林知远"] * 2
    assert gbt7714.reference(cited).startswith("记者甲. 题[N/OL]. 林知远, 主讲. 解放日报, 2024-04-14[2024-04-16].")
    english = gbt7714.reference(replace(cited, language="en"))
    assert english.startswith("记者甲. 题[N/OL]. 林知远, speaker. 解放日报,")
    assert {"rft.creator": "记者甲", "rft.contributor": "林知远"}.items() <= dict(
        parse_qsl(embedded.coins(cited))
    ).items()


@every_row(
    ("speaker", "authors", "expected"),
    [
        (None, [], ((), None)),
        ("林知远", [], (("林知远",), None)),
        (None, ["记者甲"], (("记者甲",), None)),
        ("林知远", ["林知远", "记者甲"], (("林知远", "记者甲"), None)),
        ("林知远", ["记者甲"], (("记者甲",), "林知远")),
    ],
)
def test_a_speaker_is_the_author_only_without_others(
    site: Datasette, speaker: str | None, authors: list[str], expected: object
) -> None:
    article = get(site, f"{FIRST}.json").json() | {"speaker": speaker, "authors": authors}
    cited = citation(article, article["version"], "https://archive.example/a/x/v/0123456789ab")
    assert (cited.authors, cited.speaker) == expected


@every_row(
    ("source", "url", "publisher"),
    [("newsroom", "http://example.com/1", "新闻室"), ("imported", "http://example.com/1", "example.com"),
     ("imported", "urn:sha256:00", None), ("fetched", "http://example.com/1", "example.com")],
)  # fmt: skip
def test_the_publisher_of_an_article_of_no_listed_source_is_its_host(
    site: Datasette, source: str, url: str, publisher: str | None
) -> None:
    known = {"newsroom": "新闻室", "fetched": "single addresses"}.get(source)
    article = get(site, f"{FIRST}.json").json() | {"source": source, "url": url, "publisher": known}
    assert citation(article, article["version"], "https://archive.example/a/x").publisher == publisher
    assert publisher_of(article) == (publisher or "imported")


def test_a_shared_page_has_its_title_and_a_description_cut_at_a_clause(site: Datasette) -> None:
    said = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', get(site, FIRST).text))
    assert said.items() >= {
        "og:type": "article", "og:title": TALK.headline, "og:site_name": "思想者档案",
        "og:url": f"http://localhost{FIRST}", "article:published_time": "2024-04-14T05:01:00+08:00",
        "description": said["og:description"],
    }.items()  # fmt: skip
    assert said["description"].startswith("第1段。这一段讲城市治理如何落到每一条街道，")
    assert said["description"].endswith(("，…", "。…"))
    hostile = get(site, "/a/newsroom-3").text
    assert unescape(dict(re.findall(r'<meta property="([\w:]+)" content="([^"]*)">', hostile))["og:title"]) == (
        f"改革{HOSTILE}"
    )
    assert "og:" not in get(site, "/a/newsroom-5").text

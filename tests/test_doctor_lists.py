"""`thinker doctor` on lists with a cursor, in a script and of issues: as they are declared, and as they are not."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.journeys import Thinker
from support.tables import every_row

from crawler.examining.asked import AskedPage, ListSeen
from crawler.examining.lists import of_list
from crawler.sources import JsonList, source_named
from newsroom.process import Site, running
from parsers import Document

NOW = datetime(2026, 11, 26, tzinfo=UTC)
BLOCKS = re.findall(
    r"^```toml\n(.*?)^```$", (ROOT / "docs" / "adding-a-source.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=12) as site:
        yield site


def found(site: Site, home: Path, name: str, before: str = "", after: str = "") -> list[str]:
    """The lines of `doctor` on the lists of an example of docs/adding-a-source.md, changed in one place."""
    (block,) = [block for block in BLOCKS if f"[sources.{name}]" in block]
    assert before in block
    text = block.replace(before, after, 1).replace("127.0.0.1:8765", site.address[7:])
    (home / "thinker.toml").write_text(text, encoding="utf-8")
    process = Thinker(home, site).start("doctor", name)
    out, err = process.communicate(timeout=120)
    assert (process.returncode in (0, 3), err) == (True, ""), (out, err)
    assert process.returncode == (3 if "✗" in out else 0)
    lines = [line.replace(site.address, "") for line in out.splitlines()]
    return [line for line in lines if "page class" not in line and "robots.txt" not in line]


@every_row(
    ("name", "before", "after", "lines"),
    [
        (
            "by-cursor", "", "",
            ["✓ /api/search: declared a list in JSON, found 12 links, 12 of them articles of by-cursor"],
        ),
        (
            "by-cursor", '"data.next"', '"data.nextt"',
            ["✗ /api/search: declared cursor data.nextt, found an answer without it; it has next → "
             "change cursor to data.next",
             "✓ /api/search: declared a list in JSON, found 12 links, 12 of them articles of by-cursor"],
        ),
        (
            "by-cursor", '"link"', '"lnk"',
            ["✗ /api/search: declared rows.url lnk, found 12 rows without it; they have link → "
             "change rows.url to link"],
        ),
        (
            "by-cursor", "Referer", "X-Refer",
            ["✗ /api/search: declared a list in JSON, found HTTP 403 → change json_lists"],
        ),
        (
            "by-script", "script#__NEXT_DATA__", "script#__NUXT__",
            ["✗ /app/: declared a list in JSON, found another kind of page: "
             "expected JSON in script#__NUXT__, got a page without it → change json_lists"],
        ),
        (
            "by-issue", "", "",
            ["✓ /magazine/2026-11.html: declared a list, found 12 links, 12 of them articles of by-issue"],
        ),
        (
            "by-issue", "/magazine/", "/issues/",
            ["✗ /issues/: declared a list, found HTTP 404 → change lists"],
        ),
        (
            "by-issue", "'/magazine/", "'/issue/",
            ["✗ /magazine/: declared lists /issue/\\d{4}-\\d\\d\\.html$, found none of 1 links match, such as "
             "/magazine/2026-11.html → change lists"],
        ),
    ],
)  # fmt: skip
def test_doctor_checks_lists_by_cursor_by_script_and_by_issue(
    site: Site, tmp_path: Path, name: str, before: str, after: str, lines: list[str]
) -> None:
    assert found(site, tmp_path, name, before, after) == lines


def test_doctor_names_a_script_field_that_does_not_exist(site: Site, tmp_path: Path) -> None:
    (block,) = [block for block in BLOCKS if "[sources.by-script]" in block]
    text = block.replace("article.title", "article.headline").replace("127.0.0.1:8765", site.address[7:])
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    process = Thinker(tmp_path, site).start("doctor", "by-script")
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    told = [line.partition(": ")[2] for line in out.splitlines() if line.startswith("✗")]
    assert set(told) == {
        "declared selectors.headline props.pageProps.article.headline, found nothing there → change selectors.headline"
    }


def test_an_unreadable_day_does_not_hide_the_finding_of_another_day() -> None:
    """The list of several days is looked at in its last answer; the words of its rows are those of all that can be."""
    source = source_named("shangguan")
    deep, rows = "[" * 5000 + "]" * 5000, [{"id": 1, "title": "江与海", "publishtime": 1, "sectionname": "其他"}]
    seed = JsonList("https://www.shobserver.com/{day}.json")
    urls = [f"https://www.shobserver.com/{day}.json" for day in (26, 25)]
    texts = [f'{{"data":{deep}}}', json.dumps(rows)]
    asked = [
        AskedPage(url, document=Document(text.encode(), None, url, NOW)) for url, text in zip(urls, texts, strict=True)
    ]
    (finding,) = of_list(ListSeen(seed, asked), source)
    assert (finding.what, finding.found) == (urls[1], "none of 1 rows are in them; they are in 其他")

"""docs/adding-a-source.md does what it says: each of its files is written and each of its commands run, in order."""

import re
import shlex
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.journeys import SOAK, Thinker
from support.tables import every_row

from archive.settings.settings import SourceSettings, load_settings
from archive.settings.source_tables import JsonListSettings, ListSettings, RowSettings, SelectorSettings
from crawler.sources import all_sources
from newsroom.process import running

PAGE = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(toml|sh)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "127.0.0.1:8765"
ARTICLES = 60 if SOAK else 30  # every list of several pages has two or more
SYSTEMS = {  # by ready declaration: the articles that it finds
    "wordpress": ARTICLES,
    "wordpress-feed": 30,  # three pages of ten
    "drupal": ARTICLES,
    "drupal-json": ARTICLES,
    "trs": ARTICLES,
    "by-month": ARTICLES,
    "hugo": ARTICLES,
}
# Articles after all of it: what the feed, five of which are asked for, the sitemap and so on name.
FOUND = {
    **dict.fromkeys(["by-cursor", "by-day", "by-issue", "by-list", "by-offset", "by-script", "by-sitemap"], ARTICLES),
    "by-feed": 5, "by-selectors": 5, **SYSTEMS,
}  # fmt: skip


def today() -> str:
    """The newsroom's clock where lists of the last days are read."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def printed(block: str, home: Path) -> str:
    """Run each command of a block. Returns the output of all."""
    found = ""
    for words in (shlex.split(line, comments=True) for line in block.splitlines()):
        if words:
            process = Thinker(home).start(*words[1:])
            out, err = process.communicate(timeout=300)
            assert process.returncode == 0, f"{words}\n{out}\n{err}"
            found += out + err
    return found


@pytest.mark.slow
@pytest.mark.soak
def test_every_file_and_every_command_works_as_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with running(articles=ARTICLES, clock=today()) as site:
        place = site.address.removeprefix("http://")
        told = {}
        for kind, text in BLOCKS:
            block = text.replace(ADDRESS, place)
            if kind == "toml":
                (home / "thinker.toml").write_text(block, encoding="utf-8")
                names = list(load_settings(home).sources)
                assert set(names) < set(all_sources(load_settings(home))) or not names
            else:
                told[names[0]] = printed(block, home)
        thinkers = sum(article["article_section"] in ("思想者", "Thinker") for article in site.truths())
    assert list(told) == [
        "example-times", "by-feed", "by-sitemap", "by-list", "by-json", "by-id", "by-cursor", "by-offset", "by-script",
        "by-issue", "by-day", *SYSTEMS, "by-selectors",
    ]  # fmt: skip
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        # Each source keeps its own keys; an address that several have is one article.
        assert dict(conn.execute("select source, count(*) from keys group by 1")) == {**FOUND, "by-json": thinkers}
        sql = "select urlkey from addresses group by 1 having count(distinct article_id) > 1"
        assert conn.execute(sql).fetchall() == []
        sql = "select count(*) from sightings where parser_version like '%+sel1.%'"
        assert conn.execute(sql).fetchone() == (FOUND["by-selectors"] + FOUND["by-script"],)
        sql = "select distinct article_section from articles a, keys k on article_id = a.id where k.source = 'by-json'"
        columns = conn.execute(sql).fetchall()
        assert {column for (column,) in columns} == {"思想者", "Thinker"}
    summary = re.compile(r"^\d+ captures .* (\d+) new articles.* (\d+) errors", re.MULTILINE)
    assert {name: summary.findall(told[name]) for name in SYSTEMS} == {
        name: [(str(count), "0")] for name, count in SYSTEMS.items()
    }
    first, second = re.findall(r"^(\d+) captures .* (\d+) new articles", told["by-sitemap"], re.MULTILINE)
    assert (first[1], second[1]) == (str(ARTICLES), "0")
    assert int(second[0]) <= 4  # the lists and robots.txt
    assert (
        told["by-sitemap"].count("nothing is new or due: `thinker crawl by-sitemap --recheck all` re-checks every") == 1
    )
    assert "matches nothing" not in told["by-selectors"]
    assert told["by-id"].count("/news/getNewsDetail?id=") > 10


def test_the_table_names_every_key() -> None:
    (table,) = re.findall(r"^\| key \| meaning \|\n(.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    known = {"publisher", "homepage", "timezone", "in_language"}  # which the first example shows
    assert set(SourceSettings.model_fields) - known <= set(re.findall(r"`(\w+)`", table))
    for part in (RowSettings, ListSettings, JsonListSettings, SelectorSettings):
        assert set(part.model_fields) <= set(re.findall(r"`(\w+)`", table))


@every_row("number", range(len(BLOCKS)))
def test_every_block_is_a_file_or_a_command(number: int) -> None:
    kind, text = BLOCKS[number]
    lines = [line for line in text.splitlines() if line]
    assert kind == "toml" or all(line.startswith("thinker ") for line in lines)
    assert kind == "toml" or all(set("|&;<>()$`*?\\").isdisjoint(line.partition(" # ")[0]) for line in lines)


def test_a_crawl_reports_a_selector_that_finds_nothing(tmp_path: Path) -> None:
    (text,) = [text for kind, text in BLOCKS if kind == "toml" and "by-selectors.selectors]" in text]
    with running(articles=ARTICLES) as site:
        wrong = text.replace("127.0.0.1:8765", site.address[7:]).replace(".byline .author", ".nowhere")
        tmp_path.joinpath("thinker.toml").write_text(wrong, encoding="utf-8")
        process = Thinker(tmp_path).start("crawl", "by-selectors", "--limit", "5")
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0
    (line,) = [line for line in err.splitlines() if "matches nothing" in line]
    assert re.search(
        r"sources\.by-selectors\.selectors\.authors matches nothing on 5 of 5 pages, such as http://\S+\.html; "
        r"the general rules were used there$",
        line,
    )

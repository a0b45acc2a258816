"""The whole story: a site is crawled, edited and thinned out, archived, searched, published, lost and rebuilt."""

import json
import re
import signal
import sqlite3
import urllib.request
from pathlib import Path

import pytest
from support.journeys import Thinker

from archive import open_archive
from newsroom.process import Site, running

ARTICLES = 30
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
DUMP = {
    "articles": "select key, url, headline, alternative_headline, article_section, speaker, date_published, state,"
    " revisions, content_digest, first_seen_at, last_seen_at, body_text from articles order by key",
    "addresses": "select source, urlkey, url, first_seen_at, last_seen_at from addresses order by 1, 2",
    "revisions": "select a.key, r.number, r.captured_at, r.recorded_at, r.content_digest, r.significance, r.body_text"
    " from revisions r join articles a on a.id = r.article_id order by 1, 2",
    "changes": "select r.content_digest, c.property, c.before, c.after from changes c"
    " join revisions r on r.id = c.revision_id order by 1, 2",
    "keywords": "select a.key, k.name, ak.position from article_keywords ak join keywords k on k.id = ak.keyword_id"
    " join articles a on a.id = ak.article_id order by 1, 3",
    "people": "select a.key, p.name, p.biography, ap.role from article_people ap join people p on p.id = ap.person_id"
    " join articles a on a.id = ap.article_id order by 1, 2, 4",
    "events": "select at, recorded_at, source, kind, detail, previous_digest, digest from events order by id",
    "coverage": "select source, due_at, started_at, finished_at, outcome from coverage order by 1, 2",
    "heads": "select name, head from applied where kind = 'ledger'",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The site after its edits, and the archive that watched it: crawled twice before them and twice after."""
    with running(articles=ARTICLES) as site:
        thinker = Thinker(tmp_path_factory.mktemp("home"), site)
        summaries = [thinker.json("crawl", "newsroom") for _ in range(2)]
        site.event(do="edit", article=12)
        site.event(do="cosmetic", article=13)
        site.event(do="remove", article=7, how="404")
        summaries += [thinker.json("crawl", "newsroom") for _ in range(2)]
        yield site, thinker, summaries


def test_a_crawl_finds_everything_and_a_second_one_nothing_new(told):
    _, _, (first, second, *_) = told
    assert (first["new_articles"], first["errors"], first["finish_reason"]) == (ARTICLES, 0, "finished")
    assert (second["new_articles"], second["new_revisions"], second["errors"]) == (0, 0, 0)
    assert second["revisits"] == second["captures"]


def test_a_second_crawl_asks_conditionally_and_is_answered_304(told):
    site: Site
    site, *_ = told
    seen: dict[str, list[dict]] = {}
    for entry in site.log():
        if str(entry["path"]).startswith("/article/"):
            seen.setdefault(str(entry["path"]), []).append(entry)
    second = [entries[1] for entries in seen.values()]
    assert len(second) == ARTICLES
    assert sum(entry["status"] == 304 for entry in second) >= 0.95 * len(second)


def test_articles_have_the_true_properties_of_the_site(told):
    site, thinker, _ = told
    for number in (1, 5, 12, 21, ARTICLES):
        truth, article = site.truth(number), thinker.json("show", f"newsroom-{number}")
        for name in ("headline", "alternative_headline", "article_section", "speaker", "date_published", "paragraphs"):
            assert article[name] == truth[name], (number, name)
        assert article["keywords"] == truth["keywords"]


def test_the_edit_is_a_revision_exact_to_the_character(told):
    site, thinker, _ = told
    first, second = thinker.json("history", "newsroom-12")
    assert [change["property"] for change in second["changes"]] == ["body_text"]
    assert (first["significance"], second["significance"]) == ("substantive", "substantive")
    (changed,) = thinker.json("diff", "newsroom-12", "1..2")["properties"]
    old = "".join(part["text"] for part in changed["segments"] if part["op"] != "insert")
    new = "".join(part["text"] for part in changed["segments"] if part["op"] != "delete")
    assert new == "\n".join(site.truth(12)["paragraphs"])
    assert old == "\n".join(site.truth(12)["versions"][0]["paragraphs"])
    touched = sum(len(part["text"]) for part in changed["segments"] if part["op"] != "equal")
    assert touched <= 40


def test_the_cosmetic_edit_is_marked_as_cosmetic(told):
    _, thinker, _ = told
    assert [revision["significance"] for revision in thinker.json("history", "newsroom-13", "--all")][1:] == [
        "cosmetic"
    ]


def test_the_removal_is_an_event_with_its_interval(told):
    _, thinker, _ = told
    (removed,) = [event for event in thinker.json("changes") if event["kind"] == "removed"]
    assert removed["key"] == "newsroom-7"
    assert removed["detail"]["last_seen_at"] <= removed["detail"]["standing"]["first_missed_at"]  # both in seconds
    assert thinker.json("show", "newsroom-7")["state"] == "removed"
    (judgement,) = thinker.json("history", "newsroom-7")[0]["absences"]
    assert [probe["outcome"] for probe in judgement["probes"]] == ["gone", "gone"]
    assert all(probe["witness"] and probe["capture"] for probe in judgement["probes"])
    assert re.search(r"^ +\S+Z  removed  last seen \S+Z$", thinker.run("history", "newsroom-7"), re.MULTILINE)


def test_verify_and_the_search_rule_find_no_fault(told):
    _, thinker, _ = told
    assert thinker.json("verify")["ok"] is True
    assert {rule["name"]: rule["ok"] for rule in thinker.json("status")["rules"]}["search"] is True


def test_the_served_site_answers_its_pages_and_searches_like_the_command(told):
    _, thinker, _ = told
    server = thinker.start("serve", "--port", "0")
    try:
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        digest = thinker.json("history", "newsroom-12")[0]["content_digest"].removeprefix("sha256:")[:12]
        for path in ("/", "/a/newsroom-12", f"/a/newsroom-12/v/{digest}", "/a/newsroom-12/v/1", "/search?q=%E7%9A%84",
                     "/changes", "/removed", "/status", "/archive", "/archive/articles.json?_size=1"):  # fmt: skip
            with OPEN(address + path, timeout=30) as answer:
                assert answer.status == 200, path
        with OPEN(address + "/archive/articles.json?_search=%E6%B2%BB%E7%90%86&_size=max&_shape=array") as answer:
            by_api = {row["key"] for row in json.load(answer)}
        assert by_api
        assert by_api == {hit["key"] for hit in thinker.json("search", "治理", "--limit", "0")}
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
    assert server.returncode in (0, -signal.SIGTERM, 7)


def test_a_rebuild_gives_the_same_archive(told):
    _, thinker, _ = told
    before = _dump(thinker.home)
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (thinker.home / name).unlink(missing_ok=True)
    thinker.run("rebuild")
    assert _dump(thinker.home) == before
    assert thinker.json("crawl", "newsroom")["new_articles"] == 0


def test_the_database_is_ordinary_sqlite(told):
    _, thinker, _ = told
    conn = sqlite3.connect(thinker.home / "archive.db")
    assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
    assert conn.execute("pragma foreign_key_check").fetchall() == []
    assert conn.execute("select count(*) from latest_articles").fetchone() == (ARTICLES,)
    conn.close()


def _dump(home: Path) -> dict[str, list[tuple]]:
    archive = open_archive(home)
    found = {name: archive.conn.execute(sql).fetchall() for name, sql in DUMP.items()}
    archive.close()
    return found


def test_a_site_that_moved_is_crawled_where_it_is_now(told):
    _, thinker, _ = told
    with running(articles=ARTICLES) as elsewhere:
        summary = Thinker(thinker.home, elsewhere).json("crawl", "newsroom")
        assert (summary["finish_reason"], summary["errors"], summary["new_articles"]) == ("finished", 0, 0)
        assert len({entry["path"] for entry in elsewhere.log() if "/article/" in str(entry["path"])}) == ARTICLES

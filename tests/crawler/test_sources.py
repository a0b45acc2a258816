"""Sources are declarations: the built-in ones, and those of thinker.toml."""

import json
from pathlib import Path

import pytest

from archive.settings import Settings, load_settings
from crawler.sources import Feed, JsonList, ListPage, Sitemap, Source, UnknownSource, all_sources, source_named


def told(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    return load_settings(tmp_path)


@pytest.fixture(autouse=True)
def no_newsroom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THINKER_NEWSROOM", raising=False)


def test_the_built_in_sources() -> None:
    assert [source.name for source in all_sources().values()] == ["a5qu", "newsroom", "shangguan"]
    assert all(json.dumps(source.as_json()) for source in all_sources().values())


@pytest.mark.parametrize(
    ("source", "url", "covered"),
    [
        ("newsroom", "http://127.0.0.1:8765/article/1.html", True),
        ("newsroom", "http://127.0.0.1:8766/article/1.html", False),
        ("newsroom", "http://127.0.0.1:8765/list/1", False),
        ("shangguan", "https://www.shobserver.com/news/getNewsDetail?id=751736", True),
        ("shangguan", "https://www.shobserver.com/staticsg/res/html/web/newsDetail.html?id=1", False),
        ("a5qu", "https://a5qu.com/viewpoint/how_does_the_delta_lead_6089.html", True),
        ("a5qu", "https://a5qu.com/the_world/page_334.html", False),
        ("a5qu", "https://a5qu.com/", False),
    ],
)
def test_scope(source: str, url: str, covered: bool) -> None:
    assert source_named(source).covers(url) is covered


def test_the_newsroom_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = told(tmp_path, '[sources.newsroom]\nhomepage = "http://127.0.0.1:9000/"\n')
    newsroom = source_named("newsroom", settings)
    assert (newsroom.homepage, newsroom.allow) == ("http://127.0.0.1:9000", ("127.0.0.1:9000",))
    monkeypatch.setenv("THINKER_NEWSROOM", "http://127.0.0.1:9001")
    newsroom = source_named("newsroom", settings)
    assert (newsroom.homepage, newsroom.allow) == ("http://127.0.0.1:9001", ("127.0.0.1:9001",))
    assert (newsroom.delay, newsroom.recheck, newsroom.removal_probes, newsroom.removal_spacing) == (0, 0, 2, 0)


def test_a_source_of_ones_own_needs_no_code(tmp_path: Path) -> None:
    settings = told(
        tmp_path,
        """
        [sources.town]
        feeds = ["https://news.example/rss.xml"]
        sitemaps = ["https://news.example/sitemap.xml"]
        lists = ["https://news.example/page/{page}", "https://news.example/top.json"]
        scope = 'https://news\\.example/\\d+'
        schedule = "every 1d"
        delay = 3
        """,
    )
    assert source_named("town", settings) == Source(
        name="town",
        publisher="town",
        homepage="https://news.example",
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=(
            Feed("https://news.example/rss.xml"),
            Sitemap("https://news.example/sitemap.xml"),
            ListPage("https://news.example/page/{page}", 5),
            JsonList("https://news.example/top.json"),
        ),
        scope=r"https://news\.example/\d+",
        schedule="every 1d",
        delay=3,
    )


def test_settings_change_a_built_in_source(tmp_path: Path) -> None:
    plain = source_named("shangguan")
    settings = told(tmp_path, '[sources.shangguan]\nsection = "123"\ndelay = 0\nexpect = 5\n')
    changed = source_named("shangguan", settings)
    assert plain.section is None
    assert (changed.section, changed.delay, changed.expect) == ("123", 0, 5)
    assert set(changed.seeds) - set(plain.seeds) == {
        ListPage("https://www.shobserver.com/news/list?section=123&page={page}", 5)
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("newsrom", "no source named 'newsrom'; did you mean newsroom?"),
        ("xyz", "no source named 'xyz'; known: a5qu, newsroom, shangguan"),
    ],
)
def test_an_unknown_source_names_near_ones(name: str, told: str) -> None:
    with pytest.raises(UnknownSource) as caught:
        source_named(name)
    assert str(caught.value) == told

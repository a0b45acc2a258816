"""Sources are declarations: the built-in ones, and those of thinker.toml."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from support.tables import every_row

from archive.settings.settings import Settings, SourceSettings, load_settings
from archive.settings.source_tables import SelectorSettings
from crawler.sources import (
    Feed,
    JsonList,
    ListPage,
    Sitemap,
    Source,
    UnknownSeed,
    UnknownSource,
    all_sources,
    source_named,
)
from parsers.json_rows import RowFields
from parsers.pages import PAGES
from parsers.urls import urlkey
from schedules.slots.schedule import parse_schedule


def told(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    return load_settings(tmp_path)


@pytest.fixture(autouse=True)
def no_newsroom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THINKER_NEWSROOM", raising=False)


def test_the_fifteen_built_in_sources_are_listed_by_name() -> None:
    assert list(all_sources()) == [
        "a5qu", "aisixiang", "cssn", "gmw_theory", "govcn", "jiefang", "ndrc", "newsroom", "pbc", "people_opinion",
        "people_theory", "qstheory", "rmlt", "shangguan", "thepaper",
    ]  # fmt: skip
    assert [source.name for source in all_sources().values()] == list(all_sources())
    assert all(json.dumps(source.as_json()) for source in all_sources().values())


@every_row(
    ("source", "url", "covered"),
    [
        ("newsroom", "http://127.0.0.1:8765/article/1.html", True),
        ("newsroom", "http://127.0.0.1:8766/article/1.html", False),
        ("newsroom", "http://127.0.0.1:8765/list/1", False),
        ("shangguan", "https://www.shobserver.com/news/getNewsDetail?id=751736", True),
        ("shangguan", "https://www.shobserver.com/staticsg/res/html/web/newsDetail.html?id=1", False),
        ("shangguan", "https://www.jfdaily.com/news/detail?id=158818", True),
        ("shangguan", "https://export.shobserver.com/news/detail?id=158818", False),
        ("shangguan", "https://www.shobserver.com/news/list?section=1&page=2", False),
        ("a5qu", "https://a5qu.com/viewpoint/how_does_the_delta_lead_6089.html", True),
        ("a5qu", "https://a5qu.com/depth/a_slug_without_a_number.html", True),
        ("a5qu", "https://a5qu.com/the_world/page_334.html", False),
        ("a5qu", "https://a5qu.com/", False),
        ("jiefang", "https://www.shobserver.com/journal/getJournalPageArticle.do?id=412345", True),
        ("jiefang", "https://www.jfdaily.com/staticsg/data/journal/2024-05-14/10/article/312345.json", True),
        ("jiefang", "https://www.jfdaily.com/staticsg/data/journal/2024-05-14/navi.json", False),
        ("jiefang", "https://www.shobserver.com/journal/2024-12-17/getJournalPage.do?page=01&code=jfrb", False),
        ("jiefang", "https://www.shobserver.com/news/getNewsDetail?id=751736", False),
        ("qstheory", "http://www.qstheory.cn/llwx/2019-04/15/c_1124364140.htm", True),
        ("qstheory", "https://www.qstheory.cn/dukan/qs/2019-04/02/c_1124307481.htm", True),
        ("qstheory", "https://www.qstheory.cn/20260630/3b2af682cbff46a09a373f020ce78f12/c.html", True),
        ("qstheory", "https://www.qstheory.cn/20260630/../../etc/c.html", False),
        ("qstheory", "https://www.qstheory.cn/qszq/llwx/index.htm", False),
        ("people_theory", "http://theory.people.com.cn/n1/2019/0402/c40531-31009000.html", True),
        ("people_theory", "https://theory.people.com.cn/n1/2024/0424/c1001-40223222.html", True),
        ("people_theory", "http://www.people.cn/n1/2024/0424/c40531-40223222.html", False),
        ("people_theory", "http://www.people.cn/sitemap/cn/politics/news_sitemap.xml", False),
        ("people_theory", "http://politics.people.com.cn/n1/2024/0424/c1001-40223222.html", False),
        ("people_theory", "http://theory.people.com.cn/GB/148980/index.html", False),
        ("gmw_theory", "https://theory.gmw.cn/2019-04/02/content_32708000.htm", True),
        ("gmw_theory", "https://guancha.gmw.cn/2019-04/02/content_32708000.htm", False),
        ("gmw_theory", "https://theory.gmw.cn/node_4227_2.htm", False),
        ("rmlt", "http://www.rmlt.com.cn/2019/0225/540320.shtml", True),
        ("rmlt", "https://www.rmlt.com.cn/2026/0713/753156.shtml", True),
        ("rmlt", "http://politics.rmlt.com.cn/2019/0225/540320.shtml", True),
        ("rmlt", "http://www.rmlt.com.cn/idea/yuanchuang/", False),
        ("cssn", "http://www.cssn.cn/zx/201904/t20190402_4858823.shtml", True),
        ("cssn", "http://econ.cssn.cn/jjx/jjx_xjpxsdzgtsshzyjjsx/201905/t20190514_4888612.html", True),
        ("cssn", "https://www.cssn.cn/skgz/bwyc/202604/t20260420_5981165.shtml", True),
        ("cssn", "https://www.cssn.cn/skgz/202410/t20241011_5790125.shtml", True),
        ("cssn", "https://www.cssn.cn/ztzl/jzz/rwln/wh/lnfw1/202209/t20220923_5541481.shtml", True),
        ("cssn", "https://www.cssn.cn/ztzl/ztzl_skwzg/ggfy/jyyj/ctsgy/202405/t20240509_5750086.shtml", True),
        ("cssn", f"https://www.cssn.cn/{'a/' * 9}202405/t20240509_5750086.shtml", False),
        ("cssn", "https://www.cssn.cn/skgz/bwyc/", False),
        ("cssn", "http://kaogu.cssn.cn/xwzx/kgdt/201904/t20190402_4858823.shtml", False),
        ("cssn", "http://www.cssn.cn/zx/201904/t20190402_4858823_1.shtml", False),  # its second page
        ("thepaper", "https://www.thepaper.cn/newsDetail_forward_5420361", True),
        ("thepaper", "https://m.thepaper.cn/newsDetail_forward_5420361", False),
        ("thepaper", "https://www.thepaper.cn/list_25488", False),
        ("govcn", "https://www.gov.cn/zhengce/content/202609/content_7082492.htm", True),
        ("govcn", "https://www.gov.cn/zhengce/202609/content_7082364.htm", True),
        ("govcn", "http://www.gov.cn/zhengce/content/2019-02/15/content_5365945.htm", True),
        ("govcn", "https://www.gov.cn/gongbao/content/2007/content_711039.htm", True),
        ("govcn", "https://www.gov.cn/gongbao/2024/issue_11246/202403/content_6941841.html", True),
        ("govcn", "https://www.gov.cn/zhengce/zuixin/", False),
        ("govcn", "https://www.gov.cn/yaowen/liebiao/202606/content_7072204.htm", True),
        ("govcn", "https://www.gov.cn/lianbo/bumen/202505/content_7025931.htm", True),
        ("govcn", "https://www.gov.cn/zhengce/zhengceku/202401/content_6924596.htm", True),
        ("govcn", "https://www.gov.cn/zhengce/jiedu/ZCJD_QZ.json", False),
        ("govcn", "https://www.gov.cn/xinwen/2019-02/15/content_5365945.htm", False),
        ("govcn", "https://tv.cctv.com/2026/09/06/VIDE1.shtml", False),
        ("thepaper", "https://api.thepaper.cn/newsDetail_forward_5420361", False),
        ("ndrc", "https://www.ndrc.gov.cn/xwdt/xwfb/202607/t20260731_1406862.html", True),
        ("ndrc", "https://www.ndrc.gov.cn/xxgk/zcfb/tz/202512/t20251230_1402851.html", True),
        ("ndrc", "https://www.ndrc.gov.cn/xxgk/zcfb/tz/202510/P020251031380308105300.pdf", False),
        ("ndrc", "https://www.ndrc.gov.cn/xxgk/zcfb/tz/index_1.html", False),
        ("people_opinion", "http://opinion.people.com.cn/n1/2025/0429/c1003-40470344.html", True),
        ("people_opinion", "http://politics.people.com.cn/n1/2025/0429/c1003-40470344.html", False),
        ("pbc", "https://www.pbc.gov.cn/goutongjiaoliu/113456/113469/2026081414193264304/index.html", True),
        ("pbc", "http://www.pbc.gov.cn/goutongjiaoliu/113456/113469/5430948/index.html", True),
        ("pbc", "https://www.pbc.gov.cn/goutongjiaoliu/113456/113469/index.html", False),
        ("pbc", "https://www.pbc.gov.cn/goutongjiaoliu/113456/113469/11040-2.html", False),
        ("aisixiang", "https://www.aisixiang.com/data/137568.html", True),
        ("aisixiang", "https://www.aisixiang.com/data/search?column=722", False),
        ("govcn", "https://www.moj.gov.cn/zhengce/content/202609/content_7082492.htm", False),
    ],
)
def test_the_scopes_of_built_in_sources_cover_articles_and_no_other_pages(source: str, url: str, covered: bool) -> None:
    assert source_named(source).covers(url) is covered


def test_a_long_address_is_judged_at_once() -> None:
    """A scope that could read an address in many ways would try them all."""
    for url in ("https://www.cssn.cn/" + "a1/" * 20_000, "https://www.cssn.cn/" + "1" * 60_000):
        assert not source_named("cssn").covers(url)


@every_row(
    ("source", "url"),
    [
        ("shangguan", "https://evil.example/news/getNewsDetail?id=751736"),
        ("shangguan", "https://www.shobserver.com:8443/news/getNewsDetail?id=751736"),
        ("shangguan", "https://www.shobserver.com.evil.example/news/getNewsDetail?id=751736"),
        ("a5qu", "http://169.254.169.254/viewpoint/x.html"),
        ("a5qu", "https://a5qu.com@evil.example/viewpoint/x.html"),
        ("a5qu", "https://a5qu.example/viewpoint/x.html"),
        ("cssn", "http://evilcssn.cn/zx/201904/t20190402_4858823.shtml"),
        ("cssn", "http://econ.cssn.cn.evil.example/zx/201904/t20190402_4858823.shtml"),
        ("govcn", "https://wwwxgov.cn/zhengce/content/202609/content_7082492.htm"),
        ("thepaper", "https://www.thepaper.cn@evil.example/newsDetail_forward_5420361"),
        ("jiefang", "http://127.0.0.1/journal/getJournalPageArticle.do?id=412345"),
    ],
)
def test_another_host_is_never_a_sources_own(source: str, url: str) -> None:
    declared = source_named(source)
    assert (declared.covers(url), declared.within(url)) == (False, False)


TEN = [source for name, source in all_sources().items() if name != "newsroom"]


@every_row("source", TEN)
def test_each_public_built_in_source_is_declared_in_full_and_off(source: Source) -> None:
    """Nobody has opened one of these sites for us: all are unproven."""
    assert (source.unproven, source.schedule) == (True, None)
    assert parse_schedule(source.name, str(source.usual_schedule), source.timezone)
    assert min(source.delay, source.expect) >= 1
    assert re.match(r"https\?://\(\?:(?!\[\^)", source.scope)  # whose host is named, and not any
    assert all(source.within(seed.url) for seed in source.seeds)
    assert not any(source.covers(seed.url.replace("{page}", "1")) for seed in source.seeds)


PLACE = re.compile(r"(?<![\w/])[\w.-]+/[\w.-]+ [\w.-]+/[\w./-]+|\bpublic (?:client|file|page)s?\b")
DATE = re.compile(r"\b20\d\d-(?:0[1-9]|1[0-2])\b")
AT_HOME, ELSEWHERE = "", "http://127.0.0.1:8765/copy"


def rules(source: Source) -> set[str]:
    """The rules of a declaration that need evidence, besides its lists."""
    told = {"scope", "delay"} | {name for name in ("article", "columns", "hosts") if getattr(source, name)}
    told |= {"rows"} if any(isinstance(seed, JsonList) for seed in source.seeds) else set()
    return told | ({"layout"} if any(source.name in page.sources for page in PAGES) else set())


@pytest.mark.parametrize(
    ("name", "homepage"),
    [
        ("cssn", "http://cssn.cn"),
        ("people_theory", "https://theory.people.com.cn"),
        ("rmlt", "http://www.rmlt.com.cn"),
        ("shangguan", "http://shobserver.com"),
        ("thepaper", "https://thepaper.cn"),
    ],
)
def test_a_homepage_in_another_spelling_is_no_other_site(name: str, homepage: str) -> None:
    """Its publisher's other hosts are asked where they are, and its own lists as it is spelt."""
    declared = source_named(name)
    spelt = source_named(name, Settings(sources={name: SourceSettings(homepage=homepage)}))
    assert [urlkey(seed.url) for seed in spelt.seeds] == [urlkey(seed.url) for seed in declared.seeds]
    assert spelt.key_hosts == declared.key_hosts
    assert any(seed.url.startswith(f"{homepage}/") for seed in spelt.seeds)


def test_selectors_that_are_said_have_no_evidence_of_ours() -> None:
    said = SourceSettings(selectors=SelectorSettings(body="#text"))
    govcn = source_named("govcn", Settings(sources={"govcn": said}))
    assert "layout" not in {each.about for each in govcn.evidence}


@every_row("name", [source.name for source in TEN])
@every_row("homepage", [AT_HOME, ELSEWHERE])
def test_each_list_and_rule_says_how_sure_it_is_and_where_that_stands(name: str, homepage: str) -> None:
    """It does so with another homepage too: evidence names a list by the address in its declaration."""
    said = SourceSettings(homepage=homepage) if homepage else SourceSettings()
    source = source_named(name, Settings(sources={name: said}))
    about = Counter(each.about for each in source.evidence)
    assert about.keys() >= {seed.url for seed in source.seeds} | rules(source)
    assert {name for name in about if ":" in name} == {seed.url for seed in source.seeds}
    assert set(about.values()) == {1}
    for each in source.evidence:
        found = bool(PLACE.search(each.reference) and DATE.search(each.reference))
        assert found or each.certainty == "INFERRED", each
        assert len(each.reference) > 30 or each.certainty != "INFERRED", each
        single = each.reference.startswith("one public") and ";" not in each.reference
        assert not (single and each.certainty == "CERTAIN"), each


def test_lists_and_rules_changed_in_thinker_toml_lose_their_evidence(tmp_path: Path) -> None:
    """A list that is left out has no evidence, nor has a rule that thinker.toml replaces."""
    left_out = "https://www.rmlt.com.cn/idea/yuanchuang/"
    said = f'[sources.rmlt]\ndelay = 9\nwithout = ["{left_out}"]\nlists = ["https://www.rmlt.com.cn/new/"]\n'
    before, after = source_named("rmlt"), source_named("rmlt", told(tmp_path, said))
    gone = {each.about for each in before.evidence} - {each.about for each in after.evidence}
    assert gone == {left_out, "delay"}
    assert [each for each in before.evidence if each.about not in gone] == list(after.evidence)


def test_rows_and_pages_hold_for_the_lists_of_a_built_in_source(tmp_path: Path) -> None:
    """As `thinker doctor` advises, where a field has another name; everything else stays as declared."""
    source = source_named(
        "shangguan", told(tmp_path, '[sources.shangguan]\npages = 9\nrows = { time = "pubtime", section = "part" }\n')
    )
    usual = source_named("shangguan").seeds
    renamed = RowFields(time="pubtime", section=("part",))
    assert source.seeds == tuple(
        replace(seed, **({"rows": renamed} if hasattr(seed, "rows") else {}),
                **({} if isinstance(seed, JsonList) and not seed.is_posted else {"pages": 9}))
        for seed in usual
    )  # fmt: skip
    assert (
        source_named("jiefang", told(tmp_path, "[sources.jiefang]\npages = 9\n")).seeds == source_named("jiefang").seeds
    )


def test_the_setting_pages_holds_for_html_lists_and_not_for_a_json_list(tmp_path: Path) -> None:
    keys = '[sources.town]\nlists = ["https://a.example/l", "https://a.example/l.json", "https://a.example/{page}"]\n'
    assert [seed.pages for seed in source_named("town", told(tmp_path, keys)).seeds] == [1, 1, 5]  # type: ignore[union-attr]
    assert [seed.pages for seed in source_named("town", told(tmp_path, f"{keys}pages = 3\n")).seeds] == [3, 1, 3]  # type: ignore[union-attr]


def test_only_a_source_of_our_own_is_proven() -> None:
    assert [name for name, source in all_sources().items() if not source.unproven] == ["newsroom"]


@pytest.mark.parametrize(
    ("hosts", "url", "within"),
    [
        ("", "http://news.example/a", True),  # of the homepage
        ("", "https://WWW.news.example./a", True),
        ("", "https://cdn.example/map.xml", True),  # of a seed
        ("", "https://img.news.example/a", False),
        ("", "https://news.example:8443/a", False),
        ('hosts = ["news.example", "img.news.example"]', "https://img.news.example/a", True),
        ('hosts = ["www.news.example"]', "https://news.example/a", True),
        ('hosts = ["news.example:8443"]', "https://news.example:8443/a", True),
        ('hosts = ["news.example:8443"]', "https://news.example/a", False),
        ('hosts = ["news.example"]', "https://cdn.example/map.xml", False),
        ('hosts = ["新闻.example"]', "https://xn--efvy88h.example/a", True),
        ("", "ftp://news.example/a", False),
        ("", "no address", False),
    ],
)
def test_a_source_has_the_hosts_of_its_homepage_and_seeds_or_those_it_says(
    tmp_path: Path, hosts: str, url: str, within: bool
) -> None:
    lines = f'homepage = "https://www.news.example"\nsitemaps = ["https://cdn.example/all.xml"]\n{hosts}'
    assert source_named("town", told(tmp_path, f"[sources.town]\n{lines}\n")).within(url) is within


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
        ListPage("https://www.shobserver.com/news/list?section=123&page={page}", 5, r"/news/detail\?id=(\d{1,15})$")
    }


@every_row(
    ("section", "asked"),
    [
        ("12", "list?section=12"),
        ("list?section=12", "list?section=12"),
        ("sublist?section=9011", "sublist?section=9011"),
    ],
)
def test_a_section_of_shangguan_may_lie_inside_another(tmp_path: Path, section: str, asked: str) -> None:
    source = source_named("shangguan", told(tmp_path, f'[sources.shangguan]\nsection = "{section}"\n'))
    seed = source.seeds[-1]
    assert (seed.url, source.section) == (f"https://www.shobserver.com/news/{asked}&page={{page}}", section)
    assert source.evidence[len(source.seeds) - 1].about == seed.url


@every_row("section", ["思想者", "0x12", "sublist?section=", "sublist?section=12&page=2", "../12", "１２"])
def test_an_invalid_section_of_shangguan_is_refused_with_a_hint(tmp_path: Path, section: str) -> None:
    settings = told(tmp_path, f'[sources.shangguan]\nsection = "{section}"\n')
    with pytest.raises(UnknownSeed) as refused:
        all_sources(settings)
    assert str(refused.value) == (
        f"{settings.file}: sources.shangguan.section: {section!r} is not a section: give its number, or "
        '"sublist?section=" and the number of a subsection; `thinker doctor shangguan` lists both'
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("newsrom", "no source named 'newsrom'; did you mean newsroom?"),
        ("xyz", f"no source named 'xyz'; known: {', '.join(all_sources())}"),
    ],
)
def test_an_unknown_source_names_near_ones(name: str, told: str) -> None:
    with pytest.raises(UnknownSource) as caught:
        source_named(name)
    assert str(caught.value) == told


OLD = "https://www.shobserver.com/news/list?section=1&page="


@pytest.mark.parametrize("without", [f"{OLD}{{page}}", f"{OLD}1"])
def test_a_list_of_a_built_in_source_is_left_out_and_another_read_in_its_place(tmp_path: Path, without: str) -> None:
    said = f'[sources.shangguan]\nwithout = ["{without}"]\nlists = ["https://www.shobserver.com/new/1"]\n'
    built_in = [seed.url for seed in source_named("shangguan").seeds]
    seeds = [seed.url for seed in source_named("shangguan", told(tmp_path, said)).seeds]
    assert seeds == [*(url for url in built_in if url != f"{OLD}{{page}}"), "https://www.shobserver.com/new/1"]


@pytest.mark.parametrize(
    ("source", "url", "hint"),
    [
        ("shangguan", "https://www.shobserver.com/news/list?section=2", f"did you mean {OLD}{{page}}?"),
        ("rmlt", f"https://x.example/{'9' * 60}", "it has 6 lists"),
        ("town", "https://town.example/rss", "it has 0 lists"),
    ],
)
def test_without_refuses_a_list_that_the_source_does_not_have(tmp_path: Path, source: str, url: str, hint: str) -> None:
    settings = told(tmp_path, f'[sources.{source}]\nwithout = ["{url}"]\n')
    with pytest.raises(UnknownSeed) as refused:
        all_sources(settings)
    assert str(refused.value) == f"{settings.file}: sources.{source}.without: it has no list {url}; {hint}"

"""thinker.toml: what it may say, and the line a reader gets when it says something else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.settings.settings import (
    ClusterSettings,
    HostSettings,
    Settings,
    SettingsError,
    SourceSettings,
    describe,
    load_settings,
)
from archive.settings.source_tables import JsonListSettings, ListSettings, PostSettings, RowSettings, SelectorSettings

COMPLETE = """
contact = "archivist@example.org"
free_space_floor = 2000

[sources.newsroom]
homepage = "http://127.0.0.1:8765"
allow = ["127.0.0.1:8765"]
schedule = "every 10s"
delay = 0

[sources.example-times]
publisher = "The Example Times"
timezone = "Europe/London"
in_language = "en"
feeds = ["https://example.com/rss"]
sitemaps = ["https://example.com/news.xml"]
lists = ["https://example.com/politics"]
scope = '^https://example\\.com/20\\d\\d/'
expect = 5
removal_probes = 2
removal_spacing = 0
aliases = ["m.example.com", "old.example.com:8080"]
drop_parameters = ["jsessionid", "sid"]
budget_pages = 500
budget_bytes = 100_000_000
budget_seconds = 1800.5
requests_per_day = 500
json_lists = ["https://example.com/{section}/{page}"]
without = ["https://example.com/old?page={page}"]
article = "https://example.com/{id}"
columns = ["Opinion"]
section = "7"
pages = 3
recheck = 3600

[sources.example-times.rows]
url = "link"
section = "part"

[[sources.example-times.posts]]
url = "https://example.com/more"
form = { page = "{page}", size = 20 }

[sources.example-times.selectors]
headline = "h1.title"

[crawler]
longest_crawl_delay = 600

[hosts."www.example.com:8443"]
requests_per_day = 720
"""


def written(folder: Path, text: str) -> Path:
    (folder / "thinker.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_byte_order_mark_before_the_first_key_is_ignored(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, "\ufeffcontact = 'you@example.org'")).contact == "you@example.org"


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings(contact=None, free_space_floor=500, sources={})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[crawler]\nnever = ["*.example"]', "crawler.never.0: '*.example' is not a host, such as"),
        ('[crawler]\nnever = ["a.example/b"]', "crawler.never.0: 'a.example/b' is not a host, such as example.com"),
        (
            '[crawler]\nnever = ["ftp://a.example/"]',
            "crawler.never.0: 'ftp://a.example/' is not an http or https address",
        ),
        ("[crawler]\nnevr = []", "unknown key 'crawler.nevr'; did you mean 'never'?"),
        (
            '[hosts."a.example/b"]\nrequests_per_day = 9',
            "hosts.a.example/b: 'a.example/b' is not a host, such as example.com or",
        ),
        (
            "[hosts.a.example]\nrequests_per_day = 9",
            'hosts.a.example: write the host in quotes, as in [hosts."a.example"]',
        ),
        (
            "[hosts.news.a.example]\nrequests_per_day = 9",
            'hosts.news.a: write the host in quotes, as in [hosts."news.a.example"]',
        ),
        ('[hosts."a.example"]\nrequest_per_day = 9', "unknown key 'hosts.a.example.request_per_day'; did you mean"),
        ('[hosts."a.example"]\nrequests_per_day = 1', "hosts.a.example.requests_per_day: 1 is not a whole number of 2"),
        ("[hosts]\nrequests_per_day = 9", 'hosts.requests_per_day: write a table, such as [hosts."example.com"]'),
        ('hosts = ["a.example"]', 'hosts: write a table, such as [hosts."example.com"]'),
        ('[crawler]\nhosts = ["a.example"]', "unknown key 'crawler.hosts'; known keys: longest_crawl_delay, never"),
        ('[sources.a]\nhosts = ["https://a.example"]', "sources.a.hosts.0: 'https://a.example' is not a host"),
    ],
)
def test_hosts_and_addresses_are_checked(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'thinker.toml'}: {line}")


def test_every_key_arrives_with_its_type(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, COMPLETE))
    assert settings.contact == "archivist@example.org"
    assert settings.free_space_floor == 2000
    assert settings.source("newsroom") == SourceSettings(
        homepage="http://127.0.0.1:8765", allow=("127.0.0.1:8765",), schedule="every 10s", delay=0.0
    )
    assert settings.source("example-times") == SourceSettings(
        publisher="The Example Times",
        timezone="Europe/London",
        in_language="en",
        feeds=("https://example.com/rss",),
        sitemaps=("https://example.com/news.xml",),
        lists=(ListSettings(url="https://example.com/politics"),),
        scope=r"^https://example\.com/20\d\d/",
        expect=5,
        removal_probes=2,
        removal_spacing=0.0,
        aliases=("m.example.com", "old.example.com:8080"),
        drop_parameters=("jsessionid", "sid"),
        budget_pages=500,
        budget_bytes=100_000_000,
        budget_seconds=1800.5,
        requests_per_day=500,
        json_lists=(JsonListSettings(url="https://example.com/{section}/{page}"),),
        without=("https://example.com/old?page={page}",),
        article="https://example.com/{id}",
        columns=("Opinion",),
        section="7",
        pages=3,
        recheck=3600,
        rows=RowSettings(url="link", section="part"),
        posts=(PostSettings(url="https://example.com/more", form={"page": "{page}", "size": "20"}),),
        selectors=SelectorSettings(headline="h1.title"),
    )
    assert settings.crawler.longest_crawl_delay == 600
    assert settings.hosts == {"www.example.com:8443": HostSettings(requests_per_day=720)}


def test_a_source_the_file_does_not_name_says_nothing(tmp_path: Path) -> None:
    assert load_settings(tmp_path).source("shangguan") == SourceSettings()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("contcat = 'a@b.c'", "unknown key 'contcat'; did you mean 'contact'?"),
        ("[source.newsroom]\n", "unknown key 'source'; did you mean 'sources'?"),
        (
            "xyzzy = 1",
            "unknown key 'xyzzy'; known keys: contact, about, free_space_floor, crawler, schedule, cluster, sources, "
            "hosts, publish, watch",
        ),
        (
            "[sources.newsroom]\nshedule = 'every 10s'",
            "unknown key 'sources.newsroom.shedule'; did you mean 'schedule'?",
        ),
        (
            "[sources.x]\ntimezone = 'Asia/Shanghia'",
            "sources.x.timezone: 'Asia/Shanghia' is not a time zone, such as Asia/Shanghai",
        ),
        (
            "[sources.x]\ntimezone = 'Asia'",
            "sources.x.timezone: 'Asia' is not a time zone, such as Asia/Shanghai",
        ),
        (
            "[sources.x]\nscope = '('",
            "sources.x.scope: '(' is not a regular expression: missing ), unterminated subpattern at position 0",
        ),
        (
            "[crawler]\nlongest_crawl_dely = 1",
            "unknown key 'crawler.longest_crawl_dely'; did you mean 'longest_crawl_delay'?",
        ),
        (
            "[sources.x]\ndrop_parameter = ['sid']",
            "unknown key 'sources.x.drop_parameter'; did you mean 'drop_parameters'?",
        ),
        (
            "[sources.x]\naliases = ['http://a']",
            "sources.x.aliases.0: 'http://a' is not a host, such as example.com or 127.0.0.1:8765",
        ),
        (
            "[sources.x.rows]\nlnk = 'a'",
            "unknown key 'sources.x.rows.lnk'; known keys: url, id, title, time, section, within, instead",
        ),
        ("[[sources.x.posts]]\nurll = 'a'", "unknown key 'sources.x.posts.0.urll'; did you mean 'url'? (and 1 more)"),
        ("[sources.x.rows]\nurls = 'a'", "unknown key 'sources.x.rows.urls'; did you mean 'url'?"),
        (
            "[sources.x.rows]\nurl = ' '",
            "sources.x.rows.url: ' ' is not the name of a value, such as link or meta.link",
        ),
        ("[[sources.x.posts]]\nfrom = 'a'", "unknown key 'sources.x.posts.0.from'; did you mean 'form'? (and 1 more)"),
        (
            "[sources.x]\narticle = 'https://a.example/1'",
            "sources.x.article: 'https://a.example/1': add {id} where the id goes, as in https://a.example/{id}",
        ),
        (
            "[sources.x]\narticle = 'https://a.example/{id}/{id.__class__}'",
            "sources.x.article: 'https://a.example/{id}/{id.__class__}': {id.__class__} is not one of {id}",
        ),
        (
            "[sources.x]\narticle = 'https://{id}.example/'",
            "sources.x.article: 'https://{id}.example/': the host cannot have a placeholder",
        ),
        (
            "[sources.x]\nlists = ['https://a.example/{pag}']",
            "sources.x.lists.0: 'https://a.example/{pag}': {pag} is not one of {page}, {section}, {year}, "
            "{month}, {day}",
        ),
        (
            "[sources.x]\njson_lists = ['https://a.example/{']",
            "sources.x.json_lists.0: 'https://a.example/{': { is not one of {section}, {year}, {month}, {day}, "
            "{page}, {last}, {until}, {cursor}",
        ),
        (
            "[[sources.x.posts]]\nurl = 'https://a.example/'\nform = { a = '{lst}' }",
            "sources.x.posts.0.form.a: '{lst}': {lst} is not one of {section}, {year}, {month}, {day}, "
            "{page}, {last}, {until}, {cursor}",
        ),
        (
            "[sources.x.selectors]\nheadline = 'h1['",
            'sources.x.selectors.headline: \'h1[\' is no CSS selector, such as "h1.title" or "#content"',
        ),
        (
            "[sources.x.selectors]\nbody = ''",
            'sources.x.selectors.body: \'\' is no CSS selector, such as "h1.title" or "#content"',
        ),
        (
            f"[sources.x.selectors]\nbody = '{':not(' * 200}'",
            "sources.x.selectors.body: a selector has at most 500 characters, this one has 1000",
        ),
        (
            "[sources.x.selectors]\nheadlin = 'h1'",
            "unknown key 'sources.x.selectors.headlin'; did you mean 'headline'?",
        ),
        ("[sources.'../x']\n", "sources.'../x': use only a-z, 0-9, - and _ in the name of a source"),
        (
            "a = 1\nb = 2",
            "unknown key 'a'; known keys: contact, about, free_space_floor, crawler, schedule, cluster, sources, "
            "hosts, publish, watch (and 1 more)",
        ),
        ("[watch.tax]\nquery = '税'", "watch.tax.to: it is missing"),
        ("[watch.'A b']\nto = 'env:X'", "watch.'A b': use only a-z, 0-9, - and _ in the name of a watch"),
        ("[watch.tax]\nto = 'env:X'\nevry = 'now'", "unknown key 'watch.tax.evry'; did you mean 'every'?"),
        ("[watch.tax]\nto = 'env:X'\nevery = 'hour'", "watch.tax.every: 'hour' is not one of now, daily, weekly"),
        ("[watch.tax]\nto = 'env:X'\nlang = 'de'", "watch.tax.lang: 'de' is not one of zh, en"),
        (
            "[watch.tax]\nto = 'env:X'\non = 'new, gone'",
            "watch.tax.on: 'gone' is not one of new, edited, removed, restored, moved, gap, drift, health",
        ),
        ("[watch.tax]\nto = 'mailto'", "watch.tax.to: it is not a URL, env:NAME or file:PATH"),
        (
            "[watch.tax]\nto = 'https://u:secret@a.example/'",
            "watch.tax.to: it has a user name or password in it: put the URL into a file, and write file:PATH",
        ),
        (
            "[publish]\ntext = 'excerp'",
            "publish.text: 'excerp' is not one of full, excerpt, metadata; did you mean 'excerpt'?",
        ),
        ("[publish]\ntext = 3", "publish.text: 3 is not one of full, excerpt, metadata"),
        ("[publish]\ntxt = 'full'", "unknown key 'publish.txt'; did you mean 'text'?"),
        (
            "[publish.sources]\nshangguan = 'all'",
            "publish.sources.shangguan: 'all' is not one of full, excerpt, metadata; did you mean 'full'?",
        ),
        (
            "[publish.sources]\n'A b' = 'full'",
            "publish.sources.A b: 'A b' is not the name of a source: use a-z, 0-9, - and _",
        ),
        ("publish = 1", "publish: write a table, below [publish]"),
        ("watch = 1", "watch: write a table, such as [watch.my-name]"),
    ],
)
def test_a_wrong_key_is_named_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert str(caught.value) == f"{tmp_path / 'thinker.toml'}: {line}"


@pytest.mark.parametrize("text", ["contact = ", "[sources", "= 1", "a = 1\na = 2"])
def test_broken_toml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"thinker\.toml: .*line \d|thinker\.toml: .*end of document"):
        load_settings(written(tmp_path, text))


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_bytes("contact = '思想者'".encode("gbk"))
    with pytest.raises(SettingsError, match=r"thinker\.toml: byte 13 is not UTF-8"):
        load_settings(tmp_path)


def test_settings_are_described_with_their_origin(tmp_path: Path) -> None:
    text = "contact = 'https://example.org/about'\n[sources.newsroom]\nallow = ['127.0.0.1:1', '[::1]:2']\n"
    text += "[sources.newsroom.rows]\nurl = 'link'\n[[sources.newsroom.posts]]\nurl = 'http://a.example/'\n"
    file = str(tmp_path / "thinker.toml")
    assert describe(load_settings(written(tmp_path, text))) == [
        ("contact", "https://example.org/about", file),
        ("about", "not set", "default"),
        ("free_space_floor", "500", "default"),
        ("crawler.longest_crawl_delay", "3600", "default"),
        ("crawler.never", "not set", "default"),
        ("schedule.children", "4", "default"),
        ("cluster.url", "not set", "default"),
        ("cluster.prefix", "thinker", "default"),
        ("cluster.segments", "segments", "default"),
        ("cluster.most_segments", "1000", "default"),
        ("publish.text", "not set", "default"),
        ("publish.sources", "not set", "default"),
        ("sources.newsroom.posts", "http://a.example/", file),
        ("sources.newsroom.rows", "url = link", file),
        ("sources.newsroom.allow", "127.0.0.1:1, [::1]:2", file),
    ]
    assert describe(Settings())[0] == ("contact", "not set", "default")


@every_row(
    ("url", "shown"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("rediss://worker:s3cret@cache.example", "rediss://cache.example"),
        ("redis://:p%40s3cret@[::1]:7000/0", "redis://[::1]:7000/0"),
    ],
)
def test_the_password_of_a_server_is_never_shown(url: str, shown: str) -> None:
    settings = Settings(cluster=ClusterSettings(url=url))
    assert ("cluster.url", shown, "settings") in describe(settings)
    assert "s3cret" not in repr(settings)


@every_row(
    ("segments", "shown"),
    [
        ("s3://bucket/segments", "s3://bucket/segments"),
        ("ftp://worker:pa/s3cret@store.example/x", "ftp://store.example/x"),
        ("s3://bucket/segments?secret=s3cret", "s3://bucket/segments"),
        ("/mnt/segments", "/mnt/segments"),
    ],
)
def test_the_password_of_a_store_is_never_shown(segments: str, shown: str) -> None:
    assert ("cluster.segments", shown, "settings") in describe(Settings(cluster=ClusterSettings(segments=segments)))


@given(st.text(max_size=200))
def test_any_text_gives_settings_or_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("home")
    (folder / "thinker.toml").write_text(text, encoding="utf-8", newline="")
    assert outcome(folder).count("\n") == 0


def outcome(folder: Path) -> str:
    try:
        return repr(load_settings(folder))
    except SettingsError as error:
        return str(error)

"""thinker.toml: what it may say, and the line a reader gets when it says something else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.settings import Settings, SettingsError, SourceSettings, describe, load_settings

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
"""


def written(folder: Path, text: str) -> Path:
    (folder / "thinker.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings(contact=None, free_space_floor=500, sources={})


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
        lists=("https://example.com/politics",),
        scope=r"^https://example\.com/20\d\d/",
        expect=5,
        removal_probes=2,
        removal_spacing=0.0,
    )


def test_a_source_the_file_does_not_name_says_nothing(tmp_path: Path) -> None:
    assert load_settings(tmp_path).source("shangguan") == SourceSettings()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("contcat = 'a@b.c'", "unknown key 'contcat'; did you mean 'contact'?"),
        ("[source.newsroom]\n", "unknown key 'source'; did you mean 'sources'?"),
        ("xyzzy = 1", "unknown key 'xyzzy'; known keys: contact, free_space_floor, sources"),
        (
            "[sources.newsroom]\nshedule = 'every 10s'",
            "unknown key 'sources.newsroom.shedule'; did you mean 'schedule'?",
        ),
        (
            "[sources.x]\ntimezone = 'Asia/Shanghia'",
            "sources.x.timezone: 'Asia/Shanghia' is no time zone, such as Asia/Shanghai",
        ),
        (
            "[sources.x]\ntimezone = 'Asia'",
            "sources.x.timezone: 'Asia' is no time zone, such as Asia/Shanghai",
        ),
        (
            "[sources.x]\nallow = ['localhost']",
            "sources.x.allow.0: 'localhost' is not host:port, such as 127.0.0.1:8765",
        ),
        (
            "[sources.x]\nhomepage = 'javascript:alert(1)'",
            "sources.x.homepage: 'javascript:alert(1)' is no http or https address",
        ),
        (
            "[sources.x]\nscope = '('",
            "sources.x.scope: '(' is no regular expression: missing ), unterminated subpattern at position 0",
        ),
        ("[sources.x]\ndelay = -1", "sources.x.delay: input should be greater than or equal to 0"),
        ("[sources.'../x']\n", "sources.'../x': a name is of a-z, 0-9, - and _ (it names files)"),
        ("contact = 'nobody'", "contact: 'nobody' is neither a mail address nor an http address"),
        ("a = 1\nb = 2", "unknown key 'a'; known keys: contact, free_space_floor, sources (and 1 more)"),
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
    with pytest.raises(SettingsError, match=r"thinker\.toml: cannot be read"):
        load_settings(tmp_path)


def test_settings_are_described_with_their_origin(tmp_path: Path) -> None:
    text = "contact = 'https://example.org/about'\n[sources.newsroom]\nallow = ['127.0.0.1:1', '[::1]:2']\n"
    file = str(tmp_path / "thinker.toml")
    assert describe(load_settings(written(tmp_path, text))) == [
        ("contact", "https://example.org/about", file),
        ("free_space_floor", "500", "default"),
        ("sources.newsroom.allow", "127.0.0.1:1, [::1]:2", file),
    ]
    assert describe(Settings())[0] == ("contact", "not set", "default")


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

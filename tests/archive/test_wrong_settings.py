"""Every key of thinker.toml with values that it cannot have, and the line: the key, the cause, what would be right."""

from pathlib import Path

import pytest
from support.tables import every_row

from archive.settings.settings import Settings, SettingsError, load_settings

SECONDS = "is not a number of seconds from 0 to 3155760000"
ADDRESS = "is not an http or https address, such as https://example.org"
HOST = "is not a host, such as example.com or 127.0.0.1:8765"
PARAMETER = "is not the name of a parameter, such as jsessionid: leave out = and what follows it"
SERVER = "write redis://HOST:PORT/NUMBER, or rediss:// for an encrypted connection"
PLACE = "is not host:port, such as 127.0.0.1:8765"
MORE = "is not a whole number of 1 or more"

# Key, what stands behind its =, and the line behind the key.
TOP = [
    ("contact", '"nobody"', "'nobody' is not a mail or web address, such as you@example.org"),
    ("contact", "3", '3 is not a text: write it in quotes, "3"'),
    ("contact", '["you@example.org"]', "write one text in quotes, not a list"),
    ("contact", r'"a@b\u0000"', r"'a@b\x00' is not a mail or web address, such as you@example.org"),
    ("contact", '"ftp://a.example/"', f"'ftp://a.example/' {ADDRESS}"),
    ("about", '"javascript:alert(1)"', f"'javascript:alert(1)' {ADDRESS}"),
    ("about", '"https://a.example/a b"', "'https://a.example/a b' has a space in it: write it as %20"),
    ("free_space_floor", "true", "true is not a whole number of 0 or more, such as 500"),
    ("free_space_floor", '"500"', "'500' is not a whole number of 0 or more, such as 500"),
    ("free_space_floor", "0.5", "0.5 is not a whole number of 0 or more, such as 500"),
    ("crawler", "3", "write a table, below [crawler]"),
    (
        "crawler.longest_crawl_delay",
        "86401",
        "86401 is not a number of seconds from 0 to 86400, such as 3600",
    ),
    ("crawler.longest_crawl_delay", "nan", "nan is not a number of seconds from 0 to 86400, such as 3600"),
    ("crawler.never", '"ads.example"', "write a list in brackets: ['ads.example']"),
    ("schedule", '"every 1h"', "write a table, below [schedule]"),
    ("schedule.children", "0", "0 is not a whole number from 1 to 64, such as 4"),
    ("schedule.children", "true", "true is not a whole number from 1 to 64, such as 4"),
    ("cluster", '"redis://a.example"', "write a table, below [cluster]"),
    ("cluster.url", '"http://:secret@a.example"', f"it is not the address of a server: {SERVER}"),
    ("cluster.url", '"redis://:secret@a.example:99999"', f"it is not the address of a server: {SERVER}"),
    (
        "cluster.url",
        '"redis://:secret@a.example/0?timeout=1"',
        f"only the number of a database may follow the host: {SERVER}",
    ),
    ("cluster.url", "6379", '6379 is not a text: write it in quotes, "6379"'),
    ("cluster.prefix", '"a:b"', "'a:b' is not a prefix: use only a-z, 0-9, - and _"),
    ("sources", "[]", "write a table, such as [sources.my-site]"),
    ("sources.x", '"every 1h"', "write a table, below [sources.x]"),
]
OF_A_SOURCE = [
    ("publisher", '""', "'' is empty: write a text, or remove the key"),
    ("homepage", '"www.example.com"', f"'www.example.com' {ADDRESS}"),
    ("homepage", '"https://a.example:99999/"', "the url 'https://a.example:99999/' has a port above 65535"),
    ("homepage", '"https://u:p@a.example/"',
     "the url 'https://u:p@a.example/' holds a user name, which we never follow"),
    ("timezone", '"Mars"', "'Mars' is not a time zone, such as Asia/Shanghai"),
    ("timezone", "8", '8 is not a text: write it in quotes, "8"'),
    ("in_language", '"Chinese text"', "'Chinese text' is not a language tag, such as zh-Hans or en"),
    ("feeds", '"https://a.example/rss"', "write a list in brackets: ['https://a.example/rss']"),
    ("feeds.0", '["a.example/rss"]', f"'a.example/rss' {ADDRESS}"),
    ("sitemaps.0", "[true]", 'true is not a text: write it in quotes, "true"'),
    ("lists.0", '[["https://a.example/"]]', "write an address in quotes or a table, not a list"),
    ("lists", "true", "write a list in brackets"),
    ("", 'lists = ["https://a.example/{section}"]',
     "'https://a.example/{section}' has {section} without a value: add section = \"…\""),
    ("json_lists.0", '["https://{page}.example/"]', "'https://{page}.example/': the host cannot have a placeholder"),
    ("posts", '{ url = "https://a.example/" }', "write each of them as its own table, below [[sources.x.posts]]"),
    ("posts.0", '["https://a.example/"]', "write a table, below [[sources.x.posts]]"),
    ("posts.0.url", "[{}]", "it is missing"),
    ("posts.0.form", '[{ url = "https://a.example/", form = "page=1" }]',
     'write a table, in braces: { page = "{page}" }'),
    ("posts.0.form.a", '[{ url = "https://a.example/", form = { a = true } }]',
     'true is not a text: write it in quotes, "true"'),
    ("posts.0.pages", '[{ url = "https://a.example/", pages = true }]',
     "true is not a whole number from 1 to 1000, such as 5"),
    ("without.0", '["/list"]', f"'/list' {ADDRESS}"),
    ("rows", '"link"', "write a table, below [sources.x.rows]"),
    ("rows.url", "{ url = 3 }", '3 is not a text: write it in quotes, "3"'),
    ("rows.section", "{ section = true }", "write a list in brackets"),
    ("rows.section.0", "{ section = [1] }", '1 is not a text: write it in quotes, "1"'),
    ("selectors.body", "{ body = ['h1'] }", "write one text in quotes, not a list"),
    ("scope", '""', "'' matches nothing: write a regular expression, or remove the key"),
    ("homepage", '"http:///x"', f"'http:///x' {ADDRESS}"),
    ("timezone", f'"{"a" * 200}"', f"'{'a' * 100}' is not a time zone, such as Asia/Shanghai"),
    ("expect", f"0x{'f' * 5000}", "a number of this length is not a whole number of 0 or more, such as 10"),
    ("feeds.0", f"[0x{'f' * 5000}]", "a number of this length is not a text: write it in quotes"),
    ("posts.0.form.a", '[{ url = "https://a.example/", form = { a = 0x' + "f" * 5000 + " } }]",
     "a number of this length is not a text: write it in quotes"),
    ("scope", '"a{4294967296}"', "'a{4294967296}' is not a regular expression: the repetition number is too large"),
    ("scope", f'"{"(" * 3000}{")" * 3000}"',
     f"'{'(' * 100}' is not a usable regular expression: it is nested too deeply"),
    ("scope", '"("', "'(' is not a regular expression: missing ), unterminated subpattern at position 0"),
    ("article", '"https://a.example/"',
     "'https://a.example/': add {id} where the id goes, as in https://a.example/{id}"),
    ("columns", '"思想者"', "write a list in brackets: ['思想者']"),
    ("columns.0", '[""]', "'' is empty: write a text, or remove the key"),
    ("section", "7", '7 is not a text: write it in quotes, "7"'),
    ("pages", "0", "0 is not a whole number from 1 to 1000, such as 5"),
    ("pages", "true", "true is not a whole number from 1 to 1000, such as 5"),
    ("recheck", "true", f"true {SECONDS}, such as 3600"),
    ("recheck", "false", f"false {SECONDS}, such as 3600"),
    ("recheck", "-1", f"-1 {SECONDS}, such as 3600"),
    ("recheck", '"3600"', f"'3600' {SECONDS}, such as 3600"),
    ("recheck", '"every day"', f"'every day' {SECONDS}, such as 3600"),
    ("recheck", "inf", f"inf {SECONDS}, such as 3600"),
    ("recheck", "nan", f"nan {SECONDS}, such as 3600"),
    ("recheck", "1e300", f"1e+300 {SECONDS}, such as 3600"),
    ("recheck", "2026-01-01", f"2026-01-01 {SECONDS}, such as 3600"),
    ("schedule", "3600", '3600 is not a text: write it in quotes, "3600"'),  # its meaning: test_settings_at_load
    ("schedule", '["every 1h"]', "write one text in quotes, not a list"),
    ("delay", "-1", "-1 is not a number of seconds from 0 to 3600, such as 2"),
    ("delay", "true", "true is not a number of seconds from 0 to 3600, such as 2"),
    ("hosts.0", '["https://a.example"]', f"'https://a.example' {HOST}"),
    ("hosts.0", '["a.example#top"]', f"'a.example#top' {HOST}"),
    ("hosts.0", '["*.a.example"]', f"'*.a.example' {HOST}"),
    ("aliases.0", '["a.example/b"]', f"'a.example/b' {HOST}"),
    ("drop_parameters.0", '["sid=7"]', f"'sid=7' {PARAMETER}"),
    ("drop_parameters.0", '[""]', f"'' {PARAMETER}"),
    ("drop_parameters", '"sid"', "write a list in brackets: ['sid']"),
    ("allow.0", '["localhost"]', f"'localhost' {PLACE}"),
    ("allow.0", '["https://x"]', f"'https://x' {PLACE}"),
    ("allow.0", '["http://127.0.0.1:8765"]', f"'http://127.0.0.1:8765' {PLACE}"),
    ("allow.0", '["127.0.0.1:8765/list"]', f"'127.0.0.1:8765/list' {PLACE}"),
    ("allow.0", '["*:8765"]', f"'*:8765' {PLACE}"),
    ("allow.0", '["127.0.0.*:8765"]', f"'127.0.0.*:8765' {PLACE}"),
    ("allow.0", '["me@127.0.0.1:80"]', f"'me@127.0.0.1:80' {PLACE}"),
    ("allow.0", '["127.0.0.1:0"]', f"'127.0.0.1:0' {PLACE}"),
    ("allow.0", '["::1:80"]', f"'::1:80' {PLACE}"),
    ("allow.0", "[8765]", '8765 is not a text: write it in quotes, "8765"'),
    ("expect", "-1", "-1 is not a whole number of 0 or more, such as 10"),
    ("expect", "true", "true is not a whole number of 0 or more, such as 10"),
    ("removal_probes", "0", f"0 {MORE}, such as 3"),
    ("removal_spacing", "inf", f"inf {SECONDS}, such as 86400"),
    ("removal_spacing", '"1d"', f"'1d' {SECONDS}, such as 86400"),
    ("budget_pages", "0", f"0 {MORE}, such as 500"),
    ("requests_per_day", '"500"', "'500' is not a whole number of 2 or more, such as 500"),
    ("requests_per_day", "2.5", "2.5 is not a whole number of 2 or more, such as 500"),
    ("budget_bytes", '"10 MB"', f"'10 MB' {MORE}, such as 100000000"),
    ("budget_seconds", "0",
     "0 is not a number of seconds above 0 and up to 3155760000, such as 1800"),
]  # fmt: skip


def refused(folder: Path, text: str) -> str:
    (folder / "thinker.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return str(caught.value).removeprefix(f"{folder / 'thinker.toml'}: ")


def assigned(place: str, value: str) -> str:
    """The line of the file; a place such as `posts.0.url` lies within the value that the line assigns."""
    key = place.partition(".")[0]
    return f"{key} = {value}" if key else value


@every_row(("key", "value", "line"), TOP)
def test_a_wrong_value_is_named(tmp_path: Path, key: str, value: str, line: str) -> None:
    assert refused(tmp_path, f"{key} = {value}") == f"{key}: {line}"


@every_row(("key", "value", "line"), OF_A_SOURCE)
def test_a_wrong_value_of_a_source_is_named(tmp_path: Path, key: str, value: str, line: str) -> None:
    place = f"sources.x.{key}" if key else "sources.x"
    assert refused(tmp_path, f"[sources.x]\n{assigned(key, value)}") == f"{place}: {line}"


def test_every_key_of_a_source_has_a_row() -> None:
    from archive.settings.settings import SourceSettings

    rows = {key.partition(".")[0] for key, *_ in OF_A_SOURCE} - {""}
    assert rows == set(SourceSettings.model_fields)


def test_a_key_that_steers_a_terminal_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    text = '[sources.x.rows]\n"a\\u001b[31m\\n" = 1\n[[sources.x.posts]]\nform = { "b\\n" = 2.5 }\nurl = "https://a.example"'
    assert refused(tmp_path, text) == (
        "unknown key \"sources.x.rows.'a\\\\x1b[31m\\\\n'\"; "
        "known keys: url, id, title, time, section, within, instead (and 1 more)"
    )  # fmt: skip
    assert refused(tmp_path, text.partition("[[")[2].join(("[[", ""))) == (
        "sources.x.posts.0.form.'b\\n': 2.5 is not a text: write it in quotes, \"2.5\""
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [("127.0.0.1:8765", "127.0.0.1:8765"), ("LocalHost:080", "localhost:80"), ("[::1]:8765", "[::1]:8765")],
)
def test_a_place_is_kept_as_it_is_compared(tmp_path: Path, written: str, kept: str) -> None:
    (tmp_path / "thinker.toml").write_text(f'[sources.x]\nallow = ["{written}"]')
    assert load_settings(tmp_path).source("x").allow == (kept,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"feeds = {'[' * 3000}{']' * 3000}", "lists or tables are nested too deeply"),
        (f"free_space_floor = {'9' * 5000}", "it has a number with thousands of digits: write a smaller one"),
        (f"{'k' * 200} = 1", f"unknown key '{'k' * 100}'; known keys: {', '.join(Settings.model_fields)}"),
    ],
)
def test_extreme_nesting_numbers_and_keys_get_a_one_line_error(tmp_path: Path, text: str, line: str) -> None:
    assert refused(tmp_path, text) == line

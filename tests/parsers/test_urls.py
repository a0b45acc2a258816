"""One key for each page, and no url that is not a plain web address."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.urls import safe_url, urlkey
from parsers.urls.hosts import normal_host

KEYS = [
    ("https://example.cn/path?b=1&c=2", "cn,example)/path?b=1&c=2"),
    ("http://WWW.Example.CN:80/path/?c=2&b=1#top", "cn,example)/path?b=1&c=2"),
    ("https://example.cn", "cn,example)/"),
    ("https://example.cn/?", "cn,example)/"),
    ("https://example.cn:8443/", "cn,example:8443)/"),
    (
        "https://www.shobserver.com/news/detail?id=751736&from=timeline&utm_source=x",
        "com,shobserver)/news/detail?id=751736",
    ),
    ("https://example.cn/a/./b/../c/", "cn,example)/a/c"),
    ("https://example.cn/a//b", "cn,example)/a//b"),
    ("https://example.cn/%7Euser/%e4%b8%ad", "cn,example)/~user/%E4%B8%AD"),
    ("https://example.cn/~user/中", "cn,example)/~user/%E4%B8%AD"),
    ("https://example.cn/a%2fb?q=%26&p=a+b", "cn,example)/a%2Fb?p=a+b&q=%26"),
    ("https://例子.中国/", "xn--fiqs8s,xn--fsqu00a)/"),
    ("http://127.0.0.1:8765/a/1.html", "127.0.0.1:8765)/a/1.html"),
    ("http://0x7f.1/", "127.0.0.1)/"),
    ("http://2130706433/", "127.0.0.1)/"),
    ("http://0177.0.0.01/", "127.0.0.1)/"),
    ("http://[::FFFF:1.2.3.4]/", "[::ffff:102:304])/"),
    ("https://example.cn./", "cn,example)/"),
    ("https:///example.cn/a", "cn,example)/a"),  # as browsers read it
    ("https://example.cn/a?id=2&id=1", "cn,example)/a?id=1&id=2"),
]

REFUSED = [
    "",
    "example.cn/a",
    "/a",
    "ftp://example.cn/",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:example.cn",
    "https://user@example.cn/",
    "https://user:secret@example.cn/",
    "https://example.cn\\@evil.cn/",
    "https://example.cn/a\nb",
    "https://example.cn/\x00",
    "https://example.cn:99999/",
    "https://example.cn:8o/",
    "https://1.2.3.4.5/",
    "https://256.1.1.1/",
    "https://[::1/",
    "https://exa mple.cn/",
    "https://xn--te\u0161la/",
    "https://example.cn/\ud800",
    "https://example.cn/" + "a" * 9000,
]


@every_row(("url", "key"), KEYS)
def test_urlkey_gives_the_expected_key_of_each_url(url: str, key: str) -> None:
    assert urlkey(url) == key


@every_row("url", REFUSED)
def test_an_address_that_is_no_plain_web_address_has_no_key(url: str) -> None:
    with pytest.raises(ValueError, match=r"url|host") as raised:
        urlkey(url)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


@every_row(
    ("url", "base", "safe"),
    [
        ("https://example.cn/a", None, "https://example.cn/a"),
        ("/news/detail?id=1", "https://example.cn/x/", "https://example.cn/news/detail?id=1"),
        ("/a/../b?c=.", "https://example.cn:8080/x", "https://example.cn:8080/b?c=."),
        ("/a//b/", "https://EXAMPLE.cn/x", "https://EXAMPLE.cn/a//b/"),
        ("./c_1.htm", "https://example.cn/zhengce/", "https://example.cn/zhengce/c_1.htm"),
        ("//cdn.example.cn/a.jpg", "https://example.cn/", "https://cdn.example.cn/a.jpg"),
        ("  http://example.cn/a\n  b ", None, "http://example.cn/a%20%20b"),
        ('/a b"<x>', "https://example.cn/", "https://example.cn/a%20b%22%3Cx%3E"),
        ("", "https://example.cn/a", "https://example.cn/a"),
        ("", None, None),
        ("javascript:alert(1)", "https://example.cn/", None),
        ("java\nscript:alert(1)", "https://example.cn/", None),
        ("/a", None, None),
        ("https://user@example.cn/", None, None),
        ("\\\\evil.cn/a", "https://example.cn/", None),
        ("mailto:a@example.cn", "https://example.cn/", None),
        ("http://[", "https://example.cn/", None),
    ],
)
def test_safe_url_resolves_web_addresses_and_drops_all_others(url: str, base: str | None, safe: str | None) -> None:
    assert safe_url(url, base) == safe


@pytest.mark.shared
def test_hosts_are_the_browsers_hosts(shared: Path) -> None:
    """web-platform-tests: an http(s) url that we accept has their host; what they refuse, we refuse."""
    wrong = []
    for case in _cases(shared, "url-wpt"):
        base = case["input"]["base"]
        ours = safe_url(case["input"]["url"], base if (base or "").startswith("http") else None)
        theirs = case["expected"]
        web = isinstance(theirs, dict) and theirs.get("protocol") in ("http:", "https:")
        if ours and (not web or urlkey(ours).partition(")")[0] != urlkey(theirs["href"]).partition(")")[0]):
            wrong.append(case["id"])
    assert wrong == []


@pytest.mark.shared
def test_domain_names_become_ascii_as_the_idna_cases_expect(shared: Path) -> None:
    cases = _cases(shared, "idna-toascii")
    assert [case["id"] for case in cases if _ascii(case["input"]) != case["expected"]] == []


@pytest.mark.shared
def test_w3lib_and_we_agree_which_page_it_is(shared: Path) -> None:
    """canonicalize_url keeps the page: its answer has the key of what it was asked."""
    calls = [case for case in _cases(shared, "url-w3lib") if case["input"]["fn"] == "canonicalize_url"]
    asked = [
        case
        for case in calls
        if not case["input"]["kwargs"] and _key(case["input"]["args"][0]) and isinstance(case["expected"], str)
    ]
    assert len(asked) > 20
    assert [case["id"] for case in asked if _key(case["expected"]) != _key(case["input"]["args"][0])] == []


def _cases(shared: Path, corpus: str) -> list[dict]:
    return [
        json.loads(line) for line in (shared / "data/corpora" / corpus / "cases.jsonl").read_text("utf-8").splitlines()
    ]


def _ascii(host: str) -> str | None:
    try:
        return normal_host(host)
    except ValueError:
        return None


def _key(url: object) -> str | None:
    try:
        return urlkey(url) if isinstance(url, str) else None
    except ValueError:
        return None


PATHS = st.text(st.sampled_from(list("ab/.%2e41?&=#中+ ~")), max_size=30)


@given(PATHS)
def test_a_key_is_the_same_for_every_spelling(path: str) -> None:
    key = _key(f"http://example.cn/{path}")
    for prefix in ("https://example.cn/", "HTTPS://www.EXAMPLE.cn:443/", "http://example.cn:80/"):
        assert _key(prefix + path) == key


@given(st.text(max_size=60), st.none() | st.just("https://example.cn/a/b"))
def test_any_text_gives_a_safe_url_or_no_url(url: str, base: str | None) -> None:
    found = safe_url(url, base)
    if found is not None:
        assert found.lower().startswith(("http://", "https://"))
        assert safe_url(found) == found
        assert urlkey(found)


@given(st.text(max_size=60))
def test_any_text_has_a_key_or_is_refused(url: str) -> None:
    key = _key(url)
    assert key is None or ")/" in key

"""Parameters that name a visit and not a page are dropped from addresses, and found by comparing two."""

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.urls import differing_parameters, without_parameters

NAMES = ("jsessionid", "SID")


@every_row(
    ("url", "plain"),
    [
        ("http://a.cn/1.html", None),
        ("http://a.cn/1.html;jsessionid=9F", "http://a.cn/1.html"),
        ("http://a.cn/1.html;JSESSIONID=9F;v=2?sid=7#top", "http://a.cn/1.html;v=2#top"),
        ("http://a.cn/list;jsessionid=1/1.html?a=1&Sid=2&b=3", "http://a.cn/list/1.html?a=1&b=3"),
        ("http://a.cn/?sid", "http://a.cn/"),
        ("http://a.cn/?%73id=7&x=1", "http://a.cn/?x=1"),
        ("http://a.cn/?sid=7&", "http://a.cn/"),
        ("http://a.cn/?q=sid&sid2=1&&", None),
        ("http://a.cn/?", None),
        ("http://a.cn/1#;sid=1", None),
        ("http://a.cn/sid=1/2", None),
    ],
)
def test_a_dropped_parameter_goes_and_all_else_stays_as_written(url: str, plain: str | None) -> None:
    assert without_parameters(url, NAMES) == (plain or url)
    assert without_parameters(url, ()) == url


TEXT = st.text("aSsIiDd;=&?#/%7 ", max_size=30)


@given(TEXT, TEXT)
def test_an_address_without_a_parameter_is_left_alone(path: str, query: str) -> None:
    url = f"http://a.cn/{path}?{query}"
    plain = without_parameters(url, NAMES)
    assert without_parameters(plain, NAMES) == plain
    assert len(plain) <= len(url)
    assert "sid" in url.lower().replace("%7", "") or "%" in url or plain == url


@every_row(
    ("url", "other", "differ"),
    [
        ("http://a.cn/1;jsessionid=1", "http://a.cn/1;JSESSIONID=2", {"jsessionid"}),
        ("http://a.cn/1;jsessionid=1", "http://a.cn/1", {"jsessionid"}),
        ("http://a.cn/1?a=1&t=2", "http://a.cn/1?t=3&a=1", {"t"}),
        ("http://a.cn/2026/11/1", "http://a.cn/2026/12/1", {"/2"}),
        ("http://a.cn/(S(x))/1?t=1", "http://a.cn/(S(y))/1?t=2", {"/1", "t"}),
        ("http://a.cn/1", "http://a.cn/1", set()),
    ],
)
def test_the_parameters_that_differ_are_named(url: str, other: str, differ: set[str]) -> None:
    assert differing_parameters(url, other) == differing_parameters(other, url) == differ

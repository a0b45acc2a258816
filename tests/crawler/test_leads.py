"""Addresses and pages that lead to a login, or on to another page."""

from datetime import UTC, datetime

from support.tables import every_row

from parsers import Document
from parsers.scaffold.refresh import sent_on_to
from parsers.urls import is_login

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@every_row(
    "url",
    [
        "https://news.example/login", "https://news.example/Login/", "https://news.example/login.html",
        "https://news.example/user/login.do?returnUrl=%2Fa%2F1", "https://news.example/member/login.php",
        "https://news.example/signin?next=/a/1", "https://news.example/sign-in", "https://news.example/users/sign_in",
        "https://news.example/account/signin/?backurl=/", "https://news.example/passport",
        "https://news.example/passport/index.html?returnurl=http://news.example/a/1", "https://news.example/sso",
        "https://news.example/sso/redirect.do?service=https%3A%2F%2Fnews.example%2Fa", "https://news.example/cas/login?service=a",
        "https://news.example/oauth2/authorize?client_id=1&redirect_uri=x", "https://news.example/wp-login.php?redirect_to=a",
        "https://news.example/login/index.html", "https://news.example/login;jsessionid=1A2B?from=x",
        "https://news.example/web/userLogin.jsp", "https://news.example/toLogin.action", "https://news.example/login/oauth",
        "https://news.example/%E7%99%BB%E5%BD%95", "https://news.example/登陆.html", "https://news.example/user/denglu",
        "https://passport.baidu.example/v2/?login&u=x", "https://passport.weibo.example/visitor/visitor",
        "https://login.taobao.example/member/", "https://sso.news.com.cn/", "https://accounts.news.example/ServiceLogin",
        "https://auth.news.example/a/1", "https://cas.hust.edu.cn/x", "http://login.news.example:8080/",
        "https://bbs.example/member.php?mod=logging&action=login", "https://news.example/index.php?m=member&c=index&a=login",
        "https://news.example/index.php?r=site/login", "https://news.example/index.php?s=/user/login",
        "https://news.example/unauthorized", "https://news.example/login-required",
    ],
)  # fmt: skip
def test_login_addresses_are_recognized(url: str) -> None:
    assert is_login(url)


@every_row(
    "url",
    [
        "https://news.example/", "https://news.example/a/1.html?from=login", "https://news.example/blog/login-to-the-future.html",
        "https://news.example/blog/login", "https://news.example/tags/login/", "https://news.example/2024/login.html",
        "https://news.example/news/sso", "https://news.example/passport-renewal.html", "https://news.example/services/passport",
        "https://news.example/passport.html", "https://news.example/passport/renewal.html", "https://passport.gov.in/a/1",
        "https://login.com/a/1", "https://sso.example/", "https://cas.cn/a/1", "https://www.cas.cn/a/1",
        "https://news.example/loginradius-raises-money", "https://news.example/catalogin", "https://news.example/a?next=login",
        "https://news.example/content_123.html?title=login", "https://news.example/authors/wang", "https://news.example/auth0/story",
        "https://news.example/help/login", "https://news.example/docs/oauth2", "https://loginnews.example/a",
        "https://www.login-news.example/a", "https://news.example/article/%E7%99%BB%E5%BD%95%E6%96%B0%E8%A7%84.html",
        "https://news.example/n1/2024/0424/c1001-40223222.html", "http://[::1]/a", "https://news.example/signing", "",
    ],
)  # fmt: skip
def test_ordinary_addresses_are_not_taken_for_logins(url: str) -> None:
    assert not is_login(url)


def test_a_host_named_like_a_login_does_not_make_its_own_articles_logins() -> None:
    own = "https://cas.hust.example.cn/news/1.html"
    assert is_login("https://cas.hust.example.cn/news/2.html", "https://www.hust.example.cn/news/1.html")
    assert not is_login("https://cas.hust.example.cn/news/2.html", own)
    assert is_login("https://cas.hust.example.cn/login?service=x", own)
    assert is_login("https://passport.hust.example.cn/", own)


@every_row(
    ("head", "leads_to"),
    [
        ('<meta http-equiv=refresh content="0;url=/b">', "https://a.example/b"),
        ("<meta http-equiv=\"Refresh\" content=\"3; URL='https://b.example/c?d=1'\">", "https://b.example/c?d=1"),
        ("<META HTTP-EQUIV=REFRESH CONTENT='10,//b.example/'>", "https://b.example/"),
        ('<meta http-equiv=refresh content="1.5 url=b.html">', "https://a.example/1/b.html"),
        ('<base href="/x/"><meta http-equiv=refresh content="0;b">', "https://a.example/x/b"),
        ('<noscript><meta http-equiv=refresh content="0;url=/no"></noscript>', None),
        ('<noscript><meta http-equiv=refresh content="0;url=/no"></noscript><meta http-equiv=refresh content=0;b>',
         "https://a.example/1/b"),
        ('<meta http-equiv=refresh content="11;url=/b">', None),
        ('<meta http-equiv=refresh content="300">', None),
        ('<meta http-equiv=refresh content="0">', None),
        ('<meta http-equiv=refresh content="0;url=/1/2.html#top">', None),  # itself
        ('<meta http-equiv=refresh content="0;url=">', None),  # itself as well
        ('<meta http-equiv=refresh content="0; URL = \'\'">', None),
        ('<meta http-equiv=refresh content="url=/b">', None),  # no number: no browser goes anywhere
        ('<meta http-equiv=refresh content="0;url=javascript:alert(1)">', None),
        ('<meta http-equiv=refresh content="0;url=data:text/html,x">', None),
        ('<meta http-equiv=refresh content="0;url=http://user@b.example/">', None),
        ('<meta name=refresh content="0;url=/b">', None),
        ("<!-- <meta http-equiv=refresh content='0;url=/b'> -->", None),
        (f'<meta http-equiv=refresh content="{"9" * 5_000};url=/b">', None),
    ],
)  # fmt: skip
def test_only_a_short_meta_refresh_to_another_page_counts_as_a_redirect(head: str, leads_to: str | None) -> None:
    page = Document(f"<html><head>{head}</head></html>".encode(), "text/html", "https://a.example/1/2.html", NOON)
    assert sent_on_to(page) == leads_to

"""Sites without an end: what a generator of 10^9 addresses can make a crawl ask, and what the archive takes of it."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.journeys import Thinker
from support.towns import crawl, declare, rows, said
from support.written_site import Answer, RawSite, article, serving

pytestmark = [pytest.mark.slow, pytest.mark.soak]

BUDGET, EXPECTED, A_LIST = 40, 20, 100
HOME_PAGE = "<html><title>首页</title><h1>首页</h1>" + "".join(f"<li><a href=/{n}>栏目{n}</a></li>" for n in range(40))
GONE = "<html><title>页面不存在</title><h1>抱歉，您访问的页面不存在</h1><p>该文章已被删除或地址有误。</p></html>"
LOGIN = (
    "<html><title>用户登录</title><h1>请登录后阅读</h1><form action=/login method=post>"
    "<input name=user><input name=password type=password><button>登录</button></form></html>"
)

chance = random.Random(14)


def numbered() -> str:
    return f"/article/{next(NUMBERS)}.html"


def with_a_session() -> str:
    return f"/article/7.html?sid={chance.getrandbits(120):x}"


NUMBERS = itertools.count(1)
Trap = tuple[Callable[[], str], Callable[[str], Answer]]
TRAPS: dict[str, Trap] = {
    "a calendar": (lambda: f"/article/2{next(NUMBERS):04}-01-01.html", lambda _: Answer(HOME_PAGE.encode())),
    "soft 404": (numbered, lambda _: Answer(GONE.encode())),
    "a login wall": (numbered, lambda _: Answer(LOGIN.encode())),
    "a login wall elsewhere": (numbered, lambda _: Answer(status=302, headers=(("Location", "/login?next=/"),))),
}
SESSIONS: Trap = (with_a_session, lambda _: Answer(article(7)))


def generator(trap: Trap) -> Callable[[str], Answer | None]:
    """Lists that name new articles, and lists of more of them, each time they are asked."""
    address, answer = trap

    def answers(path: str) -> Answer | None:
        if path.startswith("/sitemap"):
            more = "".join(f"<sitemap><loc>ADDRESS/sitemap{next(NUMBERS)}.xml</loc></sitemap>" for _ in range(A_LIST))
            return Answer(
                f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{more}</sitemapindex>'.encode()
            )
        if path == "/list":
            return Answer("".join(f"<a href='{address()}'>一篇文章的题目</a>" for _ in range(A_LIST)).encode())
        return answer(path) if path.startswith("/article/") else None

    return answers


def budgeted(site: RawSite) -> str:
    """The source `town` of such a site."""
    lists = {"lists": [f"{site.address}/list"], "sitemaps": [], "scope": f"{site.address}/article/.*"}
    return said(site.as_declared, **lists, budget_pages=BUDGET, expect=EXPECTED)


def asked(site: RawSite) -> list[str]:
    """The requests that count against the budget."""
    return [path for path, _ in site.asked if path != "/robots.txt"]


@pytest.mark.parametrize("name", TRAPS)
def test_an_endless_trap_ends_at_the_budget_and_the_expectations_rule_fails(tmp_path: Path, name: str) -> None:
    with serving(generator(TRAPS[name])) as site:
        thinker = Thinker(declare(tmp_path, town=budgeted(site)))
        told = thinker.json("crawl", "town", code=3)
        assert (told["finish_reason"], told["articles_seen"]) == ("budget", 0)
        assert len(asked(site)) == BUDGET
        assert rows(tmp_path, "select count(*) from articles") == [(0,)]
        rule = next(each for each in thinker.json("status", code=3)["rules"] if each["name"] == "expectations")
        assert (rule["ok"], f", {EXPECTED} expected" in rule["detail"]) == (False, True)


def test_session_ids_are_asked_as_far_as_the_budget_goes(tmp_path: Path) -> None:
    """Each address counts as an article of its own: nothing in it says that it is not."""
    with serving(generator(SESSIONS)) as site:
        thinker = Thinker(declare(tmp_path, town=budgeted(site)))
        for _ in range(2):
            before = len(asked(site))
            told = thinker.json("crawl", "town")
            assert (told["finish_reason"], len(asked(site)) - before) == ("budget", BUDGET)


def test_lists_that_lead_to_lists_without_end_are_asked_as_far_as_the_budget_goes(tmp_path: Path) -> None:
    with serving(lambda path: _with_address(generator(TRAPS["soft 404"])(path), site.address)) as site:
        (told,) = crawl(declare(tmp_path, town=said(site.as_declared, budget_pages=BUDGET)), "town")
        assert (told["finish_reason"], len(asked(site))) == ("budget", BUDGET)


def _with_address(answer: Answer | None, address: str) -> Answer | None:
    return answer and Answer(answer.body.replace(b"ADDRESS", address.encode()), answer.status, answer.headers)

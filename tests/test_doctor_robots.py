"""`thinker doctor SOURCE` where robots.txt redirects, is missing or cannot be had, and what the next crawl does."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.journeys import Thinker
from support.towns import declare, said
from support.written_site import Answer, article, listing, serving

NOTHING = "until that changes, nothing on this host is crawled"
LATER = "ask again later; only the owner of the site can change it"
PATIENCE = "ask again later; if this happens often, set a longer delay"
LEAVE = "remove these addresses, or turn the source off"
LISTED = "✓ SITE/sitemap.xml: declared a sitemap, found 3 links, 3 of them articles of town"
FORBIDS = Answer(b"User-agent: *\nDisallow: /\n")
HAD = ["/sitemap.xml", "/article/0.html", "/article/1.html"]


def found(text: str, remedy: str | None = None) -> str:
    """The line on the host's robots.txt."""
    line = f"SITE/robots.txt: declared to be crawled, found {text}"
    return f"✗ {line} → {remedy}" if remedy else f"✓ {line}"


def to(place: str) -> Answer:
    return Answer(status=301, headers=(("Location", place),))


def answers(status: int, *headers: tuple[str, str]) -> Callable[[str, str], Answer]:
    return lambda _path, _other: Answer(status=status, headers=headers)


def elsewhere(_path: str, other: str) -> Answer:
    return to(f"{other}/robots.txt")


REFUSED = "1 of 1 addresses refused, such as SITE/sitemap.xml"
LOOP = (
    "HTTP 301 to /robots.txt (6 times); more than 5 redirects or cut answers, or one that cannot be followed, last of"
)


@pytest.mark.parametrize(
    ("robots", "there", "code", "lines"),
    [
        pytest.param(answers(404), None, 0, [found("HTTP 404, which allows everything"), LISTED], id="404"),
        pytest.param(
            elsewhere,
            Answer(b""),
            0,
            [found("HTTP 301 to OTHER/robots.txt, HTTP 200 there, none of 3 addresses refused"), LISTED],
            id="another host allows",
        ),
        pytest.param(
            elsewhere,
            FORBIDS,
            4,
            [found(f"HTTP 301 to OTHER/robots.txt, HTTP 200 there, {REFUSED}", LEAVE)],
            id="another host refuses",
        ),
        pytest.param(
            lambda path, _other: FORBIDS if "?" in path else to("/robots.txt?all"),
            None,
            4,
            [found(f"HTTP 301 to /robots.txt?all, HTTP 200 there, {REFUSED}", LEAVE)],
            id="another path refuses",
        ),
        pytest.param(
            elsewhere,
            Answer(status=500),
            3,
            [found(f"HTTP 301 to OTHER/robots.txt, HTTP 500 there, which forbids everything: {NOTHING}", LATER)],
            id="another host is ill",
        ),
        pytest.param(
            lambda _path, _other: to("/robots.txt"),
            None,
            3,
            [found(f"{LOOP} SITE/robots.txt: {NOTHING}", LATER)],
            id="loop",
        ),
        pytest.param(
            lambda _path, _other: to("http://127.0.0.3:9/robots.txt"),
            None,
            3,
            [
                found(
                    "HTTP 301 to http://127.0.0.3:9/robots.txt; http://127.0.0.3:9/robots.txt: refused: loopback: "
                    f"{NOTHING}",
                    LATER,
                )
            ],
            id="to a private address",
        ),
        pytest.param(
            answers(500), None, 3, [found(f"HTTP 500, which forbids everything: {NOTHING}", LATER)], id="500"
        ),
        pytest.param(
            answers(429), None, 3, [found(f"HTTP 429, which asks us to wait: {NOTHING}", PATIENCE)], id="429"
        ),
        pytest.param(
            answers(429, ("Retry-After", "600")),
            None,
            3,
            [
                "✗ SITE/sitemap.xml: declared to be crawled, found its host asks us to wait 600 s, "
                f"and crawls wait that long → {PATIENCE}"
            ],
            id="429 for ten minutes",
        ),
        pytest.param(
            lambda _path, _other: Answer(b"no gzip", headers=(("Content-Encoding", "gzip"),)),
            None,
            4,
            [found(f"HTTP 200 in an encoding that cannot be read, which forbids everything: {NOTHING}", LATER)],
            id="in a broken coding",
        ),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_doctor_reports_the_outcome_of_robots_txt_and_the_crawl_agrees(
    tmp_path: Path, robots: Callable[[str, str], Answer], there: Answer | None, code: int, lines: list[str]
) -> None:
    """A list is never at fault for what its host's robots.txt says; the crawl asks where doctor says that it would."""

    def answer(path: str) -> Answer | None:
        if path.startswith("/robots.txt"):
            return robots(path, other.address)
        if path == "/sitemap.xml":
            return Answer(listing(3).replace(b"ADDRESS", site.address.encode()))
        dated = b"<meta property=article:published_time content=2024-04-13T23:01:00+08:00><h1>"
        return Answer(article(int(path[9:-5])).replace(b"<h1>", dated)) if path.startswith("/article/") else None

    with ExitStack() as stack:
        other = stack.enter_context(serving(lambda _path: there))
        site = stack.enter_context(serving(answer))
        home = declare(tmp_path, town=said(site.as_declared, allow=[site.address[7:], other.address[7:]]))
        process = Thinker(home).start("doctor", "town")
        out, err = process.communicate(timeout=300)
        told = [line.replace(site.address, "SITE").replace(other.address, "OTHER") for line in out.splitlines()]
        assert (process.returncode, err, [line for line in told if "page class" not in line]) == (code, "", lines)
        assert [path for path, _ in site.asked if not path.startswith("/robots")] == (HAD if code == 0 else [])
        site.asked.clear()
        Thinker(home).start("crawl", "town").communicate(timeout=300)
        assert [path for path, _ in site.asked if not path.startswith("/robots")][:1] == (HAD[:1] if code == 0 else [])


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
def test_a_list_that_is_ill_is_not_to_be_changed(tmp_path: Path, status: int) -> None:
    with serving(lambda path: Answer(status=status) if path == "/sitemap.xml" else None) as site:
        out, _ = (
            Thinker(declare(tmp_path, town=said(site.as_declared))).start("doctor", "town").communicate(timeout=300)
        )
    assert out.replace(site.address, "").splitlines()[-1] == (
        f"✗ /sitemap.xml: declared a sitemap, found HTTP {status} → ask again later"
    )


@pytest.mark.slow
def test_a_spent_budget_is_not_blamed_on_the_declaration(tmp_path: Path) -> None:
    def answer(path: str) -> Answer | None:
        return Answer(listing(3).replace(b"ADDRESS", site.address.encode())) if path == "/sitemap.xml" else None

    with serving(answer) as site:
        home = declare(tmp_path, town=said(site.as_declared, budget_pages=1, lists=[f"{site.address}/list"]))
        out, _ = Thinker(home).start("doctor", "town").communicate(timeout=300)
    spent = "the budget of 1 pages is spent → set a larger budget, so that articles are fetched too"
    assert out.replace(site.address, "").splitlines()[1:] == [
        LISTED.replace("SITE", ""),
        f"✗ /list: declared a list, found {spent}",
        *(f"✗ /article/{n}.html: declared an article, found {spent}" for n in range(2)),
    ]

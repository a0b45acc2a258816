"""A site that moves keeps its articles: to https, to www. and back, to another of its hosts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.moving_town import Town
from support.two_schemes import Doors, doors

pytestmark = pytest.mark.slow

NUMBERS = range(1, 4)
NAMES = ("news.example", "www.news.example")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Town, Doors]]:
    there = Town(tmp_path)
    with doors(there.answer, tmp_path / "tls", *NAMES) as site:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "ca.pem"))
        yield there, site


def at(site: Doors, scheme: str) -> list[str]:
    return [site.at(scheme, f"/article/{number}.html") for number in NUMBERS]


def asked(scheme: str) -> list[str]:
    return [f"{scheme}://127.0.0.1/article/{number}.html" for number in NUMBERS]


def test_a_site_that_moves_to_https_and_closes_http_loses_nothing(town: tuple[Town, Doors]) -> None:
    """Its list names the articles by https: they are asked there in the same crawl, and only there from then on."""
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    assert there.crawl()["new_articles"] == 3
    before = there.standing()
    assert site.articles() == asked("http")
    there.named = at(site, "https")
    there.declare(site, "https")
    site.shut = {"http://"}
    assert sorted(plan["url"] for plan in there.home.json("crawl", "town", "--dry-run")) == at(site, "https")
    told = there.crawl()
    assert (told["finish_reason"], told["new_articles"], told["new_revisions"], told["errors"]) == ("finished", 0, 0, 0)
    assert there.standing() == before
    assert site.articles() == asked("https")
    assert there.rows("select distinct substr(url, 1, 5) from frontier") == [("https",)]
    assert there.rows("select distinct substr(url, 1, 5) from addresses") == [("http:",)]
    there.crawl()
    assert site.articles() == asked("https")


def test_an_article_that_no_list_names_any_more_moves_with_its_site(town: tuple[Town, Doors]) -> None:
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.crawl()
    before = there.standing()
    there.named = at(site, "https")[:1]
    there.declare(site, "https")
    site.shut = {"http://"}
    site.articles()
    assert there.crawl()["errors"] == 0
    assert there.standing() == before
    assert site.articles() == asked("https")
    assert there.rows("select distinct substr(url, 1, 5) from frontier") == [("https",)]


def test_in_one_list_a_dead_address_before_a_good_one_does_not_hide_it(town: tuple[Town, Doors]) -> None:
    """The dead address is not tried again, though the list goes on naming both."""
    there, site = town
    there.declare(site, "http", scope="https?://[^/]+/article/.*")
    there.named = [each for pair in zip(at(site, "https"), at(site, "http"), strict=True) for each in pair]
    site.shut = {"https://"}
    assert there.crawl()["new_articles"] == 3
    assert site.articles() == asked("http")
    requests = there.crawl()["requests"]
    assert (site.articles(), requests) == (asked("http"), 4)
    assert there.rows("select distinct substr(url, 1, 5), attempts from frontier") == [("http:", 0)]


def test_a_listed_address_that_answers_404_does_not_hide_a_good_one(town: tuple[Town, Doors]) -> None:
    there, site = town
    there.declare(site, "http", scope="https?://[^/]+/article/.*")
    there.named = [each for pair in zip(at(site, "https"), at(site, "http"), strict=True) for each in pair]
    there.gone = set(at(site, "https"))
    assert there.crawl()["new_articles"] == 3
    site.articles()
    there.crawl()
    assert site.articles() == asked("http")
    assert [state for *_, state in there.standing()] == ["live"] * 3


def test_two_lists_that_name_two_schemes_cost_no_request_and_https_stays(town: tuple[Town, Doors]) -> None:
    """A list that names http for an article at https moves nothing; if https fails, the list's address is asked."""
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "https")
    there.crawl()
    site.articles()
    for named in ("http", "http", "https"):
        there.named = at(site, named)
        assert there.crawl()["requests"] == 4
        assert site.articles() == asked("https")
    site.shut = {"https://"}
    there.named = at(site, "https")  # http is named no more: a site that cuts https off gives no answer at all
    there.crawl(3)
    assert site.articles() == []
    assert [state for *_, state in there.standing()] == ["unreachable"] * 3
    there.named = at(site, "http")
    there.crawl(0, "--recheck", "all")
    assert site.articles() == asked("http")
    assert [state for *_, state in there.standing()] == ["live"] * 3


@pytest.mark.parametrize(("status", "again"), [(301, 1), (308, 1), (302, 1)])
def test_a_redirect_to_https_is_followed_once(town: tuple[Town, Doors], status: int, again: int) -> None:
    """From then on https is asked at once; also where the site says `for now`, as many do."""
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.leads = {url: (status, url.replace("http:", "https:")) for url in at(site, "http")}
    assert there.crawl()["new_articles"] == 3
    assert site.articles() == asked("http") + asked("https")
    there.crawl()
    assert site.articles() == asked("https")


def test_a_redirect_for_now_to_another_spelling_is_followed_each_time(town: tuple[Town, Doors]) -> None:
    there, site = town
    there.declare(site, "https")
    there.named = at(site, "https")[:1]
    there.leads = {each: (302, each + "/") for each in there.named}
    for _ in range(2):
        there.crawl()
        assert site.articles() == [f"https://127.0.0.1/article/1.html{end}" for end in ("", "/")]
    there.leads = {each: (301, each + "/") for each in there.named}
    there.crawl()
    site.articles()
    there.crawl()
    assert site.articles() == ["https://127.0.0.1/article/1.html/"]
    assert len(there.standing()) == 1


@pytest.mark.parametrize("end", ["/", "?visit=1"])
def test_a_redirect_for_good_out_of_scope_is_followed_and_the_article_is_asked_again(
    town: tuple[Town, Doors], end: str
) -> None:
    """The same article by another spelling, or with a mark of the visit, which its scope does not let in."""
    there, site = town
    there.declare(site, "http", scope=f"{site.at('http')}/article/[0-9]+\\.html")
    there.named = at(site, "http")[:1]
    there.crawl()
    before = there.standing()
    there.leads = {url: (301, url + end) for url in there.named}
    there.named = []
    for _ in range(2):
        site.articles()
        there.crawl()
        assert site.articles() == [f"http://127.0.0.1/article/1.html{mark}" for mark in ("", end)]
    assert there.standing() == before


def test_a_rebuilt_archive_asks_articles_at_their_last_known_addresses(town: tuple[Town, Doors]) -> None:
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.crawl()
    there.declare(site, "https")
    there.named = at(site, "https")
    there.crawl()
    before = there.rows("select * from addresses"), there.rows("select source, urlkey, url from frontier")
    (there.home.home / "archive.db").unlink()
    there.home.run("rebuild")
    there.home.run("verify", "--deep")
    assert there.rows("select * from addresses") == before[0]
    assert there.rows("select source, urlkey, url from frontier") == before[1]
    site.articles()
    site.shut = {"http://"}
    there.crawl()
    assert site.articles() == asked("https")


@pytest.mark.root
def test_a_site_moves_between_its_bare_name_and_www_and_both_are_declared_by_one(town: tuple[Town, Doors]) -> None:
    """A list that names the other name is believed, in the same crawl if the old name is shut; so is a redirect."""
    there, site = town
    there.name(*NAMES)
    bare, www = (site.at("http", host=name) for name in NAMES)
    allow = [f"{name}:{site.port}" for name in ("127.0.0.1", *NAMES)]
    there.declare(site, "http", homepage=bare, allow=allow, hosts=allow[:2], scope=f"{bare}/article/.*")
    urls = {start: [f"{start}/article/{number}.html" for number in NUMBERS] for start in (bare, www)}
    seen = {start: sorted(url.replace(f":{site.port}", "") for url in urls[start]) for start in urls}
    there.named = urls[bare]
    assert there.crawl()["new_articles"] == 3
    before = there.standing()
    assert site.articles() == seen[bare]
    there.named, site.shut = urls[www], {bare}
    assert there.crawl()["errors"] == 0
    assert (site.articles(), there.standing()) == (seen[www], before)
    site.shut = set()
    there.named = [*urls[bare], *urls[www]]  # in turn, as two lists do: the one that answers stays
    there.crawl()
    assert site.articles() == seen[www]
    there.leads = {there_url: (301, here) for there_url, here in zip(urls[www], urls[bare], strict=True)}
    there.crawl()
    assert site.articles() == sorted([*seen[bare], *seen[www]])
    there.crawl()
    assert (site.articles(), there.standing()) == (seen[bare], before)


def two_hosts(site: Doors) -> dict[str, object]:
    """A declaration of loopback by its number and by its name."""
    places = [f"127.0.0.1:{site.port}", f"localhost:{site.port}"]
    return {"hosts": places, "allow": places, "scope": "http://[^/]+/article/.*"}


def on_host(site: Doors, host: str) -> list[str]:
    return [site.at("http", f"/article/{number}.html", host) for number in NUMBERS]


def test_a_redirect_for_good_to_another_declared_host_is_followed_once(town: tuple[Town, Doors]) -> None:
    """Each article keeps its key and its history, and both addresses are its own. The list goes on naming the old."""
    there, site = town
    there.declare(site, "http", **two_hosts(site))
    there.named = on_host(site, "127.0.0.1")
    there.crawl()
    before = there.standing()
    site.articles()
    there.leads = {old: (301, old.replace("127.0.0.1", "localhost")) for old in there.named}
    assert there.crawl()["new_articles"] == 0
    new = [url.replace("127.0.0.1", "localhost") for url in asked("http")]
    assert site.articles() == asked("http") + new
    assert there.standing() == before
    there.crawl()
    assert site.articles() == new
    assert there.rows("select count(*), count(distinct article_id) from addresses") == [(6, 3)]
    there.home.run("verify", "--deep")


def test_an_article_is_removed_only_if_its_new_and_old_addresses_are_both_gone(town: tuple[Town, Doors]) -> None:
    there, site = town
    there.declare(site, "http", **two_hosts(site))
    there.named = on_host(site, "127.0.0.1")
    there.crawl()
    there.leads = {old: (301, old.replace("127.0.0.1", "localhost")) for old in there.named}
    there.crawl()
    site.articles()
    there.gone = {on_host(site, "localhost")[0]}
    there.leads.pop(there.named[0])
    for _ in range(3):
        there.crawl()
    assert asked("http")[0] in site.articles()
    assert [state for *_, state in there.standing()] == ["live"] * 3
    there.gone.add(there.named[0])
    for _ in range(2):
        there.crawl()
    assert sorted(state for *_, state in there.standing()) == ["live", "live", "removed"]


def test_a_list_that_names_another_declared_host_finds_the_same_articles_there(town: tuple[Town, Doors]) -> None:
    """Their old addresses refuse to answer: after three tries they are asked no more, and nothing was unreachable."""
    there, site = town
    there.declare(site, "http", **two_hosts(site))
    there.named = on_host(site, "127.0.0.1")
    there.crawl()
    before = there.standing()
    there.declare(site, "http", **two_hosts(site), sitemaps=[site.at("http", "/sitemap.xml", "localhost")])
    there.named = on_host(site, "localhost")
    site.shut = {"http://127.0.0.1"}
    there.crawl(3)
    assert there.standing() == before
    for _ in range(2):
        there.crawl(3, "--recheck", "all")
        assert there.standing() == before
    site.articles()
    assert there.crawl()["errors"] == 0
    assert site.articles() == [url.replace("127.0.0.1", "localhost") for url in asked("http")]
    assert there.rows("select given_up, count(*) from frontier group by 1 order by 1") == [(None, 3), ("moved", 3)]
    assert "dead letters" in {rule["name"] for rule in there.home.json("status")["rules"] if rule["ok"]}


@pytest.mark.parametrize("by", ["list", "redirect"])
def test_a_host_that_is_not_declared_is_not_asked_and_status_shows_its_declaration(
    town: tuple[Town, Doors], by: str
) -> None:
    """Word for word: with these lines it is asked, and the rule is well."""
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.crawl()
    assert there.rows("select * from undeclared_hosts") == []
    new = on_host(site, "localhost")
    if by == "list":
        there.named = new
    else:
        there.leads = {old: (301, to) for old, to in zip(there.named, new, strict=True)}
    there.crawl()
    assert not [url for url in site.asked if "localhost" in url]
    rule = next(each for each in there.home.json("status", code=3)["rules"] if each["name"] == "hosts")
    assert rule["detail"].startswith("town: 3 articles are on an undeclared host")
    assert "`[sources.town]`" in rule["detail"]
    lines = dict(line.split(" = ", 1) for line in rule["detail"].split("`") if " = " in line)
    assert json.loads(lines["hosts"]) == [f"127.0.0.1:{site.port}", f"localhost:{site.port}"]
    there.declare(site, "http", **{name: json.loads(value) for name, value in lines.items()})
    before = there.standing()
    there.crawl()
    assert set(new) <= set(site.asked)
    assert [each[:2] for each in there.standing()] == [each[:2] for each in before]
    rule = next(each for each in there.home.json("status")["rules"] if each["name"] == "hosts")
    assert rule["ok"]

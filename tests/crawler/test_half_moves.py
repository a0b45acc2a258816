"""A site that moves in part, or goes back: no article is lost with the address that is dead by now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.moving_town import Town
from support.two_schemes import Doors, doors

pytestmark = pytest.mark.slow

ARTICLES = [f"/article/{number}.html" for number in range(1, 4)]
LIVE = ["live"] * 3


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Town, Doors]]:
    there = Town(tmp_path)
    with doors(there.answer, tmp_path / "tls") as site:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "ca.pem"))
        yield there, site


def at(site: Doors, scheme: str, host: str = "127.0.0.1") -> list[str]:
    return [site.at(scheme, path, host) for path in ARTICLES]


def states(there: Town) -> list[str]:
    return [state for *_, state in there.standing()]


def test_https_that_a_list_names_and_that_never_answers_loses_nothing(town: tuple[Town, Doors]) -> None:
    """Its list says https, as a new template does, before the site has a certificate; http is asked on."""
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.crawl()
    site.shut = {"https://"}
    there.named = at(site, "https")
    site.articles()
    assert there.crawl()["errors"] == 0
    assert states(there) == LIVE
    there.crawl()
    assert site.articles() == [f"http://127.0.0.1{path}" for path in ARTICLES for _ in range(2)]


@pytest.mark.parametrize("answer", ["404", "front page"])
def test_an_unlisted_article_follows_its_site_to_https_despite_a_404_or_redirect(
    town: tuple[Town, Doors], answer: str
) -> None:
    there, site = town
    there.declare(site, "http")
    there.named = at(site, "http")
    there.crawl()
    there.named = at(site, "https")[:1]
    there.declare(site, "https")
    if answer == "404":
        there.gone = set(at(site, "http"))
    else:
        there.leads = {url: (301, site.at("https", "/")) for url in at(site, "http")}
    there.crawl()
    assert there.rows("select distinct substr(url, 1, 6) from frontier") == [("https:",)]
    there.crawl()
    assert states(there) == LIVE
    there.gone |= {at(site, "https")[1]}
    for _ in range(2):
        there.crawl()
    assert sorted(states(there)) == ["live", "live", "removed"]


def test_a_site_that_goes_back_to_its_old_host_is_asked_there_again(town: tuple[Town, Doors]) -> None:
    """Its list named the old addresses all the time; the new host answers no more."""
    there, site = town
    places = [f"127.0.0.1:{site.port}", f"localhost:{site.port}"]
    there.declare(site, "http", hosts=places, allow=places, scope="http://[^/]+/article/.*")
    there.named = at(site, "http")
    there.crawl()
    there.leads = {url: (301, url.replace("127.0.0.1", "localhost")) for url in there.named}
    there.crawl()
    assert there.rows("select count(*) from frontier where given_up = 'moved'") == [(3,)]
    there.leads, site.shut = {}, {"http://localhost"}
    for _ in range(3):  # after three tries the new ones are asked no more
        there.crawl(3)
    assert states(there) == LIVE
    site.articles()
    assert there.crawl()["errors"] == 0
    assert site.articles() == [f"http://127.0.0.1{path}" for path in ARTICLES]

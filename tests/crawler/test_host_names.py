"""Addresses that count as one host, and the delay that holds there."""

from dataclasses import dataclass

from support.tables import every_row

from crawler.hosts.host_names import Hosts, host_of


@every_row(
    ("url", "host"),
    [
        ("https://Example.com/a", "example.com"),
        ("https://www.example.com/a", "example.com"),
        ("http://www.example.com:80/", "example.com"),
        ("https://example.com:443/", "example.com"),
        ("https://example.com:8443/", "example.com:8443"),
        ("http://example.com:443/", "example.com:443"),
        ("https://example.com./", "example.com"),
        ("https://www.Example.com.:8443/", "example.com:8443"),
        ("https://www.思想.example/", "xn--m8tos.example"),
        ("https://XN--M8TOS.example/", "xn--m8tos.example"),
        ("http://[2001:db8::1]:8080/", "2001:db8::1:8080"),
        ("https://m.example.com/", "m.example.com"),
        ("https://wwwexample.com/", "wwwexample.com"),
        ("http://127.0.0.1:8765/", "127.0.0.1:8765"),
    ],
)
def test_host_of_drops_www_and_the_default_port(url: str, host: str) -> None:
    assert host_of(url) == host


@dataclass(frozen=True)
class Site:
    homepage: str
    delay: float = 1.0
    aliases: tuple[str, ...] = ()


def paces(hosts: Hosts, *urls: str) -> list[float]:
    return [hosts.pace(hosts.name(url)) for url in urls]


def test_the_longest_delay_of_the_sources_on_a_host_holds_for_all_of_them_but_those_without_one() -> None:
    others = [Site("https://www.a.example/news", 3), Site("https://b.example", 9)]
    urls = ("https://a.example/1", "https://b.example/", "https://elsewhere.example/")
    assert paces(Hosts.of(Site("https://a.example", 0.5), others), *urls) == [3, 9, 0.5]
    assert paces(Hosts.of(Site("https://a.example", 0), others), *urls) == [0, 0, 0]


def test_aliases_that_any_source_declares_count_as_one_host() -> None:
    sources = [
        Site("https://a.example", 1, ("m.a.example",)),
        Site("https://m.a.example", 5),
        Site("https://c.example", 7, ("M.a.example", "d.example:8080")),
        Site("https://e.example", 9),
    ]
    for crawled in sources[:3]:
        hosts = Hosts.of(crawled, sources)
        one = ["https://a.example/", "https://m.a.example/", "http://www.m.a.example/", "http://d.example:8080/x"]
        assert len({hosts.name(url) for url in [*one, "https://c.example/"]}) == 1
        assert paces(hosts, *one, "https://d.example/", "https://e.example/") == [7, 7, 7, 7, crawled.delay, 9]

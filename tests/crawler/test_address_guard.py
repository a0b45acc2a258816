"""Nothing but public addresses: by url, by address, by what a resolver answers."""

import ipaddress
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.checkout import SHARED
from support.tables import every_row
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.hosts.never import NeverFetched
from crawler.middlewares.address_guard import GuardedResolver, refusal, refused_address, refused_url


@every_row(
    ("url", "reason"),
    [
        ("https://www.shobserver.com/news/detail?id=1", None),
        ("http://8.8.8.8/", None),
        ("http://[2606:2800:220:1:248:1893:25c8:1946]/", None),
        ("http://127.0.0.1/", "loopback"),
        ("http://localhost:80/", "loopback (RFC 6761)"),
        ("http://LOCALHOST./", "loopback (RFC 6761)"),
        ("http://2130706433/", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://0177.0.0.1/", "loopback"),
        ("http://o177.0.0.1/", "malformed IPv4 address"),
        ("http://10.1.2.3/", "private"),
        ("http://100.64.1.1/", "carrier NAT"),
        ("http://169.254.169.254/latest/meta-data/", "link-local"),
        ("http://224.0.0.1/", "multicast"),
        ("http://[::1]/", "loopback"),
        ("http://[::ffff:8.8.8.8]/", "mapped IPv4"),
        ("http://[64:ff9b::808:808]/", "NAT64"),
        ("http://[2002:7f00:1::]/", "6to4"),
        ("http://[fe80::1]/", "link-local"),
        ("http://[ff02::1]/", "multicast"),
        ("http://[4000::1]/", "not global unicast"),
        ("file:///etc/passwd", "scheme file: only http and https"),
        ("gopher://a.example/", "scheme gopher: only http and https"),
        ("//a.example/", "scheme missing: only http and https"),
        ("http:127.0.0.1/", "no host"),
        ("http://user@a.example/", "user information in the address"),
        ("http://127.0.0.1\\@a.example/", "white space, control character or backslash"),
        ("http://a.example/\r\nX: y", "white space, control character or backslash"),
    ],
)
def test_refused_url_names_the_reason_for_each_unsafe_address(url: str, reason: str | None) -> None:
    assert refused_url(url) == reason


@every_row(
    ("url", "passes"),
    [
        ("http://127.0.0.1:8765/a", True),
        ("http://127.0.0.1:8766/a", False),
        ("http://127.0.0.1/a", False),
        ("http://127.0.0.2:8765/a", False),
        ("http://localhost:8765/a", False),
        ("http://2130706433:8765/a", False),
    ],
)
def test_an_allowed_host_and_port_is_allowed_exactly(url: str, passes: bool) -> None:
    assert (refused_url(url, ["127.0.0.1:8765"]) is None) is passes


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_no_address_that_the_standard_library_calls_private_passes(ip: ipaddress._BaseAddress) -> None:
    if refused_address(str(ip)) is None:
        assert ip.is_global
        assert not ip.is_multicast


class Answers:
    """A resolver that answers what a test wants, as a hostile name server would."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: object) -> object:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.addresses:
            made = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(made("TCP", address, port))
        receiver.resolutionComplete()
        return object()


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def resolved(host: str, port: int, answers: tuple[str, ...], allow: tuple[str, ...] = ()) -> list[str]:
    receiver = Receiver()
    GuardedResolver(Answers(*answers), allow).resolveHostName(receiver, host, port)
    assert receiver.complete
    return receiver.addresses


@every_row(
    ("answers", "connected"),
    [
        (("8.8.8.8",), ["8.8.8.8"]),
        (("8.8.8.8", "127.0.0.1"), []),
        (("10.0.0.1",), []),
        (("::ffff:127.0.0.1",), []),
        ((), []),
    ],
)
def test_a_name_is_only_as_good_as_its_addresses(answers: tuple[str, ...], connected: list[str]) -> None:
    assert resolved("news.example", 80, answers) == connected


def test_a_name_that_changes_its_address_is_looked_at_every_time() -> None:
    resolver = GuardedResolver(answers := Answers("8.8.8.8"), [])
    seen = []
    for address in ("8.8.8.8", "127.0.0.1"):
        answers.addresses = (address,)
        resolver.resolveHostName(receiver := Receiver(), "rebinding.example", 80)
        seen.append(receiver.addresses)
    assert seen == [["8.8.8.8"], []]
    assert resolver.refusals == {"rebinding.example": "rebinding.example is 127.0.0.1 (loopback)"}


def test_an_allowed_pair_may_be_loopback() -> None:
    assert resolved("127.0.0.1", 8765, ("127.0.0.1",), ("127.0.0.1:8765",)) == ["127.0.0.1"]
    assert resolved("127.0.0.1", 8766, ("127.0.0.1",), ("127.0.0.1:8765",)) == []


@pytest.mark.shared
def test_cases_of_the_ssrf_corpus_are_blocked_as_expected() -> None:
    file = SHARED / "data/corpora/ssrf/cases.jsonl"
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [case["id"] for case in cases if _refused(case) != (case["expected"] == "blocked")] == []


def _refused(case: dict[str, Any]) -> bool:
    text = case["input"]
    match case.get("kind", "url"):
        case "ip":
            return refused_address(text) is not None
        case "network":
            network = ipaddress.ip_network(text)
            return all(
                refused_address(str(ip)) for ip in (network[0], network[network.num_addresses // 2], network[-1])
            )
    if case.get("needs_dns"):
        return resolved("named.example", 80, ("127.0.0.1",)) == []
    return refused_url(text) is not None


def test_an_ipv6_address_is_allowed_as_thinker_toml_has_it() -> None:
    """In brackets, as archive.checks gives it; so the remedy names it too."""
    error = refusal("http://[::1]:8765/", [], NeverFetched([]))
    assert (error and error.pair, refused_url("http://[::1]:8765/", ["[::1]:8765"])) == ("[::1]:8765", None)

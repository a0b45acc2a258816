"""One site under several hosts of this machine: the host asked decides where its links lead."""

import re
import socket
import subprocess
import sys

import pytest
from support.newsroom_client import ask, get

from newsroom.process import running

FIRST, SECOND = "127.0.0.1", "127.0.0.2"
# Every page that names addresses in full.
PATHS = ["/article/12.html", "/article/10.html", "/feed.xml", "/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml",
         "/robots.txt", "/news/getNewsDetail?id=700012"]  # fmt: skip


@pytest.fixture
def two():
    """40 articles under 127.0.0.1, 127.0.0.2 and localhost."""
    with running(articles=40, also=[SECOND, "localhost"]) as site:
        yield site


def hosts_named(answer):
    """The hosts in a page's full addresses, those of standards apart."""
    return set(re.findall(rb"https?://((?:127|localhost)[^/:]*):", answer.body))


@pytest.mark.parametrize("path", PATHS)
def test_links_stay_on_the_host_asked(two, path):
    answers = {host: get(two.at(host), path) for host in (FIRST, SECOND, "localhost")}
    for host, answer in answers.items():
        assert (answer.status, hosts_named(answer)) == (200, {host.encode()})
    same = {answer.body.replace(host.encode(), b"") for host, answer in answers.items()}
    assert len(same) == 1


@pytest.mark.parametrize("path", PATHS)
def test_links_may_lead_to_the_next_host(two, path):
    before = {host: get(two.at(host), path) for host in (FIRST, SECOND, "localhost")}
    two.event(do="hosts", links="other")
    for host, following in ((FIRST, SECOND), (SECOND, "localhost"), ("localhost", FIRST)):
        known = before[host].headers["ETag"]
        answer = get(two.at(host), path, **({"If_None_Match": known} if known else {}))
        assert (answer.status, hosts_named(answer)) == (200, {following.encode()})
    two.event(do="hosts", links="asked")
    assert {host: get(two.at(host), path).body for host in before} == {h: page.body for h, page in before.items()}


@pytest.mark.parametrize("path", ["/", "/list/1", "/news/list", "/viewpoint/page_1.html", "/article/10.html"])
def test_links_of_pages_lead_to_the_next_host_too(two, path):
    before = get(two, path)
    assert 'href="/' in before.text
    two.event(do="hosts", links="other")
    after = get(two, path)
    assert after.body == re.sub(rb'href="/', b'href="%b/' % two.at(SECOND).address.encode(), before.body).replace(
        two.address.encode(), two.at(SECOND).address.encode()
    )
    if modified := before.headers["Last-Modified"]:
        assert get(two, path, If_Modified_Since=modified).status == 200


def test_the_log_names_the_host_and_all_hosts_share_one_newsroom(two):
    get(two.at(SECOND), "/list/1")
    two.at("localhost").event(do="edit", article=12, property="headline", text="处处可见")
    assert "处处可见" in get(two, "/article/12.html").text
    port = two.address.rpartition(":")[2]
    assert [entry["host"] for entry in two.log()] == [f"{SECOND}:{port}", f"{FIRST}:{port}"]
    assert two.at(SECOND).truth(12)["url"] == f"{two.address}/article/12.html"


def test_an_unknown_host_is_answered_as_the_first_host(two):
    assert hosts_named(get(two.at(SECOND), "/feed.xml", Host="news.example")) == {FIRST.encode()}
    assert hosts_named(get(two, "/feed.xml", Host=two.at(SECOND).address[7:])) == {SECOND.encode()}


def test_a_fault_strikes_under_every_host(two):
    two.event(do="status", path="/list/1", code=500)
    assert [get(two.at(host), "/list/1").status for host in (FIRST, SECOND, "localhost")] == [500] * 3


def test_a_removed_article_is_the_same_under_every_host(two):
    two.event(do="remove", article=12, how="shell")
    assert len({get(two.at(host), "/article/12.html").body for host in (FIRST, SECOND)}) == 1


def test_with_one_host_the_host_asked_decides_nothing(site):
    assert hosts_named(get(site, "/feed.xml", Host=site.at(SECOND).address[7:])) == {FIRST.encode()}
    with pytest.raises(ConnectionRefusedError):
        ask(site.at(SECOND), "/feed.xml")


def test_a_port_taken_on_the_second_address_is_one_line_and_exit_1():
    with socket.create_server((SECOND, 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "newsroom", "--port", port, "--also", SECOND]
        ended = subprocess.run(command, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert f"cannot listen on {SECOND}:{port}: " in ended.stderr

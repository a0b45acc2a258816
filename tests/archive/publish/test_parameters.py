"""Every page takes the parameters that it declares, refuses others, and loses those of trackers."""

import asyncio
import re
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.page_kinds import PAGE_KINDS
from support.small_archive import HOSTILE, LATEST, digest_of
from support.small_site import get, small_site, text
from support.stranger import ask, wrong_with
from support.tables import every_row

from archive.publish.routes import ROUTES
from archive.publish.server.parameters import OTHER_NAMES, Parameters, parameters_of, untracked


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


@every_row(
    ("path", "english", "chinese"),
    [
        ("/search?siez=2", "no parameter siez: did you mean size?", "没有参数 siez：是否想用 size？"),
        ("/search?speeker=毛映", "no parameter speeker: did you mean speaker?", "没有参数 speeker：是否想用 speaker？"),
        ("/search?q=治理&Q=1", "no parameter Q: did you mean q?", "没有参数 Q：是否想用 q？"),
        ("/phrase?phrase=治理", "no parameter phrase: this page takes of, sort, from, all, share, q, ui",
         "没有参数 phrase：此页可用 of, sort, from, all, share, q, ui"),
        ("/help?page=2", "no parameter page: this page takes ui", "没有参数 page：此页可用 ui"),
        ("/a/newsroom-1?_shape=array", "no parameter _shape: this page takes before, ui",
         "没有参数 _shape：此页可用 before, ui"),
        ("/search?q=治理&q=改革", "q: give it once", "q：只能给一次"),
        ("/search?q=治理&limit=5&size=5", "limit / size: they mean the same, give one of them",
         "limit / size：两者同义，只能给一个"),
        ("/search?q=治理&size=none", "limit=none: not a whole number of 1 or more",
         "limit=none：须为大于 0 的整数"),
    ],
)  # fmt: skip
def test_a_name_that_a_page_does_not_take_is_refused_in_the_language_of_the_reader(
    site: Datasette, path: str, english: str, chinese: str
) -> None:
    pages = [get(site, path, headers={"accept-language": ui}) for ui in ("en", "zh")]
    assert [page.status_code for page in pages] == [400, 400]
    assert english in text(pages[0])
    assert chinese in text(pages[1])
    data = get(site, path.replace("?", ".json?"))
    assert (data.status_code, data.json()["error"], data.json()["error_zh"]) == (400, english, chinese)


@every_row(
    ("path", "said"),
    [
        ("/person/林知远.json?in=2024-13", "in=2024-13: not a period like 2024, 2024-04 or 2024-04-13"),
        ("/person/林知远.json?role=singer", "role=singer: not one of speaker, author, editor"),
        ("/tag/城市治理.json?role=speaker", "no parameter role: this page takes before, limit, name, in, ui"),
        ("/month/2024-04.json?in=2024", "no parameter in: this page takes before, limit, name, ui"),
        ("/changes.json?all=yes", "all=yes: not one of 0, 1"),
        ("/phrase.json?q=治理&all=2", "all=2: use 1, or leave it out"),
        ("/a/newsroom-1/diff/1..2.json?form=x", "form=x: use 1, or leave it out"),
    ],
)
def test_a_value_that_a_page_cannot_use_is_refused(site: Datasette, path: str, said: str) -> None:
    reply = get(site, path)
    assert (reply.status_code, reply.json()["error"]) == (400, said)


@every_row("path", [page.path.partition("?")[0] for page in PAGE_KINDS if not page.path.startswith("/archive")])
def test_no_page_of_ours_takes_an_unknown_name(site: Datasette, path: str) -> None:
    status = 404 if path in ("/nowhere", "/archive.db") else 400
    assert get(site, f"{path}?unheard=1").status_code == status


PLACES = {
    "/person/NAME": "/person/林知远", "/tag/NAME": "/tag/城市治理", "/column/NAME": "/column/思想者",
    "/source/NAME": "/source/newsroom", "/day/DATE": "/day/2024-04-14", "/month/DATE": "/month/2024-04",
    "/year/DATE": "/year/2024", "/a/KEY": "/a/newsroom-1", "/a/KEY/captures": "/a/newsroom-1/captures",
    "/a/KEY/v/DIGEST": f"/a/newsroom-1/v/{digest_of(LATEST)[7:19]}", "/a/KEY/diff/N..M": "/a/newsroom-1/diff/1..2",
    "/a/KEY/timemap": "/a/newsroom-1/timemap",
}  # fmt: skip
VALUES = {
    "before": "2024-04-15T00:00:00Z,9", "q": "治理", "source": "newsroom", "kind": "removed", "column": "思想者",
    "speaker": "林知远", "year": "2024", "since": "2024-04-13", "until": "2024-04-13", "order": "oldest",
    "in": "2024-04", "sort": "left", "role": "speaker", "name": "林知远", "state": "live",
    "significance": "substantive", "at": "2024-04-13T15:01:00Z",
}  # fmt: skip
POSITIONS = {
    ("/search", "before"): "2024-04-15T00:00:00Z,1", ("/a/KEY", "before"): "1", ("/a/KEY/v/DIGEST", "before"): "1",
}  # fmt: skip


def documented() -> Iterator[tuple[str, str]]:
    """Each address and parameter in the table of docs/api.md; an empty first cell repeats the one above."""
    table = (ROOT / "docs/api.md").read_text("utf-8").partition("## Parameters\n")[2].partition("\n\n## ")[0]
    pages = ""
    for first, second in re.findall(r"^\| ?(.*?) ?\| (`.*?) \|", table, re.MULTILINE):
        pages = first or pages
        yield from product(re.findall("`(/[^`]*)`", pages), re.findall(r"`(\w+)(?:=1)?`", second))


def test_each_documented_parameter_is_taken_and_each_that_is_taken_is_documented(site: Datasette) -> None:
    told = set(documented())
    values = {place: POSITIONS.get(place) or VALUES.get(place[1], "1") for place in told}
    asked = {f"{PLACES.get(page, page)}?{name}={values[page, name]}" for page, name in told}
    assert {path: status for path in asked if (status := get(site, path).status_code) != 200} == {}
    declared = {name for _, view in ROUTES for name in parameters_of(view).names} | OTHER_NAMES.keys()
    assert declared == {name for _, name in told} | {"ui"}


@every_row(
    ("target", "leads_to"),
    [
        ("/a/newsroom-1?utm_source=x&UTM_Medium=y", "/a/newsroom-1"),
        ("/search?q=%E6%B2%BB&fbclid=1&gclid=2&year=2024", "/search?q=%E6%B2%BB&year=2024"),
        ("/search.json?spm=a.b&ever=1&q=a+b%20c&&", "/search.json?ever=1&q=a+b%20c&&"),
        ("/a/newsroom-1/v/3?from=singlemessage&isappinstalled=0", "/a/newsroom-1/v/3"),
        ("/phrase?q=a&from=timeline&from=41", "/phrase?q=a&from=41"),
        ("/changes?utm%5Fsource=x&kind=edited&kind=new", "/changes?kind=edited&kind=new"),
        ("/archive/articles?_size=5&fbclid=1&_shape=array", "/archive/articles?_size=5&_shape=array"),
        ("/nowhere?gclid", "/nowhere"),
        ("//evil.example/?utm_source=x", "/evil.example/"),
        ("/\\evil.example/?utm_source=x&a=%0d%0ab", "/%5Cevil.example/?a=%0d%0ab"),
        ("/?utm_", "/"),
    ],
)
@every_row("method", ["GET", "HEAD"])
def test_the_parameters_of_trackers_are_dropped_by_a_redirect_and_the_others_stay_as_they_are(
    site: Datasette, target: str, leads_to: str, method: str
) -> None:
    heard = asyncio.run(ask(site.app(), target, method=method))
    assert (heard.status, heard.header("location")) == (302, leads_to)
    assert wrong_with(heard) == []
    assert untracked(leads_to.partition("?")[2]) == leads_to.partition("?")[2]


@every_row("query", ["from=41", "from=groupmessage", "ut_source=x", "spmx=1", "q=utm_source", "q=a%26utm_source=x", ""])
def test_nothing_else_is_taken_for_a_tracker(query: str) -> None:
    assert untracked(query) == query


@every_row(
    ("path", "rows", "further"),
    [
        ("/search.json?q=治理&ever=1", "hits", "next"),
        ("/.json?", "articles", "older"),
        ("/.json?before=2024-04-15T00:00:00Z,9", "articles", "older"),
        ("/changes.json?all=1", "events", "older"),
        ("/source/newsroom.json?", "articles", "older"),
        ("/a/newsroom-1/captures.json?", "captures", "older"),
        ("/browse/people.json?", "names", "further"),
    ],
)
def test_a_list_has_its_length_under_both_names(site: Datasette, path: str, rows: str, further: str) -> None:
    one, other, full = (get(site, f"{path}{given}").json() for given in ("&limit=1", "&size=1", ""))
    assert one == other
    assert (one[rows], len(full[rows]) > 1, bool(one[further])) == (full[rows][:1], True, True)
    assert get(site, f"{path}&size=0").json()["error"] == "limit=0: not a whole number of 1 or more"


def test_a_page_has_no_more_rows_than_it_has_without_a_limit(site: Datasette) -> None:
    for path in ("/changes?all=1", "/source/newsroom?"):
        assert get(site, f"{path}&limit=9999").text.count("<li>") == get(site, path).text.count("<li>")
    links = re.findall(r'href="(\?[^"]*)"', get(site, "/search?q=治理&ever=1&size=1").text)
    assert [link for link in links if "size" in link] == []


@every_row(
    "query",
    [quote(HOSTILE), HOSTILE.encode().decode("latin-1"), "&".join(f"n{each}=1" for each in range(10_000)),
     "x" * 100_000, "a\r\nb: c", "%00", "=1", "&".join(["q=1"] * 10_000), "%E2%80%AE"],
)  # fmt: skip
def test_hostile_names_get_one_short_escaped_refusal(site: Datasette, query: str) -> None:
    for path in ("/search", "/search.json", "/a/newsroom-1"):
        heard = asyncio.run(ask(site.app(), f"{path}?{query}"))
        assert (heard.status, wrong_with(heard)) == (400, []), path
        assert len(heard.body) < 100_000
        assert b"<script>alert" not in heard.body or path.endswith(".json")


def test_a_page_without_a_declaration_refuses_every_name_but_ui() -> None:
    assert str(Parameters().refusal(["limit"])) == "no parameter limit: this page takes ui"
    assert Parameters(("limit",)).refusal(["size", "ui"]) is None
    assert Parameters(("size", "limit")).refusal(["size", "limit"]) is None

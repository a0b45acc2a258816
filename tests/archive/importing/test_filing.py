"""The source and the address under which an import files a page: claims of pages are believed within limits only."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.archiving import NOON, crawl, page, rows, url
from support.tables import every_row
from support.warcs import warc

from archive import Archive, open_archive
from archive.files.lock import Locked, locked
from archive.importing.importer import ImportSummary, import_paths
from archive.importing.marks import addresses_left
from archive.settings.settings import Settings
from crawler.sources import Claims, Source, all_sources

TOWN = Source(
    name="town", publisher="江城日报", homepage="https://town.example", timezone="Asia/Shanghai", in_language="zh-Hans",
    seeds=(), scope=r"https://town\.example/(?:news|m)/\d+\.html", hosts=("town.example", "m.town.example"),
)  # fmt: skip
PAPER = Source(
    name="paper", publisher="江城晚报", homepage="https://town.example", timezone="Asia/Shanghai",
    in_language="zh-Hans", seeds=(), scope=r"https://town\.example/paper/\d+\.html",
)  # fmt: skip
CLAIMS = Claims([TOWN, PAPER, *all_sources(Settings()).values()])
ARTICLE = "https://town.example/news/7.html"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path / "home")) as archive:
        yield archive


def naming(head: str) -> bytes:
    return page(1).replace(b"<head>", f"<head>{head}".encode(), 1)


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


SINGLE_FILE = "<!--\n Page saved with SingleFile \n url: {} \n saved date: Thu Nov 26 2026 18:00:00 GMT+0800\n-->"
COPIED = "https://web.archive.org/web/20200401120000/https://town.example/news/7.html"


@every_row(
    ("head", "found"),
    [
        (canonical(ARTICLE), [ARTICLE]),
        (f"<LINK HREF='{ARTICLE}' REL=Canonical />", [ARTICLE]),
        (f"<meta content={ARTICLE}#top property=og:url>", [ARTICLE]),
        (canonical("https://town.example/a?b=1&amp;c=2"), ["https://town.example/a?b=1&c=2"]),
        (canonical(COPIED), [ARTICLE]),
        (canonical("http://archive.ph/2020.04.01-120000/https://town.example/news/7.html"), [ARTICLE]),
        (canonical("http://web.archive.org/web/2020id_/http://town.example/news/7.html"), [ARTICLE.replace("s:", ":")]),
        (f'<script>__wm.wombat("{ARTICLE}","2020")</script>', [ARTICLE]),
        (f"<!-- saved from url=(0032){ARTICLE} -->{canonical('https://other.example/')}", [ARTICLE]),
        (SINGLE_FILE.format(ARTICLE) + canonical("https://other.example/"), [ARTICLE]),
        (canonical("/news/7.html"), []),
        (canonical("javascript:alert(1)"), []),
        (canonical("https://town.example/a b"), []),
        (canonical("https://town.example/\x01"), []),
        (canonical("https://[town/"), []),
        (f'<meta name="description" content="{ARTICLE}">', []),
        (f"<a rel=canonical href={ARTICLE}>", []),
    ],
)
def test_a_page_names_the_address_at_which_it_stood(head: str, found: list[str]) -> None:
    assert addresses_left(naming(head)) == found


@given(st.binary(max_size=300), st.text(max_size=100))
def test_a_page_of_any_bytes_names_web_addresses_only(noise: bytes, text: str) -> None:
    for head in (noise, b"<link rel=canonical href='" + noise + b"'>", canonical(text).encode("utf-8", "replace")):
        for address in addresses_left(head):
            assert address.startswith(("http://", "https://"))
            assert address.isprintable()
            assert " " not in address


def imported(archive: Archive, folder: Path, content: bytes, address: str | None = None, name: str = "a.html") -> str:
    """Import a page, with an address in a manifest if one is given; returns its source and address as filed."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    if address is not None:
        (folder / "MANIFEST.tsv").write_text(f"file\toriginal_url\n{name}\t{address}\n")
    import_paths(archive, [folder], CLAIMS)
    source, found = rows(archive, "select source, url from captures order by id desc limit 1")[0]
    return f"{source} {found}".partition(":sha256:")[0]


@every_row(
    ("head", "address", "filed"),
    [
        (canonical(ARTICLE), None, f"town {ARTICLE}"),
        (canonical("https://town.example/paper/7.html"), None, "paper https://town.example/paper/7.html"),
        (canonical("https://town.example/"), None, "imported urn"),  # many sites name their front page everywhere
        (canonical("https://other.example/1.html"), None, "imported urn"),
        (canonical(ARTICLE), "https://evil.example/1.html", "imported https://evil.example/1.html"),
        (canonical(ARTICLE), COPIED, f"imported {COPIED}"),
        (canonical("https://town.example/paper/7.html"), "https://town.example/x", "paper https://town.example/x"),
        (canonical("https://town.example/paper/7.html"), ARTICLE, f"town {ARTICLE}"),
        ("", "https://m.town.example/x", "town https://m.town.example/x"),
        ("", "https://town.example/paper/8.html", "paper https://town.example/paper/8.html"),
    ],
)
def test_a_page_is_filed_under_the_source_that_claims_it(
    tmp_path: Path, head: str, address: str | None, filed: str
) -> None:
    home = tmp_path / str(abs(hash((head, address))))
    with closing(open_archive(home)) as archive:
        assert imported(archive, tmp_path / f"{home.name}-saved", naming(head), address) == filed


def test_a_page_at_a_known_address_is_filed_under_the_article_there(archive: Archive, tmp_path: Path) -> None:
    crawl(archive, NOON, {1: page(1)})  # the source newsroom, at a host that no source declares
    folder = tmp_path / "saved"
    assert imported(archive, folder, page(1, note="again"), url(1)) == f"newsroom {url(1)}"
    assert imported(archive, tmp_path / "b", naming(canonical(url(1)))) == f"newsroom {url(1)}"
    assert rows(archive, "select count(*) from articles") == [(1,)]


def test_an_import_into_several_sources_ends_each_of_them(archive: Archive, tmp_path: Path) -> None:
    file = warc(
        tmp_path / "old.warc.gz",
        *((address, "2019-03-02T08:00:00Z", page(number)) for number, address in enumerate(FOUR)),
    )
    summary = import_paths(archive, [file], CLAIMS)
    assert summary.sources == {"imported": 1, "paper": 1, "town": 2}
    ends = "select name from applied where kind = 'ledger' order by name"
    assert rows(archive, ends) == [("imported",), ("paper",), ("town",)]
    assert import_paths(archive, [file], CLAIMS).captures == 0


FOUR = (
    ARTICLE, "https://town.example/paper/1.html", "https://other.example/1.html", "https://town.example/news/8.html"
)  # fmt: skip


def test_a_source_that_another_process_writes_does_not_lose_the_others(archive: Archive, tmp_path: Path) -> None:
    file = warc(
        tmp_path / "old.warc.gz",
        *((address, "2019-03-02T08:00:00Z", page(number)) for number, address in enumerate(FOUR)),
    )
    with locked(archive.home, "town"):
        summary: ImportSummary = import_paths(archive, [file], CLAIMS)
    assert (summary.sources, summary.new_articles) == ({"imported": 1, "paper": 1}, 2)
    assert [each.reason.partition(" is in use")[0] for each in summary.errors] == ["town", "town"]
    assert import_paths(archive, [file], CLAIMS).new_articles == 2
    with locked(archive.home, "town"), pytest.raises(Locked):
        import_paths(archive, [warc(tmp_path / "b.warc.gz", (ARTICLE, "2020-03-02T08:00:00Z", page(1)))], CLAIMS)

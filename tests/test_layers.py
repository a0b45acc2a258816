"""Imports point one way, between packages and between rooms, and each library has its room: read from the code."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from support import rooms
from support.checkout import ROOT
from support.module_trees import APART, FRONT, LAYERS, imports, modules, nodes
from support.tables import every_row

# A library (or one of its modules) and the only modules of ours that may import it.
ROOMS = {
    "bs4": ("parsers", "archive.publish"),
    "selectolax": ("parsers", "archive.publish"),
    "datasette": ("archive.publish",),
    "sqlite_utils": ("archive.files.database",),  # others would load pandas with it
    "fastwarc": ("archive",),
    "scrapy": ("crawler",),
    "twisted": ("crawler",),
    "apscheduler": ("schedules",),
    "sqlalchemy": ("schedules",),
    "typer": ("thinker", "cli"),
    "click": ("thinker", "cli"),
    "prometheus_client": ("archive.publish",),
    "rich": ("cli",),
    "redis": ("crawler.frontier",),
    "dask": ("cli",),
    "distributed": ("cli",),
    "apprise": ("schedules.outbound",),
    "requests": ("schedules.outbound",),
    "pandas": ("archive.publish",),
    "pyarrow": ("archive.publish",),
}
NOT_IN = {"scrapy": ("crawler.sources",), "twisted": ("crawler.sources",)}

# parsers is pure: no network, file, database, clock or log.
IMPURE = {
    "aiohttp", "asyncio", "gc", "http", "httpx", "io", "logging", "os", "pathlib", "random", "requests", "shutil",
    "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib.request", "uuid",
}  # fmt: skip
TOUCHES_FRONTIER = re.compile(r"\b(?:from|join|into|update|table)\s+frontier\b", re.IGNORECASE)
CLOCKS = {"now", "utcnow", "today"}
DOORS = {"open", "print", "input", "eval", "exec", "__import__"}


# Clients of HTTP, mail and the like, and who may import one: newsroom.process asks the newsroom that it has started.
CLIENTS = (
    "aiohttp", "apprise", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "nntplib", "poplib", "requests",
    "smtplib", "ssl", "telnetlib", "twisted", "urllib.request", "urllib3", "websockets", "xmlrpc",
)  # fmt: skip
CALL_OUT = ("crawler", "schedules.outbound", "newsroom.process")
CONNECTS = {"connect_ex", "create_connection", "create_datagram_endpoint", "open_connection", "sock_connect"}
# Who else imports socket: three listen, one resets a connection that it has accepted, two are the ends of one pair.
SOCKETS = {
    "cli.serving", "archive.publish.serving", "newsroom.server.listening", "newsroom.faults.framing",
    "archive.publish.database.sql_sandbox", "archive.sandbox.process",
}  # fmt: skip


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def wrong_direction(name: str, imported: str) -> bool:
    """True if a module of ours may not import another."""
    here, there = name.split(".")[0], imported.split(".")[0]
    if here == APART:
        return there in LAYERS
    if there == APART:
        return here not in ("cli", "thinker")
    if there == FRONT != here:
        return here in LAYERS
    return here in LAYERS and there in LAYERS and LAYERS.index(there) > LAYERS.index(here)


def wrong_room(name: str, imported: str) -> bool:
    """True if a module of ours may not import that library."""
    library = imported.split(".")[0]
    if library not in ROOMS:
        return False
    return not within(name, ROOMS[library]) or within(name, NOT_IN.get(library, ()))


def impurities(name: str, tree: ast.Module) -> Iterator[str]:
    """Imports and calls of a module that a pure one may not have."""
    for imported in imports(name, tree):
        if any(within(imported, (module,)) for module in IMPURE):
            yield f"imports {imported}"
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                yield f"line {node.lineno}: asks the clock"
            elif isinstance(called, ast.Name) and called.id in DOORS:
                yield f"line {node.lineno}: calls {called.id}"


def calls_out(name: str, tree: ast.Module) -> Iterator[str]:
    """The imports and calls of a module that connect to a server."""
    found = list(imports(name, tree))
    yield from (f"imports {each}" for each in found if any(within(each, (client,)) for client in CLIENTS))
    names = CONNECTS | {"connect"} if any(within(each, ("socket",)) for each in found) else CONNECTS
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            called = _last(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
            if called in names:
                if ast.unparse(node.func) != "sqlite3.connect" and "sock" not in {each.arg for each in node.keywords}:
                    yield f"line {node.lineno}: calls {called}"
            elif called in ("import_module", "__import__") and any(
                isinstance(each, ast.Constant) and str(each.value).startswith(CLIENTS) for each in node.args
            ):
                yield f"line {node.lineno}: imports {ast.unparse(node.args[0])}"


@pytest.mark.slow
def test_every_layer_is_looked_at() -> None:
    assert {name.split(".")[0] for name in modules()} == {*LAYERS, APART}


def test_imports_point_one_way() -> None:
    found = [
        f"{name} imports {imported}"
        for name, tree in modules().items()
        for imported in imports(name, tree)
        if wrong_direction(name, imported)
    ]
    assert found == []


def test_each_library_stays_in_its_room() -> None:
    found = [
        f"{name} imports {imported}"
        for name, tree in modules().items()
        for imported in imports(name, tree)
        if wrong_room(name, imported)
    ]
    assert found == []


def test_parsers_are_pure() -> None:
    trees = {name: tree for name, tree in modules().items() if within(name, ("parsers",))}
    assert [f"{name}: {what}" for name, tree in trees.items() for what in impurities(name, tree)] == []


def test_only_the_crawler_and_outbound_call_out() -> None:
    others = {name: tree for name, tree in modules().items() if not within(name, CALL_OUT)}
    assert [f"{name}: {what}" for name, tree in others.items() for what in calls_out(name, tree)] == []


def test_a_socket_listens_or_joins_two_of_our_processes() -> None:
    found = {
        name
        for name, tree in modules().items()
        if not within(name, CALL_OUT) and any(within(each, ("socket",)) for each in imports(name, tree))
    }
    assert found == SOCKETS


@every_row(
    ("source", "found"),
    [
        ("from urllib.parse import urlsplit\nimport http\nfrom http import HTTPStatus", []),
        ("def late():\n    from urllib import request", ["imports urllib.request"]),
        ("import http.client as web", ["imports http.client"]),
        ("from smtplib import SMTP", ["imports smtplib.SMTP"]),
        ("import importlib\nimportlib.import_module('requests.api')", ["line 2: imports 'requests.api'"]),
        ("import asyncio\nasyncio.open_connection('h', 80)", ["line 2: calls open_connection"]),
        ("import socket, sqlite3\nsqlite3.connect('x')\nopen_connection(sock=ours)", []),
        ("from socket import socket\nsocket().connect(('h', 80))", ["line 2: calls connect"]),
    ],
)
def test_a_call_out_is_noticed(source: str, found: list[str]) -> None:
    assert list(calls_out("archive.judging.ingest", ast.parse(source))) == found


def test_imports_between_rooms_form_no_circles() -> None:
    assert rooms.circles(rooms.imports()) == []


# Who may write SQL on the frontier: its backend, the schema, and the replay that fills it again from captures.
FRONTIER_SQL = {
    "crawler.frontier.sqlite",
    "crawler.frontier.sqlite_naming",
    "crawler.frontier.sqlite_turns",
    "archive.migrations",
    "archive.rows.frontier",
}


def test_the_frontier_is_asked_by_its_protocol_alone() -> None:
    found = {
        name
        for name, tree in modules().items()
        for node in nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TOUCHES_FRONTIER.search(node.value)
    }
    assert found == FRONTIER_SQL


def test_a_circle_is_noticed() -> None:
    leads = ("ab", "bc", "ca", "da")
    assert rooms.circles(rooms.Import(here, there, None) for here, there in leads) == [["a", "b", "c"]]
    by_door = rooms.Import("archive.replaying.damage", "archive.replaying", "prove")
    assert len(rooms.circles([*rooms.imports(), by_door])) == 1
    assert rooms.by_own_door([by_door]) == [by_door]


@pytest.mark.parametrize("folder", rooms.ORDER)
def test_rooms_import_one_way(folder: str) -> None:
    assert [str(each) for each in rooms.against_order(folder, rooms.imports())] == []


def test_no_room_enters_itself_by_its_door() -> None:
    assert [str(each) for each in rooms.by_own_door(rooms.imports())] == []


@pytest.mark.parametrize("folder", rooms.WITH_DOORS)
def test_a_room_is_entered_by_its_front_door(folder: str) -> None:
    assert [str(each) for each in rooms.past_doors(folder, rooms.imports())] == []


def test_the_order_names_every_room_and_no_other() -> None:
    packages = {name for name in modules() if rooms.is_package(name)}
    listed = {f"{folder}.{room}" for folder, order in rooms.ORDER.items() for room in order if room != "."}
    assert listed - modules().keys() == set()
    unlisted = {name for name in packages if name.rpartition(".")[0] in rooms.ORDER} - listed
    assert unlisted == set()


@pytest.mark.parametrize("package", ["parsers", "archive", "crawler"])
def test_the_readme_of_a_package_lists_its_rooms_in_order(package: str) -> None:
    text = (ROOT / package / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z_0-9]+)(?:/|\.py)` \| (.+?) \|$", text, re.MULTILINE)
    beside = sorted(name for name in rooms.beside(package))
    named = [name for room in rooms.ORDER[package] for name in (beside if room == "." else [room])]
    said = {name: ast.get_docstring(modules()[f"{package}.{name}"]) or "" for name in named}
    assert listed == [(name, said[name].partition("\n")[0]) for name in named]


def test_no_folder_holds_more_than_can_be_looked_over() -> None:
    assert {folder: count for folder, count in rooms.entries().items() if count > rooms.MAX_ENTRIES} == {}


def test_a_class_name_stands_for_one_class() -> None:
    named = Counter(node.name for tree in modules().values() for node in nodes(tree) if isinstance(node, ast.ClassDef))
    assert {name: count for name, count in named.items() if count > 1} == {}


@every_row(
    ("importer", "source", "against", "past"),
    [
        ("archive.rows.captures", "from archive.files import stamp", 0, 0),
        ("archive.rows.captures", "from archive.files.clock import stamp", 0, 1),
        ("archive.files.clock", "from archive.rows import CaptureRow", 1, 0),
        ("archive.files.clock", "from ..publish.routes import ROUTES", 1, 1),
        ("archive.files.clock", "from .. import publish", 1, 0),
        ("archive.rows.captures", "from .connection import connect", 0, 0),
        ("archive.files.clock", "def late():\n    from archive.publish.routes import ROUTES", 1, 1),
        ("archive", "from archive.publish.serving import serve", 0, 0),
        ("archive", "from archive.replaying.torn import cut", 0, 1),
        ("crawler.single", "from archive.rows.captures import CaptureRow", 0, 1),
        ("crawler.single", "from archive.rows import CaptureRow", 0, 0),
    ],
)
def test_a_wrong_import_of_a_room_is_noticed(importer: str, source: str, against: int, past: int) -> None:
    found = list(rooms.imports_of(importer, ast.parse(source)))
    assert (len(rooms.against_order("archive", found)), len(rooms.past_doors("archive", found))) == (against, past)


# What the crawler makes of the archive's classes, and the parameters of CrawlIngest that take what can be called.
HANDED = {
    "Counts", "CrawlIngest", "CrawlReach", "CrawlSummary", "FailedList", "Fetched", "Home", "Listing", "PageParser",
    "SentRequest", "Settings", "SettingsError", "SourceRecord", "SourceSettings", "UndeclaredHost", "Whence",
}  # fmt: skip
FUNCTIONS = {"pages", "clock"}


def test_the_crawler_hands_the_archive_no_function() -> None:
    trees = {name: tree for name, tree in modules().items() if within(name, ("crawler",))}
    made = [(name, call) for name, tree in trees.items() for call in constructed(tree)]
    assert {ast.unparse(call.func) for _, call in made} == HANDED
    assert [f"{name}: {ast.unparse(call)}" for name, call in made if functions_in(call, trees[name])] == []


def test_a_function_that_is_handed_down_is_noticed() -> None:
    tree = ast.parse(
        "from archive.judging import CrawlIngest\n"
        "class A:\n def read(self): CrawlIngest(1, self.read)\nCrawlIngest(pages=2)"
    )
    assert [functions_in(call, tree) for call in constructed(tree)] == [["pages"], ["self.read"]]


def constructed(tree: ast.Module) -> list[ast.Call]:
    """The calls of classes that a module imports from the archive."""
    names = {
        alias.name
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and within(node.module or "", ("archive",))
        for alias in node.names
        if alias.name[0].isupper() and not alias.name.isupper()
    }
    calls = [node for node in nodes(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in names]


def functions_in(call: ast.Call, tree: ast.Module) -> list[str]:
    """The arguments that are functions of the module, and the parameters that take some."""
    own = {node.name for node in nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    values = [*call.args, *(word.value for word in call.keywords)]
    named = [word.arg for word in call.keywords if word.arg in FUNCTIONS]
    return named + [
        ast.unparse(value)
        for value in values
        if isinstance(value, ast.Lambda) or (isinstance(value, ast.Name | ast.Attribute) and _last(value) in own)
    ]


def _last(value: ast.Name | ast.Attribute) -> str:
    return value.id if isinstance(value, ast.Name) else value.attr


def test_the_general_reader_knows_no_publisher() -> None:
    found = [
        f"{name} imports {imported}"
        for name, tree in modules().items()
        for imported in imports(name, tree)
        if within(name, ("parsers.reader",)) and within(imported, ("parsers.pages", "parsers.explain"))
    ]
    assert found == []


@every_row(
    ("name", "source", "wrong"),
    [
        ("archive.judging.ingest", "import crawler", True),
        ("archive.judging.ingest", "def late():\n    from schedules.cadence import next_due", True),
        ("archive.judging.ingest", "from parsers import parse", False),
        ("schedules.scheduler", "from cli.program import common", True),
        ("crawler.sources.newsroom", "import newsroom", True),
        ("newsroom.server.connection", "import parsers.urls", True),
        ("cli.demo", "from newsroom.process import running", False),
        ("thinker", "import schedules.scheduler", False),
        ("thinker_archive.reader", "from archive import answers", False),
        ("thinker_archive.reader", "import crawler.sources", True),
        ("archive.answers.articles", "from thinker_archive import open", True),
        ("cli.reading", "import thinker_archive", True),
    ],
)
def test_a_wrong_direction_is_noticed(name: str, source: str, wrong: bool) -> None:
    assert [wrong_direction(name, imported) for imported in imports(name, ast.parse(source))] == [wrong]


@every_row(
    ("name", "source", "wrong"),
    [
        ("archive.rules.standing", "import scrapy", True),
        ("crawler.spiders.article_spider", "from scrapy import Spider", False),
        ("crawler.sources.a5qu", "from scrapy.http import Request", True),
        ("crawler.frontier.sqlite", "import sqlite_utils", True),
        ("archive.rows.connection", "from sqlite_utils import Database", True),
        ("thinker_archive.results", "import pandas", True),
        ("archive.publish.article.article_page", "import datasette", False),
        ("archive.rows.articles", "from bs4 import BeautifulSoup", True),
        ("crawler", "import typer", True),
        ("archive.rules.standing", "import json", False),
    ],
)
def test_a_library_in_the_wrong_room_is_noticed(name: str, source: str, wrong: bool) -> None:
    assert [wrong_room(name, imported) for imported in imports(name, ast.parse(source))] == [wrong]


@every_row(
    ("source", "found"),
    [
        ("import datetime\ndatetime.datetime.now()", ["line 2: asks the clock"]),
        ("from urllib.request import urlopen", ["imports urllib.request.urlopen"]),
        ("from urllib.parse import urlsplit", []),
        ("open('x')", ["line 1: calls open"]),
        ("import logging", ["imports logging"]),
    ],
)
def test_an_impurity_is_noticed(source: str, found: list[str]) -> None:
    assert list(impurities("parsers.dates", ast.parse(source))) == found

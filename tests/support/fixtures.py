"""All pages and lines of the checkout that the reader reads, and one digest over its results."""

import ast
import csv
import hashlib
import json
from collections.abc import Iterator
from itertools import chain

from support.checkout import TESTS
from support.frames import FRAMES
from support.handmade import HEAD, NOW, PROSE, page, paragraphs

from newsroom.http.answers import Request
from newsroom.shapes import page_at
from newsroom.shapes.publishers import mirror
from newsroom.site.room import Newsroom
from parsers import Document, ParseError, to_json
from parsers.dates import parse_date
from parsers.pages import PAGES, page_for
from parsers.reader.default import DefaultPage
from parsers.reader.page import ArticlePage
from parsers.titles import parse_title

FOLDER = TESTS / "parsers"
NEWSROOM_PATHS = [
    ("/article/{}.html", "newsroom"),
    ("/news/getNewsDetail?id=7{:05}", "shangguan"),
    ("/news/detail?id=7{:05}", "shangguan"),
    ("/journal/getJournalPageArticle.do?id=5{:05}", "jiefang"),
]
ARTICLES = 60


def digest() -> str:
    """The SHA-256 over the reader's results for all fixtures, whatever their order and files."""
    read = sorted({_sha256(json.dumps(result, default=repr)) for result in chain(_pages(), _lines())})
    return f"sha256:{_sha256(chr(10).join(read))}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _pages() -> Iterator[object]:
    for document in _newsroom():
        yield _read(document, page_for(document.url, document.captured_at, document.source))
    for name in sorted(FOLDER.glob("verdicts/*.tsv")):
        with name.open(encoding="utf-8") as table:
            for *_, headline, text in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                shown = f"<h1>{headline}</h1>{paragraphs(text.split('|'))}"
                for frame in FRAMES.values():
                    yield _read(page(f"<title>{headline}</title>{frame.format(message=shown)}"))
    for text in _strings():
        if "<" in text:
            yield _read(page(text))
            whole = page(f"{HEAD}{text}<div>{paragraphs(PROSE)}</div>")
            yield [_read(whole, kind) for kind in (DefaultPage, *PAGES)]


def _lines() -> Iterator[object]:
    """Every string as a page's only text, as a line at a page's head and foot, as a title and as a date."""
    for text in _strings():
        yield _read(page(f"<title>江海网</title><p>{text}</p>"))
        yield _read(page(f"{HEAD}<p>{text}</p><div>{paragraphs([*PROSE, text])}</div>"))
        yield [repr(parse_title(text)), repr(parse_date(text, now=NOW))]


def _newsroom() -> Iterator[Document]:
    room = Newsroom(articles=ARTICLES)
    for design in range(2):
        room.apply({"do": "redesign", "design": design})
        for number in range(1, ARTICLES + 1):
            paths = [(path.format(number), source) for path, source in NEWSROOM_PATHS]
            for path, source in [*paths, (mirror.path_of(room, number), "a5qu")]:
                answer = page_at(room, Request("GET", path, "HTTP/1.1", {}, b""))
                yield Document(answer.render(), answer.content_type, room.address + path, NOW, source)


def _strings() -> list[str]:
    """Every string in the reader's tests but their docstrings, which no page says."""
    files = sorted(set(FOLDER.glob("test_*.py")) - {FOLDER / "test_version.py"})
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    found = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in docstrings]
    texts = [text for text in found if isinstance(text, str) and len(text) > 1]
    return [text.encode("utf-8", "replace").decode() for text in dict.fromkeys(texts)]


def _read(document: Document, kind: type[ArticlePage] = DefaultPage) -> object:
    try:
        return to_json(kind(document).article())
    except ParseError as error:
        return [type(error).__name__, str(error)]

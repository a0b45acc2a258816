"""Make a home of pages whose counters moved, as a program that took counters for text left it.

git worktree add ../before 853d0a6
python tests/archive/stores/make_counted_home.py ../before tests/archive/stores/counted-853d0a6.tar.xz
"""

import json
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.ingest import Fetched, Ingest, SourceRecord
from support.layouts import LAYOUTS, Layout
from support.moving import COUNTERS, VISITS, Counter

from archive import open_archive
from parsers import Document, parse, to_json

SOURCE = SourceRecord("jianghai", homepage="https://www.jianghai.gov.cn", removal_probes=2, removal_spacing=0)
ARTICLES = 30


def pages() -> list[tuple[Layout, Counter]]:
    """As many pages that are read otherwise at the second visit, of all layouts and counters in turn.

    Today's date is left out: it was taken for the day of publication, which says nothing of where it stood. What
    differs in the editors alone was no edit then either.
    """
    turns = [(layout, counter) for place in range(20) for layout, counter in zip(LAYOUTS, _turned(place), strict=True)]
    moved = [turn for turn in turns if turn[1].name != "today" and len({_read(*turn, visit) for visit in (0, 1)}) > 1]
    return moved[:ARTICLES]


def _turned(place: int) -> tuple[Counter, ...]:
    return COUNTERS[place:] + COUNTERS[:place]


def _read(layout: Layout, counter: Counter, visit: int) -> str:
    page = Document(layout.page(counter, visit), "text/html", layout.url, VISITS[0])
    return json.dumps({**to_json(parse(page)), "editors": []}, default=str)


def main() -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "counted"
        seen = pages()
        with closing(open_archive(home)) as archive:
            for visit, at in enumerate(VISITS[:2]):
                with Ingest(archive, SOURCE, clock=lambda at=at: at) as ingest:
                    ingest.begin_crawl(at)
                    for number, (layout, counter) in enumerate(seen):
                        answer = layout.page(counter, visit, edited=visit == 1 and number == 0)
                        named = (("Content-Type", "text/html; charset=utf-8"),)
                        url = f"https://www.jianghai.gov.cn/zwgk/t{number}.html"
                        ingest.add(Fetched(url, 200, named, answer, at))
                    ingest.finish("finished", len(seen), 0, at)
        with tarfile.open(sys.argv[1], "w:xz") as packed:
            packed.add(home, "counted")


if __name__ == "__main__":
    main()

"""An archive of long texts in three sources, and the runs of them that a reply may not have."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import unquote_plus
from zipfile import ZipFile

from support.archiving import NOON, fetched, page, url
from support.small_archive import add_versions

from archive import Archive, connect, open_archive
from archive.files.home import Home
from archive.judging.crawl_ingest import CrawlIngest
from archive.sandbox.rights import excerpt
from archive.settings.source_record import SourceRecord
from parsers.article import Article, Media, RelatedLink, TextLink

HAN = [chr(code) for code in range(0x4E00, 0x9FA0)]
MASKED = SourceRecord("newsroom", homepage="http://example.com", removal_probes=1, removal_spacing=0)
OPEN = SourceRecord("open", homepage="http://open.example")
SHUT = SourceRecord("shut", homepage="http://shut.example")
RUN = 40  # every run of 60 characters has a whole window of 40 that begins at a multiple of 20
STEP = 20
EDITED, GONE, OPENED, CLOSED = 1, 2, 3, 4  # numbers of articles; OPENED is of the source open, CLOSED of shut
DAY = timedelta(days=1)


def prose(seed: int, sentences: int = 12) -> str:
    """A paragraph of sentences of thirty characters of their own."""
    chosen = Random(seed)
    return "".join("".join(chosen.choices(HAN, k=30)) + "。" for _ in range(sentences))


BODIES = {number: tuple(prose(10 * number + part) for part in range(3)) for number in (EDITED, GONE, OPENED, CLOSED)}
SECOND = (*BODIES[EDITED][:2], prose(99))  # an edit beyond the excerpt
THIRD = (prose(98), *SECOND[1:])  # and one within
RICH = Article(
    headline="一篇什么都有的文章",
    alternative_headline="副题",
    speaker="林知远",
    authors=("林知远",),
    keywords=("城市治理",),
    standfirst=prose(201),
    date_published=datetime.fromisoformat("2024-04-14T05:01:00+08:00"),
    date_precision="minute",
    in_language="zh-Hans",
    identity="77",
    paragraphs=(prose(202), prose(203)),
    headings=(prose(204, 3), prose(205, 3)),
    heading_positions=(0, 1),
    biography=prose(206),
    reprint_notice=prose(207),
    related=(RelatedLink("另一篇", "https://news.example/2", prose(208)),),
    media=(
        Media("https://news.example/1.jpg", "image", prose(209)),
        Media("https://news.example/1.pdf", "attachment", prose(210)),
    ),
    links=(TextLink(0, prose(211, 2), "https://news.example/3"),),
    metadata=(("发文字号", prose(212)),),
)
RICHER = replace(
    RICH, paragraphs=(prose(202), prose(213)), biography=prose(214), standfirst=prose(215), headings=(prose(216, 3),),
    heading_positions=(0,),
)  # fmt: skip


def long_texts(folder: Path) -> Home:
    """The archive: an article edited twice, one removed, one with every property, one each of two other sources."""
    with closing(open_archive(folder, create=True)) as archive:
        at = NOON
        for source, numbers in ((MASKED, (EDITED, GONE)), (OPEN, (OPENED,)), (SHUT, (CLOSED,))):
            _crawl(archive, source, at, {number: _page(number, BODIES[number]) for number in numbers})
        _crawl(archive, MASKED, at + DAY, {EDITED: _page(EDITED, SECOND), GONE: 404})
        _crawl(archive, MASKED, at + 2 * DAY, {EDITED: _page(EDITED, THIRD), GONE: 404})
    home = Home(folder)
    add_versions(home, RICH, RICHER)
    return home


def _crawl(archive: Archive, source: SourceRecord, at: datetime, answers: Mapping[int, bytes | int]) -> None:
    with CrawlIngest(archive, source, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for number, answer in answers.items():
            answered = fetched(number, answer, at)
            ingest.add(replace(answered, url=url(number).replace("http://example.com", source.homepage)))
        ingest.finish("finished", len(answers), 0, at)


def _page(number: int, paragraphs: tuple[str, ...]) -> bytes:
    return page(number, paragraphs=paragraphs)


def texts_of(home: Home) -> Iterator[tuple[str, str]]:
    """Yield (source, text) of every property of every state that is text of the publisher."""
    with closing(connect(home.database)) as conn:
        yield from conn.execute(
            "select source, body_text from articles union all "
            "select a.source, t.body_text from state_texts t join articles a on a.id = t.article_id"
        )
    for article in (RICH, RICHER):
        passages = (article.standfirst, article.biography, article.reprint_notice, article.metadata[0][1])
        yield from (("newsroom", text or "") for text in passages)
        yield from (("newsroom", each.teaser or "") for each in article.related)
        yield from (("newsroom", each.caption or "") for each in article.media)


INNER = tuple(text for each in (RICH, RICHER) for text in (*each.headings, *(link.text for link in each.links)))


def windows(text: str) -> list[str]:
    """The windows of a text of which each run of 60 characters has one."""
    bare = re.sub(r"\s+", "", text)
    return [bare[at : at + RUN] for at in range(0, len(bare) - RUN + 1, STEP)]


def forbidden(home: Home, modes: dict[str, str]) -> set[str]:
    """The windows that no reply may have. modes: by source, how much of its texts may leave."""
    found = {each for source, text in texts_of(home) if modes[source] != "full" for each in windows(text)}
    found |= {each for text in INNER if modes["newsroom"] != "full" for each in windows(text)}
    allowed = [re.sub(r"\s+", "", excerpt(text)) for source, text in texts_of(home) if modes[source] == "excerpt"]
    allowed.append(RICH.metadata[0][1][:200])  # a fact, cut
    return {each for each in found if not any(each in text for text in allowed)}


def read_by_people(body: bytes) -> str:
    """The reply without entities, escapes, percent signs and blanks."""
    text = body.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"<[^>]*>", "", unescape(text)) + text + unescape(unquote_plus(text))
    return re.sub(r"\s+|\\n", "", text)


def leaks(body: bytes, runs: set[str]) -> list[str]:
    """The forbidden windows that a reply has; of a workbook in the files of its ZIP."""
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    text = read_by_people(body)
    return [run for run in runs if run in text]

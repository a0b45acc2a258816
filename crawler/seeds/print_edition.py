"""The printed 解放日报 as a seed: an issue of a day leads to its pages, and pages lead to articles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crawler.seeds.days import days_back
from crawler.seeds.reading import GET, NEEDED, NO_SUCH_PAGE, Page, Read
from crawler.sources import PrintEdition, Source
from parsers.links import Link, PrintedPage, absolute, articles_of_page, newest_issue, pages_of_issue

CHANGE = date(2024, 12, 16)  # the first issue under the newer addresses


async def articles_in_print(
    seed: PrintEdition, source: Source, read: Read, since: datetime | None = None
) -> AsyncIterator[Page]:
    """Yield (number of articles, links) of each printed page with a column's name, newest issue first.

    A source without columns takes every page. A day without an issue yields nothing.
    """
    newest = await read(f"{seed.url}/journal/list.do", GET, NEEDED)
    last = newest_issue(newest) if newest is not None else None
    for day in days_back(last, seed.days, source, since) if last else ():
        pages = _since_the_change(seed, day, source, read) if day >= CHANGE else _before(seed, day, source, read)
        async for links in pages:
            yield len(links), links


async def _since_the_change(seed: PrintEdition, day: date, source: Source, read: Read) -> AsyncIterator[list[Link]]:
    def address(number: str) -> str:
        return f"{seed.url}/journal/{day}/getJournalPage.do?page={number}&code=jfrb"

    opening = await read(address("01"), GET, NO_SUCH_PAGE)
    for page in pages_of_issue(opening) if opening is not None else ():
        if _wanted(page, source):
            shown = opening if page.number == "01" else await read(address(page.number), GET, NEEDED)
            found = articles_of_page(shown) if shown is not None else ()
            yield _links(
                [(f"{seed.url}/journal/getJournalPageArticle.do?id={id_}", title) for id_, title in found], day, source
            )


async def _before(seed: PrintEdition, day: date, source: Source, read: Read) -> AsyncIterator[list[Link]]:
    issue = await read(f"{seed.url}/staticsg/data/journal/{day}/navi.json", GET, NO_SUCH_PAGE)
    for page in pages_of_issue(issue) if issue is not None else ():
        if _wanted(page, source):
            folder = f"{seed.url}/staticsg/data/journal/{day}/{page.number}/article"
            yield _links([(f"{folder}/{id_}.json", title) for id_, title in page.ids], day, source)


def _wanted(page: PrintedPage, source: Source) -> bool:
    return not source.columns or page.name.startswith(source.columns)


def _links(found: list[tuple[str, str]], day: date, source: Source) -> list[Link]:
    """Links to articles given as (address, title), dated at the beginning of the day, for a paper is printed before."""
    moment = datetime.combine(day, time(), ZoneInfo(source.timezone))
    addresses = ((absolute(url, url), title) for url, title in found)
    return [Link(url, title or None, moment) for url, title in addresses if url]

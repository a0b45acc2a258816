"""The common parts of the policy sites beside 上观. Each shape is a NeighbourSite with only its own differences.

Each is a site of static pages: lists in several pages, articles by an address with a date in it, validators on both (a
file has Last-Modified). They are in Chinese.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from newsroom.http.answers import JSON, Request, SitePage, whole_number
from newsroom.shapes.parts import common, turning
from newsroom.shapes.parts.columns import Shelf
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Head, Story

PER_PAGE = 5
FIRST_ID = 41_000_000  # article n has id FIRST_ID + n
THOUGHT, STATE = frozenset({THINKER, OPINION, CULTURE}), frozenset({POLICY, DEPTH, ECONOMY})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of an article: the day the article first appeared, the page's number, and the number of pages."""

    day: date
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class NeighbourSite:
    """One site of static pages below a prefix such as /ndrc; the paths here are without the prefix.

    lists: path of a list -> its columns. address(room, number) -> path of an article; named: pattern of such a path,
    its group n is the id. render(story, leaf) -> HTML of a page of an article. entry(list's path, article's path with
    prefix, head) -> HTML of a row; listing: HTML with {entries} and {next}. in_json(list's path, [(whole address,
    head)]) -> JSON, for lists whose path ends in .json. list_page and article_page(path of page 1, page) -> path of
    page 2 and on; None: all in one page. more(room, path without prefix) -> the answer to a path that is no list, or
    None if it is not its own either. language: of its articles.
    """

    prefix: str
    lists: Mapping[str, frozenset[Column]]
    address: Callable[[Newsroom, int], str]
    named: re.Pattern[str]
    render: Callable[[Story, Leaf], str]
    entry: Callable[[str, str, Head], str]
    listing: str = "<ul>{entries}</ul>{next}"
    in_json: Callable[[str, list[tuple[str, Head]]], str] | None = None
    list_page: Callable[[str, int], str] | None = None
    article_page: Callable[[str, int], str] | None = None
    more: Callable[[Newsroom, str], SitePage | None] | None = None
    validators: bool = True
    language: str = "zh"

    def answer(self, room: Newsroom, request: Request) -> SitePage | None:
        """The list, the article or the other page that a request asks for; None if the site has no such page."""
        path = request.path.removeprefix(self.prefix)
        for first, columns in self.lists.items():
            if (page := self._turn(first, path)) is not None:
                return self._list(room, first, columns, page)
        if self.more and (other := self.more(room, path)) is not None:
            return self._with_validators(other, f"{path[1:]}-{room.listed:x}", room.listed)
        return self._article(room, path)

    def _turn(self, first: str, path: str) -> int | None:
        if path == first:
            return 1
        turned = self.list_page
        return next((page for page in range(2, 100) if turned and turned(first, page) == path), None)

    def _list(self, room: Newsroom, first: str, columns: frozenset[Column], page: int) -> SitePage | None:
        shelf = Shelf(room, columns)
        per_page = PER_PAGE if self.list_page else shelf.total
        if page > 1 and (page - 1) * per_page >= shelf.total:
            return None
        numbers = shelf.numbers((page - 1) * per_page, per_page)
        if self.in_json and first.endswith(".json"):
            heads = ((self.prefix + self.address(room, number), room.head(number, "zh")) for number in numbers)
            body = self.in_json(first, [(room.address + path, head) for path, head in heads])
            return self._with_validators(SitePage(body.encode, JSON), f"{first[1:-5]}-{room.listed:x}", room.listed)
        more = self.list_page(first, page + 1) if self.list_page and page * per_page < shelf.total else None
        following = f'<a href="{self.prefix}{more}">下一页</a>' if more else ""
        entries = "".join(
            self.entry(first, self.prefix + self.address(room, number), room.head(number, self.language))
            for number in numbers
        )
        body = PAGE.format(title="列表", head="", body=self.listing.format(entries=entries, next=following))
        return self._with_validators(SitePage(body.encode), f"list-{page}-{room.listed:x}", room.listed)

    def _article(self, room: Newsroom, path: str) -> SitePage | None:
        found = self.named.fullmatch(path)
        number = whole_number(found["n"]) if found else None
        if number is None or not room.exists(number := number - FIRST_ID):
            return None
        first = self.address(room, number)
        story = room.story(number, self.language)
        pages = min(room.turns.get(number, 1), len(story.paragraphs)) if self.article_page else 1
        page = next((page for page in range(1, pages + 1) if path == self._leaf(first, page)), None)
        if page is None:
            return None
        if gone := common.gone(room, number):
            return gone
        leaf = Leaf(first_day(room, number), page, pages)
        shown = SitePage(
            lambda: self.render(turning.part(story, page, pages), leaf).encode(), article=number, part=page
        )
        return self._with_validators(shown, f"{page}-{len(room.history(number)):x}", room.modified(number))

    def _leaf(self, first: str, page: int) -> str:
        return first if page == 1 or self.article_page is None else self.article_page(first, page)

    def _with_validators(self, page: SitePage, etag: str, modified: int) -> SitePage:
        if self.validators:
            page.etag, page.modified = f"{self.prefix[1:]}-{etag}", modified
        return page


def first_day(room: Newsroom, number: int) -> date:
    """The day on which an article first stood on the site; its address keeps it even if the date shown is edited."""
    return datetime.fromtimestamp(room.published(number), SHANGHAI).date()


def shown(story: Head, form: str = "%Y-%m-%d %H:%M") -> str:
    """The article's date of publication, which can be edited, as a page prints it, on the clock of its own UTC offset.

    form: a format of strftime.
    """
    return f"{datetime.fromisoformat(story.date_published):{form}}"


def author(story: Head) -> str:
    return escape(story.speaker or story.author or "")


def body(story: Story) -> str:
    """The HTML of the paragraphs, with headings between them as `<p><strong>…</strong></p>`."""
    parts = [f"<p>{escape(line, quote=False)}</p>\n" for line in story.paragraphs]
    for place, text in reversed(story.headings):
        parts.insert(place, f"<p><strong>{escape(text, quote=False)}</strong></p>\n")
    return "".join(parts)


def meta(story: Story, joint: str = " ") -> str:
    """The keywords, joined by `joint`, and the summary as HTML meta elements."""
    return (
        f'<meta name="keywords" content="{escape(joint.join(story.keywords))}">\n'
        f'<meta name="description" content="{escape(story.summary)}">\n'
    )


def beside(listed: str, path: str) -> str:
    """The path of an article relative to the folder of a list, with `../` if it is not below; listed: the list's path.

    `beside("/a/index.html", "/a/202411/t1.html") -> "202411/t1.html"`
    """
    return posixpath.relpath(path, posixpath.dirname(listed))


def entry(_list: str, path: str, head: Head) -> str:
    """The HTML of a row in a list: a link and a date."""
    return f'<li><a href="{path}">{escape(head.headline)}</a><span>{head.date_published[:10]}</span></li>\n'


PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
{head}</head>
<body>
{body}
</body></html>
"""

"""a5qu.com, a mirror that translates 上观 into English: its pages, and the text dump of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice

from selectolax.lexbor import LexborNode

from parsers.article import Media, RelatedLink
from parsers.dates import parse_date
from parsers.errors import NotAnArticle
from parsers.links import absolute
from parsers.reader import ArticlePage, Block, Body, Candidate, MirrorPage, PageView, in_url, read_blocks, read_mirror
from parsers.text import reprint_notice
from parsers.titles import title_key

MAX_HEAD_LINES = 3  # the title, perhaps an author, the release time


def _named_source(page: PageView) -> tuple[str, ...]:
    """At most one name: the publisher that the reprint notice names, as printed; else ().

    The mirror carries articles of several papers.
    """
    notice = reprint_notice(page.lines.reprint_notice or "")
    return (notice.source_name,) if notice is not None and notice.source_name else ()


class A5quPage(ArticlePage):
    """The mirror's page; the date of publication is its release time, the moment of the import.

    Its `Author:` is invented and not read. No raw page was ever seen: the order of the lines is known, the tags are
    inferred.
    """

    sources = frozenset({"a5qu"})
    hosts = frozenset({"a5qu.com"})
    timezone = "Asia/Shanghai"
    tagged_titles = True
    headline = Candidate(lambda page: _of(page, "title"), "line above the release time")
    source_line = Candidate(_named_source, "who the reprint notice names")
    date_published = Candidate(lambda page: _of(page, "released"), "release time under the title")
    identity = in_url(r"_(\d+)\.html$")  # until mid-2024; later addresses have no number

    def check(self) -> None:
        if self.mirror is None:
            self.refuse_message("gone", "restricted")
            raise NotAnArticle(f"no release time under a title; {len(self.document.tree.css('a'))} links")
        super().check()

    @cached_property
    def mirror(self) -> MirrorPage | None:
        return read_mirror(self.blocks)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The lines of a text dump, or of the page from its h1 on, all of a page without h1."""
        if (self.document.content_type or "").startswith("text/plain"):
            return tuple([Block("text", line) for line in _lines(self.document.text)])
        body = self.document.tree.body
        return _unlinked_head(read_blocks(body, asides=True)) if body is not None else ()

    @cached_property
    def box(self) -> LexborNode | None:
        return None

    @cached_property
    def lines(self) -> Body:
        return self.mirror.body if self.mirror is not None else Body()

    @cached_property
    def tail(self) -> tuple[str, ...]:
        return ()

    def related(self) -> tuple[RelatedLink, ...]:
        """The related items, each with the address of the page's link that has its title.

        Without such a link, and always in a text dump, the item has no `url` (None).
        """
        if (
            self.mirror is None
            or not self.mirror.related
            or (self.document.content_type or "").startswith("text/plain")
        ):
            return self.mirror.related if self.mirror is not None else ()
        links = {title_key(a.text()): a.attributes.get("href") for a in self.document.tree.css("a[href]")}
        return tuple(
            replace(item, url=absolute(self.document.url, links.get(title_key(item.headline))))
            for item in self.mirror.related
        )

    def media(self) -> tuple[Media, ...]:
        return ()


def is_dump(text: str) -> bool:
    """True if a text is the dump of a page of the mirror: a title, perhaps an author, and a release time that is read.

    >>> is_dump("A headline\\n\\nRelease time:Apr 13, 2024 23:01 PM\\n\\nText."), is_dump("A headline\\n\\nText.")
    (True, False)
    """
    found = read_mirror([Block("text", line) for line in islice(_lines(text), MAX_HEAD_LINES)])
    return found is not None and parse_date(found.released) is not None


def _lines(text: str) -> Iterator[str]:
    return filter(None, map(str.strip, text.splitlines()))


def _of(page: PageView, name: str) -> tuple[str, ...]:
    found = page.mirror if isinstance(page, A5quPage) else None
    return (str(getattr(found, name)),) if found is not None else ()


def _unlinked_head(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The lines from the page's h1 on; above it stands the site's navigation. All lines if there is no h1."""
    first = next((place for place, block in enumerate(blocks) if block.tag == "h1"), 0)
    return blocks[first:]

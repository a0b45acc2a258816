"""A long article in several pages: `/article/12.html`, `/article/12_2.html`, …, with links to turn them."""

from dataclasses import replace

from newsroom.http.answers import whole_number
from newsroom.stories.story import Story

_PREVIOUS, _NEXT = {"zh": "上一页", "en": "Previous page"}, {"zh": "下一页", "en": "Next page"}


def place(path: str) -> tuple[int, int] | None:
    """Article and page of `/article/N.html` (page 1) or `/article/N_PAGE.html` (from 2); None for any other path."""
    name, underscore, page = path.removeprefix("/article/").removesuffix(".html").partition("_")
    number, turned = whole_number(name), whole_number(page) if underscore else 1
    if not path.endswith(".html") or number is None or turned is None or (underscore and turned < 2):
        return None
    return number, turned


def address(number: int, page: int) -> str:
    return f"/article/{number}.html" if page == 1 else f"/article/{number}_{page}.html"


def count(story: Story, wanted: int) -> int:
    """The number of pages of a story: `wanted`, or that of its paragraphs if they are fewer."""
    return min(wanted, len(story.paragraphs))


def part(story: Story, page: int, pages: int) -> Story:
    """The story with only the paragraphs and headings of one of its pages, from 1; all pages have about as many.

    The places of the headings are counted from the page's first paragraph.
    """
    start, end = (len(story.paragraphs) * cut // pages for cut in (page - 1, page))
    headings = tuple((at - start, text) for at, text in story.headings if start <= at < end)
    return replace(story, paragraphs=story.paragraphs[start:end], headings=headings)


def pager(story: Story, page: int, pages: int) -> str:
    """The HTML of the links to other pages under the text; "" for an article in one page."""
    if pages == 1:
        return ""
    numbers = [str(n) if n == page else f'<a href="{address(story.number, n)}">{n}</a>' for n in range(1, pages + 1)]
    before = f'<a href="{address(story.number, page - 1)}">{_PREVIOUS[story.language]}</a>'
    after = f'<a rel="next" href="{address(story.number, page + 1)}">{_NEXT[story.language]}</a>'
    links = [before] * (page > 1) + numbers + [after] * (page < pages)
    return f'<p class="pages">{" ".join(links)}</p>\n'

"""The English mirror: /SECTION/SLUG_ID.html and /SECTION/page_N.html, every article in English.

Follows the mirror a5qu as seen (address, slug, order of the page's parts, release time of a bulk import, glued first
tag, cut teaser). INFERRED: all tags and class names, twenty items a page, and the section of each column.
"""

import re
from datetime import datetime
from html import escape

from newsroom.http.answers import Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common
from newsroom.shapes.parts.columns import Shelf
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Head, Story, column_of

PER_PAGE = 20
RELATED_LINKS = 5  # as on the mirror's saved article
SECTIONS: dict[str, frozenset[Column]] = {
    "viewpoint": frozenset({THINKER, OPINION}),
    "important_news": frozenset({POLICY}),
    "the_yangtze_river_delta": frozenset({ECONOMY}),
    "the_world": frozenset({CULTURE}),
    "depth": frozenset({DEPTH}),
}
_NAMES = {column: section for section, columns in SECTIONS.items() for column in columns}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_ADDRESS = re.compile(r"/(\w+)/(?:page_([1-9]\d*)|(\w*)_([1-9]\d*))\.html")
_IMPORT_SECONDS = 2 * 86_400  # everything was imported within two days, three days before the clock
_TEASER_CHARACTERS = 420


def title(head: Head) -> str:
    """The title line: `SECOND CLAUSE, TITLE | TAG | TAG`, the clause only if there is one; the title is `common.title`.

    It has at most two tags after ` | `. If there are more than two, the first follows the title after a blank, as on
    the real mirror, and the next two follow that: `Thinker | Li Wei: Bridges City | River | Harbour`.
    """
    line = common.title(head)
    tags = head.keywords
    if len(tags) > 2:
        line, tags = f"{line} {tags[0]}", tags[1:]
    if head.alternative_headline:
        line = f"{head.alternative_headline}, {line}"
    return " | ".join((line, *tags[:2]))


def slug(line: str) -> str:
    """The slug of a title: in lower case, each run of characters other than a-z and 0-9 as one `_`, none at the ends.

    Checked on five real addresses.
    """
    return re.sub(r"[^a-z0-9]+", "_", line.lower()).strip("_")


def path_of(room: Newsroom, number: int) -> str:
    """The path of an article, `/SECTION/SLUG_N.html`; it never changes, as its slug is that of `first_story`."""
    first = room.first_story(number, "en")
    return f"/{_NAMES[first.column]}/{slug(title(first))}_{number}.html"


def at(room: Newsroom, request: Request) -> SitePage | None:
    """The article or the list page of the mirror that a request asks for, or None."""
    found = _ADDRESS.fullmatch(request.path)
    if found is None or found[1] not in SECTIONS:
        return None
    if found[2]:
        return _list(room, found[1], int(found[2]))
    number = whole_number(found[4])
    if number is None or not room.exists(number) or request.path != path_of(room, number):
        return None
    return common.gone(room, number) or SitePage(lambda: _article_body(room, number), article=number)


def _list(room: Newsroom, section: str, page: int) -> SitePage | None:
    shelf = Shelf(room, SECTIONS[section])
    last = max(1, -(-shelf.total // PER_PAGE))
    if page > last:
        return None
    dated = "mirror" not in room.undated
    items = "".join(_item(room, number, dated) for number in shelf.numbers((page - 1) * PER_PAGE, PER_PAGE))
    turn = f'<a class="next" href="/{section}/page_{page + 1}.html">Next</a>' if page < last else ""
    name = section.replace("_", " ").capitalize()
    return fixed(_PAGE.format(title=name, body=f'<h1>{name}</h1>\n{items}<div class="pages">{turn}</div>'))


def _item(room: Newsroom, number: int, dated: bool = False) -> str:
    """The HTML of a row: a picture whose `alt` is the title, the title as a link, a teaser; the date if `dated`."""
    story = room.story(number, "en")
    line, path = escape(title(story)), path_of(room, number)
    date = f'<span class="date">{_released(room, number)}</span>' if dated else ""
    return (
        f'<div class="item"><a class="pic" href="{path}"><img src="/image/{number}.png" alt="{line}"></a>\n'
        f'<a class="tit" href="{path}">{line}</a>\n<p class="des">{escape(_teaser(story))}</p>{date}</div>\n'
    )


def _teaser(story: Story) -> str:
    # On the real mirror it is translated apart from the page, so never a prefix of it, and cut without a mark.
    text = f"{story.summary} {story.paragraphs[-1]}"
    return text[:_TEASER_CHARACTERS].rsplit(" ", 1)[0]


def _article_body(room: Newsroom, number: int) -> bytes:
    story = room.story(number, "en")
    line = escape(title(story))
    body = (
        f'<h1>{line}</h1>\n<div class="time">Release time:{_released(room, number)}</div>\n'
        f'<div class="content">\n{"".join(_parts(story, line))}</div>\n<div class="related">\n'
        f"{''.join(_item(room, other) for other in _related(room, number))}</div>"
    )
    return _PAGE.format(title=line, body=body).encode()


def _parts(story: Story, line: str) -> list[str]:
    parts = [f"<p>{escape(text, quote=False)}</p>\n" for text in story.paragraphs]
    for place, text in reversed(story.headings):
        parts.insert(place, f"<p><strong>{escape(text, quote=False)}</strong></p>\n")
    # A picture with the title line as its caption.
    parts.insert(len(parts) // 2 + 1, f'<p><img src="/image/{story.number}.png" alt=""></p>\n<p>{line}</p>\n')
    if story.biography:
        parts.append(f"<p><strong>Biography of Thinkers</strong></p>\n<p>{escape(story.biography)}</p>\n")
    parts.append(f"<p>{escape(story.notice, quote=False)}</p>\n")
    return parts


def _related(room: Newsroom, number: int) -> list[int]:
    """The numbers of up to five other articles of the same section: those among the 30 before this one, latest first.

    If that gives no number, the newest of the section, up to five, without this one.
    """
    columns = SECTIONS[_NAMES[column_of(number)]]
    shelf = Shelf(room, columns)
    near = [n for n in range(max(1, number - 30), number) if column_of(n) in columns and room.exists(n)]
    newest = [n for n in shelf.numbers(0, RELATED_LINKS + 1) if n != number]
    return (near[::-1] or newest)[:RELATED_LINKS]


def _released(room: Newsroom, number: int) -> str:
    """The moment at which the mirror imported the article: `Apr 13, 2024 23:01 PM`, a 24-hour clock with a meridiem.

    For an article that an event published it is the moment of publication.
    """
    if number <= room.articles:
        moment = room.clock - 3 * 86_400 + _IMPORT_SECONDS * number // room.articles
    else:
        moment = room.published(number)
    when = datetime.fromtimestamp(moment, SHANGHAI)
    half = "AM" if when.hour < 12 else "PM"
    return f"{_MONTHS.split()[when.month - 1]} {when.day}, {when.year} {when:%H:%M} {half}"


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
</body></html>
"""

PREFIXES = tuple((f"/{section}/", at) for section in SECTIONS)

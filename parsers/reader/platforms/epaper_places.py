"""Candidates for titles, paper and authors on a page of an electronic newspaper, or of a Chinese site like it."""

from __future__ import annotations

from collections.abc import Callable

from parsers import people
from parsers.reader.byline.unlabelled import bare_names
from parsers.reader.headline.around import above_headline, below_headline, reads_as_title
from parsers.reader.view.candidates import Candidate, PageView, first
from parsers.reader.view.epaper import is_printed, printed, printed_properties


def _is_chinese(page: PageView) -> bool:
    return (page.in_language or "").startswith("zh")


def _typed(name: str) -> Candidate:
    """A candidate for a title among the editors' entries of a Chinese newspaper page, by the entry's name."""

    def read(page: PageView) -> tuple[str, ...]:
        line = printed_properties(page.document).get(name) if _is_chinese(page) else None
        return (line,) if line and reads_as_title(line) else ()

    return Candidate(read, f"{name} in the comment enpproperty")


def _shown(find: Callable[..., str | None], rule: str) -> Candidate:
    """A candidate for the line that `find` finds beside the headline of a Chinese page.

    Headings and the first paragraphs of the text are passed to `find` as lines that do not count.
    """

    def read(page: PageView) -> tuple[str, ...]:
        if not page.headline_text or not _is_chinese(page):
            return ()
        summed_up = len(page.lines.standfirst)
        others = {*page.lines.headings, *page.lines.paragraphs[: summed_up + 1]}
        line = find(page.document, page.headline_text, printed=is_printed(page.document), others=others)
        return (line,) if line else ()

    return Candidate(read, rule)


def _paper(page: PageView) -> tuple[str, ...]:
    name = printed(page.document).paper if _is_chinese(page) else None
    return (name,) if name else ()


def _signed(page: PageView) -> tuple[str, ...]:
    """The names that the editors entered, else the first line of names between headline and text; () without any.

    () also on a page that is not a Chinese newspaper's.
    """
    if not _is_chinese(page) or not is_printed(page.document):
        return ()
    where = page.where
    start = max((place for place in where.titles if place <= where.body), default=where.body)
    typed = printed_properties(page.document).get("author", "")
    lines = [typed, *where.text[start : where.body].split("\n")]
    return next((names for line in lines if (names := people.authors(line) or bare_names(line))), ())


KICKER = first(_typed("introtitle"), _shown(above_headline, "heading above a Chinese headline"))
SECOND_HEADLINE = first(_typed("subtitle"), _shown(below_headline, "heading below a Chinese headline"))
PAPER = Candidate(_paper, "paper in the line 《…》（2024年04月13日 第 05 版）")
SIGNED = Candidate(_signed, "names under the headline of a printed page")

"""The single places of a declaration, the texts they gave, and the places of these texts on the page."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from parsers.reader import ArticlePage, Candidate

HEADINGS = ("h1, h2, h3, h4, [class*=title], [class*=Title], [id*=title], [class*=headline]", "title")
MAX_HEADINGS = 400  # headings that are compared
MAX_SHOWN = 200  # characters of a line that is shown whole
MAX_PATH_ELEMENTS = 5  # elements of a path


def places(candidate: Candidate) -> Iterator[Candidate]:
    """Yield the single Candidates of which a Candidate is made, in order; itself if it is single.

    Single is one without parts, or one that reads inside its parts.
    """
    if candidate.parts and candidate.how != "inside":
        for part in candidate.parts:
            yield from places(part)
    else:
        yield candidate


def stands_in(page: ArticlePage, place: Candidate, raw: str) -> str | None:
    """The path of the heading that is the text ``raw``, else the line of the page that holds it; None without both.

    For a place that reads inside others: only "RULE: TEXT" of the first text of theirs that holds ``raw``, else None.
    For a place that selects elements always None: its rule says enough.
    """
    if place.selects:
        return None
    if place.how == "inside":
        lines = ((part.rule, line) for part in place.parts for line in part.of(page))
        return next((f"{rule}: {shortened(line, raw)}" for rule, line in lines if raw in line), None)
    return heading_of(page, raw) or line_of(page, raw)


def line_of(page: ArticlePage, raw: str) -> str | None:
    """The shortest line of the visible text that holds a text, shortened; None if no line holds it."""
    lines = [line for line in page.document.visible_text.split("\n") if raw in line]
    return shortened(min(lines, key=len), raw) if lines else None


def heading_of(page: ArticlePage, raw: str) -> str | None:
    """The path of the first heading, in the order of HEADINGS, with exactly this text; None if no heading has it."""
    for node in (node for selector in HEADINGS for node in page.document.tree.css(selector)[:MAX_HEADINGS]):
        text = node.text()
        if len(text) <= 2 * len(raw) + MAX_SHOWN and " ".join(text.split()) == raw:
            return path_of(node)
    return None


def path_of(node: LexborNode) -> str:
    """The CSS path of an element: itself and the elements round it, up to one with an id, at most MAX_PATH_ELEMENTS.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> path_of(LexborHTMLParser('<div id="page"><p class="a b"><i>text</i></p></div>').css_first("i"))
    'div#page > p.a.b > i'
    """
    steps: list[str] = []
    above: LexborNode | None = node
    while above is not None and above.tag not in ("html", "-undef") and len(steps) < MAX_PATH_ELEMENTS:
        attributes = above.attributes
        name = attributes.get("id")
        steps.append(f"{above.tag}#{name}" if name else ".".join([above.tag or "", *_classes(above)]))
        if name:
            break
        above = above.parent
    return " > ".join(reversed(steps))


def shortened(line: str, around: str = "") -> str:
    """The line; of a longer one MAX_SHOWN characters round the text `around`, with … at each end that was cut.

    They are the first ones if `around` is "" or not in the line.
    """
    if len(line) <= MAX_SHOWN:
        return line
    start = max(0, line.find(around) - MAX_SHOWN // 4)
    return f"{'…' if start else ''}{line[start : start + MAX_SHOWN]}{'…' if start + MAX_SHOWN < len(line) else ''}"


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()[:4]

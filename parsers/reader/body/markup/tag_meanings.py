"""The meaning of HTML tags for the lines of a text: line breaks, hidden text, and the group of the text inside."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = """
    address article blockquote body center dd details dialog div dl dt fieldset figcaption figure form header hgroup li
    main ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = HEADINGS | frozenset(_BLOCKS.split())
_SILENT = """
    audio canvas embed iframe input link meta object script select style svg template textarea title video
"""
SILENT = frozenset(_SILENT.split())
BESIDE = frozenset(("aside", "button", "footer", "form", "label", "menu", "nav", "noscript"))  # unless most is inside
UNCERTAIN = BESIDE | {"figure"}
LINK, STRONG, HEADING, CAPTIONED, ASIDE, CENTRED = 1, 2, 4, 8, 16, 32  # bits: the groups in which a text stands
MARKED = LINK | STRONG | ASIDE
GROUPS = {"a": LINK, "b": STRONG, "strong": STRONG, "figcaption": CAPTIONED} | dict.fromkeys(HEADINGS, HEADING)
GROUPS["center"] = CENTRED


@dataclass(frozen=True, slots=True)
class Tag:
    """The meaning of an HTML tag when an element is split into lines."""

    name: str
    silent: bool = False  # its text is not shown
    line: bool = False  # a line ends before and after it
    group: int = 0  # the groups of its text
    beside: bool = False  # it may be an aside
    uncertain: bool = False  # the tag alone does not decide


def _tag(name: str) -> Tag:
    line = name in BLOCKS or name == "br"
    return Tag(name, name in SILENT, line, GROUPS.get(name, 0), name in BESIDE, name in UNCERTAIN)


# Tags by the parser's number for them, which is cheaper to get than the name.
_TREE = LexborHTMLParser("<p>text<!-- -->")
TEXT, COMMENT = (node.tag_id for node in _TREE.css("p")[0].iter(include_text=True))
BREAK, IMAGE, FIGURE, FIGCAPTION, PLAIN = map(_tag, ("br", "img", "figure", "figcaption", "span"))
TAGS = {
    _TREE.create_node(tag.name).tag_id: tag
    for tag in (
        *(BREAK, IMAGE, FIGURE, FIGCAPTION),
        *map(_tag, (SILENT | BLOCKS | BESIDE | GROUPS.keys()) - {"figure", "figcaption"}),
    )
}
LINE_TAGS = frozenset(number for number, tag in TAGS.items() if tag.line)
TEXT_TAGS = frozenset(_TREE.create_node(name).tag_id for name in ("p", "blockquote", "table", "pre", "ul", "ol"))
TAGS[COMMENT] = Tag("-comment", silent=True)

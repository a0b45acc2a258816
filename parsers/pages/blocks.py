"""The lines of text inside one element, in order, with what each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

Kind = Literal["text", "heading", "image", "caption"]
Role = Literal["aside", "caption", "hidden"] | None

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
GROUPS = {"a": "link", "b": "strong", "strong": "strong", "figcaption": "caption"} | dict.fromkeys(HEADINGS, "heading")
IMAGE_URLS = ("data-src", "data-original", "data-lazy-src", "src")  # where lazy pictures keep their address
CONTROLS = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f]")  # show nothing; spam hides them in text
BREAK_INSIDE_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u3000-\u9fff\uff00-\uffef])")

# Names, in lower case, that sites give to what stands inside an article's box but is not the article: parts of a class
# attribute between blanks, hyphens and underscores. Sorted by first letters, because those are told apart at once.
ASIDE = re.compile(
    r"""(?<![^\s_-])(?:
        a(?:d|ds|dv|dvert\w*|lso|rtical-?tag) | b(?:anner|dshare\w*|readcrumbs?|yline\w*)
      | c(?:mt|omments?|opyright|rumbs?) | d(?:ateline|eclare|isclaimer|isqus)
      | e(?:dit-?info|ditor-?name|p-?editor|p-?source|rweima|wm) | f(?:enxiang|ollow|ooter) | jiathis\w* | keywords
      | m(?:enu|ianze|ore-?(?:news|stories|links)) | n(?:av|avbar|avigation|ewsletter\w*) | outbrain
      | p(?:age-?nav|ager|agination|inglun|opular|rev-?next|romo\w*) | qr | qrcode
      | r(?:ead-?more|ecommend\w*|elate|elated\w*|eplies)
      | s(?:hare\w*|haring|how_author|idebar(?!-)|ignup|ocial\w*|ponsor\w*|r-only|tatement|ubscri\w*|weep)
      | t(?:aboola|ag-?list|ags?|ie|ool-?box|oolbar|rending|uijian) | visually-hidden | widget\w* | xg-list | xiangguan
    )(?![^\s_-])""",
    re.VERBOSE,
)
UNSEEN = re.compile(r"(?:^|\s)(?:is-|js-)?(?:hide|hidden|invisible)(?:$|\s)(?!.*\w:(?:block|flex|grid))")
CAPTION = re.compile(
    r"""(?<![^\s_-])(?:
        caption\w*|figcaption|credits?|copyright|legende?|bildunterschrift|bildtext|bildnachweis|bildquelle
      | (?:photo|image|img|picture|media|figure|bild|foto)s?-?(?:credits?|captions?|description|source|text|info|legend)
      | pie-?(?:de-)?foto
    )(?![^\s_-])""",
    re.VERBOSE,
)
LONGEST_CAPTION = 600  # characters
LONGEST_NAME = 300  # characters of a class attribute that are looked at
OF_FIGURES = "blockquote, table, pre, ul, ol, p + p"  # what stands in figures and is text
INLINE = frozenset(("a", "b", "em", "font", "i", "strong", "u", "br", "img"))
BEM_BLOCK = re.compile(r"(?<!\S)\S+__(?=[a-z])")  # in sidebar-grid__content only the element's name counts
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """One line: its text, how many of its characters are links or strong, and the element it stands in."""

    kind: Kind
    text: str
    linked: int = 0
    strong: int = 0
    tag: str = "p"
    url: str | None = None

    @property
    def all_linked(self) -> bool:
        """Nothing but links stands in this line."""
        return self.linked >= 0.85 * len(self.text)

    @property
    def all_strong(self) -> bool:
        """The whole line is in bold type."""
        return self.strong >= 0.95 * len(self.text)


@dataclass(frozen=True, slots=True)
class _Tag:
    """What the tag of an element means to its lines."""

    name: str
    silent: bool = False  # its text is not shown
    line: bool = False  # a line ends where it begins, and where it ends
    group: str | None = None  # what its text is
    uncertain: bool = False  # the tag alone does not settle it


def _tag(name: str) -> _Tag:
    return _Tag(name, name in SILENT, name in BLOCKS or name == "br", GROUPS.get(name), name in UNCERTAIN)


# Tags by the number that the parser gives them, which is cheaper to ask for than the name.
_TREE = LexborHTMLParser("<p>text<!-- -->")
TEXT, COMMENT = (node.tag_id for node in _TREE.css("p")[0].iter(include_text=True))
BREAK, IMAGE, FIGCAPTION, PLAIN = map(_tag, ("br", "img", "figcaption", "span"))
TAGS = {
    _TREE.create_node(tag.name).tag_id: tag
    for tag in (BREAK, IMAGE, FIGCAPTION, *map(_tag, (SILENT | BLOCKS | BESIDE | GROUPS.keys()) - {"figcaption"}))
}
TAGS[COMMENT] = _Tag("-comment", silent=True)


class _Reader:
    """Collects text into lines while the tree is walked."""

    def __init__(self, asides: _Asides) -> None:
        self.asides = asides
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.linked = self.strong = self.characters = 0
        self.open = dict.fromkeys(("link", "strong", "heading", "caption"), 0)
        self.tag = "p"

    def read(self, root: LexborNode) -> None:
        """Every node under `root` on the way in and every element on the way out; no recursion."""
        self.enter(TAGS.get(root.tag_id, PLAIN), root.attributes)
        above: list[tuple[LexborNode, _Tag]] = []
        node, pieces, opened = root.first_child, self.pieces, self.open
        while node is not None or above:
            if node is None:
                node, tag = above.pop()
                if tag is not PLAIN:
                    self.leave(tag)
            elif (number := node.tag_id) == TEXT:
                if pieces or not node.is_empty_text_node:  # else it stands between elements
                    pieces.append(text := node.text_content or "")
                    if opened["link"] or opened["strong"]:
                        self.count(len(text.strip()))
            elif (seen := self.seen(node, TAGS.get(number, PLAIN))) is not None:
                above.append((node, seen))
                node = node.first_child
                continue
            node = node.next
        self.end_line()

    def seen(self, node: LexborNode, tag: _Tag) -> _Tag | None:
        """As what an element is read, which begins here; None when it is left out."""
        asides = self.asides
        if tag.silent or (asides.dropped and node.mem_id in asides.dropped):
            return None
        attributes = node.attributes
        called = role(attributes) if attributes else None
        if called is not None or tag.uncertain:
            if asides.leaves_out(node, called, self.characters):
                return None
            tag = asides.tag(node, tag, called)
        if tag is not PLAIN:
            self.enter(tag, attributes)
        return tag

    def enter(self, tag: _Tag, attributes: dict[str, str | None]) -> None:
        if tag.line:
            if self.pieces:
                self.end_line()
            if tag is not BREAK:
                self.tag = tag.name
        if tag.group is not None:
            self.open[tag.group] += 1
        elif tag is IMAGE:
            self.image(attributes)

    def leave(self, tag: _Tag) -> None:
        if tag.line and self.pieces:
            self.end_line()
        if tag.group is not None:
            self.open[tag.group] -= 1

    def count(self, size: int) -> None:
        """Characters in a link, in bold type or in both."""
        if self.open["link"]:
            self.linked += size
        if self.open["strong"]:
            self.strong += size

    def image(self, attributes: dict[str, str | None]) -> None:
        for name in IMAGE_URLS:
            if url := attributes.get(name):
                self.blocks.append(Block("image", (attributes.get("alt") or "").strip(), url=url))
                return

    def end_line(self) -> None:
        text = "".join(self.pieces).strip()
        self.pieces.clear()
        if not text.isprintable() or "  " in text:
            text = _in_one_line(text)
        if text:
            kind: Kind = "heading" if self.open["heading"] else "caption" if self.open["caption"] else "text"
            self.blocks.append(Block(kind, text, self.linked, self.strong, self.tag))
            self.characters += len(text)
        self.linked = self.strong = 0


def _in_one_line(text: str) -> str:
    if "\n" in text and not text.isascii():
        text = BREAK_INSIDE_CHINESE.sub("", text)
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(CONTROLS.sub("", text).split())


def read_blocks(
    root: LexborNode,
    dropped: frozenset[int] = frozenset(),
    kept: frozenset[int] = frozenset(),
    *,
    asides: bool = False,
) -> list[Block]:
    """The lines inside `root`, without elements whose mem_id is in `dropped`, and without asides unless asked for.

    An element in `kept` is no aside, whatever it is called.
    """
    reader = _Reader(_Asides(root, dropped, kept, wanted=asides))
    reader.read(root)
    return reader.blocks


class _Asides:
    """Which elements inside a box are no part of its text; one that holds most of the text is never an aside."""

    def __init__(self, root: LexborNode, dropped: frozenset[int], kept: frozenset[int], *, wanted: bool) -> None:
        self.root, self.wanted = root, wanted
        self.dropped, self.kept = dropped, kept
        self.measured = 0  # characters

    def leaves_out(self, node: LexborNode, called: Role, before: int) -> bool:
        """It is not shown, or an aside, and no more than a part of the text, of which `before` characters are read."""
        beside = called == "hidden" or ((called == "aside" or node.tag in BESIDE) and node.mem_id not in self.kept)
        return beside and not self.wanted and self._may_measure() and self._is_small(self._size(node), before)

    def tag(self, node: LexborNode, tag: _Tag, called: Role) -> _Tag:
        """A figcaption for what is about a picture; else its own tag."""
        about_picture = (called == "caption" and node.tag not in INLINE) or node.tag == "figure"
        return FIGCAPTION if about_picture and self._caption(node) else tag

    @cached_property
    def all(self) -> int:
        """Characters inside the box; most boxes are read without counting them."""
        return len(self.root.text())

    def _may_measure(self) -> bool:
        """Asides may stand in asides without end."""
        return self.measured <= 100_000 or self.measured <= 40 * self.all + 100_000

    def _is_small(self, size: int, before: int) -> bool:
        """Less than half of the text; what is read already often shows it."""
        return size < before or 2 * size < self.all

    def _size(self, node: LexborNode) -> int:
        size = len(node.text())
        self.measured += size
        return size

    def _caption(self, node: LexborNode) -> bool:
        """A figure whose text is about its picture, or an element that is called so and holds no more."""
        if not self._may_measure():
            return False
        size = self._size(node)
        return node.css_first(OF_FIGURES) is None if node.tag == "figure" else size < LONGEST_CAPTION


def role(attributes: dict[str, str | None]) -> Role:
    """What the attributes of an element call it, or that it is not shown."""
    style = attributes.get("style")
    if "hidden" in attributes or (style and _hides(style)):
        return "hidden"
    names, identity = attributes.get("class"), attributes.get("id")
    called = _named(names[:LONGEST_NAME]) if names else None
    if not identity or called == "aside":
        return called
    return _named(identity[:LONGEST_NAME]) or called


def _hides(style: str) -> bool:
    lower = style.lower()
    return ("none" in lower or "hidden" in lower) and HIDDEN.search(style) is not None


@lru_cache(maxsize=4096)  # the elements of a page share few names
def _named(names: str) -> Role:
    """What a class attribute or an id calls its element."""
    names = (BEM_BLOCK.sub("", names) if "__" in names else names).lower()
    if ASIDE.search(names) is not None or (("hid" in names or "invis" in names) and UNSEEN.search(names) is not None):
        return "aside"
    return "caption" if CAPTION.search(names) is not None else None

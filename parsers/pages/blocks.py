"""The lines of text inside one element, in order, with what each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from selectolax.lexbor import LexborNode

Kind = Literal["text", "heading", "image", "caption"]
Role = Literal["aside", "caption", "hidden"] | None

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "header",
        "hgroup",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
SILENT = frozenset(
    [
        "audio",
        "canvas",
        "embed",
        "iframe",
        "input",
        "link",
        "meta",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
BESIDE = frozenset(("aside", "button", "footer", "form", "label", "menu", "nav", "noscript"))  # unless most is inside
GROUPS = {"a": "link", "b": "strong", "strong": "strong", "figcaption": "caption"} | dict.fromkeys(HEADINGS, "heading")
IMAGE_URLS = ("data-src", "data-original", "data-lazy-src", "src")  # where lazy pictures keep their address
CONTROLS = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f]")  # show nothing; spam hides them in text
BREAK_INSIDE_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u3000-\u9fff\uff00-\uffef])")

# Names, in lower case, that sites give to what stands inside an article's box but is not the article.
ASIDE = re.compile(
    r"""(?:^|[\s_-])(?:
        (?:ad|ads|advert\w*|adv|banner|sponsor\w*|promo\w*|outbrain|taboola)
      | (?:comments?|cmt|tie|disqus|replies|pinglun)
      | (?:related\w*|relate|recommend\w*|read-?more|more-?(?:news|stories|links)|also|trending|popular)
      | (?:xiangguan|xg-list|tuijian)
      | (?:share\w*|sharing|social\w*|bdshare\w*|fenxiang|jiathis\w*|follow|subscri\w*|newsletter\w*|signup)
      | (?:nav|navbar|navigation|breadcrumbs?|crumbs?|menu|pager|pagination|page-?nav|prev-?next|toolbar|tool-?box)
      | (?:sidebar(?!-)|widget\w*|footer|copyright|declare|disclaimer|statement|mianze|qr|qrcode|ewm|erweima|sweep)
      | (?:editor-?name|edit-?info|ep-?editor|ep-?source|show_author|artical-?tag|tags?|tag-?list|keywords)
      | (?:sr-only|visually-hidden|byline\w*|dateline)
    )(?:$|[\s_-]) | (?:^|\s)(?:is-|js-)?(?:hide|hidden|invisible)(?:$|\s)(?!.*\w:(?:block|flex|grid))""",
    re.VERBOSE,
)
CAPTION = re.compile(
    r"""(?:^|[\s_-])(?:
        caption\w*|figcaption|credits?|copyright|legende?|bildunterschrift|bildtext|bildnachweis|bildquelle
      | (?:photo|image|img|picture|media|figure|bild|foto)s?-?(?:credits?|captions?|description|source|text|info|legend)
      | pie-?(?:de-)?foto
    )(?:$|[\s_-])""",
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


class _Reader:
    """Collects text into lines while the tree is walked."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.linked = self.strong = 0
        self.open = dict.fromkeys(("link", "strong", "heading", "caption"), 0)
        self.tag = "p"

    def text(self, text: str) -> None:
        self.pieces.append(text)
        size = len(text.strip())
        self.linked += size if self.open["link"] else 0
        self.strong += size if self.open["strong"] else 0

    def element(self, node: LexborNode, name: str, step: int) -> None:
        """Enter (step 1) or leave (step -1) an element."""
        if name in BLOCKS or name == "br":
            self.end_line()
        if name == "img" and step > 0:
            self.image(node)
        group = GROUPS.get(name)
        if group:
            self.open[group] += step
        if name in BLOCKS and step > 0:
            self.tag = name

    def image(self, node: LexborNode) -> None:
        attributes = node.attributes
        url = next((attributes[name] for name in IMAGE_URLS if attributes.get(name)), None)
        if url:
            self.blocks.append(Block("image", (attributes.get("alt") or "").strip(), url=url))

    def end_line(self) -> None:
        text = "".join(self.pieces).strip()
        if "\n" in text:
            text = BREAK_INSIDE_CHINESE.sub("", text)
        text = " ".join(text.split())
        if not text.isprintable():
            text = " ".join(CONTROLS.sub("", text).split())
        if text:
            kind: Kind = "heading" if self.open["heading"] else "caption" if self.open["caption"] else "text"
            self.blocks.append(Block(kind, text, self.linked, self.strong, self.tag))
        self.pieces, self.linked, self.strong = [], 0, 0


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
    reader = _Reader()
    reader.element(root, root.tag or "", 1)
    for node, name, step in _walk(root, _Asides(root, dropped, kept, wanted=asides)):
        if name == "-text":
            reader.text(node.text_content or "")
        else:
            reader.element(node, name, step)
    reader.end_line()
    return reader.blocks


class _Asides:
    """Which elements inside a box are no part of its text; one that holds most of the text is never an aside."""

    def __init__(self, root: LexborNode, dropped: frozenset[int], kept: frozenset[int], *, wanted: bool) -> None:
        size = len(root.text())
        self.most = 0.0 if wanted else size / 2
        self.dropped, self.kept = dropped, kept
        self.left = 40 * size + 100_000  # characters to measure: asides may stand in asides without end

    def drops(self, node: LexborNode, role: Role) -> bool:
        """Whether an element with this role is left out."""
        if self.dropped and node.mem_id in self.dropped:
            return True
        beside = role == "aside" or node.tag in BESIDE
        if not self.most or self.left < 0 or not (role == "hidden" or (beside and node.mem_id not in self.kept)):
            return False
        size = len(node.text())
        self.left -= size
        return size < self.most

    def caption(self, node: LexborNode) -> bool:
        """A figure whose text is about its picture, or an element that is called so and holds no more."""
        if self.left < 0:
            return False
        size = len(node.text())
        self.left -= size
        return node.css_first(OF_FIGURES) is None if node.tag == "figure" else size < LONGEST_CAPTION


def _walk(root: LexborNode, asides: _Asides) -> Iterator[tuple[LexborNode, str, int]]:
    """Every node under `root` on the way in (1) and every element on the way out (-1); no recursion."""
    pending: list[tuple[LexborNode, str, int]] = []
    _push_children(root, pending)
    while pending:
        node, name, step = pending.pop()
        if step > 0 and name != "-text":
            if name in SILENT or name.startswith(("-", "!")):
                continue
            role = role_of(node)
            if asides.drops(node, role):
                continue
            if (role == "caption" and name not in INLINE) or name == "figure":
                name = "figcaption" if asides.caption(node) else name
            pending.append((node, name, -1))
            _push_children(node, pending)
        yield node, name, step


def _push_children(node: LexborNode, pending: list[tuple[LexborNode, str, int]]) -> None:
    child = node.last_child
    while child is not None:
        pending.append((child, child.tag or "", 1))
        child = child.prev


def role_of(node: LexborNode) -> Role:
    """What the attributes of an element call it, or that it is not shown."""
    attributes = node.attributes
    if not attributes:
        return None
    style = attributes.get("style")
    if "hidden" in attributes or (style is not None and HIDDEN.search(style) is not None):
        return "hidden"
    roles = [_named(name[:LONGEST_NAME]) for key in ("class", "id") if (name := attributes.get(key))]
    return "aside" if "aside" in roles else "caption" if "caption" in roles else None


@lru_cache(maxsize=4096)  # the elements of a page share few names
def _named(names: str) -> Role:
    """What a class attribute or an id calls its element."""
    names = BEM_BLOCK.sub("", names).lower()
    if ASIDE.search(names) is not None:
        return "aside"
    return "caption" if CAPTION.search(names) is not None else None

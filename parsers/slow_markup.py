"""Markup of which only the beginning is read, or that would take a tree builder of the HTML standard quadratic time.

Both are found before a tree is built.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice

from selectolax.lexbor import LexborHTMLParser

from parsers.errors import ParseError

MAX_TAGS = 400_000  # that are read
MAX_ELEMENTS = 120_000  # that are read; each costs memory and a look by every reader
MAX_LINES = 30_000  # of text, and pictures, that are read; each is compared with many patterns
MAX_OPEN_BLOCKS = 4_000  # open blocks; the tree builder looks through all of them at each new one
MAX_REOPENED = 1_500_000  # unclosed <b> and the like are opened again in every later block: 360 bytes each
MAX_STACK_LOOKS = 400_000_000  # looks at open elements: an end tag without its start looks through all of them
MAX_DEPTH = 2_000  # of elements inside MathML and foreign objects, whose end tags do not close what stands open
MAX_ATTRIBUTES = 1_000  # of one tag; each is compared with all before it
MAX_ALL_ATTRIBUTES = 500_000  # of the page, 160 bytes each; less than MIN_ATTRIBUTED_BYTES cannot hold many more
MIN_ATTRIBUTED_BYTES = 2_000_000
MAX_FAST_TAGS = 8_000  # tags that are read in a tenth of a second even when each stands in the one before
MAX_SMALL_TREE_TAGS = (
    2_400  # make no large tree however they are nested: half of them reopened in each of the other half
)
MAX_ROOTS = 1_000  # <body> and <html> inside the page: they give their attributes to the first
MIN_CROWDED_TAG_BYTES = 2 * MAX_ATTRIBUTES  # bytes of a tag that can have too many attributes
MAX_ATTRIBUTE_COMPARISONS = 250_000_000  # attributes, which take half a second: tags of w in n bytes cost n * w / 8

# Also comments, and the end tags that make an element of their own.
ELEMENT = re.compile(rb"<(?:[a-z!?]|/(?:p|br)\b)", re.IGNORECASE)
LINE = re.compile(rb"<(?:p|br|tr|li|div|dd|dt|h[1-6]|hr|pre|section|article|blockquote|img)(?=[\s/>])", re.IGNORECASE)
FOREIGN = re.compile(rb"<(?:math|foreignobject)\b", re.IGNORECASE)
# A superset of the matches of FORMATTING and ROOT, found in a third of the time.
MAYBE_BAD = re.compile(rb"<[bcefhistuBCEFHISTU](?=[\s>/iomtIOMT])")
FORMATTING = re.compile(rb"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.IGNORECASE)
ROOT = re.compile(rb"<(?:body|html)[\s/]", re.IGNORECASE)
BLOCK = re.compile(
    rb"<(/?)(?:div|ul|ol|dl|section|article|aside|main|nav|header|footer|blockquote|center|figure|form"
    rb"|fieldset|details|address|hgroup|menu|dir|pre|listing|summary|search|dialog)(?=[\s>/])",
    re.IGNORECASE,
)
TAG = re.compile(rb"<(/?)([a-z][^\s/>]{0,40})", re.IGNORECASE)
START_TAG = re.compile(rb"<[a-z][^>]*", re.IGNORECASE)
RAW_TEXT = re.compile(rb"<(?:!--|(script|style|title|textarea|noscript|iframe|xmp)(?=[\s>/]))", re.IGNORECASE)
# Texts and tags up to a comment, raw text or a tag that is unsure; possessive, so that each byte is read once.
_ATTRIBUTES = rb"""(?:[\s/]+(?:[^\s"'<>/=]+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+)?)*+"""
_RAW = rb"script|style|title|textarea|iframe|xmp|noframes|noembed"
_UNSURE = rb"svg|math|select|frameset|plaintext"
SURE_MARKUP = re.compile(
    rb"(?:[^<]++|<(?![a-z!?/])|</[a-z][^\s/<>\"']*+\s*+>|<!doctype[^>]*+>"
    rb"|<(?!(?:" + _RAW + rb"|" + _UNSURE + rb")(?:[\s/>]|$))[a-z][^\s/<>\"']*+" + _ATTRIBUTES + rb">)*+",
    re.IGNORECASE,
)
RAW_START = re.compile(rb"<(?:!--(?!-?>)|(" + _RAW + rb")" + _ATTRIBUTES + rb">)", re.IGNORECASE)
SCRIPT = re.compile(rb"<script", re.IGNORECASE)
QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
LETTER = re.compile(rb"[a-zA-Z]")
ATTRIBUTE_SIGNS = b" \t\n\f\r/="  # one of them begins or fills every attribute
ATTRIBUTE_START = re.compile(rb"[\s/]+[^\s/]|=(?=[^\s/=])")
# Elements that are never open for long: void, or closed by the next of their kind.
_SHORT_LIVED = """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd tr td th tbody thead tfoot colgroup option optgroup rp rt
"""
SHORT_LIVED = frozenset(_SHORT_LIVED.encode().split())


def readable_part(markup: bytes) -> bytes:
    """The markup up to the tag with which it has more tags, elements or lines than are read; most markup is unchanged.

    What looks like an element or a line in a script, a style or a comment does not count.

    >>> len(readable_part(b"<td>1" * 200_000)) // len(b"<td>1")
    120000
    """
    tags = markup.count(b"<")
    if tags <= MAX_LINES:
        return markup
    if tags > MAX_TAGS:
        markup = markup[: _start_of(re.compile(b"<"), MAX_TAGS, markup)]
    if _end(markup) == len(markup):
        return markup
    return markup[: _end(_without_raw_text(markup))]


def _end(markup: bytes) -> int:
    """The offset of the first element or line that is too many; the length of the markup without one."""
    return min(_start_of(ELEMENT, MAX_ELEMENTS, markup), _start_of(LINE, MAX_LINES, markup))


def _without_raw_text(markup: bytes) -> bytes:
    """The markup with blanks for the insides of comments, scripts and the like, up to the first tag that is unsure.

    Unsure are tags whose quotes do not match, as nobody knows where they end, and foreign elements and lists of
    options, in which scripts and styles are read otherwise. What follows such a tag stays as it is.
    """
    pieces: list[bytes] = []
    start = 0
    while (sure := SURE_MARKUP.match(markup, start)) and (raw := RAW_START.match(markup, sure.end())):
        end = re.compile(b"</" + raw[1] + rb"[\s/>]" if raw[1] else b"--!?>", re.IGNORECASE).search(markup, raw.end())
        if end is None or _nests_script(markup, raw.end(), end.start()):
            break
        pieces += [markup[start : raw.end()], b" " * (end.start() - raw.end())]
        start = end.start() if raw[1] else end.end()
        pieces.append(markup[end.start() : start])
    return b"".join([*pieces, markup[start:]])


def _nests_script(markup: bytes, start: int, end: int) -> bool:
    """True if a script inside a comment opens in this part of a script: its end tag does not close the outer one."""
    comment = markup.find(b"<!--", start, end)
    return comment >= 0 and SCRIPT.search(markup, comment, end) is not None


def _start_of(tag: re.Pattern[bytes], number: int, markup: bytes) -> int:
    """The offset of the tag of this number, from 0; the length of the markup if it has no more than `number`."""
    found = next(islice(tag.finditer(markup), number, None), None)
    return found.start() if found else len(markup)


def refuse_slow_markup(markup: bytes) -> None:
    """Raise ParseError with the reason for UTF-8 markup that is slow to build or to read.

    Its length is no reason: `readable_part` cuts it.
    """
    tags = markup.count(b"<")
    if tags > MAX_SMALL_TREE_TAGS:
        _refuse_bad_nesting(markup, tags)
    if _is_crowded(markup) and _is_crowded(b"".join(_outside_scripts(markup))):
        raise ParseError(f"a tag of the page has more than {MAX_ATTRIBUTES:,} attributes")
    if len(markup) > MIN_ATTRIBUTED_BYTES and sum(map(_attributes, START_TAG.findall(markup))) > MAX_ALL_ATTRIBUTES:
        raise ParseError(f"the page has more than {MAX_ALL_ATTRIBUTES:,} attributes")


def refuse_deep_tree(tree: LexborHTMLParser, markup: bytes) -> None:
    """Raise ParseError if foreign elements of the markup make a tree that is slow to read: its tags do not show it."""
    if FOREIGN.search(markup) is None or tree.root is None:
        return
    depths = {tree.root.mem_id: 0}
    for node in tree.root.traverse():
        parent = node.parent
        depths[node.mem_id] = depth = depths.get(parent.mem_id, 0) + 1 if parent is not None else 0
        if depth > MAX_DEPTH:
            raise ParseError(f"the page nests more than {MAX_DEPTH:,} elements in foreign ones")


def _refuse_bad_nesting(markup: bytes, tags: int) -> None:
    suspicious = len(MAYBE_BAD.findall(markup))
    if suspicious * tags > MAX_REOPENED and _deepest(FORMATTING, markup) * tags > MAX_REOPENED:
        raise ParseError("the page leaves so many formatting tags open that its tree would not end")
    if suspicious > MAX_ROOTS and len(ROOT.findall(markup)) > MAX_ROOTS:
        raise ParseError(f"the page has more than {MAX_ROOTS:,} bodies")
    if tags <= MAX_FAST_TAGS:
        return
    opened = tags - markup.count(b"</")
    if opened > MAX_OPEN_BLOCKS and _deepest(BLOCK, markup) > MAX_OPEN_BLOCKS:
        raise ParseError(f"the page nests more than {MAX_OPEN_BLOCKS:,} blocks")
    if opened * tags > MAX_STACK_LOOKS and _left_open(markup) * tags > MAX_STACK_LOOKS:
        raise ParseError("the page leaves so many tags open that its tree would not end")


def _deepest(tag: re.Pattern[bytes], markup: bytes) -> int:
    """The greatest number of these tags that are open at the same time; an end tag without its start closes none.

    tag: matches start and end tags; its group is the slash of an end tag.
    """
    steps = [-1 if slash else 1 for slash in tag.findall(markup)]
    depths = list(accumulate(steps, initial=0))
    floors = accumulate(depths, min)
    return max(depth - floor for depth, floor in zip(depths, floors, strict=True))


def _left_open(markup: bytes) -> int:
    """An upper bound for the elements that are open at the same time, without those in SHORT_LIVED (br, li, p, td …).

    It is the sum over all other tag names of the most elements of that name that are open at once.
    """
    depth: Counter[bytes] = Counter()
    deepest: Counter[bytes] = Counter()
    for slash, tag in TAG.findall(markup):
        name = tag.lower()
        depth[name] = max(0, depth[name] + (-1 if slash else 1))
        deepest[name] = max(deepest[name], depth[name])
    return sum(count for name, count in deepest.items() if name not in SHORT_LIVED)


def _is_crowded(markup: bytes) -> bool:
    return any(_has_too_many_attributes(tag) for tag in _crowded_tags(markup))


def _outside_scripts(markup: bytes) -> Iterator[bytes]:
    """Yield the pieces of markup outside comments and raw text (script, title), whose i<n could look like a tag.

    The start tags of these elements are left out too, but their end tags are yielded. All that follows a start tag
    without an end tag is left out.
    """
    start = 0
    while opened := RAW_TEXT.search(markup, start):
        yield markup[start : opened.start()]
        closed = re.compile(b"</" + opened[1] if opened[1] else b"-->", re.IGNORECASE).search(markup, opened.end())
        if closed is None:
            return
        start = closed.start()
    yield markup[start:]


def _crowded_tags(markup: bytes) -> Iterator[bytes]:
    """Yield each tag that is long enough for too many attributes, up to its first >, even one in a quoted value.

    The search leaps from > to >.
    """
    crowded = max(MIN_CROWDED_TAG_BYTES, 8 * MAX_ATTRIBUTE_COMPARISONS // max(1, len(markup)))
    start, last = 0, len(markup) - crowded
    while start < last:
        leap = markup.rfind(b">", start, start + crowded)
        if leap < 0:
            leap = markup.find(b">", start + crowded)
            leap = len(markup) if leap < 0 else leap
            opened = markup.find(b"<", start, leap - crowded)
            while opened >= 0 and not LETTER.match(markup, opened + 1):
                opened = markup.find(b"<", opened + 1, leap - crowded)
            if opened >= 0:
                yield markup[opened:leap]
        start = leap + 1


def _has_too_many_attributes(tag: bytes) -> bool:
    if len(tag) - len(tag.translate(None, ATTRIBUTE_SIGNS)) <= MAX_ATTRIBUTES:  # quoted ones counted too
        return False
    return _attributes(tag) > MAX_ATTRIBUTES


def _attributes(tag: bytes) -> int:
    """The number of attributes in a start tag; one with a value outside quotes counts twice."""
    return len(ATTRIBUTE_START.findall(QUOTED.sub(b"", tag)))

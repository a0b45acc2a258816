"""The standfirst: the summary between a headline and its text, found by element names and position."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from parsers.reader.body.box.between import between, within_header
from parsers.reader.body.lines.notes import is_machinery, is_note
from parsers.reader.body.markup.blocks import Block, read_blocks
from parsers.reader.body.markup.roles import role
from parsers.reader.body.markup.tag_meanings import BLOCKS, HEADINGS, PLAIN, TAGS, TEXT
from parsers.reader.body.thresholds import (
    MAX_CLASS_CHARACTERS,
    MAX_KICKED,
    MAX_LEAD_CHARACTERS,
    MAX_LEAD_LABEL,
    MAX_LEAD_PLACES,
    MAX_LINE_BEFORE_LEAD,
    MIN_DATED_LEAD,
    MIN_HAN_LEAD,
    MIN_LEAD_CHARACTERS,
    MIN_SAME_HEADLINE,
    MIN_UNCALLED_HAN_LEAD,
    MIN_UNCALLED_LEAD,
)
from parsers.reader.published.dateline import DATE
from parsers.text import ends_sentence, folded, holds_han, letter_pairs, likeness_of, opens_summary

# Names of the second headline of a Chinese page (副题) as well as of a standfirst.
_SECOND = r"sub-?titles?|sub-?(?:head(?:line|ing|er)?|line)s?|tagline"
# Names of elements about people or pictures, which are not a standfirst.
_PEOPLE_AND_PICTURES = "authors?|bio|contributors?|captions?|credits?"
# Names of elements, in lower case with a blank in front; HeaderDek and leadText are split at their capitals before.
LEAD = re.compile(
    rf"""[\s_-](?:
        lead|lede|leader|lead-?text|stand-?first|{_SECOND}|dek|deck|summary|abstract
      | strap-?line | digest | pre-?face | short-?(?:text|info) | zhaiyao | dao(?:yu|du) | tiyao | hexin-?tishi
      | intro|introduction|intro-?text|teaser-?text|excerpt|synopsis|perex|preamble|ingress|einleitung|vorspann|chapo
      | 导语|导读|摘要|提要
      | chapeau|sous-?titre|sommario|occhiello|entradilla|bajada|copete|subtitulo|sumario|sapo|description
    )(?![^\s_-])""",
    re.VERBOSE,
)
# Names of elements about the page or its people, even if they hold a sentence.
BESIDE = re.compile(
    rf"(?<![^\s_-])(?:{_PEOPLE_AND_PICTURES}|meta|dates?|info|infotext|notice|players?|videos?"
    r"|embed\w*|quotes?|accessibility|screen)(?![^\s_-])"
)
# A name that begins with a person or a picture: author-intro, photo-description.
OF_OTHERS = re.compile(rf"(?<!\S)(?:{_PEOPLE_AND_PICTURES}|speakers?|photo|image)[_-]+\S*")
NAMES = ("class", "id", "data-testid", "data-component", "data-qa", "data-gu-name", "data-role", "data-type")
CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SECOND = re.compile(rf"[\s_-](?:{_SECOND})(?![^\s_-])")  # where no sentence stands in it
DASHED = re.compile(r"\s*[—–―]{1,2}")
BLOCK_NUMBERS = frozenset(number for number, tag in TAGS.items() if tag.name in BLOCKS)
UNDER_HEADLINE = frozenset(number for number, tag in TAGS.items() if tag.name in HEADINGS | {"p"})


class _StandfirstElement(NamedTuple):
    """An element that may hold a standfirst; called: its names say so.

    follows: it is a heading or <p> right after the headline.
    """

    node: LexborNode
    called: bool
    follows: bool


def with_standfirst(
    blocks: tuple[Block, ...], title: LexborNode | None, box: LexborNode | None, headline: str | None
) -> tuple[Block, ...]:
    """The lines of a box, those of its standfirst marked by their kind; a standfirst above the box comes before them.

    Above the box it is an element named so, else one of sentences, or a heading under the headline; sentences after it
    that `blocks` lack come too, as text. In the box it is the first lines that stand in an element named so, or that
    have a label: 摘要, 核心提示. Without one above, and if none of the first `blocks` is one, the lines of an element
    named so that `blocks` lack are put first. Without a `box`, `blocks` unchanged.
    """
    if box is None:
        return blocks
    wanted = folded(headline or "")
    above = _above(title, box, wanted) if title is not None else []
    called = _called_lines(box, frozenset(block.text for block in blocks[:MAX_LEAD_PLACES]), wanted)
    if not called and title is not None:
        called = _under(title, box, wanted)
    opening = _opening(blocks, called.keys(), wanted)
    own = [block._replace(kind="standfirst") if place in opening else block for place, block in enumerate(blocks)]
    lost = [block for text, block in called.items() if not _is_title(text, wanted)] if not opening else []
    known = {block.text for block in blocks}
    return (*([block for block in above if block.kind == "standfirst" or block.text not in known] or lost), *own)


def _above(title: LexborNode, box: LexborNode, wanted: str) -> list[Block]:
    """The lines of the standfirst between a headline and its box, then the sentences after it; [] without one.

    The standfirst is in the elements named so, else in the first that reads like one. The sentences after it have the
    kind text: they are the beginning of a text that is split over several boxes.
    """
    found: dict[str, tuple[Block, _StandfirstElement]] = {}
    for place in _places(title, box):
        told = read_blocks(place.node) if len(place.node.text()) <= MAX_LEAD_CHARACTERS else ()
        kept = [block for block in told if _sums_up(block, place) and not _is_title(block.text, wanted)]
        found.update({block.text: (block, place) for block in kept})
    lines = list(found.values())
    called = [number for number, (_, place) in enumerate(lines) if place.called]
    first = called[0] if called else 0
    summary = called or [number for number, (_, place) in enumerate(lines) if place is lines[0][1]]
    return [
        _standfirst(block) if number in summary else block._replace(kind="text")
        for number, (block, _) in enumerate(lines)
        if number >= first
    ]


def _under(title: LexborNode, box: LexborNode, wanted: str) -> dict[str, Block]:
    """The lines of a standfirst, by their text, in a box that also holds the headline; {} without one.

    It is the first element named so or reading so among those of `within_header`.
    """
    for place in (place for node in within_header(title, box) for place in _parts(node, follows=True)):
        told = read_blocks(place.node) if len(place.node.text()) <= MAX_LEAD_CHARACTERS else ()
        kept = [block for block in told if _sums_up(block, place) and not _is_title(block.text, wanted)]
        if kept:
            return {block.text: _standfirst(block) for block in kept}
    return {}


def _places(title: LexborNode, box: LexborNode) -> Iterator[_StandfirstElement]:
    """Yield the smallest elements that may hold a standfirst, of those with enough text between headline and box."""
    follows = True
    for node in between(title, box):
        if len(node.text(strip=True, skip_empty=True)) >= MIN_HAN_LEAD:
            yield from _parts(node, follows)
            follows = False


def _standfirst(block: Block) -> Block:
    return Block("standfirst", block.text, block.linked, 0, block.tag, links=block.links)


def _is_title(text: str, wanted: str) -> bool:
    """True if a line repeats the headline or a part of it, also with a kicker or with a few letters changed.

    `wanted` is the folded headline; False if it is "".
    """
    line = folded(text)
    longest = MAX_KICKED * len(wanted)
    return bool(wanted) and (line in wanted or (len(line) <= longest and (wanted in line or _rewords(line, wanted))))


def _sums_up(block: Block, place: _StandfirstElement) -> bool:
    text = block.text
    if block.kind not in ("text", "heading") or 3 * block.linked > len(text):
        return False
    han = holds_han(text)
    if len(text) < MIN_DATED_LEAD and DATE.search(text) is not None:
        return False
    if is_note(text) or is_machinery(text):
        return False
    if han and not ends_sentence(text) and (DASHED.match(text) or _is_second(place.node)):
        return False
    if place.called:
        return len(text) >= (MIN_HAN_LEAD if han else MIN_LEAD_CHARACTERS)
    return _reads_as_summary(block, place, han=han)


def _reads_as_summary(block: Block, place: _StandfirstElement, *, han: bool) -> bool:
    """True if a line in an element not named so can be a standfirst: a sentence, or the line after the headline.

    The latter not in Chinese. Neither counts if it is short or in a list.
    """
    if block.tag in ("li", "dd", "dt", "h1"):
        return False
    enough = len(block.text) >= (MIN_UNCALLED_HAN_LEAD if han else MIN_UNCALLED_LEAD)
    return enough and ((place.follows and not han) or ends_sentence(block.text))


def _called_lines(box: LexborNode, texts: frozenset[str], wanted: str) -> dict[str, Block]:
    """The lines in elements named like a standfirst at the head of a box, by their text; {} without any.

    The head ends at one of the box's own `texts` that is a sentence in another element.
    """
    found: dict[str, Block] = {}
    places = (place for child in _children(box) for place in _parts(child, follows=False))
    for place in islice(places, MAX_LEAD_PLACES):
        told = read_blocks(place.node) if len(place.node.text()) <= MAX_LEAD_CHARACTERS else ()
        if place.called:
            found.update({block.text: _standfirst(block) for block in told if _sums_up(block, place)})
        elif any(_begins_text(block, wanted) and block.text in texts for block in told):
            break
    return found


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child, left = node.first_child, MAX_LEAD_PLACES
    while child is not None and left:
        if child.tag_id != TEXT:
            left -= 1
            yield child
        child = child.next


def _is_text(block: Block) -> bool:
    return block.kind in ("text", "heading")


def _begins_text(block: Block, wanted: str) -> bool:
    """True if a line begins the text: it is a sentence, or longer than a byline, and does not repeat the headline."""
    begins = len(block.text) > MAX_LINE_BEFORE_LEAD or ends_sentence(block.text)
    return begins and not _is_title(block.text, wanted)


def _opening(blocks: Sequence[Block], called: Collection[str], wanted: str) -> frozenset[int]:
    """The indices of the lines of a standfirst at the head of a box.

    They are lines before the text that have a label, that follow a bare label, or whose text is in `called`. Only the
    first of them if together they have more than MAX_LEAD_CHARACTERS.
    """
    found: list[int] = []
    labelled = False
    for place, block in enumerate(blocks[:MAX_LEAD_PLACES]):
        if not _is_text(block):
            continue
        label = opens_summary(block.text)
        if block.text in called or labelled or label:
            found.append(place)
            labelled = label and len(block.text) <= MAX_LEAD_LABEL
        elif found or _begins_text(block, wanted):
            break
    size = sum(len(blocks[place].text) for place in found)
    return frozenset(found if size <= MAX_LEAD_CHARACTERS else found[:1])  # some sites name every paragraph so


def _parts(place: LexborNode, follows: bool) -> Iterator[_StandfirstElement]:
    """Yield the smallest elements inside one, or itself: those named like a summary, whole, and those without blocks.

    Left out with all inside them: asides, hidden ones, captions, and those named like people or pictures but not like a
    summary.
    """
    waiting = [place]
    for _ in range(MAX_LEAD_PLACES):
        if not waiting:
            return
        node = waiting.pop()
        attributes = node.attributes
        called, beside = _names(attributes) if attributes else (False, False)
        tag = TAGS.get(node.tag_id, PLAIN)
        if (tag.uncertain and not (called and tag.name == "aside")) or (attributes and role(attributes) is not None):
            continue
        if beside and not called:
            continue
        inside = [] if called else [child for child in node.iter() if child.tag_id in BLOCK_NUMBERS]
        if not inside:
            yield _StandfirstElement(node, called, follows and node.tag_id in UNDER_HEADLINE)
        waiting += reversed(inside)


def _is_second(node: LexborNode) -> bool:
    """True if an element is named like a second headline."""
    names = " ".join(filter(None, map(node.attributes.get, NAMES)))
    return SECOND.search(_parted(names[:MAX_CLASS_CHARACTERS])) is not None


def _names(attributes: dict[str, str | None]) -> tuple[bool, bool]:
    """A pair: True if an element is named like a standfirst; True if named like people, pictures, dates and the like.

    Both may be True; (True, False) for itemprop=description.
    """
    if attributes.get("itemprop") == "description":
        return True, False
    names = " ".join(filter(None, map(attributes.get, NAMES)))
    return _told(names[:MAX_CLASS_CHARACTERS]) if names else (False, False)


@lru_cache(maxsize=1024)  # the elements of a page share few names
def _told(names: str) -> tuple[bool, bool]:
    told = _parted(names)
    return LEAD.search(OF_OTHERS.sub(" ", told)) is not None, BESIDE.search(told) is not None


def _parted(names: str) -> str:
    """Names in lower case with a blank in front, with hyphens before their capitals: " header-dek" of HeaderDek."""
    return f" {CAPITALS.sub('-', names).lower()}"


def _rewords(line: str, title: str) -> bool:
    """True if a line is the title, but for a few letters at most; False for a summary with half of its words."""
    return likeness_of(letter_pairs(line), letter_pairs(title)) >= MIN_SAME_HEADLINE

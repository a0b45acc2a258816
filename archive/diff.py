"""How one text became another, by character and readable."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from diff_match_patch import diff_match_patch

Op = Literal["equal", "insert", "delete"]

# Marks that belong to the character before them (UAX 29, the common part): no boundary falls in front of one.
_EXTEND = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
_CLUSTER = re.compile(f"\r\n|.(?:[{_EXTEND}]|\u200d.)+", re.DOTALL)
_PRIVATE = range(0xF0000, 0x10FFFE)

# Paragraphs, then sentences, then clauses: what stands unchanged at one size is not looked at again below.
_SPLITTERS = tuple(re.compile(pattern) for pattern in (r"(?<=\n)", r"(?<=[。！？!?\n])", r"(?<=[，；：、,;:\s])"))
_SMALL = 40_000  # characters before × after that are compared one by one in a few hundredths of a second


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that stayed, came or went."""

    op: Op
    text: str


def segments(before: str | None, after: str | None) -> list[Segment]:
    """The way from one text to the other; `None` counts as no text.

    delete + equal joined is `before`, insert + equal joined is `after`, exactly. No boundary falls inside a
    character with its combining marks. Same texts, same segments: there is no time limit inside.
    """
    old, new, clusters = _encode(before or "", after or "")
    found = _merge(_compare(old, new))
    _DMP.diff_cleanupSemantic(found)
    decode = {code: cluster for cluster, code in clusters.items()}
    return [Segment(_OPS[op], text.translate(decode)) for op, text in found if text]


_Diff = tuple[int, str]
_DELETE, _EQUAL, _INSERT = -1, 0, 1
_OPS: dict[int, Op] = {_DELETE: "delete", _EQUAL: "equal", _INSERT: "insert"}
_DMP = diff_match_patch()
_DMP.Diff_Timeout = 0  # a clock inside would make the same pair of texts differ differently on a busy day


def _encode(before: str, after: str) -> tuple[str, str, dict[str, int]]:
    """Each character that is made of several code points becomes one private code point."""
    found = dict.fromkeys(_CLUSTER.findall(before) + _CLUSTER.findall(after))
    if not found:
        return before, after, {}
    taken = {ord(character) for character in before + after}
    free = (code for code in _PRIVATE if code not in taken)
    clusters = dict(zip(found, free, strict=False))
    return _encoded(before, clusters), _encoded(after, clusters), clusters


def _encoded(text: str, clusters: dict[str, int]) -> str:
    return _CLUSTER.sub(lambda match: chr(clusters[match[0]]), text)


def _compare(before: str, after: str, level: int = 0) -> Iterator[_Diff]:
    prefix = _DMP.diff_commonPrefix(before, after)
    suffix = _DMP.diff_commonSuffix(before[prefix:], after[prefix:])
    old, new = before[prefix : len(before) - suffix], after[prefix : len(after) - suffix]
    yield _EQUAL, before[:prefix]
    yield from _compare_middle(old, new, level)
    yield _EQUAL, before[len(before) - suffix :]


def _compare_middle(before: str, after: str, level: int) -> Iterator[_Diff]:
    if len(before) * len(after) <= _SMALL and _related(before, after):
        yield from _DMP.diff_main(before, after, False)
    elif level == len(_SPLITTERS) or len(before) * len(after) <= _SMALL:
        yield from ((_DELETE, before), (_INSERT, after))
    else:
        yield from _compare_pieces(_SPLITTERS[level].split(before), _SPLITTERS[level].split(after), level)


def _related(before: str, after: str) -> bool:
    """False when hardly a pair of neighbours is shared: a rewrite, which costs most and shows least."""
    if len(before) * len(after) < 400:
        return True
    old, new = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (before, after))
    return len(old & new) * 10 >= max(len(old), len(new))


def _compare_pieces(before: list[str], after: list[str], level: int) -> Iterator[_Diff]:
    for op, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            yield _EQUAL, "".join(before[i:j])
        elif j - i == m - k:  # as many went as came: most often the same pieces, each edited
            for old, new in zip(before[i:j], after[k:m], strict=True):
                yield from _compare(old, new, level + 1)
        else:
            yield from _compare("".join(before[i:j]), "".join(after[k:m]), level + 1)


def _merge(found: Iterator[_Diff]) -> list[_Diff]:
    merged = [diff for diff in found if diff[1]]
    _DMP.diff_cleanupMerge(merged)
    return merged

"""A comparison as a unified diff (POSIX `diff -u`) for `patch -p1` and `git apply`: one file per property."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from archive.answers import segments_in
from archive.diffing import CommonRun, runs, sides
from archive.publish.formatting.filters import short_digest

_CONTEXT_LINES = 3  # lines of context
_UNENDED = "\\ No newline at end of file"


def patch(found: Mapping[str, Any]) -> str:
    """The text of the patch from the old to the new version of a comparison (`diff_page`); "" if they do not differ."""
    old, new = found["versions"]
    files = (
        _file(each["property"], old, new, *sides(segments_in(each))) for each in found["properties"] if each["segments"]
    )
    apart = (_apart(each) for each in found["properties"] if "not_shown" in each)
    return "".join(f"{told}\n" for told in chain(apart, chain.from_iterable(files)))


def _apart(told: Mapping[str, Any]) -> str:
    """A line, which `patch` skips, about a text that the site does not show whole."""
    counted = told["not_shown"]
    return (
        f"# {told['property']}: characters deleted: {counted['deleted']}, inserted: {counted['inserted']}; "
        "the whole text is not published here, so this patch does not make the newer version"
    )


def _file(name: str, old: Mapping[str, Any], new: Mapping[str, Any], before: str, after: str) -> Iterator[str]:
    for sign, letter, version in (("---", "a", old), ("+++", "b", new)):
        yield f"{sign} {letter}/{name}\t{version['captured_at']} {short_digest(version['content_digest'])}"
    yield from _hunks(_in_lines(before), _in_lines(after))


def _in_lines(text: str) -> list[str]:
    """The lines, each with its line break: `_in_lines("a\\nb") -> ["a\\n", "b"]`; [] for an empty text."""
    found = [f"{each}\n" for each in text.split("\n")]
    return [*found[:-1], *([found[-1][:-1]] if found[-1] != "\n" else [])]


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    numbers: dict[str, int] = {}
    kept = runs(*([numbers.setdefault(each, len(numbers)) for each in side] for side in (old, new)))
    for group in _groups(kept, len(old), len(new)):
        (i, k), (j, m) = (
            (group[0].old, group[0].new),
            (group[-1].old + group[-1].length, group[-1].new + group[-1].length),
        )
        yield f"@@ -{_range(i, j)} +{_range(k, m)} @@"
        for at, run in enumerate(group):
            if at:
                before = group[at - 1]
                yield from chain.from_iterable(_line("-", each) for each in old[before.old + before.length : run.old])
                yield from chain.from_iterable(_line("+", each) for each in new[before.new + before.length : run.new])
            yield from chain.from_iterable(_line(" ", each) for each in old[run.old : run.old + run.length])


def _groups(kept: list[CommonRun], old: int, new: int) -> Iterator[list[CommonRun]]:
    """Yield for each hunk the runs of equal lines before, between and after its changes.

    The first and the last are cut to _CONTEXT_LINES and may be empty. `old` and `new` are the numbers of lines.
    """
    ended = [CommonRun(0, 0, 0), *kept, CommonRun(old, new, 0)]
    all_runs = [run for at, run in enumerate(ended) if run.length or at in (0, len(ended) - 1)]
    if kept and kept[0][:2] == (0, 0):
        all_runs = all_runs[1:]
    if kept and kept[-1].old + kept[-1].length == old and kept[-1].new + kept[-1].length == new:
        all_runs = all_runs[:-1]
    group = [_end(all_runs[0])]
    for run in all_runs[1:-1]:
        if run.length <= 2 * _CONTEXT_LINES:
            group.append(run)
        else:
            yield [*group, _start(run)]
            group = [_end(run)]
    if len(all_runs) > 1:
        yield [*group, _start(all_runs[-1])]


def _end(run: CommonRun) -> CommonRun:
    cut = max(0, run.length - _CONTEXT_LINES)
    return CommonRun(run.old + cut, run.new + cut, run.length - cut)


def _start(run: CommonRun) -> CommonRun:
    return CommonRun(run.old, run.new, min(run.length, _CONTEXT_LINES))


def _range(start: int, end: int) -> str:
    """`START,COUNT` of a hunk for the lines from index `start` to before `end`: `_range(4, 6) -> "5,2"`.

    START of an empty range is the line before it: `_range(4, 4) -> "4,0"`.
    """
    return f"{start + 1 if end > start else start},{end - start}"


def _line(sign: str, text: str) -> list[str]:
    return [sign + text[:-1]] if text.endswith("\n") else [sign + text, _UNENDED]

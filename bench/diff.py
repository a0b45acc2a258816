"""The comparison of two texts: its time and the characters it marks, beside difflib by character.

    python bench/diff.py

Milliseconds of processor time, the best of three; difflib only runs where it ends within some seconds.
"""

import time
from collections.abc import Callable
from difflib import SequenceMatcher

from archive.diffing import segments

LINES = [f"第{n}行讲改革与发展的关系，也讲城市治理" for n in range(4_000)]
PROSE = [f"第{n}段。" + "".join(f"第{n}之{m}句讲城市治理如何落到街道。" for m in range(9)) for n in range(40)]
HAN = "".join(chr(0x4E00 + n * 7 % 5003) for n in range(10_000))
OTHER = "".join(chr(0x7000 + n * 11 % 5003) for n in range(10_000))
EDITED = [line.replace("改革", "开放") if n % 2 else line for n, line in enumerate(LINES)]
MOVED = [*PROSE[:10], PROSE[30], *PROSE[10:30], *PROSE[31:]]
CASES = {
    "one character of 5,000": (HAN[:5_000], HAN[:2_500] + "甲" + HAN[2_501:5_000]),
    "10,000 characters without punctuation, both ends": (HAN, f"甲{HAN[1:-1]}乙"),
    "a paragraph of 40 moved": ("\n".join(PROSE), "\n".join(MOVED)),
    "4,000 alternating lines, swapped": ("甲\n乙\n" * 2_000, "乙\n甲\n" * 2_000),
    "4,000 lines, every second edited": ("\n".join(LINES), "\n".join(EDITED)),
    "10,000 characters rewritten": (HAN, OTHER),
    "100,000 characters rewritten": (HAN * 10, OTHER * 10),
}
LONGEST = 12_000  # characters of the longest text for difflib
GOAL = 200


def main() -> None:
    print("| | characters | ms | marked | difflib, ms | marked |\n|---|---|---|---|---|---|")
    worst = 0.0
    for name, (old, new) in CASES.items():
        ms, marked = measured(lambda old=old, new=new: ours(old, new))  # type: ignore[misc]
        worst = max(worst, ms if "lines" in name else 0)
        peer = measured(lambda old=old, new=new: theirs(old, new)) if len(old) <= LONGEST else None  # type: ignore[misc]
        told = f"{peer[0]:,.0f} | {peer[1]:,}" if peer else "- | -"
        print(f"| {name} | {len(old):,} | {ms:.1f} | {marked:,} | {told} |")
    print(f"\ngoal: 4,000 lines in {GOAL} ms: {'met' if worst <= GOAL else 'missed'} ({worst:.0f})")


def measured(work: Callable[[], int]) -> tuple[float, int]:
    best, marked = float("inf"), 0
    for _ in range(3):
        begun = time.process_time()
        marked = work()
        best = min(best, (time.process_time() - begun) * 1_000)
        if best > 1_000:
            break
    return best, marked


def ours(old: str, new: str) -> int:
    return sum(len(each.text) for each in segments(old, new) if each.op != "equal")


def theirs(old: str, new: str) -> int:
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(j - i + m - k for op, i, j, k, m in found if op != "equal")


if __name__ == "__main__":
    main()

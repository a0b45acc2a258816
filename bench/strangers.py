"""Strangers run SQL that takes all it can get: the memory it costs, and how long a reader waits meanwhile."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from sites import ask, connection_to, ours

GOAL_GROWTH = 64  # MB
GOAL_WAIT = 1.0  # s
HEAVY = "with recursive n(i) as (select 1 union all select i + 1 from n limit 100)"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n)"
HOSTILE = {
    "large values x 100 rows": f"{HEAVY} select hex(zeroblob(7900000)) from n",
    "values below the limit x 100 rows": f"{HEAVY} select hex(zeroblob(1900000 + i)) from n",
    "an aggregate of everything": f"{ENDLESS} select json_group_array(hex(zeroblob(2000))) from n",
    "recursion": f"{ENDLESS} select count(*) from n",
    "a sort without end": f"{ENDLESS} select i, hex(randomblob(500)) as h from n order by h",
    "every text at once": "select body_text from articles",
    "texts joined": "select group_concat(body_text) from articles",
}


def strangers(home: Path) -> None:
    """Print the second table."""
    print("\n| 8 strangers ask for 6 s | growth, MB | longest wait of a reader, s | replies |\n|---|---|---|---|")
    worst, longest = 0.0, 0.0
    for name, sql in HOSTILE.items():
        with ours(home) as (pid, address):
            for path in ("/", "/archive?sql=select+1", "/archive.json?sql=select+1", "/search?q=a"):
                ask(connection_to(address), path, {})
            grown, waited, replies = hostile(pid, address, sql)
        worst, longest = max(worst, grown), max(longest, waited)
        print(f"| {name} | {grown:.0f} | {waited:.2f} | {replies} |", flush=True)
    print(f"\ngoal ≤ {GOAL_GROWTH} MB: {'met' if worst <= GOAL_GROWTH else 'MISSED'}; ", end="")
    print(f"goal ≤ {GOAL_WAIT:.0f} s: {'met' if longest <= GOAL_WAIT else 'MISSED'}")


def hostile(pid: int, address: str, sql: str) -> tuple[float, float, str]:
    """The growth in MB, the longest wait of a reader, and the statuses of the strangers' answers."""
    over = threading.Event()
    before = memory(pid)
    with ThreadPoolExecutor(11) as pool:
        peak = pool.submit(_watched, pid, over)
        readers = [pool.submit(_reader, address, over) for _ in range(2)]
        asked = [pool.submit(_stranger, address, f"/archive.json?sql={quote(sql)}", over) for _ in range(8)]
        time.sleep(6)
        over.set()
        statuses = [status for each in asked for status in each.result()]
        told = ", ".join(f"{statuses.count(status)} x {status}" for status in sorted(set(statuses)))
        return peak.result() - before, max(each.result() for each in readers), told


def _watched(pid: int, over: threading.Event) -> float:
    peak = 0.0
    while not over.wait(0.02):
        peak = max(peak, memory(pid))
    return peak


def _reader(address: str, over: threading.Event) -> float:
    longest = 0.0
    connection = connection_to(address)
    while not over.is_set():
        for path in ("/", "/search?q=%E5%8F%91%E5%B1%95", "/archive/articles"):
            began = time.perf_counter()
            ask(connection, path, {})
            longest = max(longest, time.perf_counter() - began)
    return longest


def _stranger(address: str, path: str, over: threading.Event) -> list[int]:
    statuses: list[int] = []
    connection = connection_to(address)
    while not over.is_set():
        statuses.append(ask(connection, path, {})[0])
    return statuses


def memory(pid: int) -> float:
    """MB of the process and all its descendants, each shared page counted once."""
    return sum(_proportional(each) for each in [pid, *_descendants(pid)])


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        children += [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1_000

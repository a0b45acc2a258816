"""The site's pages with this code and with that of an earlier checkout, in turns, on a machine that others use too.

Both sites run at once. Each is asked for some pages of a kind, then the other, and so on, so that both meet the same
machine. `processor` is the server's processor time for one request, in ms. The first table is of the first calls of
each address of a kind whose answers are cached, the second of further calls. The earlier code has an archive of its
own, a copy of which is upgraded by `thinker migrate` for this code. The cells of pages that are new stay empty.

    python bench/serve_turns.py --earlier CHECKOUT --articles 2000
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from serve import REQUESTS, Kind, Times, articles_in, each_once, into_memory, kinds, tags
from sites import ROOT, Site, ask, connection_to, of_checkout, ours, processor_time

TURNS = 10  # of both sites, for each kind and table
MAKE = "import sys, pathlib, archive_to_read as made; made.build(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:]))"
NO_WORSE = 1.1  # times the earlier p50: what the same code differs by between runs


def in_turns(sites: list[Site], kind: Kind, requests: int, fresh: bool) -> list[Times]:
    """The times of so many requests of each site, `fresh` of the first calls, at most one of each address."""
    paths = (kind.ours if fresh else kind.ours * requests)[:requests]
    share = -(-len(paths) // TURNS)
    found: list[list[float]] = [[] for _ in sites]
    used = [0.0 for _ in sites]
    have = [tags(site, kind, kind.ours) for site in sites]
    for start in range(0, len(paths), share):
        for number, site in enumerate(sites):
            began = processor_time(site[0])
            found[number] += each_once(site, kind, have[number], paths[start : start + share], fresh)
            used[number] += processor_time(site[0]) - began
    return [Times(each, 1_000 * spent / len(each)) for each, spent in zip(found, used, strict=True)]


def has(site: Site, kind: Kind) -> bool:
    """True if the site has this kind of page. Asking also makes it read the page's template."""
    return ask(connection_to(site[1]), kind.ours[-1], {})[0] in (200, kind.status)


def table(before: Site, now: Site, asked: list[Kind], requests: int, fresh: bool) -> list[str]:
    """Print a table of these kinds of pages; the names of those that take longer than before."""
    print("\n| p50/p95 in ms | before | now | now ÷ before | processor, before | now | now ÷ before |")
    print("|---|---|---|---|---|---|---|")
    longer = []
    for kind in asked:
        is_old, _ = has(before, kind), has(now, kind)
        once = replace(kind, ours=kind.ours[:-1] or kind.ours)  # without the address that `has` asked for
        *earlier, today = in_turns([before, now] if is_old else [now], once, requests, fresh)
        if not earlier:
            print(f"| {kind.name} |  | {today} |  |  | {today.processor:.1f} |  |", flush=True)
            continue
        (was,) = earlier
        ratios = today.middle / was.middle, today.processor / was.processor
        print(f"| {kind.name} | {was} | {today} | {ratios[0]:.2f} ", end="")
        print(f"| {was.processor:.1f} | {today.processor:.1f} | {ratios[1]:.2f} |", flush=True)
        if min(ratios) > NO_WORSE:
            longer.append(f"{kind.name} ({ratios[0]:.2f}, of processor time {ratios[1]:.2f})")
    return longer


def made(home: Path, code: Path, articles: int, characters: int) -> Path:
    """The folder, with an archive that the code of a checkout makes there if it is not there yet."""
    if not (home / "archive.db").exists():
        at = {"cwd": code / "bench", "env": of_checkout(code)}
        subprocess.run([sys.executable, "-c", MAKE, str(home), str(articles), str(characters)], check=True, **at)
    return home


def upgraded(earlier: Path, home: Path) -> Path:
    """Copy an archive, and upgrade the copy with this code."""
    shutil.copytree(earlier, home)
    command = [sys.executable, "-m", "thinker", "--home", str(home), "migrate"]
    subprocess.run(command, check=True, cwd=ROOT, env=of_checkout(ROOT))
    return home


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--earlier", type=Path, help="a checkout of earlier code")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--characters", type=int, default=1_500)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each site, kind and table")
    parser.add_argument("--homes", type=Path, help="keep both archives in this folder, and use those that are there")
    options = parser.parse_args()
    if not options.earlier:
        print("without --earlier CHECKOUT there is nothing to compare with")
        return
    code = options.earlier.resolve()
    with tempfile.TemporaryDirectory() as folder:
        homes = (options.homes or Path(folder)).resolve()
        earlier = made(homes / "before", code, options.articles, options.characters)
        home = homes / "now"
        if not home.exists():
            upgraded(earlier, home)
        for each in (earlier, home):
            into_memory(each)
        print(f"{articles_in(home):,} articles of {options.characters:,} characters")
        asked = kinds(home, random.Random(3))
        with ours(earlier, code) as before, ours(home) as now:
            longer = table(before, now, [kind for kind in asked if kind.kept], options.requests, fresh=True)
            longer += table(before, now, asked, options.requests, fresh=False)
    print(f"\ngoal: at most {NO_WORSE} x as long as before, by the clock or the processor: ", end="")
    print(f"MISSED: {', '.join(longer)}" if longer else "met")


if __name__ == "__main__":
    main()

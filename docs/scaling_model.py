"""The tables of docs/scaling.md: the measured costs of bench/README.md, and what follows from them for many sources."""

import re
from dataclasses import dataclass
from functools import cache
from math import floor, log, log10
from pathlib import Path

MEASURED = Path(__file__).resolve().parents[1] / "bench" / "README.md"
SOURCES = (200, 2_000, 10_000)
ARTICLES, VISIT_DAYS, CRAWLS = 5_000, 10, 12  # of a source; days between two visits of an article; crawls a day
NEW = 1 / 12  # of the requests are for new articles, as many for lists, and the others visit known pages
DAY, YEAR, BUSY = 86_400, 365, 0.5  # seconds; days; the share of a day that a part may be busy, for there are peaks
CORES, DISK = 4, 1e12  # of the archive's machine
LARGE = 100_000_000  # captures
USED = (  # of the measured costs, in the order of the page
    "start of a crawl, a source that lists 10 addresses",
    "start of a crawl, a source that lists 2,000 addresses",
    "start of a crawl, a source that lists 50,000 addresses",
    "archive: a new page by a worker, without the start",
    "archive: a 304 by a worker, without the start",
    "the one writer: a new page",
    "the one writer: a 304",
    "worker: a new page",
    "worker: a 304",
    "worker: while it waits",
    "server: a new page",
    "server: a 304",
    "server: memory of an order that waits",
    "WARC file: a new page",
    "WARC file: a 304",
    "database: a new page",
    "database: a 304",
)


@dataclass(frozen=True)
class Rows:
    """The table of captures at a size: bytes a capture, and (ms, kB read) of a cold look-up and of a cold new row."""

    count: int
    size: int
    look: tuple[float, float]
    new: tuple[float, float]

    @property
    def waits(self) -> float:
        """Seconds of a look-up and a new row, both cold."""
        return (self.look[0] + self.new[0]) / 1_000


def costs() -> str:
    """The measured costs that the model uses."""
    told = _told()
    return "\n".join(["| what | cost |", "|---|---|", *(f"| {name} | {told[name]} |" for name in USED)])


def model() -> str:
    """The load of each part by sources of the usual size."""
    rows = {
        "articles": [_few(ARTICLES * each) for each in SOURCES],
        "requests a day": [_few(_requests() * each) for each in SOURCES],
        "requests a second": [_few(_requests() * each / DAY) for each in SOURCES],
        "archive: seconds of processor time a day": [_few(_archive() * each) for each in SOURCES],
        "starts of crawls: seconds of processor time a day": [_few(_starts() * each) for each in SOURCES],
        "the one writer: seconds a day": [_few(_mixed("the one writer") * each) for each in SOURCES],
        "workers: seconds of processor time a day": [_few(_mixed("worker") * each) for each in SOURCES],
        "server: seconds of processor time a day": [_few(_mixed("server") * each) for each in SOURCES],
        "captures after a year": [_few(_captures() * each) for each in SOURCES],
        "WARC files after a year": [_bytes(_mixed("WARC file") * YEAR * each) for each in SOURCES],
        "archive.db after a year": [_bytes(_database() * each) for each in SOURCES],
        "of it rows of captures": [_bytes(_captures() * _large().size * each) for each in SOURCES],
        "years until 100 million captures": [_few(LARGE / _captures() / each) for each in SOURCES],
    }
    head = " | ".join(f"{each:,} sources" for each in SOURCES)
    return "\n".join([f"| | {head} |", "|---|---|---|---|", *(_row(name, *cells) for name, cells in rows.items())])


def captures() -> str:
    """Rows of captures as measured, and at 100 million."""
    lines = ["| captures | rows, with indexes | look-up, cold | new row, cold |", "|---|---|---|---|"]
    for each in (*_rows(), _large()):
        cells = (f"{ms:.1f} ms, {read:.0f} kB read" for ms, read in (each.look, each.new))
        said = " (extrapolated)" if each.count == LARGE else ""
        lines.append(_row(f"{each.count:,}{said}", _bytes(each.count * each.size), *cells))
    return "\n".join(lines)


def limits() -> str:
    """The resources in the order in which they are used up, with the number of sources."""
    synced = float(re.findall(r"^\| 100 \|.*\| ([\d,]+) \|$", MEASURED.read_text("utf-8"), re.MULTILINE)[0])
    room = BUSY * DAY
    found = {
        f"disk of {_bytes(DISK)}, after a year": DISK / (_mixed("WARC file") * YEAR + _database()),
        f"{CORES} cores of the archive's machine": CORES * room / (_archive() + _starts()),
        "these cores without the starts of crawls": CORES * room / _archive(),
        "the one writer, rows in memory": room / _mixed("the one writer"),
        "the one writer, 100 million captures, none in memory": room
        / (_mixed("the one writer") + _requests() * _large().waits),
        f"server that syncs {synced:.0f} requests a second": synced * room / _requests(),
        "a core of workers": room / _mixed("worker"),
    }
    lines = [_row(name, _few(value)) for name, value in sorted(found.items(), key=lambda each: each[1])]
    return "\n".join(["| what | is used up by so many sources |", "|---|---|", *lines])


# -- of one source ----------------------------------------------------------------------------------------------------


def _requests() -> float:
    return ARTICLES / VISIT_DAYS / (1 - 2 * NEW)


def _captures() -> float:
    return _requests() * YEAR


def _starts() -> float:
    return CRAWLS * _value("start of a crawl, a source that lists 2,000 addresses")


def _archive() -> float:
    new, same = (_value(f"archive: {kind} by a worker, without the start") for kind in ("a new page", "a 304"))
    return _requests() * (NEW * new + (1 - NEW) * same)


def _mixed(part: str) -> float:
    """The seconds of a part for the requests of a day; a list counts as a page that did not change."""
    return _requests() * (NEW * _value(f"{part}: a new page") + (1 - NEW) * _value(f"{part}: a 304"))


def _database() -> float:
    return ARTICLES * _value("database: a new page") + _captures() * _value("database: a 304")


# -- what was measured ------------------------------------------------------------------------------------------------


def _value(name: str) -> float:
    """A cost in seconds or bytes."""
    number, unit = _told()[name].replace(",", "").split()
    return float(number) * {"ms": 0.001, "ms/s": 0.001, "s": 1.0, "bytes": 1.0}[unit]


@cache
def _told() -> dict[str, str]:
    (section,) = re.findall(
        r"^## A cluster: .*?\n(.*?)(?=^## |\Z)", MEASURED.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return dict(re.findall(r"^\| ([^|]+) \| ([\d.,]+ (?:s|ms|ms/s|bytes)) \|$", section, re.MULTILINE))


@cache
def _rows() -> list[Rows]:
    text = MEASURED.read_text("utf-8")
    found = re.findall(r"^\| ([\d,]+000,000) \| (\d+) \| \S+ / .+? \| (.+?) \| .+? \| (.+?) \|$", text, re.MULTILINE)
    return [Rows(int(count.replace(",", "")), int(size), _cold(look), _cold(new)) for count, size, look, new in found]


def _cold(cell: str) -> tuple[float, float]:
    ms, _, read = (float(each) for each in cell.split(" / "))
    return ms, read


@cache
def _large() -> Rows:
    """100 million captures: the kB read grow by as much with each factor as between the two sizes that were measured.

    A tree grows so. The ms are in proportion to the kB.
    """
    small, large = _rows()
    steps = log(LARGE / large.count) / log(large.count / small.count)

    def further(before: tuple[float, float], now: tuple[float, float]) -> tuple[float, float]:
        read = now[1] + steps * (now[1] - before[1])
        return now[0] * read / now[1], read

    return Rows(LARGE, large.size, further(small.look, large.look), further(small.new, large.new))


def _few(value: float) -> str:
    """A number with two significant digits, in words from a million on."""
    rounded = round(value, 1 - floor(log10(value)))
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if rounded >= size:
            return f"{rounded / size:g}{word}"
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def _bytes(value: float) -> str:
    rounded = round(value, 1 - floor(log10(value)))
    unit, name = next((size, name) for size, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")) if rounded >= size)
    return f"{rounded / unit:g} {name}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"

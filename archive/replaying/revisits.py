"""Revisits: captures without a line; their meaning is known when the lines before them are entered."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Set

from archive.files import RecordLocation, range_digest, source_of
from archive.history import sight_again
from archive.rows import Archive, CaptureRow, Connection, revisits_of, sealed_end

REFERRING = """
    select v.refers_to, v.id, v.source, v.url, v.captured_at
      from captures v left join captures c on c.record_id = v.refers_to
     where v.id = ? and v.verdict is null and (c.pages is null or c.record_type = 'revisit')
    """
RANGE_AT = """
    select first_byte, length, sha256 from warc_ranges
     where warc_file = ? and first_byte <= ? + 1 order by first_byte desc limit 1
    """


class Revisits:
    """The revisits that a replay has met and not filed yet, in the order of each file."""

    def __init__(self, known: int = 0) -> None:
        """Start without revisits. known: the last capture row before this replay.

        Rows up to it may be revisits whose earlier capture had no line then; they are filed too once a line names that.
        """
        self._known = known
        self._waiting: dict[str, deque[tuple[int, int]]] = defaultdict(deque)  # (offset, capture), by file
        self._unshown: dict[str, list[int]] = defaultdict(
            list
        )  # by record: it showed no article when an act was entered
        self._doubted: list[int] = []  # in a range whose bytes are not those that a line names
        self._digests: dict[tuple[str, int, int], str | None] = {}

    def add(self, place: RecordLocation, capture_id: int) -> None:
        """Add a revisit, to be filed later: its record's place, and its row in `captures`."""
        self._waiting[place.warc_file].append((place.offset, capture_id))

    def sight_before(self, archive: Archive, chains: Iterable[str], unnamed: Mapping[str, int], told: Set[str]) -> None:
        """File the revisits that existed at an act: in the bytes named by the chains' lines, or by the act itself.

        unnamed: by file, the byte up to which captures that no line named were entered when the act was made. told: the
        records that lines named since the last act; revisits of a record that showed no article are tried again when a
        line names it. Revisits in a range that differs from its line wait for the end, when that damage is met or was
        accepted.
        """
        self._file_told(archive.conn, told)
        for file in [file for file in self._waiting if source_of(file) in chains]:
            end = max(sealed_end(archive.conn, file), unnamed.get(file, 0))
            waiting = self._waiting[file]
            while waiting and waiting[0][0] < end:
                offset, capture_id = waiting.popleft()
                if self._is_sound(archive, file, offset):
                    self._file(archive.conn, [capture_id])
                else:
                    self._doubted.append(capture_id)
            if not waiting:
                del self._waiting[file]

    def sight_rest(self, conn: Connection, told: Set[str]) -> None:
        """File the remaining revisits. told: the records that lines named since the last act."""
        self._file_told(conn, told)
        for unshown in self._unshown.values():
            sight_revisits(conn, unshown)
        sight_revisits(conn, self._doubted)
        for waiting in self._waiting.values():
            sight_revisits(conn, (capture_id for _, capture_id in waiting))

    def _file_told(self, conn: Connection, told: Set[str]) -> None:
        for record_id in told & self._unshown.keys():
            self._file(conn, self._unshown.pop(record_id))
        for record_id in sorted(told) if self._known else ():
            for capture_id in [each for each in revisits_of(conn, record_id) if each <= self._known]:
                if not conn.execute("select 1 from sightings where capture_id = ?", (capture_id,)).fetchone():
                    sight_revisit(conn, capture_id)

    def _file(self, conn: Connection, captures: Iterable[int]) -> None:
        for capture_id in captures:
            if not sight_revisit(conn, capture_id):
                (record_id,) = conn.execute("select refers_to from captures where id = ?", (capture_id,)).fetchone()
                self._unshown[str(record_id)].append(capture_id)

    def _is_sound(self, archive: Archive, file: str, offset: int) -> bool:
        """True if the range around a record holds the bytes that a line names, or if no line names it."""
        row = archive.conn.execute(RANGE_AT, (file, offset)).fetchone()
        if row is None or offset >= row[0] - 1 + row[1]:
            return True
        first_byte, length, sha256 = row
        place = (file, first_byte - 1, length)
        if place not in self._digests:
            self._digests[place] = range_digest(archive.home.captures / file, first_byte - 1, length)
        return bool(self._digests[place] == sha256)


def sight_revisits(conn: Connection, revisits: Iterable[int]) -> None:
    """File each revisit under the state that its earlier capture shows, where `sight_revisit` can."""
    for capture_id in revisits:
        sight_revisit(conn, capture_id)


def sight_revisit(conn: Connection, capture_id: int) -> bool:
    """File a revisit under the state that its earlier capture shows; True if that was done.

    False if that capture shows no article, or if only a ledger line can decide: the revisit has a verdict already, or
    is of an article in several pages.
    """
    row = conn.execute(REFERRING, (capture_id,)).fetchone()
    if row is None:  # an article in pages: only a line says what was seen
        return False
    return sight_again(conn, row[0], CaptureRow(*row[1:])) is not None

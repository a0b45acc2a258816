"""An import's ingest: captures made by others, each with its own moment, none of them twice."""

from datetime import datetime

from archive.files import HEADER, common_fields, digest, read_http, stamp
from archive.judging.ingest import Ingest, figures_of
from archive.judging.interpreting import interpret, interpret_revisit
from archive.judging.keeping import enter, keep_revisit
from archive.judging.paged import begin_pages
from archive.judging.reading import (
    Fetched,
    Prepared,
)
from archive.judging.runs import (
    Outcome,
    close_import,
)
from archive.rows import (
    StoredPayload,
    is_held,
    payload_at,
)
from archive.rules import key_of


class ImportIngest(Ingest):
    """The ingest of an import into one source."""

    ORIGIN = "import"

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Raises as `Ingest.add`.

        If the archive has a capture of these bytes, this address and this moment already, nothing is written, and the
        outcome is "seen" without a key.
        """
        if self._holds(fetched.url, fetched.captured_at, digest(fetched.payload)):
            return Outcome("seen")
        return super().add(fetched, prepared)

    def bytes_of(self, url: str, at: str | None, before: datetime) -> StoredPayload | None:
        """The record that holds the bytes of an address as captured at exactly the moment `at`; None if no record does.

        at None: the newest good capture earlier than `before`, as in `payload_at`.
        """
        return payload_at(self.conn, self.source.name, key_of(url), at, stamp(before))

    def payload(self, held: StoredPayload) -> bytes:
        """The bytes that a record holds, in their content coding. Raises WarcError."""
        record = self.session.stored(held.record_id)
        return record.block if record.warc_type == "resource" else read_http(record.block).payload

    def add_revisit(self, fetched: Fetched, profile: str, held: StoredPayload) -> Outcome:
        """Record that another archive saw the bytes of a capture again (a revisit record, ISO 28500 §6.7).

        fetched: the response's head, without a payload. held: the record with the bytes. If the archive has this
        capture already, nothing is written, and the outcome is "seen" without a key. Raises as `add`.
        """
        if self._holds(fetched.url, fetched.captured_at, held.payload_digest):
            return Outcome("seen")
        self._ensure_declared(fetched.captured_at)
        return self._guarded(self._add_revisit, fetched, profile, held)

    def _add_revisit(self, fetched: Fetched, profile: str, held: StoredPayload) -> Outcome:
        kept = keep_revisit(self.session, fetched, profile, held)
        return interpret_revisit(self.session, kept, fetched, held.record_id)

    def add_resource(self, payload: bytes, content_type: str, url: str, captured_at: datetime | None) -> Outcome:
        """Keep bytes that came without HTTP (a saved page) and interpret them. Raises as `add`.

        captured_at None: the moment is unknown, and the row has the current one. If the archive has these bytes of this
        address and moment already (None: any capture of them whose moment is unknown), nothing is written, and the
        outcome is "seen" without a key.
        """
        if self._holds(url, captured_at, digest(payload)):
            return Outcome("seen")
        at = captured_at or self.clock()
        named = [("Content-Type", content_type), (HEADER, "stated" if captured_at else "unknown")]
        self._ensure_declared(at)
        return self._guarded(self._add_resource, payload, named, url, at)

    def _add_resource(self, payload: bytes, named: list[tuple[str, str]], url: str, captured_at: datetime) -> Outcome:
        fields = [
            *common_fields(url, "article", self.session.warcinfo),
            ("WARC-Payload-Digest", digest(payload)),
            *named,
        ]
        record = self.stores.record("resource", captured_at, payload, fields)
        capture, reading = enter(self.session, record, url), self.session.reader.record(record)
        return begin_pages(self.session, capture, reading) or interpret(self.session, capture, reading)

    def finish(self) -> None:
        """Write the ledger line that ends the import, if the source's files have bytes that no line names; commit."""
        close_import(self.stores, figures_of(self.counts), stamp(self.clock()))
        self.commit()

    def _holds(self, url: str, at: datetime | None, payload_digest: str) -> bool:
        try:
            return is_held(self.conn, self.source.name, url, stamp(at) if at else None, payload_digest)
        except ValueError:
            return False  # not a valid address: the bytes are kept all the same

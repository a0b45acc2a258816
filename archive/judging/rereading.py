"""Record a further reading of a stored capture in the ledger."""

from dataclasses import dataclass, replace
from typing import Any

from archive import decisions
from archive.decisions import Stores
from archive.files import digest, instant
from archive.history import conversion_digest_of, state_conversion, state_id_of
from archive.judging.adjacent_captures import CapturedPage
from archive.rules import ArticleState


@dataclass(frozen=True, slots=True)
class FurtherReading:
    """The state that today's parser now reads from a stored capture of a known article.

    pages: the capture and, for an article in pages, its further pages.
    """

    article_id: int
    key: str
    captured_at: str
    url: str
    pages: tuple[CapturedPage, ...]
    state: ArticleState
    parser_version: str
    reparse: str | None = None  # the id of the reparse that asked for the reading


def tell_reading(stores: Stores, warcinfo: str | None, reading: FurtherReading) -> None:
    """Append a further reading to the ledger: `SeenAgain` if the article was ever seen in this text, else `Reparsed`.

    `Reparsed` comes with a conversion record. The reading of a revisit is recorded for the capture that holds its
    bytes, unless the article is in pages.
    """
    first, *further = reading.pages
    at, url = reading.captured_at, reading.url
    if not further and first.holder != first.record_id:
        first = replace(first, record_id=first.holder)  # its revisits share the readings of the bytes
        at, url = stores.conn.execute(
            "select captured_at, url from captures where record_id = ?", (first.record_id,)
        ).fetchone()
    seen: dict[str, Any] = {
        "at": at, "key": reading.key, "content_digest": reading.state.digest, "payload_digest": first.payload_digest,
        "record_id": first.record_id, "parser_version": reading.parser_version, "reparse": reading.reparse,
        "pages": tuple(
            decisions.FurtherPage(record_id=page.record_id, payload_digest=page.payload_digest) for page in further
        ),
    }  # fmt: skip
    if state_id_of(stores.conn, reading.article_id, reading.state.digest) is not None:
        kept = conversion_digest_of(stores.conn, reading.article_id, reading.state.digest)
        stores.tell(decisions.SeenAgain(conversion_digest=kept, **seen))
        return
    moment = instant(at)
    made = stores.keep_derived(state_conversion(first.record_id, url, moment, reading.state, warcinfo), moment)
    stores.tell(
        decisions.Reparsed(
            conversion=made.record_id, conversion_digest=digest(reading.state.block), origin="reparse", **seen
        ),
        reading.state,
    )

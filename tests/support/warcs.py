"""WARC files as other programs write them."""

from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def warc(path: Path, *pages: tuple[str, str, bytes]) -> Path:
    """A WARC file as other tools write it: (url, date, payload)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, date, payload in pages:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address,
                    "response",
                    payload=BytesIO(payload),
                    length=len(payload),
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    return path

"""The types of fields of ledger lines, each defined once for all kinds of lines."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from archive.files import CHAIN

CLOSED = ConfigDict(extra="forbid", use_attribute_docstrings=True)
RENAMED = ConfigDict(**CLOSED, validate_by_name=True, validate_by_alias=True)  # for fields whose names Python reserves
TOP = ("at", "key", "content_digest", "payload_digest", "conversion_digest", "record_id")  # the rest is the detail

ArticleKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,150}$")]
ChainName = Annotated[str, StringConstraints(pattern=f"^{CHAIN}$")]
WarcName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*-\d{8}T\d{6}Z-\d{5,}\.warc\.gz$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
REASON = "^[a-z][a-z_]{0,39}$"
"""The reason of an act: one word, for it is published, and no text of a page may stand in a ledger line."""
Reason = Annotated[str, StringConstraints(pattern=REASON)]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^urn:uuid:[0-9a-f-]{36}$")]
ReparseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
Count = Annotated[int, Field(ge=0, lt=1 << 53, strict=True)]
RobotsReading = Literal["rules", "allows_all", "forbids_all"]
How = Literal["missing", "altered"]  # the state of the bytes of a loss
Origin = Literal["site", "import", "reparse", "operator"]

"""CSL-JSON, the format of citation processors: https://citationstyles.org, schema csl-data.json.

The speaker is a `contributor`: the name variables of CSL 1.0.2 have no speaker.
"""

from typing import Any

from archive.publish.citing.citation import Citation
from parsers.article import json_line

TYPE = "application/vnd.citationstyles.csl+json; charset=utf-8"


def write(cited: Citation) -> str:
    """A JSON array with the one item, and a line break; texts are unchanged, for JSON can hold control characters."""
    return json_line([item(cited)]) + "\n"


def item(cited: Citation) -> dict[str, Any]:
    """The CSL item; fields without a value are left out."""
    found: dict[str, Any] = {
        "id": cited.key,
        "type": "article-newspaper",
        "title": cited.title,
        "author": [{"literal": name} for name in cited.authors],
        "contributor": [{"literal": cited.speaker}] if cited.speaker else None,
        "container-title": cited.container,
        "section": cited.section,
        "publisher": cited.publisher,
        "keyword": ", ".join(cited.keywords),
        "issued": _date(cited.published),
        "accessed": _date(cited.accessed),
        "URL": cited.url,
        "archive": "Thinker Archive",
        "archive_location": cited.address,
        "version": cited.digest,
        "note": cited.note,
        "language": cited.language,
    }
    return {name: value for name, value in found.items() if value}


def _date(day: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None

"""The addresses of the site with their forms, for docs/api.md."""

from archive.publish.api.description import Described, described
from archive.publish.routes import TAKEN


def table() -> str:
    """Each address, its forms after the path, and what it gives."""
    rows = [f"| `{each.address.path}` | {_forms(each)} | {each.summary[1]} |" for each in described(TAKEN)]
    return "\n".join(["| address | forms | gives |", "|---|---|---|", *rows])


def _forms(each: Described) -> str:
    named = [form.path.removeprefix(each.address.path) or _plain(form.type) for form in each.forms]
    return " ".join(f"`{name}`" if name.startswith(".") else name for name in named)


def _plain(kind: str) -> str:
    return "page" if kind.startswith("text/html") else kind.partition(";")[0]

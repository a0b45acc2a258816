"""Datasette's own templates without what a strict policy forbids: scripts, and styles beside the stylesheets."""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment

_INLINE = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|\sstyle=\"(?:\{\{.*?\}\}|[^\"{])*\"",
    re.DOTALL | re.IGNORECASE,
)

# On a phone a row is a card, and each cell says its column. Datasette writes that into a style element.
_CELL = re.compile(r'<td class="col-\{\{ (?P<column>cell\.column|column)\|to_css_class \}\}')


class PlainLoader(BaseLoader):
    """What another loader gives, without inline scripts and styles; done once, when a template is compiled."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, current = self._loader.get_source(environment, template)
        return without_inline(source), path, current

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def without_inline(source: str) -> str:
    """The template without script and style elements and style attributes; each cell has its column's name."""
    labelled = _CELL.sub(r'<td data-column="{{ \g<column> }}" class="col-{{ \g<column>|to_css_class }}', source)
    return _INLINE.sub("", labelled)

"""Cuts a JSON value to what an example shows."""

from __future__ import annotations

from typing import Any

MAX_TEXT, MAX_NAMES_ON_TOP, MAX_NAMES = 40, 12, 8


def shortened(value: Any, on_top: int = MAX_NAMES_ON_TOP, depth: int = 0) -> Any:
    """The JSON value with texts cut to 40 characters, lists to one item and objects to their first 8 keys.

    The object on top keeps its first `on_top` keys. A cut text has `…` after its 40 characters, a cut list the further
    item "…"; a cut object has no mark.
    """
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}…"
    if isinstance(value, list):
        return [shortened(each, on_top, depth + 1) for each in value[:1]] + (["…"] if len(value) > 1 else [])
    if isinstance(value, dict):
        kept = list(value.items())[: MAX_NAMES if depth else on_top]
        return {name: shortened(each, on_top, depth + 1) for name, each in kept}
    return value

"""Chooses the language of the interface for a request, and looks messages up in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from archive.publish.messages.catalog import ALL

if TYPE_CHECKING:
    from datasette.utils.asgi import Request  # slow import, which messages and exports do not need

Ui = Literal["zh", "en"]
COOKIE = "thinker_ui"
SET_ASIDE = "thinker_ui"  # in the scope of a request whose `?ui=` was taken out of its address
TAGS: dict[Ui, str] = {"zh": "zh-Hans", "en": "en"}


class Words:
    """The messages in one language: `words["search"]`, or with values `words("hits_n", n=3)`.

    Whole numbers among the values are written with commas, like 1,234.
    """

    def __init__(self, ui: Ui) -> None:
        self.ui: Ui = ui
        self.lang = TAGS[ui]
        self._column = 0 if ui == "zh" else 1

    def __getitem__(self, name: str) -> str:
        """The message with this name; for an unknown name the name itself, with blanks for underscores."""
        return ALL[name][self._column] if name in ALL else name.replace("_", " ")

    def __call__(self, message: str, /, **values: object) -> str:
        shown = {key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()}
        return self[message].format(**shown)


def chosen(request: Request) -> Ui | None:
    """The language chosen by `?ui=`, None without a valid one.

    Read from the scope if the parameter was hidden from Datasette.
    """
    return _UIS.get(request.scope.get(SET_ASIDE) or request.args.get("ui"))


def ui_of(request: Request) -> Ui:
    """The language by `?ui=`, else by cookie, else the one that Accept-Language wants most, else Chinese."""
    remembered = _UIS.get(request.cookies.get(COOKIE))
    return chosen(request) or remembered or wanted(request.headers.get("accept-language", ""))


def wanted(header: str) -> Ui:
    """The language that the value of Accept-Language wants most (RFC 9110 §12.5.4), by weight, then by order.

    If it wants neither: English if it wants another language or excludes Chinese, else Chinese, as for `*` and "". All
    forms of Chinese are one, and all of English. Parts of another form than `zh-CN;q=0.8` are ignored.
    """
    weights: dict[str, float] = {}
    for part in filter(None, map(_RANGE.fullmatch, header.lower().split(","))):
        weights[part[1]] = max(float(part[2] or 1), weights.get(part[1], 0))
    foreign = any(weight for name, weight in weights.items() if name not in (*_UIS, "*"))
    usual: tuple[Ui, ...] = ("en", "zh") if foreign else ("zh", "en")
    named = [ui for name in weights if (ui := _UIS.get(name))]

    def rank(ui: Ui) -> tuple[float, bool]:
        weight = weights.get(ui, weights.get("*", 0))
        return weight, (ui in weights) == (weight > 0)  # of equal weights a named one, if not 0

    return max((*named, *usual), key=rank)


_UIS: dict[str | None, Ui] = {"zh": "zh", "en": "en"}
_RANGE = re.compile(r"\s*([a-z]{1,8}|\*)(?:-[a-z0-9-]*)?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)

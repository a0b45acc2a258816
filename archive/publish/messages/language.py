"""Chooses the language of the interface for a request, and looks messages up in it."""

from typing import Literal

from datasette.utils.asgi import Request

from archive.publish.messages.catalog import ALL

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
    """The language by `?ui=`, else by cookie, else the first known one in Accept-Language, else Chinese.

    Weights (`q=`, RFC 9110 §12.5.4) are ignored.
    """
    remembered = request.cookies.get(COOKIE)
    preferred = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    candidates = (chosen(request), remembered, *preferred)
    return next((_UIS[candidate] for candidate in candidates if candidate in _UIS), "zh")


_UIS: dict[str | None, Ui] = {"zh": "zh", "en": "en"}

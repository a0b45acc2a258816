"""The words of the interface in Chinese and English, and which of the two a reader gets."""

from typing import Literal

from datasette.utils.asgi import Request

from archive.publish.messages.catalog import ALL

Ui = Literal["zh", "en"]
COOKIE = "thinker_ui"
SET_ASIDE = "thinker_ui"  # in the scope of a request whose `?ui=` was taken out of its address
TAGS: dict[Ui, str] = {"zh": "zh-Hans", "en": "en"}


class Words:
    """The table read in one language: `words["search"]`, and `words("hits_n", n=3)` with values filled in."""

    def __init__(self, ui: Ui) -> None:
        self.ui: Ui = ui
        self.lang = TAGS[ui]
        self._column = 0 if ui == "zh" else 1

    def __getitem__(self, name: str) -> str:
        """The message; a name that the table lacks stands for itself, so that no page fails on it."""
        return ALL[name][self._column] if name in ALL else name.replace("_", " ")

    def __call__(self, message: str, /, **values: object) -> str:
        shown = {key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()}
        return self[message].format(**shown)


def chosen(request: Request) -> Ui | None:
    """The language that this request asks for by `?ui=`, which is set aside where Datasette would misread it."""
    return _UIS.get(request.scope.get(SET_ASIDE) or request.args.get("ui"))


def ui_of(request: Request) -> Ui:
    """Asked for, remembered, or the browser's first that we have (RFC 9110 §12.5.4); else Chinese."""
    remembered = request.cookies.get(COOKIE)
    preferred = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    candidates = (chosen(request), remembered, *preferred)
    return next((_UIS[candidate] for candidate in candidates if candidate in _UIS), "zh")


_UIS: dict[str | None, Ui] = {"zh": "zh", "en": "en"}

"""The table `[publish]`: how much of the publishers' texts leaves the site."""

import difflib
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from archive.settings.checks import MAX_REPEATED_CHARACTERS, as_toml
from archive.settings.source_record import SOURCE_NAME
from archive.settings.source_tables import SettingsTable
from archive.settings.text_modes import TEXT_MODES, TextMode


def text_mode(value: object) -> object:
    """The value, if it is one of TEXT_MODES; else raises ValueError, with the nearest of them."""
    if value in TEXT_MODES:
        return value
    near = difflib.get_close_matches(value, TEXT_MODES, n=1, cutoff=0.5) if isinstance(value, str) else []
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{as_toml(value)} is not one of {', '.join(TEXT_MODES)}{hint}")


def source_name(text: str) -> str:
    """The text, if it has the form of a source's name; else raises ValueError."""
    if not SOURCE_NAME.fullmatch(text):
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not the name of a source: use a-z, 0-9, - and _")
    return text


Mode = Annotated[TextMode, BeforeValidator(text_mode)]


class PublishSettings(SettingsTable):
    """`[publish]`: how much of the texts of publishers leaves the site, for all sources and for single ones."""

    text: Mode | None = None
    """Unset: full if only this machine can reach the site, else excerpt."""
    sources: dict[Annotated[str, AfterValidator(source_name)], Mode] = Field(default_factory=dict)
    """`[publish.sources]`: by the name of a source, its own word."""

"""The modes of publishers' texts: how much of a text leaves the site."""

from typing import Literal, get_args

TextMode = Literal["full", "excerpt", "metadata"]
TEXT_MODES: tuple[TextMode, ...] = get_args(TextMode)
"""The modes, from the one in which all of a text leaves the site to the one in which nothing does."""

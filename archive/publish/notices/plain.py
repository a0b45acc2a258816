"""Plain text in which no text of a page can act: one line each, with every invisible character by its code."""

import html
import re

from markupsafe import Markup

from archive.publish.feeds.texts import of_xml
from archive.publish.formatting.change_marks import named_unseen

_END = re.compile("</(?:p|li)>")
_TAG = re.compile("<[^>]*>")
NEW_LINE = "¶"


def in_one_line(text: str) -> str:
    """The text on one line; line breaks are ¶, and other characters that cannot be seen stand as [U+200B]."""
    return named_unseen(of_xml(NEW_LINE.join(text.splitlines())))


def as_lines(content: Markup) -> list[str]:
    """The lines of HTML that we wrote: one for each paragraph and item; a line break within one is ¶.

    Texts of pages are escaped in it, so that no `<` is theirs.
    """
    marked = str(content).replace("<br>", NEW_LINE)
    parts = [html.unescape(_TAG.sub("", part)) for part in _END.split(marked)]
    return [line for part in parts if (line := in_one_line(part).strip())]

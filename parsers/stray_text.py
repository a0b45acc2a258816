"""Text that a tree builder of the HTML standard joins with text far before it, made to stand alone.

Text between the rows of a table goes before the table, and text after </body> into the body: there it is appended to
the text before. The builder copies that text each time, and gives back no memory: 20,000 rows with a stray &nbsp;
would take 3 GB.
"""

import re

MAX_JOINED = 600_000_000  # texts x bytes of them all: 100 MB of copies
_STRAY = re.compile(
    rb"<(?:[/!?]|(?:table|tbody|thead|tfoot|tr|td|th|caption|colgroup|col|body|html|head|form|image|input|frame|frameset)\b)[^>]{0,500}>"
    rb"(?=\s*[^<\s])",
    re.IGNORECASE,
)
_TEXT = re.compile(_STRAY.pattern + rb"([^<]+)", re.IGNORECASE)


def with_parted_text(markup: bytes) -> bytes:
    """The markup; if joined text would take much memory, with <wbr>, an empty element, before each text behind a tag.

    Not behind the start tags of elements that hold their text themselves.
    """
    if markup.count(b"<") * len(markup) <= MAX_JOINED:
        return markup
    texts = _TEXT.findall(markup)
    if len(texts) * sum(map(len, texts)) <= MAX_JOINED:
        return markup
    return _STRAY.sub(rb"\g<0><wbr>", markup)

"""The marks of sentences: which end one, which part one, and whether a text ends as a sentence does.

The sets are the inside of a character class, and readers put together what they mean: rf"[{STOPS}{PAUSES}]".
"""

import re

CHINESE_STOPS = "。！？"  # end a sentence wherever they stand, and stand in no name
STOPS = f"{CHINESE_STOPS}!?"  # of any script; a full stop is none: it stands in 3.5 and U.S., too
ELLIPSIS = "…"  # ends a sentence, or stands inside one
PAUSES = "，；：,;:"  # part a sentence, which does not end with one
OTHER_SCRIPTS = "।؟۔،"  # the stops of Hindi, Arabic and Urdu, and the comma of the last two
CLOSING = "”’」』\"'）)】"  # may stand behind the end

# A mark that stands in no name and in no keyword: Yahoo! is a name.
IN_NO_NAME = re.compile(f"[{CHINESE_STOPS}{ELLIPSIS}]")
SENTENCE_ENDS = (*STOPS, ELLIPSIS, ".")
_BEHIND = f" {CLOSING}"


def ends_sentence(text: str) -> bool:
    """True if a text ends with a stop, quotation marks and brackets behind it left out.

    >>> ends_sentence("他说：“江水涨了。”"), ends_sentence("Is it?"), ends_sentence("江与海"), ends_sentence("来源：")
    (True, True, False, False)
    """
    return text.rstrip(_BEHIND).endswith(SENTENCE_ENDS)

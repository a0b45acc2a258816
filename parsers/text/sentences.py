"""The marks that end or separate sentences, and a test for a text that ends like one.

The sets are the inside of a character class, to be combined as needed: rf"[{STOPS}{PAUSES}]".
"""

import re

CHINESE_STOPS = "。！？"  # end a sentence everywhere, and stand in no name
STOPS = f"{CHINESE_STOPS}!?"  # of any script; without the full stop, which stands in 3.5 and U.S. too
ELLIPSIS = "…"  # ends a sentence, or stands inside one
PAUSES = "，；：,;:"  # separate the parts of a sentence and do not end it
OTHER_SCRIPTS = "।؟۔،"  # the stops of Hindi, Arabic and Urdu, and the comma of the last two
CLOSING = "”’」』\"'）)】"  # may follow the mark that ends a sentence

# A mark that stands in no name and in no keyword: Yahoo! is a name.
IN_NO_NAME = re.compile(f"[{CHINESE_STOPS}{ELLIPSIS}]")
SENTENCE_ENDS = (*STOPS, ELLIPSIS, ".")
_BEHIND = f" {CLOSING}"


def ends_sentence(text: str) -> bool:
    """True if a text ends with a stop or an ellipsis; quotation marks and brackets after it do not count.

    >>> ends_sentence("他说：“江水涨了。”"), ends_sentence("Is it?"), ends_sentence("江与海"), ends_sentence("来源：")
    (True, True, False, False)
    """
    return text.rstrip(_BEHIND).endswith(SENTENCE_ENDS)

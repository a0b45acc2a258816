"""Han characters: which they are, and whether a text holds one.

The sets are the inside of a character class: rf"[{HAN}]{2,4}". Those of Unicode are named by range, without regard to
the version of this Python, so that what was read once is read the same later.
"""

import re

# Ideographs that folding (NFKC, case) leaves as they are: Extension A and the block that nearly all texts keep to.
# Between the two stand the 64 hexagrams (䷀), which are no letters.
PLAIN_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# With those that folding changes to others, and the supplementary planes, which rare names need: 𬭎, 𠮷.
HAN = f"{PLAIN_HAN}\uf900-\ufaff\U00020000-\U0003ffff"
# One of them where a pattern ignores case: they have none, and `re` need not look for it in 150,000 characters.
CASELESS_HAN = f"(?-i:[{HAN}])"
# What stands in lines without blanks between words: radicals, marks of Chinese and Japanese, kana, ideographs.
EAST_ASIAN = "\u2e80-\u9fff"
FULL_WIDTH = "\uff00-\uffef"  # and half-width kana
HAN_CHARACTER = re.compile(f"[{HAN}]")


def holds_han(text: str) -> bool:
    """True if a Han character stands in the text.

    >>> holds_han("GDP 增长"), holds_han("𠮷野家"), holds_han("。：「」"), holds_han("growth")
    (True, True, False, False)
    """
    return not text.isascii() and HAN_CHARACTER.search(text) is not None

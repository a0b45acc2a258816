"""Han characters as sets for patterns, and a test for them.

The sets are the inside of a character class: rf"[{HAN}]{2,4}". They are ranges of Unicode and do not depend on the
version of Python, so that a page reads the same with a later one.
"""

import re

# Ideographs that folding (NFKC, case) leaves unchanged: Extension A and the block of nearly all texts.
# Between the two stand the 64 hexagrams (䷀), which are not letters.
PLAIN_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# Also those that folding changes, and the supplementary planes, which rare names need: 𬭎, 𠮷.
HAN = f"{PLAIN_HAN}\uf900-\ufaff\U00020000-\U0003ffff"
# A Han character in a pattern that ignores case: without case `re` need not compare 150,000 characters.
CASELESS_HAN = f"(?-i:[{HAN}])"
# Scripts without blanks between words: radicals, marks of Chinese and Japanese, kana, ideographs.
EAST_ASIAN = "\u2e80-\u9fff"
FULL_WIDTH = "\uff00-\uffef"  # and half-width kana
HAN_CHARACTER = re.compile(f"[{HAN}]")


def holds_han(text: str) -> bool:
    """True if a Han character stands in the text.

    >>> holds_han("GDP 增长"), holds_han("𠮷野家"), holds_han("。：「」"), holds_han("growth")
    (True, True, False, False)
    """
    return not text.isascii() and HAN_CHARACTER.search(text) is not None

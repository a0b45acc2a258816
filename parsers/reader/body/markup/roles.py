"""The role of an element by its attributes: an aside, a caption, or hidden."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from parsers.reader.body.thresholds import MAX_CLASS_CHARACTERS

Role = Literal["aside", "maybe aside", "unseen", "caption", "hidden"] | None

# Names, in lower case, of things inside an article's box that are not the article: parts of a class attribute between
# blanks, hyphens and underscores. Sorted by first letter, which is the fastest to reject.
_ASIDES = r"""
        a(?:d|ds|dv|dvert\w*|lso|rtical-?tag) | b(?:anner|dshare\w*|readcrumbs?|yline\w*)
      | c(?:mt|omments?|opyright|rumbs?) | d(?:ateline|eclare|isclaimer|isqus)
      | e(?:dit-?info|ditor-?name|p-?editor|p-?source|rweima|wm) | f(?:enxiang|ollow|ooter) | jiathis\w* | keywords
      | m(?:enu|ianze|ore-?(?:news|stories|links)) | n(?:av|avbar|avigation|ewsletter\w*) | outbrain
      | p(?:age-?nav|ager|agination|inglun|opular|rev-?next|romo\w*) | qr | qrcode
      | r(?:ead-?more|ecommend\w*|elate|elated\w*|eplies)
      | s(?:hare\w*|haring|how_author|idebar(?!-)|ignup|ocial\w*|ponsor\w*|tatement|ubscri\w*|weep)
      | t(?:aboola|ag-?list|ags?|ie|ool-?box|oolbar|rending|uijian) | widget\w* | xg-list | xiangguan
"""
_CAPTIONS = r"""
        caption\w*|figcaption|credits?|copyright|legende?|bildunterschrift|bildtext|bildnachweis|bildquelle
      | (?:photo|image|img|picture|pic)s?[-_]?(?:desc|notes?|explain|te?xt) | tuzhu | tushuo
      | pic[-_]?captions?
      | (?:photo|image|img|picture|media|figure|bild|foto)s?-?(?:credits?|captions?|description|source|text|info|legend)
      | pie-?(?:de-)?foto
"""
ASIDE, CAPTION = (re.compile(rf"(?<![^\s_-])(?:{names})(?![^\s_-])", re.VERBOSE) for names in (_ASIDES, _CAPTIONS))
# relatedNews. The first and the last word count: mbArticleSharePic is a picture. No names that a program made
# (n1AuAdJl), and none with comments, by which forums call every post.
CAMEL = re.compile(
    r"(?<![^\s_-])(?![A-Za-z]*[Cc]omment)([a-z]{2,}|[A-Z][a-z]{2,})((?:[A-Z][a-z]{2,})*?)([A-Z][a-z]{2,})(?![^\s_-])"
)
# Ways to hide an element: a class, which a wider screen may override, or a style.
HIDING_CLASSES = ("hide", "hidden", "invisible")
SPOKEN = re.compile(r"(?<![^\s_-])(?:sr-only|visually-hidden)(?![^\s_-])")  # only for screen readers
HIDING_STYLES = {"display": "none", "visibility": "hidden"}
UNSEEN = re.compile(rf"(?:^|\s)(?:is-|js-)?(?:{'|'.join(HIDING_CLASSES)})(?:$|\s)(?!.*\w:(?:block|flex|grid))")
# Boxes that are hidden until a script has run: WeChat's, and the parts of a page that React streams.
SHOWN_BY_SCRIPT = re.compile(r"js_content|S:[0-9a-f]+")
BEM_BLOCK = re.compile(r"(?<!\S)\S+__(?=[a-z])")  # in sidebar-grid__content only the element's name counts
CENTRING = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
HIDDEN = re.compile("|".join(rf"{name}\s*:\s*{value}" for name, value in HIDING_STYLES.items()), re.IGNORECASE)


def role(attributes: dict[str, str | None]) -> Role:
    """The role of an element; None for a part of the text; "maybe aside" is one only without paragraphs of text.

    "hidden" by its style or attribute hidden, else "unseen" or "aside" by its class, else any role by its id, else that
    by its class. Always None for itemprop=articleBody.
    """
    names = attributes.get("class")
    called = _named(names[:MAX_CLASS_CHARACTERS]) if names else None
    if len(attributes) == 1 and names:  # most elements have only a class
        return called
    if attributes.get("itemprop") == "articleBody":  # even if a class says otherwise: subscriber-premium
        return None
    if _hides_itself(attributes):
        return "hidden"
    if called in ("aside", "unseen") or not (identity := attributes.get("id")):
        return called
    return _named(identity[:MAX_CLASS_CHARACTERS]) or called


@lru_cache(maxsize=4096)  # the elements of a page share few names
def _named(names: str) -> Role:
    """The role by the names in a class attribute or id: "unseen", else "aside", else "caption", else None.

    "maybe aside" if only a name in camelCase tells so: adContent and newsShare are boxes of text too.
    """
    names = BEM_BLOCK.sub("", names) if "__" in names else names
    lower = names.lower()
    if UNSEEN.search(lower) is not None or SPOKEN.search(lower) is not None:
        return "unseen"
    words = lower if names == lower else f"{lower} {_words(names)}"
    if ASIDE.search(words) is not None:
        return "aside" if ASIDE.search(lower) is not None else "maybe aside"
    return "caption" if CAPTION.search(words) is not None else None


def _words(names: str) -> str:
    """Each camelCase name with a hyphen behind its first word, and with one before its last: "related-news"."""
    return " ".join([f"{one}-{inner}{last} {one}{inner}-{last}" for one, inner, last in CAMEL.findall(names)]).lower()


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """True if an element's own attributes hide it from readers; False if its id is one that a script shows later."""
    names = attributes.get("class")
    unseen = names is not None and UNSEEN.search(names[:MAX_CLASS_CHARACTERS].lower()) is not None
    return _hides_itself(attributes) or (unseen and not _is_shown_later(attributes))


def is_centred(attributes: dict[str, str | None]) -> bool:
    """True if an element's own attributes centre its lines."""
    align, style = attributes.get("align"), attributes.get("style")
    return align == "center" or (style is not None and CENTRING.search(style) is not None)


def _hides_itself(attributes: dict[str, str | None]) -> bool:
    style = attributes.get("style")
    hides = "hidden" in attributes or (style is not None and HIDDEN.search(style) is not None)
    return hides and not _is_shown_later(attributes)


def _is_shown_later(attributes: dict[str, str | None]) -> bool:
    return SHOWN_BY_SCRIPT.fullmatch(attributes.get("id") or "") is not None

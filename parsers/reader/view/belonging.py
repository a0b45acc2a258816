"""Elements that belong to the article, separated from comments, teasers, pictures and the site round it."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from parsers.reader.view.thresholds import MAX_LEVELS_ABOVE

# Words in the class or id of an element that is about something else.
_OTHERS = """
    comment comments commentlist respond bio biography teaser teasers related widget widgets sidebar credit credits
    caption captions quote quotes avatar promo footer popular latest image images photo photos card cards form tweet
    tweets archive more
"""
OTHERS, RECOMMENDED = frozenset(_OTHERS.split()), "recommend"  # and every word that begins so
OUTSIDE = frozenset({"aside", "footer", "figure", "figcaption", "nav", "blockquote", "form", "html"})


def is_in_own_footer(node: LexborNode) -> bool:
    """True if a node stands in the article's own footer: a <footer> whose parent is an <article> with an <h1>.

    False in an element of that footer that is named like comments, teasers and the like (OTHERS).
    """
    at: LexborNode | None = node
    for _ in range(MAX_LEVELS_ABOVE):
        if at is None or at.tag in ("article", "main", "body"):
            return False
        if at.tag == "footer":
            article = at.parent
            return article is not None and article.tag == "article" and article.css_first("h1") is not None
        if not OTHERS.isdisjoint(_words(at)):
            return False
        at = at.parent
    return False


def _words(node: LexborNode) -> list[str]:
    called = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return called.lower().replace("_", " ").replace("-", " ").split()


def is_another(node: LexborNode) -> bool:
    """True if tag, class or id of a node, or of one around it, shows that it is not the article's: a comment, a teaser.

    MAX_LEVELS_ABOVE elements count, the node included, but none from the nearest <article>, <main> or <body> upwards.
    """
    names: list[str | None] = []
    at: LexborNode | None = node
    for _ in range(MAX_LEVELS_ABOVE):
        tag = at.tag if at is not None else "body"
        if at is None or tag in ("article", "main", "body"):
            break
        if tag in OUTSIDE:
            return True
        attributes = at.attributes
        names += attributes.get("class"), attributes.get("id")
        at = at.parent
    called = " ".join(filter(None, names)).lower().replace("_", " ").replace("-", " ")
    words = called.split()
    if RECOMMENDED in called and any(word.startswith(RECOMMENDED) for word in words):
        return True
    return not OTHERS.isdisjoint(words)

"""Whether an element belongs to the article, or to comments, teasers, pictures and the site round it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

# Words in the class or id of an element that say that it tells of something else.
OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|bio|biography|teasers?|related|widgets?|sidebar|credits?|captions?"
    r"|quotes?|avatar|promo|recommend\w*|footer|popular|latest|images?|photos?|cards?|form|tweets?|archive|more)(?=$|[\s_-])"
)
OUTSIDE = frozenset({"aside", "footer", "figure", "figcaption", "nav", "blockquote", "form", "html"})
LEVELS = 6  # elements round a node that are looked at


def is_another(node: LexborNode) -> bool:
    """Whether a node, or an element round it inside the article, is about something other than the article."""
    at: LexborNode | None = node
    for _ in range(LEVELS):
        if at is None or at.tag in ("article", "main", "body"):
            return False
        if at.tag in OUTSIDE or OTHERS.search(f"{at.attributes.get('class') or ''} {at.id or ''}".lower()):
            return True
        at = at.parent
    return False

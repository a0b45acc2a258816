"""Pages without text of their own, which a script fetches: no script is run here."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from parsers.document import Document, parse_markup
from parsers.errors import ParseError

MAX_FRAME_CHARACTERS = 300  # of text that a shell may show without its script: its name, its menu, its legal foot
MAX_ROOT_CHARACTERS = 30  # characters of a placeholder for the content of the script: 加载中, Loading…
MAX_EMPTY_CHARACTERS = 60  # characters of a page that is as good as empty
MIN_SCRIPT_CHARACTERS = 2_000  # characters of scripts that make up such a page: more than a counter or a redirect has
MAX_HOLED_CHARACTERS = 1_000  # characters of text with the holes of a template in it
SCRIPT = re.compile(rb"<script", re.IGNORECASE)
ROOTS = (
    "#app, #root, #__next, #__nuxt, #___gatsby, #q-app, #app-root, #react-root, #main-app, #svelte, app-root, "
    "[data-reactroot], [ng-app], [ng-view], [v-cloak]"
)
STATE = re.compile(
    r"\b__(?:NEXT_DATA|NUXT|NUXT_DATA|INITIAL_STATE|INITIAL_DATA|PRELOADED_STATE|APOLLO_STATE|REDUX_STATE|next_f)(?:__)?\b"
)
"""The page's data that servers write for a script, under the names of the frameworks."""
WANTS_SCRIPT = re.compile(
    r"(?:enable|activate|turn\s+on|requires?|needs?|without|supports?)\W(?:\w+\W+){0,3}java\s?script"
    r"|java\s?script\W(?:\w+\W+){0,4}(?:enabled?|disabled|required|needed|turned|on\b)"
    r"|(?:启用|开启|打开|启动|允许|支持|需要|禁用|关闭).{0,12}(?:java\s?script|脚本|js)"
    r"|(?:java\s?script|脚本|js).{0,12}(?:启用|开启|打开|启动|允许|支持|需要|禁用|关闭)",
    re.IGNORECASE,
)
HOLE = re.compile(r"\{\{[^{}]{1,200}\}\}")
BOUND = "[v-html], [v-text], [ng-bind], [ng-bind-html], [x-html], [x-text]"  # elements that a script will fill


def is_rendered_by_script(document: Document) -> bool:
    """True if a page is a shell that a script fills: nearly no text, and signs of such a script.

    Also if it has little text and holes of a template: {{ title }}. False for JSON and a page that cannot be parsed.
    """
    if not SCRIPT.search(document.payload) or document.json is not None:
        return False
    try:
        tree = parse_markup(document.text.encode("utf-8", "replace"))
    except ParseError:
        return False
    return _is_shell(tree)


def _is_shell(tree: LexborHTMLParser) -> bool:
    body = tree.body
    if body is None:
        return False
    scripts = tree.css("script")
    code = [*(node.text() for node in scripts), *(node.attributes.get("id") or "" for node in scripts)]
    warnings = [node.text() for node in tree.css("noscript")]
    bound = body.css_first(BOUND) is not None
    for node in reversed(tree.css("script, style, noscript, template")):
        node.decompose()
    text = "".join(body.text().split())
    if len(text) <= MAX_HOLED_CHARACTERS and (bound or HOLE.search(text)):
        return True
    if len(text) > MAX_FRAME_CHARACTERS:
        return False
    if len(text) <= MAX_EMPTY_CHARACTERS and sum(map(len, code)) >= MIN_SCRIPT_CHARACTERS:
        return True
    empty_root = any(len("".join(node.text().split())) <= MAX_ROOT_CHARACTERS for node in body.css(ROOTS))
    return empty_root or any(map(STATE.search, code)) or any(map(WANTS_SCRIPT.search, warnings))

"""The pictures of an article, with the address to keep for each, and images that are not pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from parsers.article import Media
from parsers.reader.body.thresholds import (
    MAX_ADDRESS_CHARACTERS,
    MAX_CLASS_CHARACTERS,
    MAX_ICON_SIDE,
    MAX_SOURCES,
    MAX_SRCSET_CHARACTERS,
    MIN_PICTURE_SIDE,
)

# Attributes for the address of pictures that are loaded late, the surest first.
LAZY = (
    *("data-original", "data-src", "data-lazy-src", "data-actualsrc", "data-lazyload", "data-echo"),
    *("data-original-src", "data-lazy", "data-ks-lazyload", "original", "_src", "file"),
)
LAST = ("src", "data-url")  # data-url is as often the address that a picture links to
SETS = ("data-srcset", "data-lazy-srcset", "srcset")
WIDTH = re.compile(r"\d{1,6}(?:\.\d{1,4})?[wx]")
PARTING = re.compile(r",\s+|(?<=\d[wx]),")  # commas stand in addresses too
# Addresses of placeholders until a picture is loaded.
PLACEHOLDER = re.compile(
    r"^(?:data|about|javascript|blob):|(?:^|/)(?:"
    r"(?:[\w-]{0,20}[_-])?(?:placeholder|transparent|missing-image|1x1)(?:[._-][\w.-]{0,20})?"
    r"|(?:blank|spacer|loading|lazy(?:load)?|gr[ae]y|none|spaceball|white|trans|clear|(?:clear)?pixel|default(?:[_-]?img)?)(?:[_-]?\d{1,3})?"
    r")\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)",
    re.IGNORECASE,
)
# Words in names and addresses of images that are a part of the page and not of the article.
ORNAMENT = re.compile(
    r"(?<![a-z])(?:logos?|icons?|ico|favicon|avatars?|emojis?|emoticons?|smil(?:ey|ies)|faces?|qr|qr_?codes?|ewm|erweima|2wm|wxewm"
    r"|barcode|sprites?|btn|buttons?|arrows?|bullets?|beacon|tracking|tracker|pixel|spacer|share|weixin|wechat|weibo|gravatar|filetypeimages"
    r"|fileicons?|(?:pdf|docx?|xlsx?|pptx?|zip|rar|ofd)(?=\.(?:gif|png|jpe?g|svg)$)|print|zoomin|gotop|back_?top)(?![a-z])|icon_(?:pdf|docx?|xlsx?|pptx?|zip|rar)|wp-smiley|二维码|表情|图标",
    re.IGNORECASE,
)
HOLDER = re.compile(r"(?<![a-z])(?:logos?|avatars?|qr_?codes?|ewm|erweima)(?![a-z])", re.IGNORECASE)  # around one
# A short alternative text that ends so also belongs to the page: 网站logo, 微信二维码.
OF_PAGE = re.compile(r".{0,12}(?:二维码|logo|图标|icon)", re.IGNORECASE)
STYLED_SIDE = re.compile(r"(?:^|[;\s])(width|height)\s{0,4}:\s{0,4}(\d{1,5})px")
SERVICES = re.compile(
    r"//(?:[\w-]{1,60}\.)*(?:gravatar\.com|scorecardresearch\.com|doubleclick\.net|google-analytics\.com|cnzz\.com|51\.la|hm\.baidu\.com|bat\.bing\.com"
    r"|chartbeat\.net|quantserve\.com|mc\.yandex\.ru)/|//(?:www\.)?facebook\.com/tr\b"
)
WORTHLESS = re.compile(
    r"[\w.%-]{1,200}\.(?:jpe?g|png|gif|webp|bmp)|[\d_-]{1,60}|图片|图|image\s*\d{0,4}|img|photo|picture|undefined|none|null|alt|配图|正文图片",
    re.IGNORECASE,
)
# Parameters that only set the size and the compression of a picture.
_SIZES = """
    w h width height wid hei size quality q resize fit crop dpr auto format fm imwidth imheight im impolicy downsize
    zoom x-oss-process imageview2 imagemogr2 x-bce-process x-image-process op_sharpen strip ssl ixlib sig webp ver
"""
SIZES = frozenset(_SIZES.split())
SIZED_NAME = re.compile(
    r"-\d{2,4}x\d{2,4}(?=\.(?:jpe?g|png|gif|webp)$)|(?<=\.(?:jpg|png|gif))[@!_][\w.,-]{1,40}$|(?<=\.jpeg)[@!_][\w.,-]{1,40}$",
    re.IGNORECASE,
)


def picture_address(image: LexborNode) -> str | None:
    """The address, as written, of the largest form of a picture that the page names; None without one.

    None also for an ornament, and, unless it is large, for a picture in an element named like the place of a logo or
    face.
    """
    attributes = image.attributes
    address = _address(image, attributes)
    if address is None or is_ornament(attributes, address) or (_is_held_as_one(image) and not _is_large(attributes)):
        return None
    return address


def alternative(attributes: dict[str, str | None]) -> str:
    """The alternative text of a picture; "" without one, or if it is only the name of a file and the like."""
    alt = " ".join((attributes.get("alt") or "").split())
    return "" if WORTHLESS.fullmatch(alt) else alt


def is_ornament(attributes: dict[str, str | None], address: str) -> bool:
    """True if an image is a logo, an icon, a face, a code to scan or a pixel that counts visitors.

    Size decides first: a small image always is one, a large one never; else its names, its alt and its address.
    """
    sides = [side for side in map(_pixels, _sides(attributes)) if side is not None]
    if sides and min(sides) <= MAX_ICON_SIDE:
        return True
    if _is_large(attributes):
        return False
    names = " ".join(filter(None, (attributes.get("class"), attributes.get("id"))))
    told = f"{names[:MAX_ADDRESS_CHARACTERS]} {_file_of(address)}"
    alt = attributes.get("alt") or ""
    return (
        ORNAMENT.search(told) is not None or OF_PAGE.fullmatch(alt) is not None or SERVICES.search(address) is not None
    )


def distinct(items: Iterable[Media]) -> tuple[Media, ...]:
    """Each picture and each file once, under its first address and with the first caption that one of its items has.

    Sizes of one picture count as that picture.
    """
    found: dict[tuple[str, str], Media] = {}
    for item in items:
        key = item.kind, same_picture(item.url) if item.kind == "image" else _same_file(item.url)
        known = found.get(key)
        if known is None or (not known.caption and item.caption):
            found[key] = item if known is None else replace(known, caption=item.caption)
    return tuple(found.values())


def same_picture(url: str) -> str:
    """The part that the addresses of one picture in several sizes share; parameters that give no size stay.

    >>> same_picture("https://img.example.com/a/1-300x200.jpg?w=640&h=480")
    'img.example.com/a/1.jpg'
    """
    address, _, query = url.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0].partition("/")[0].lower() not in SIZES]
    plain = SIZED_NAME.sub("", address.partition("//")[2])
    return f"{plain}?{'&'.join(kept)}" if kept else plain


def _same_file(url: str) -> str:
    """The part that the addresses of one file share: all but scheme and fragment."""
    return url.partition("#")[0].partition("//")[2]


def _address(image: LexborNode, attributes: dict[str, str | None]) -> str | None:
    candidates = list(_candidates(image, attributes))
    width, widest = max(candidates, key=itemgetter(0), default=(0.0, ""))
    if width > 0 and _leads(widest):
        return widest
    given = (attributes.get(name) for name in (*LAZY, *LAST))
    plain = next((url.strip() for url in given if url and _leads(url)), None)
    return plain or next((url for _, url in candidates if _leads(url)), None) or _without_script(image)


def _leads(url: str) -> bool:
    """True if an attribute's value is an address, and not of a placeholder; some hold a flag or the picture itself."""
    return len(url) <= MAX_ADDRESS_CHARACTERS and ("/" in url or "." in url) and not PLACEHOLDER.search(url.strip())


def _candidates(image: LexborNode, attributes: dict[str, str | None]) -> Iterator[tuple[float, str]]:
    """Yield widths (0: unknown) and addresses of the image's own set and of the sources beside it in a <picture>."""
    parent = image.parent
    beside = list(islice(parent.iter(), MAX_SOURCES)) if parent is not None and parent.tag == "picture" else []
    for given in (attributes, *[node.attributes for node in beside if node.tag == "source"]):
        for name in SETS:
            if srcset := given.get(name):
                yield from map(_sized, PARTING.split(srcset[:MAX_SRCSET_CHARACTERS]))


def _sized(candidate: str) -> tuple[float, str]:
    """Width and address in one entry of a srcset; 2x counts as a width of 0.02, and an entry without either as 0."""
    url, _, told = candidate.strip().rstrip(",").rpartition(" ")
    if url and WIDTH.fullmatch(told):
        return float(told[:-1]) / (1 if told.endswith("w") else 100), url.strip()
    return 0.0, candidate.strip()


def _without_script(image: LexborNode) -> str | None:
    """The address in the <noscript> after a picture that a script loads; None without one."""
    following = image.next
    while following is not None and following.tag == "-text" and not (following.text_content or "").strip():
        following = following.next
    twin = following.css_first("img") if following is not None and following.tag == "noscript" else None
    url = (twin.attributes.get("src") or "").strip() if twin is not None else ""
    return url if url and _leads(url) else None


def _is_large(attributes: dict[str, str | None]) -> bool:
    """True if a side of an image is known, and each known side is as long as a picture's; then names do not matter."""
    sides = [side for side in map(_pixels, _sides(attributes)) if side is not None]
    return bool(sides) and min(sides) >= MIN_PICTURE_SIDE


def _is_held_as_one(image: LexborNode) -> bool:
    """True if the element right round an image is named like a place for a logo, a face or a code to scan."""
    parent = image.parent
    attributes = parent.attributes if parent is not None else {}
    names = " ".join(filter(None, (attributes.get("class"), attributes.get("id"))))
    return HOLDER.search(names[:MAX_CLASS_CHARACTERS]) is not None


def _sides(attributes: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Width and height as written in the attributes ("640", "100%"), else in the style; None if unknown.

    Of the style only a side in px counts, without the unit.
    """
    styled = dict(STYLED_SIDE.findall((attributes.get("style") or "")[:MAX_CLASS_CHARACTERS].lower()))
    return attributes.get("width") or styled.get("width"), attributes.get("height") or styled.get("height")


def _pixels(value: str | None) -> int | None:
    told = (value or "").strip().lower().removesuffix("px")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else None


def _file_of(address: str) -> str:
    """The last two parts of an address's path: folder and file name."""
    path = unquote(address[:MAX_ADDRESS_CHARACTERS]).partition("?")[0]
    return "/".join(path.rsplit("/", 2)[-2:])

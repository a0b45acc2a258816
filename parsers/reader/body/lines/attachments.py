"""The files attached to an article: in its text, under it, or in a list of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.article import Media
from parsers.document import same_site, split_url
from parsers.links import absolute
from parsers.reader.body.markup.files import FILE, KINDS
from parsers.reader.body.markup.roles import is_hidden
from parsers.reader.view.thresholds import (
    MAX_ATTACHMENT_LABEL,
    MAX_ATTACHMENT_LEVELS,
    MAX_ATTACHMENT_LINE,
    MAX_ATTACHMENT_MARKUP,
    MAX_ATTACHMENT_NAME,
    MAX_ATTACHMENTS,
    MAX_CLASS_AND_ID_CHARACTERS,
    MAX_FILE_LINKS,
    MAX_LABELLED_MARKUP,
    MAX_LEVELS_NEAR_BOX,
)
from parsers.text import ends_sentence

MAY_BE_FILE = re.compile(rf"\.(?:{KINDS})(?![a-z0-9])|[/=._](?:download|downfile|attach)", re.IGNORECASE)
PAGES = (".html", ".htm", ".shtml", "/")  # ends of most addresses, which are passed over without a search
# Programs that send a file whose kind their address does not show: VSB of universities, JCMS of provinces.
SENDERS = re.compile(
    r"DownloadAttachUrl|/download\.jsp|/downfile\.jsp|/downloadAttach|/attachment/(?:download|\d)", re.IGNORECASE
)
# Texts of links that name an action and not the file.
UNNAMED = re.compile(
    r"[\W_]{0,9}(?:"
    r"(?:点击|请点击|点此|附件|文件|全文|原文|立即|本地|查看|预览|在线){0,4}(?:下载|查看|预览|打开|此处|这里|附件|全文)"
    r"|(?:download )?(?:pdf|word|excel|docx?|xlsx?|ofd|zip)(?:版|文件|格式|版本)?(?:下载| download| version)?"
    r"|download|click here|here|view|open|link|herunterladen|télécharger|descargar|scarica|ダウンロード)[\W_]{0,9}",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"[\W_]*(?:(?:相关|有关|文件|政策|公告|通知)?附\s*件(?:下载|列表|清单|目录|资料|表)?|相关(?:文件|资料)?下载"
    r"|(?:文件|资料|表格|文档|附表)下载|下载(?:附件|文件|专区|地址)|附\s*[:：]|附表"
    r"|Attachments?\b|Annex(?:es)?\b|Appendi(?:x|ces)\b|Downloads?\b|Anhänge?\b|Pièces? jointes?\b)",
    re.IGNORECASE,
)
_CALLED = "fj|fujian|xgfj|wjfj|attach(?:ment)?s?|annex|appendix|enclosures?|files?|download(?:s|list|box)?|accessory"
CALLED = re.compile(rf"(?:^|[\s_-])(?:{_CALLED})\w{{0,8}}(?:$|[\s_-])", re.IGNORECASE)
OUTSIDE = frozenset(("nav", "footer", "header", "aside"))
_SITE = r"foot(?:er)?|nav|menu|sidebar|banner|related|recommend\w{0,5}|friend|copyright"
OF_THE_SITE = re.compile(rf"(?:^|[\s_-])(?:{_SITE}|toolbar)(?:$|[\s_\d-])", re.IGNORECASE)
WORD = re.compile(r"\w")
LINES = frozenset(("p", "li", "td", "div", "section", "article", "body"))
FRAMES = "：:（([【 　"
# Texts beside the names in a line of attachments.
BESIDE_NAMES = re.compile(
    r"附\s*件|附\s*[:：]|附表|下载|点击|查看|已下载\s*\d{0,9}\s*次|attachments?|downloads?|pdf|word|excel|docx?|xlsx?"
    r"|\d+(?:\.\d+)?\s*(?:[kmg]i?b|字节|bytes)|次|\d{1,3}|[一二三四五六七八九十]{1,3}|[\W_]",
    re.IGNORECASE,
)


def attachments(
    url: str, tree: LexborHTMLParser, box: LexborNode | None, left_out: frozenset[int] = frozenset()
) -> tuple[Media, ...]:
    """The files that a page attaches to its article, in the page's order, each address once, at most MAX_ATTACHMENTS.

    A file in the box is attached, unless only a sentence points to it and it is on another site. A file elsewhere, or
    any without a box, is attached in two cases: its line, the line above or an element round it says so (附件); or it
    stands near the box and its link shows the name of a file. A file in elements of `left_out` (mem_ids), or in a part
    of the site's own, never is. The caption is the file's name, None if unknown.
    """
    found: dict[str, tuple[bool, str]] = {}
    places = _Places(url, box, left_out)
    for link in _file_links(tree):
        address = absolute(url, link.attributes.get("href"))
        if not address or found.get(address, (False,))[0] or not places.attach(link):
            continue
        name = _name(link)
        if name or address not in found:
            found[address] = (name is not None, name or _file_name(address) or _text(link))
        if len(found) >= MAX_ATTACHMENTS:
            break
    return tuple([Media(url, "attachment", name[:MAX_ATTACHMENT_NAME] or None) for url, (_, name) in found.items()])


def names_of(files: Sequence[Media]) -> list[str]:
    """The captions of the attachments that have one, the longest first."""
    return sorted([file.caption for file in files if file.caption], key=len, reverse=True)


def is_attachment_line(text: str, names: Sequence[str]) -> bool:
    """True if a line holds at least one of these names of attachments, and else only numbers and labels.

    names: the longer ones first.

    >>> is_attachment_line("附件：1.申报表.docx（24 KB）", ["申报表.docx"])
    True
    >>> is_attachment_line("请按申报表.docx填写。", ["申报表.docx"])
    False
    """
    if len(text) > MAX_ATTACHMENT_LINE:
        return False
    rest = text
    for name in names:
        rest = rest.replace(name, "")
    return rest != text and not BESIDE_NAMES.sub("", rest)


def is_attachment_label(text: str) -> bool:
    """True if a line is only a label of attachments with a colon: 附件：. A label without a colon may open an annex."""
    found = LABEL.match(text) if len(text) <= MAX_ATTACHMENT_LABEL and text.endswith(("：", ":")) else None
    return found is not None and not re.search(r"\w", text[found.end() :])


def _file_links(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the links of a page that lead to files."""
    looked_at = 0
    for link in tree.css("a[href]"):
        attributes = link.attributes
        href = (attributes.get("href") or "").strip()
        if href.endswith(PAGES) and "?" not in href:
            continue
        told = MAY_BE_FILE.search(href) is not None or "download" in attributes
        if not told and ("?" not in href or FILE.search(link.text_lexbor()) is None):
            continue
        looked_at += 1
        if looked_at > MAX_FILE_LINKS:
            return
        if _leads_to_file(href, attributes, link):
            yield link


def _leads_to_file(href: str, attributes: dict[str, str | None], link: LexborNode) -> bool:
    parts = split_url(href)
    if parts.scheme.lower() not in ("", "http", "https"):
        return False
    path = unquote(parts.path)
    if FILE.search(path) or SENDERS.search(href) or any(FILE.search(unquote(value)) for value in _values(parts.query)):
        return True
    if (
        "download" in attributes
        and bool(path)
        and not re.search(r"\.(?:jpe?g|png|gif|webp|mp[34]|apk|exe)$", path, re.IGNORECASE)
    ):
        return True
    return FILE.search(_text(link)) is not None and not re.search(r"(?:html?|/)$", path, re.IGNORECASE)


def _values(query: str) -> list[str]:
    return [part.partition("=")[2] for part in query.split("&")]


class _Places:
    """Decides by the elements round a link if its file is attached to the article, within limits on the markup read."""

    def __init__(self, url: str, box: LexborNode | None, left_out: frozenset[int]) -> None:
        self.host, self.left_out = split_url(url).hostname or "", left_out
        self.box = box.mem_id if box is not None else None
        self.near = frozenset(_around(box)) if box is not None else frozenset()
        self.measured = 0  # characters of markup

    def attach(self, link: LexborNode) -> bool:
        """True if a link is in the box or announced as attached.

        False if an element round it, up to the box, is hidden, left out or a part of the site's own. A sentence of the
        box that points to a file of another site attaches nothing, unless that file is announced.
        """
        announced, steps = False, 0
        at: LexborNode | None = link
        while at is not None and at.mem_id != self.box:
            called = CALLED.search(_names(at)) is not None
            if self._is_outside(at) or (not called and OF_THE_SITE.search(_names(at))):
                return False
            if not announced and steps < MAX_ATTACHMENT_LEVELS:
                announced = called or (at.mem_id in self.near and _is_named(link)) or self._announces(at)
            at, steps = at.parent, steps + 1
        if at is None or announced:
            return announced
        return same_site(link.attributes.get("href") or "", self.host) or not self._in_a_sentence(link)

    def _is_outside(self, node: LexborNode) -> bool:
        return node.tag in OUTSIDE or node.mem_id in self.left_out or is_hidden(node.attributes)

    def _announces(self, node: LexborNode) -> bool:
        """True if the short text of an element, or of the node right before it, opens with a label such as 附件."""
        before = node.prev
        while before is not None and before.is_text_node and before.is_empty_text_node:
            before = before.prev
        return any(each is not None and LABEL.match(self._text(each)) is not None for each in (node, before))

    def _in_a_sentence(self, link: LexborNode) -> bool:
        """True if other words stand in the line of a link and end like a sentence.

        In a line too long to read: if words stand right before or after the link.
        """
        line: LexborNode | None = link
        while line is not None and line.tag not in LINES:
            line = line.parent
        told = self._text(line) if line is not None else ""
        if not told:  # a line too long to read: look at the nodes next to the link
            beside = (link.prev, link.next)
            return any(each is not None and each.tag == "-text" and WORD.search(self._text(each)) for each in beside)
        return (ends_sentence(told) or told.endswith("；")) and len(told) > 2 * len(_text(link))

    def _text(self, node: LexborNode) -> str:
        """The text of a short element; "" for a long one, and after MAX_ATTACHMENT_MARKUP characters."""
        if self.measured > MAX_ATTACHMENT_MARKUP:
            return ""
        size = len(node.html or "")
        self.measured += size
        told = node.text(strip=True) if size <= MAX_LABELLED_MARKUP else ""
        return told if len(told) <= MAX_ATTACHMENT_LINE else ""


def _around(box: LexborNode) -> Iterator[int]:
    """Yield the mem_ids of the elements round the box below <body>, the nearest first, at most MAX_LEVELS_NEAR_BOX."""
    above = box.parent
    for _ in range(MAX_LEVELS_NEAR_BOX):
        if above is None or above.tag in ("body", "html"):
            return
        yield above.mem_id
        above = above.parent


def _is_named(link: LexborNode) -> bool:
    """True if the text of a link ends like the name of a file, or its address begins with ./, the page's folder."""
    return FILE.search(_text(link)) is not None or (link.attributes.get("href") or "").startswith("./")


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:MAX_CLASS_AND_ID_CHARACTERS]


def _name(link: LexborNode) -> str | None:
    """The name of a link's file; None without one.

    It is the link's text, or if that names only an action its title, its attribute download or the words before it.
    """
    title = " ".join((link.attributes.get("title") or "").split())
    told = (_text(link), title, *_given(link))
    return next((name for name in told if name and not UNNAMED.fullmatch(name[:MAX_CLASS_AND_ID_CHARACTERS])), None)


def _given(link: LexborNode) -> list[str]:
    """Two texts: the value of the attribute download, then the words right before a link in its line.

    "" for one that is missing; such words also count as missing if they are a label like 附件, or too long for a name.
    """
    before = link.prev
    told = (
        before.text(strip=True) if before is not None and before.tag in ("-text", "span", "b", "strong", "em") else ""
    )
    words = " ".join(told.split()).strip(FRAMES)
    plain = words if len(words) <= MAX_ATTACHMENT_NAME and not is_attachment_label(f"{words}:") else ""
    return [link.attributes.get("download") or "", plain]


def _file_name(address: str) -> str:
    parts = split_url(address)
    names = [unquote(parts.path).rpartition("/")[2], *(unquote(value) for value in _values(parts.query))]
    return next((name for name in names if FILE.search(name)), "")


def _text(node: LexborNode) -> str:
    return " ".join(node.text().split())

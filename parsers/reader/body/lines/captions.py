"""The captions among the lines of a box, and the picture of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.reader.body.lines.notes import is_machinery
from parsers.reader.body.markup.blocks import PICTURED, Block
from parsers.reader.body.thresholds import (
    MAX_CAPTION_LINE,
    MAX_CENTRED_CAPTION,
    MAX_CENTRED_SHARE,
    MAX_JOINED_CAPTION,
    MAX_SIGNATURE,
)
from parsers.text import HAN

# Arrows point from a caption to its picture.
UP, DOWN = ("▲", "△", "⬆", "↑", "▴", "🔺"), ("▼", "▽", "⬇", "↓", "▾", "🔻")
ARROWS = "".join((*UP, *DOWN))
_PICTURE = "[图圖]片?"
_KEPT = rf"[资資]料(?:照片?|{_PICTURE})"  # from the archive of the paper: 资料照
_OF = "(?:[来來](?:自|源[于於自])|[截取][图圖]?自|翻[摄攝]自|[据據])"
_SHORT = "[^。，,]{2,20}[）)】]?$"  # of a line that is nothing but such a source
OPENING = re.compile(
    rf"""[（(【\[]?(?:
        [上左右题題]?[图圖](?:[为為]|[：:]|\d{{1,2}}[：:、.\s]|[①-⑳]|[一二三四五六七八九十][：:]
          |\s?[/／|｜丨]\s?{_SHORT})
      | {_PICTURE}(?:[说說]明?|[注註]|解)[：:] | {_PICTURE}由.{{1,40}}(?:提供|生成)
      | [资資]料[图圖] | 配[图圖][：:] | 效果[图圖]
      | {_KEPT}(?:$|[\s（(：:，,])
      | {_PICTURE}[来來]源[：:] | [图圖]源(?:[：:]|{_SHORT}) | {_PICTURE}{_OF}{_SHORT} | (?:翻[摄攝]|取)自{_SHORT}
      | 照片[：:] | [摄攝](?:影[：:/／]|[：:]) | (?:[视視][频頻]|影片|[网網](?:[络絡路]|[页頁]))截[图圖] | Photo\ by\s
    )""",
    re.VERBOSE,
)
NEXT = re.compile(r"[（(【\[]?下[图圖](?:[为為]|[：:])")  # of the picture below
# 新华社记者 王小青 摄; the blank or the office in front of a name distinguishes it from a sentence about 摄影.
_NAMES = rf"[{HAN}·]{{1,6}}(?:[\s、/]{{1,3}}[{HAN}·]{{1,6}}){{0,4}}"
_AGENCIES = "路透社?|美[联聯]社|法新社|新[华華]社[发發]?|中新社|中央社|共同社|彭博社?|[东東]方IC(?:\\s?[图圖])?|VCG|CFP"
SIGNATURE = re.compile(
    rf"""(?:^|[\s（(/／|：:。，]|[记記]者|通[讯訊][员員]|社|[网網]|[报報]|[台臺])\s{{0,4}}{_NAMES}
        (?:[\s/／]{{0,3}}(?:[摄攝]|供[图圖]|[绘繪]|[制製][图圖])|[\s/／]{{1,3}}[摄攝]影)[）)\]】]?[。.]?$
      | [（(](?:[{HAN}]{{2,12}}(?:社|[网網]|[报報]|资料)?(?:[发發]|供[图圖]|[摄攝]|提供)
        |(?:[图圖]片?)?[来來]源[：:][^（()）]{{1,30}}|[^（()）]{{0,12}}{_KEPT}(?:[，,、][^（()）]{{1,20}})?
        |(?:[图圖][/／])?翻[摄攝][^（()）。]{{2,20}})[）)][。.]?$
      | [视視][觉覺]中[国國](?:\s?(?:[资資]料|供?[图圖]))?[）)]?$ | 截[图圖][）)]?$
      | ^[（(]?(?:{_AGENCIES}|本[报報刊]{_KEPT}|{_KEPT}|示意[图圖]|[监監]控[画畫]面|AI[制製][图圖]
        |[{HAN}]{{2,12}}提供)[）)]?$
      | [\[(](?:Photo|Image|Picture)s?\s?(?:/|:|by|courtesy)[^\])]{{0,40}}[\])]\.?$ | /(?:Xinhua|VCG|CFP)[\])]?\.?$
    """,
    re.VERBOSE,
)
NUMBERED = re.compile(
    r"附?表\s*[\d一二三四五六七八九十]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节条]"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[、.．]"
)


def captioned(blocks: Sequence[Block]) -> list[Block]:
    """The lines of a box, with the caption of each picture as its text; every line that is a caption has that kind.

    A picture without a caption keeps its text; several captions of one are joined by blanks. An arrow or 下图 at the
    head of a caption points to its picture; any other caption belongs to the picture above or below that shares the
    nearest element with it. If both share the same, to the one above; but to the one below, if the one above got its
    caption from a line that stands before it. A caption by its tag that has no picture, but rows of a table beside it,
    becomes text.
    """
    return _Captions(blocks).read() if any(block.kind in PICTURED for block in blocks) else list(blocks)


class _Captions:
    """One pass over the lines; the picture below each line is found beforehand."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)
        self.told: dict[int, str] = {}  # place of a picture -> its caption
        self.last: int | None = None  # the picture whose caption was read last
        texts = [block for block in self.blocks if block.kind == "text"]
        centred = sum([block.centred for block in texts])
        self.centring_tells = centred <= MAX_CENTRED_SHARE * len(texts)
        self.below = self._below()

    def read(self) -> list[Block]:
        above: int | None = None  # the picture above, with nothing but captions between
        for place, block in enumerate(self.blocks):
            if block.kind == "image":
                above, self.last = place, None
            elif not self._take(place, block, above):
                above = self.last = None
        for place, caption in self.told.items():
            self.blocks[place] = self.blocks[place]._replace(text=caption)
        return self.blocks

    def _take(self, place: int, block: Block, above: int | None) -> bool:
        """Give a line to its picture, if any, if it is a caption, and return True if it is one."""
        below = self.below[place]
        if block.kind != "caption":
            wanted = self._shaped(block, above, below)
            if wanted is None:
                return False
            self.blocks[place] = block._replace(kind="caption")
        else:
            wanted = self._nearer(block, above, below)
            if wanted is None and self._is_of_table(place):
                self.blocks[place] = block._replace(kind="text")
                return False
        if wanted is not None:
            self._caption(wanted, block.text)
        return True

    def _is_of_table(self, place: int) -> bool:
        """True if a caption stands right above or under the rows of a table."""
        return any(block.tag == "tr" for block in self.blocks[max(0, place - 1) : place + 2])

    def _caption(self, picture: int, text: str) -> None:
        known, caption = self.told.get(picture, ""), text.lstrip(ARROWS + " ")
        if caption and caption not in known and len(known) + len(caption) < MAX_JOINED_CAPTION:
            self.told[picture] = f"{known} {caption}".strip()
        self.last = picture

    def _shaped(self, block: Block, above: int | None, below: int | None) -> int | None:
        """The index of the picture whose caption a line is by its words or position; None for any other line."""
        text = block.text
        if (
            block.kind != "text"
            or len(text) > MAX_CAPTION_LINE
            or block.tag == "tr"
            or block.linked
            or (above is None and below is None)
        ):
            return None
        if text.startswith(DOWN) or NEXT.match(text):
            return below
        if text.startswith(UP):
            return above
        if OPENING.match(text) or SIGNATURE.search(text[-MAX_SIGNATURE:]):
            return self._nearer(block, above, below)
        return above if self._only_centred(block, above) else None

    def _only_centred(self, block: Block, above: int | None) -> bool:
        """True for a short centred line right under a picture without a caption, if most of the text is not centred.

        False for a bold or numbered line, and for one of the page's machinery.
        """
        if above is None or self.last is not None or not (block.centred and self.centring_tells):
            return False
        short = len(block.text) <= MAX_CENTRED_CAPTION and not block.all_strong
        return short and not (NUMBERED.match(block.text) or is_machinery(block.text))

    def _nearer(self, block: Block, above: int | None, below: int | None) -> int | None:
        """The index of the picture, of those above and below, that shares the nearest element with a caption.

        If both share the same, the one above; but the one below, if the one above got its caption from a line that
        stands before it. The only one if there is no other; None without any.
        """
        if above is None or below is None:
            return below if above is None else above
        up, down = self._distance(block, above), self._distance(block, below)
        if up != down:
            return above if up < down else below
        return below if above in self.told and self.last is None else above

    def _distance(self, block: Block, picture: int) -> int:
        """The number of elements around a caption, from the inside, that do not hold the picture."""
        around = set(self.blocks[picture].around)
        return next((steps for steps, node in enumerate(block.around) if node in around), len(block.around))

    def _below(self) -> list[int | None]:
        """For each line the index of the picture that follows it with only captions between; None without one."""
        found: list[int | None] = []
        following: int | None = None
        for place in range(len(self.blocks) - 1, -1, -1):
            found.append(following)
            kind = self.blocks[place].kind
            following = place if kind == "image" else following if kind == "caption" else None
        return found[::-1]

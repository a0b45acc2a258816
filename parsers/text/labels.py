"""The labels of people, publishers and pictures in bylines and biographies (作者, 责任编辑, 来源), one line each.

A line holds what a label introduces, its words in both scripts, the words that may stand before it, and its further
uses. In words of two characters a blank may stand between the two: 作 者：.
"""

import re
from typing import NamedTuple

from parsers.text.han import HAN

_TOPICS = "本 本期 本文 本场 本場 本讲 本講"
_EDITED = """
    责任 責任 栏目 欄目 文字 图片 圖片 网络 網絡 网站 值班 本期 本文 本版 版面 视频 新媒体 执行 執行 核稿 实习
    實習 见习 视觉 視覺 美术 美術 微信
"""
_RANKS = """
    本报 本報 本网 本網 本刊 本台 特约 特約 专栏 專欄 见习 見習 实习 實習 首席 高级 高級 资深 資深 全媒体 全媒體 融媒
    融媒体 摄影 攝影 图片 圖片 文字 视频 影音 新闻 新聞
"""


class BylineLabel(NamedTuple):
    """One label: what it introduces, its words, those that may stand before them, and its uses.

    `bare`: a name may follow after a blank, without a colon. `presents`: a biography may have it: 主讲人简介.
    """

    kind: str
    words: str
    before: str = ""
    bare: bool = False
    presents: bool = False


LABELS = (
    BylineLabel("author", "作者", "本文 本期 原 特约 特約 专栏 專欄", presents=True),
    BylineLabel("author", "执笔 執筆 执笔人 執筆人", bare=True),
    BylineLabel("author", "撰文 撰稿 采写 採寫 整理 整合", bare=True),
    BylineLabel("author", "文字", bare=True),
    BylineLabel("author", "文 撰稿人 采访 採訪 口述 口述者"),
    BylineLabel("author", "译 譯 译者 譯者 编译 編譯 编译者 翻译 翻譯 翻译者"),
    BylineLabel("author", "by written_by author authors reporter reporters story_by"),
    BylineLabel("reporter", "记者 記者 通讯员 通訊員 实习生 實習生 评论员 評論員", _RANKS),
    BylineLabel("reporter", "专栏作者 專欄作者 专栏作家 專欄作家", _RANKS),
    BylineLabel("reporter", "编译 編譯"),
    BylineLabel("speaker", "主讲 主講", _TOPICS, bare=True, presents=True),
    BylineLabel("speaker", "主讲人 主講人 主讲者 主講者 主讲嘉宾 主講嘉賓 主讲专家", _TOPICS, bare=True, presents=True),
    BylineLabel("speaker", "演讲人 演講人 演讲者 演講者", bare=True, presents=True),
    BylineLabel("speaker", "讲述人 講述人 讲述者 講述者", bare=True, presents=True),
    BylineLabel("speaker", "speaker speakers"),
    BylineLabel("guest", "嘉宾 嘉賓 受访者 受訪者", presents=True),
    BylineLabel("host", "主持人 采访者 採訪者"),
    BylineLabel("person", "思想者 人物 专家 專家 学者 學者 讲者 講者 讲师 講師 发言人 發言人", presents=True),
    BylineLabel("editor", "编辑 編輯", _EDITED, bare=True),
    BylineLabel("editor", "责编 責編 网编 美编", bare=True),
    BylineLabel("editor", "编 編"),
    BylineLabel("editor", "主编 主編 总编 总编辑 總編輯", "栏目 欄目 执行 執行 副"),
    BylineLabel("editor", "校对 校對 审校", "责任 責任", bare=True),
    BylineLabel("editor", "审核 審核", "初 复 終 终 一 二 三", bare=True),
    BylineLabel("editor", "审", "初 复 終 终 一 二 三"),
    BylineLabel("editor", "编审 编審 監製 监制"),
    BylineLabel("editor", "edited_by editor editors"),
    BylineLabel("source", "来源 來源", "文章 信息 新闻 新聞 稿件 内容 本文"),
    BylineLabel("source", "来自 來自 稿源 转自 轉自 摘自 出处 出處 原载 source sources from"),
    BylineLabel("picture", "图片来源 圖片來源 题图来源 題圖來源 照片来源 视频来源"),
    BylineLabel("picture", "图片来自 題圖來自 题图来自 配图来自 封面来自"),
    BylineLabel("picture", "图源 圖源 摄 攝 图 圖 图片 圖片 制图 製圖 配图 配圖 供图 供圖 翻拍"),
    BylineLabel("picture", "题图 題圖 首图 首圖 头图 頭圖 封面图 封面圖"),
    BylineLabel("picture", "摄影 攝影", bare=True),
    BylineLabel("data", "数据来源 數據來源 资料来源 資料來源"),
    BylineLabel("made", "摄像 攝像 剪辑 剪輯 设计 設計 策划 策劃 统筹 統籌 制作 製作 供稿 排版 出品"),
)


def alternatives(*kinds: str, bare: bool = False, presents: bool = False) -> str:
    """A pattern for the labels of these kinds, with the words before them; of all kinds without any.

    bare, presents: only for labels with that use. It has no groups, and ends at the label's last character.

    >>> re.fullmatch(alternatives("editor"), "责任编 辑") is not None
    True
    """
    chosen = [
        label
        for label in LABELS
        if label.kind in (kinds or (label.kind,)) and label.bare >= bare and label.presents >= presents
    ]
    # The set of the first letters comes first: most places of a text end there, before any word is compared.
    openings = "".join(sorted({word[0] for label in chosen for word in f"{label.words} {label.before}".split()}))
    branches = (_before(label.before) + f"(?:{'|'.join(map(_spaced, label.words.split()))})" for label in chosen)
    return f"(?=[{openings}])(?:{'|'.join(branches)})"


def label_words() -> list[str]:
    """The Chinese words of all labels, and those that stand before them, each once; the longest first.

    >>> "主讲" in label_words(), "author" in label_words()
    (True, False)
    """
    words = {word for label in LABELS for word in f"{label.words} {label.before}".split() if not word.isascii()}
    return sorted(words, key=lambda word: (-len(word), word))


def _before(words: str) -> str:
    return f"(?:{'|'.join(words.split())}){{0,4}}" if words else ""


def _spaced(word: str) -> str:
    """The pattern of a word: with a possible blank in two Han characters, and blanks in place of underlines."""
    return r"\s*".join(word) if re.fullmatch(f"[{HAN}]{{2}}", word) else word.replace("_", " ")

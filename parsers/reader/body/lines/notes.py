"""Short lines in an article's box about the page: advertisements, pointers elsewhere, times, credits."""

from __future__ import annotations

import re

from parsers.people import is_line_of_names, is_said, is_talk
from parsers.reader.body.lines.origins import tells_origin
from parsers.reader.body.thresholds import (
    MAX_FOOT_CHARACTERS,
    MAX_KEYWORDS_LINE,
    MAX_LABEL_CHARACTERS,
    MAX_NOTE_CHARACTERS,
)
from parsers.reader.published.dateline import DATE
from parsers.text import CHINESE_STOPS, ELLIPSIS, HAN, READERS, STOPS, alternatives, before_counter

SENTENCE_MARK = re.compile(f"[{STOPS}{ELLIPSIS}]")
LISTED = re.compile("[；;、，,][^。]*")  # 甲；乙。
NOT_AT_FOOT = (*CHINESE_STOPS, "；", "，")  # no line of the foot ends so

# The legal foot of a page: registration numbers of a site, which stand nowhere else, its owner and address.
REGISTERED = re.compile(
    r"ICP\s*[备證证]\s*(?:案号)?[:：]?\s*\d|公网安备\s*\d|网站标识码\s*[:：]?\s*\w|(?:信息服务|出版服务|视听节目)许可证.{0,8}\d",
    re.IGNORECASE,
)
FOOT_LABEL = re.compile(
    r"[\W_]*(?:(?:网站)?(?:主办|承办|协办|主管|运维|维护|管理)单?位?|(?:联系|通信|通讯|单位|办公)?地址|邮编|邮政编码|版权所有|技术支持"
    r"|(?:联系|值班|服务|举报)?(?:电话|热线|邮箱)|(?:违法和?不良信息)?举报(?:电话|热线|邮箱)|网站标识码|备案号?|传真)\s*[:：]"
)

# Short lines of the page's machinery. They are not prose, and some of them name the editor and the source.
MACHINERY = re.compile(
    r"""^[\s（(\[【]*(?!出处|出處|摘自)(?:
        (?:本文)?\s*原\s*标?题\s*[为:：] | 原文标题\s*[:：]
      | (?:"""
    + f"{alternatives('source', 'editor', 'picture')}"
    + rf"""|作\s*者)\s*(?:[:：]|[|｜丨︱/／][^{STOPS}，,的]{{1,30}}$)"""
    + r"""
      | 推[荐薦][】\]]?$ | [暂暫尚][无無](?:评论|評論|留言)$
      | (?:发布|發布|更新|刊发)?(?:时间|時間|日期)\s*[:：]
      | """
    + READERS
    + rf"\s*[:：](?![^\n]*[{CHINESE_STOPS}])"
    + r""" | 字\s*[号体]\s*[:：]?
      | 纠错 | 转播到 | 正在加载 | 文\s*[/／]
      | 文章关键词 | 标签\s*[:：] | 分享(?:到|至|$)
      | \d{1,6}\s?[则則]\s?(?:评论|評論|留言|回[复覆])$
      | \+1$ | 图集$ | 进入【[^】]{2,20}】讨论$ | 视频\s*[-－—][^。]{4,}$ | 正文已结束
      | 打印(?:本页)?$ | 关闭(?:窗口)?$ | 收藏$ | 举报$ | 返回(?:顶部|首页|搜狐)
      | (?:上|下)一[篇页条][:：]?
      | 扫(?:一扫|码|描)[^。]*$ | 点击(?:进入|查看|下载)[^，。]{0,20}$
      | 更多(?:猛料|精彩|内容|新闻|资讯) | 欢迎关注 | 关注.{0,12}(?:公众号|微信)
      | (?:Advertisement|ADVERTISEMENT|Share\ this|Read\ more|Sign\ up|Subscribe|Follow\ us|Related:|Photo:|Copyright|©)
    )""",
    re.VERBOSE,
)
KEYWORD_NAME = r"(?:关\s*键\s*[词字]|關鍵[詞字]|(?i:key ?words))"
KEYWORDS = re.compile(
    rf"[\s（(\[【■●▲◆]*(?:文章|本文|中文)?{KEYWORD_NAME}"
    r"(?:\s*[】\]]\s*[:：]?|\s*[:：]|\s+(?=[^；;]{1,30}[；;]))"
    r"\s*(?P<words>\S.*)",
    re.IGNORECASE,
)
TELLING = re.compile(rf"(?:{alternatives('picture')}|来自|來自|出处|出處|摘自)")
REPORTER = re.compile(
    rf"^(?=.{{0,30}}[者員员生家])[\s（(\[【〔□■◎●▲◆]*[{HAN}]{{0,8}}(?:{alternatives('reporter')})"
    rf"(?:\s*[:：]?\s*[{HAN}·]{{2,4}}){{1,4}}(?:\s*[／/]\s*[{HAN}]{{2,8}}[报報][道導])?[\s）)】〕]*$"
)  # a publisher may stand in front: 新华社记者王小青
# Openings of pointers to something else, in the languages of the press; a colon or a short line marks a pointer.
POINTER = re.compile(
    r"""^[\W_]*(?:
        (?:also|read|see|watch|listen|don['’]t\ miss)\ (?:also|more|next|now|this|:)
      | also\ (?:read|see|on|:) | (?:watch|read|listen|see|video|also|related|more|recommended)\s*[:|]
      | read\ (?:more|next)
      | more\ (?:on|from|in|great|stories|news|coverage|like\ this)\b
      | related\ (?:article|stor|content|topic|coverage|link|post|read)
      | explore\ (?:more|further) | find\ out\ more | join\ the\ (?:conversation|discussion) | keep\ reading
      | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested) | what\ to\ read\ next
      | for\ more\ (?:stories|news|information)
      | lesen\ sie\ (?:auch|mehr|hier|dazu|weiter) | (?:das|auch|mehr)\ (?:dazu|interessant|zum\ thema)
      | zum\ (?:thema|artikel)\s*[:|]
      | mehr\ (?:zum\ thema|dazu|themen|nachrichten|lesen|über) | passend\ zum
      | auch\ (?:interessant|lesenswert|spannend)
      | weitere\ (?:infos|informationen|themen|artikel|nachrichten) | häufig\ gelesen | meistgelesen
      | (?:à|a)\ lire\ (?:aussi|également)? | lire\ (?:aussi|également|la\ suite) | (?:à|a)\ voir\ aussi
      | sur\ le\ même\ (?:sujet|thème)
      | (?:lea|lee|leer|ver)\ (?:también|más|además) | te\ puede\ interesar | para\ saber\ más | más\ información
      | noticias\ relacionadas
      | leia\ (?:também|mais) | veja\ (?:também|mais) | saiba\ mais | leggi\ anche | (?:per\ )?approfondi(?:re|menti)
      | lees\ (?:ook|meer|verder) | (?:les|læs|läs)\ (?:også|mer|mere|også|också|mera)\b
      | czytaj\ (?:więcej|też|także|również) | zobacz\ (?:też|także)
      | baca\ (?:juga|berita) | читайте\ (?:также|ещё) | смотрите\ также | по\ теме | ayrıca\ oku
      | čtěte\ (?:také|více)
      | 関連記事 | あわせて読みたい | おすすめ(?:記事|情報) | こちらもおすすめ | 관련\s*기사
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Whole lines, and openings that nothing but the page's machinery has.
LABEL = re.compile(
    r"""^[\W_]*(?:
        (?:advert|advertisement|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|iklan|reklama?|annonce
          |annons|mainos|広告|광고)s?\W*$
      | (?:article|story)\ continues\ (?:below|after).* | scroll\ to\ continue.* | continue\ reading.*
      | content\ continues.*
      | (?:image|photo|slide|bild|foto)?\s*\d+\s*(?:of|/|von|de|sur)\s*\d+$ | duration\s*:?\s*\d.*
      | (?:key\ events?|live|breaking|exclusive|embed|video|caption|close|image|share|print|save|gallery)$
      | \d+\s*(?:hours?|hrs?|days?|min(?:ute)?s?|std|stunden?|tagen?|minuten?)\.?\ ?(?:ago|read|lesezeit|lesedauer)?$
      | (?:first\ )?(?:published|updated|last\ updated|posted)\b[\s:|].{0,70}
      | \d+\ min(?:ute)?s?\.?\ (?:read|lesezeit)
      | (?:stand|erstellt|publiziert|aktualisiert|veröffentlicht|lesezeit|lesedauer|actualizado|publicado|publié
          |mis\ à\ jour|pubblicato|aggiornato|gepubliceerd|publicerad|oppdatert|opublikowano)\b[\s:].{0,60}
      | (?:by|von|par|por|di|door|af|av|text)\s*:?(?:\s+(?:(?-i:[A-ZÀ-Þ])[\w.'’-]*,?|and|und|et|y|de|van|der|von
          |e)){1,7}$
      | (?:fotos?|photos?|bild(?:er)?|images?|pictures?|crédits?(?:\ photos?)?|credits?|bildquelle|bildnachweis
          |illustrations?|grafik)\s*[:/(].{0,80}
      | (?:quellen?|sources?|fuentes?|fonte|rechte|sendung|redaktion|editors?|topics|tags|categories|filed\ under
          |schlagwor?te?r?)\s*:.{0,90}
      | (?:drucken|teilen|kommentieren|merken|link\ kopieren|link\ des\ videos|kommentare|zur\ startseite
          |nach\ oben|partager|imprimer|compartir|imprimir|compartilhar|condividi|delen|del|skriv\ ut)\W*$
      | player\ wird\ geladen.* | this\ (?:slideshow|video|page)\ requires\ javascript.*
      | fehler\ (?:gefunden|beim)\b.* | link\ zum\ \S+-inhalt
      | (?:©|copyright\b|all\ rights\ reserved|alle\ rechte).*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
OPENING = re.compile(
    r"""(?:follow|folgen\ sie|suivez|sigue|siga|segui|volg|følj|følg|ikuti)\b.{0,80}\b(?:twitter|facebook|instagram
          |google|whatsapp|telegram|youtube|x)\b
      | empfohlener\ redaktioneller\ inhalt | an\ dieser\ stelle\ (?:finden|findest) | ich\ bin\ damit\ einverstanden
      | (?:damit\ können\ )?personenbezogene\ daten\ (?:können|an) | sie\ können\ sich\ hier\ alle\ externen
      | du\ kannst\ ihn\ dir\ mit\ einem\ klick | our\ standards:\ ?the\ thomson | like\ this\ story
      | (?:have|got)\ a\ (?:news\ )?tip
      | get\ (?:the\ latest|real-?time|breaking|more)\b | (?:email|contact|reach)\ .{0,60}@
      | (?:get|stay|keep)\ in\ touch\b
      | this\ (?:article|story)\ (?:was|has\ been)\ (?:first\ )?(?:published|updated|amended)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
OFFER = re.compile(
    r"""\b(?:newsletters?\b.*\b(?:sign\ ?up|subscri|inbox|abonn|anmeld|register|hier|here)
          | (?:sign\ ?up|subscribe|abonnier\w*|melden\ sie\ sich)\b.*\b(?:newsletters?|inbox|e-?mail)\b
          | whatsapp[ -]?(?:channel|kanal|canal)\b | earn\ (?:a|an\ affiliate)\ commission\b | affiliate[ -]links?\b)
      | ご利用には会員登録 | 会員(?:限定|登録が必要) | [無有]料会員
    """,
    re.VERBOSE,
)


def is_dateline(text: str) -> bool:
    """True if a line is a date, with nothing but another line of the page's machinery behind it.

    >>> is_dateline("2026-11-25 08:30 来源：江海日报"), is_dateline("2026-11-25 江海一号码头复航")
    (True, False)
    """
    found = DATE.match(text)
    behind = text[found.end() :].strip() if found is not None else None
    return behind is not None and (not behind or is_machinery(behind))


def is_note(text: str) -> bool:
    """True if a line is about the page and no part of its article: an offer, a pointer elsewhere, a time, a credit."""
    if len(text) > MAX_NOTE_CHARACTERS or not (_opens(text) or OFFER.search(text.lower()) is not None):
        return False
    return not is_talk(text)


def keywords_in(text: str) -> str | None:
    """The keywords of a line (关键词：甲；乙, 【关键词】甲 乙); None without any, or if the line is a sentence.

    >>> keywords_in("关键词：城市更新；人才"), keywords_in("关键词：为什么是江海？")
    ('城市更新；人才', None)
    """
    found = KEYWORDS.match(text) if len(text) <= MAX_KEYWORDS_LINE else None
    words = before_counter(found["words"].strip()) or None if found is not None else None
    if words is not None and words.endswith("。") and LISTED.search(words) is not None:
        words = words[:-1]
    return words if words is not None and SENTENCE_MARK.search(words) is None else None


def is_registered(text: str) -> bool:
    """True if a line that is not a sentence shows a registration number of a site."""
    return len(text) <= MAX_FOOT_CHARACTERS and not text.endswith(NOT_AT_FOOT) and REGISTERED.search(text) is not None


def is_foot(text: str) -> bool:
    """True if a short line, no sentence, opens with a label of a page's legal foot or shows a registration number."""
    if len(text) > MAX_FOOT_CHARACTERS or text.endswith(NOT_AT_FOOT):
        return False
    return FOOT_LABEL.match(text) is not None or REGISTERED.search(text) is not None


def _opens(text: str) -> bool:
    short = len(text) <= MAX_LABEL_CHARACTERS
    if short and LABEL.match(text) is not None:
        return True
    if (short or not text.endswith(".")) and POINTER.match(text) is not None:
        return True
    return OPENING.match(text) is not None


def is_machinery(text: str) -> bool:
    """True if a line opens like one of the page's machinery, or gives keywords; one spoken in an interview does not.

    Its length does not count.
    """
    found = MACHINERY.match(text) is not None or tells_origin(text) or REPORTER.match(text) is not None
    named = (found and not is_talk(text) and not _tells(text)) or is_line_of_names(text)
    return named or keywords_in(text) is not None


def _tells(text: str) -> bool:
    """True for a sentence behind a label of pictures or 来自, as in rules of a contest: 图片：每张不小于两兆…。"""
    label, _, value = text.replace(":", "：").partition("：")
    return TELLING.fullmatch(label) is not None and is_said(value)

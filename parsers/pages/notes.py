"""Short lines in an article's box that speak of the page: advertisements, pointers elsewhere, times, credits."""

from __future__ import annotations

import re

LONGEST_NOTE = 220  # characters
LONGEST_LABEL = 90

# Openings of pointers to something else, in the languages of the press; a colon or a short line shows that it is one.
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
# The first three letters of LABEL, POINTER and OPENING, as far as they are ASCII letters; most lines begin otherwise.
_STARTS = """
    act adv agg akt all als ann anz app art auc ayr bac bil bre cap cat clo com con cop cre czy dam das del don doo dru
    dur edi ema emb emp ers exc exp feh fil fin fir fol fon for fot fue gal gep get got gra hav ich ikl iku ill ima imp
    joi kee key kom las lea lee leg lei les lik lin lir lis liv mai meh mei mer mis mor nac not opp opu our par pas per
    pho pic pla por pos pri pub que rea rec red rek rel sai sav sch scr see seg sen sha sie sig skr sli sou sta sto
    sui sur tag tei tex thi top upd vej ver vid vol von wat wei wer wha you zob zum zur
"""
STARTS = frozenset(_STARTS.split()) | {f"{word}{mark}" for word in ("af", "av", "by", "di") for mark in " :"}
STARTS |= {"a l", "a v", "an ", "du ", "te "}
MARKS = " \"“„‘'«([#+-–—*•>《"  # the commonest of those that may stand before an opening
COUNT = re.compile(r"[\W_]*\d+\s*[/dhmostvDHMOSTVſ]")  # how LABEL's lines with a number go on: 2 of 9, 5 min read
OFFER = re.compile(
    r"""\bnewsletters?\b.*\b(?:sign\ ?up|subscri|inbox|abonn|anmeld|register|hier|here)
      | \b(?:sign\ ?up|subscribe|abonnier\w*|melden\ sie\ sich)\b.*\b(?:newsletters?|inbox|e-?mail)\b
      | \bwhatsapp[ -]?(?:channel|kanal|canal)\b | \bearn\ (?:a|an\ affiliate)\ commission\b | \baffiliate[ -]links?\b
      | ご利用には会員登録 | 会員(?:限定|登録が必要) | [無有]料会員
    """,
    re.VERBOSE,
)


def is_note(text: str) -> bool:
    """Whether a line speaks of the page and is no part of its article."""
    if len(text) > LONGEST_NOTE:
        return False
    start = text[:3]
    latin = start.isascii() and start[:1].isalpha()
    may_open = start.lower() in STARTS if latin else _may_open(text)  # which spares most lines the long patterns
    return (may_open and _opens(text)) or _offers(text.lower())


def _may_open(text: str) -> bool:
    """A look at the first letters behind quotation marks and the like."""
    start = text.lstrip(MARKS)[:3]
    if not start.isascii():
        return not "一" <= start[0] <= "\u9fff" or start[0] in "広関"
    if start[:1].isdigit():
        return COUNT.match(text) is not None
    return start.lower() in STARTS or not start[:1].isalpha()


def _opens(text: str) -> bool:
    if len(text) <= LONGEST_LABEL and LABEL.match(text) is not None:
        return True
    pointer = (len(text) <= LONGEST_LABEL or not text.endswith(".")) and POINTER.match(text) is not None
    return pointer or OPENING.match(text) is not None


def _offers(text: str) -> bool:
    named = "newsletter" in text or "inbox" in text or "whatsapp" in text or "commission" in text
    return (named or "affiliate" in text or "e-mail" in text or "会員" in text) and OFFER.search(text) is not None

"""GB/T 7714-2015 as a line of text: an online newspaper [N/OL], or a web page if no newspaper is named [EB/OL].

The speaker follows the title with the role, as §4.1 has it for others who are responsible (其他责任者), such as
translators. §4.4, on parts of serials, has no place for them.
"""

from archive.publish.citing.citation import Citation, one_line

TYPE = "text/plain; charset=utf-8"
MAX_NAMES = 3  # §8.1.2: of more authors the first three and 等


def write(cited: Citation) -> str:
    """The reference with the version, the time it was seen or received, and its permalink; ends with a line break."""
    return f"{reference(cited)}\n"


def reference(cited: Citation) -> str:
    """The reference of `write` without the line break."""
    parts = _names(cited), _title(cited), _speaker(cited), _where(cited), f"{one_line(cited.url)}.", _kept(cited)
    return " ".join(filter(None, parts))


def _names(cited: Citation) -> str:
    chinese = cited.language.startswith("zh")
    names = [name for name in map(one_line, cited.authors) if name]
    more = ["等" if chinese else "et al"] if len(names) > MAX_NAMES else []
    return f"{', '.join(names[:MAX_NAMES] + more)}." if names else ""


def _title(cited: Citation) -> str:
    whole = ": ".join(filter(None, map(one_line, (cited.title, cited.subtitle))))
    return f"{whole}[{'N' if one_line(cited.container) else 'EB'}/OL]."


def _speaker(cited: Citation) -> str:
    """The speaker as a further person responsible, after the title with the role, as §4.1 does for a translator."""
    name = one_line(cited.speaker)
    return f"{name}, {'主讲' if cited.language.startswith('zh') else 'speaker'}." if name else ""


def _where(cited: Citation) -> str:
    """`NAME, DATE[DAY OF ACCESS].` for a newspaper (§8.8.2), `(DATE)[DAY OF ACCESS].` for a web page (§8.8.3).

    An unknown date is left out with its comma or parentheses.
    """
    read = f"[{cited.accessed}]."
    if paper := one_line(cited.container):
        return f"{paper}, {cited.published}{read}" if cited.published else f"{paper}{read}"
    return f"({cited.published}){read}" if cited.published else read


def _kept(cited: Citation) -> str:
    if cited.language.startswith("zh"):
        return f"存档: {cited.address}, 版本 {cited.digest}, {'采集' if cited.dated else '收到'}于 {cited.seen}."
    seen = "seen" if cited.dated else "received on"
    return f"Archived: {cited.address}, version {cited.digest}, {seen} {cited.seen}."

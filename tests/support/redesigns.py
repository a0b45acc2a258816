"""One article in two designs of its site."""

from support.archiving import PARAGRAPHS

OLD = ("page", "head", "title", "when", "text", "line", "foot", "side", "more", "crumbs")
NEW = ("shell", "hero", "g-title", "g-when", "prose", "g-line", "base", "aside", "next", "trail")


def article(number: int, *more: str, marks: tuple[str, ...] = OLD, note: str = "") -> bytes:
    """One article in one of two designs that share no class."""
    page, head, title, when, text, line, foot, side, other, crumbs = marks
    lines = "".join(f'<p class="{line}">{paragraph}</p>' for paragraph in (*PARAGRAPHS, *more))
    return f"""<!doctype html><html lang="zh"><head><title>文章{number}</title></head>
<body class="{page}"><!-- {note} --><nav class="{crumbs}"></nav><div class="{head}">
<h1 class="{title}">文章{number}</h1>
<time class="{when}" datetime="2024-04-13T09:30:00+08:00">2024-04-13 09:30</time></div>
<div class="{text}">{lines}</div><div class="{side} {other}"></div>
<footer class="{foot}"></footer></body></html>""".encode()


def redesigned(number: int, *more: str, note: str = "") -> bytes:
    return article(number, *more, marks=NEW, note=note)

"""Small pages of our own: their prose, their frame and the values to read from them."""

from datetime import UTC, datetime

from parsers import Article, Document, parse

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PROSE = [
    "长三角的江与海，把几座城市连成一片，也把产业、人才和服务连成一片。",
    "这些年，通勤的列车开得更密，跨城办事跑得更少，这是看得见的变化。",
    "下一步怎么走？答案还在基层，在每一个园区、每一个社区的日常里。",
]
HEAD = "<title>江与海的连接</title><h1>江与海的连接</h1>"
ENGLISH = [
    "The rivers of the delta join several cities, and with them industry, talent and services.",
    "Trains run more often, and fewer errands need a second journey: these are changes that one can see.",
]


def page(
    html: str, url: str = "https://news.example.cn/a/1.html", source: str | None = None, kind: str = "text/html"
) -> Document:
    return Document(html.encode(), kind, url, NOW, source)


def read(
    html: str, url: str = "https://news.example.cn/a/1.html", source: str | None = None, kind: str = "text/html"
) -> Article:
    return parse(page(html, url, source, kind))


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>\n" for line in lines)

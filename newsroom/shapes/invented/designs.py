"""The two templates of the ordinary site's article page; `redesign` switches between them, the texts stay."""

import json
from dataclasses import dataclass
from html import escape

from newsroom.shapes.parts.common import SITE_NAME
from newsroom.stories.story import Story

_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article and the parts that a template prints around it; `related` holds address, title and teaser."""

    story: Story
    title: str
    url: str
    modified: str  # ISO 8601
    charset: str
    related: list[tuple[str, str, str]]
    pager: str = ""  # links to turn its pages
    last: bool = True  # True for the article's last page


@dataclass(frozen=True, slots=True)
class Labels:
    """The site's own words in one language."""

    html_lang: str
    site: str
    source: str
    author: str
    editor: str
    biography: str
    related: str
    tags: str
    home: str


LABELS = {
    "zh": Labels("zh-CN", SITE_NAME, "来源：", "作者：", "编辑：", "思想者小传", "相关阅读", "标签：", "首页"),
    "en": Labels(
        "en",
        "Jianghai Observer",
        "Source: ",
        "Author: ",
        "Editor: ",
        "Biography of Thinkers",
        "Related",
        "Tags: ",
        "Home",
    ),
}


def classic(view: ArticleView) -> str:
    """The HTML of an article page in design 0: one `article` element with everything in it."""
    story, words = view.story, LABELS[view.story.language]
    second = _subtitle(story)
    subtitle = f'<p class="subtitle">{escape(second)}</p>\n' if second else ""
    biography = (
        f'<div class="biography"><h3>{words.biography}</h3><p>{escape(story.biography)}</p></div>\n'
        if story.biography
        else ""
    )
    ending = (
        f'{biography}<p class="notice">{escape(story.notice, quote=False)}</p>\n'
        f'<p class="editor">{words.editor}{escape(story.editor)}</p>\n'
    )
    related = "".join(
        f'<li><a href="{url}">{escape(title)}</a><p>{escape(teaser)}</p></li>\n' for url, title, teaser in view.related
    )
    tags = "".join(f'<a class="tag" rel="tag">{escape(tag)}</a> ' for tag in story.keywords)
    return (
        f"{_head(view, words)}<body>\n"
        f'<header class="site"><a href="/">{words.site}</a> <a href="/list/1">List</a></header>\n'
        f'<nav class="breadcrumb"><a href="/">{words.home}</a> &gt; '
        f"<span>{escape(story.article_section)}</span></nav>\n"
        f"<article>\n<h1>{escape(view.title)}</h1>\n{subtitle}"
        f'<p class="byline"><time datetime="{story.date_published}">{_shown_date(story)}</time> '
        f'<span class="source">{words.source}{words.site}</span> {_author(story, words, "span")}</p>\n'
        f'<figure><img src="/image/{story.number}.png" alt="{escape(story.headline)}">'
        f"<figcaption>{escape(story.headline)}</figcaption></figure>\n"
        f'<div class="content">\n{_body(story, "h2")}</div>\n{view.pager}{ending if view.last else ""}'
        f'<p class="tags">{words.tags}{tags}</p>\n'
        f'<aside class="related"><h3>{words.related}</h3><ul>\n{related}</ul></aside>\n</article>\n'
        f"<footer>{words.site}</footer>\n</body>\n</html>\n"
    )


def modern(view: ArticleView) -> str:
    """The HTML of an article page in design 1: other elements, class names and order than design 0, the same story."""
    story, words = view.story, LABELS[view.story.language]
    second = _subtitle(story)
    deck = f'<div class="story-deck">{escape(second)}</div>\n' if second else ""
    card = (
        f'<section class="author-card"><h4>{words.biography}</h4><p>{escape(story.biography)}</p></section>\n'
        if story.biography
        else ""
    )
    related = "".join(
        f'<div class="card"><h5><a href="{url}">{escape(title)}</a></h5><p>{escape(teaser)}</p></div>\n'
        for url, title, teaser in view.related
    )
    ending = (
        f'<p class="rights">{escape(story.notice, quote=False)}</p>\n'
        f'<p class="desk">{words.editor}{escape(story.editor)}</p>\n{card}'
    )
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in story.keywords)
    return (
        f'{_head(view, words)}<body class="v2">\n<div class="topbar"><a href="/">{words.site}</a></div>\n'
        f'<main class="story">\n<header class="story-head">'
        f'<div class="story-section">{escape(story.article_section)}</div>\n'
        f'<h1 class="story-title">{escape(view.title)}</h1>\n{deck}'
        f'<div class="story-meta"><span class="when">{_shown_date(story)}</span>'
        f'<span class="from">{words.source}{words.site}</span>{_author(story, words, "em")}</div></header>\n'
        f'<section class="story-text">\n{_body(story, "h3")}</section>\n{view.pager}'
        f'<footer class="story-foot"><ul class="topics">{tags}</ul>\n{ending if view.last else ""}</footer>\n</main>\n'
        f'<div class="more"><h4>{words.related}</h4>\n{related}</div>\n</body>\n</html>\n'
    )


def _subtitle(story: Story) -> str | None:
    # An English title line begins with its second clause, so there it is not printed again.
    return story.alternative_headline if story.language == "zh" else None


def _shown_date(story: Story) -> str:
    return story.date_published[:16].replace("T", " ")


def _author(story: Story, words: Labels, element: str) -> str:
    name = story.author or story.speaker
    return f'<{element} class="author">{words.author}{escape(name)}</{element}>' if name else ""


def _body(story: Story, heading: str) -> str:
    """The HTML of paragraphs and headings; heading: the name of its element. One call escapes all, which is fast."""
    lines = escape("\n".join(story.paragraphs), quote=False).split("\n")
    parts = [f"<p>{line}</p>\n" for line in lines]
    for place, text in reversed(story.headings):
        parts.insert(place, f"<{heading}>{escape(text, quote=False)}</{heading}>\n")
    return "".join(parts)


def _head(view: ArticleView, words: Labels) -> str:
    story, title = view.story, escape(view.title)
    keywords, summary = escape(",".join(story.keywords)), escape(story.summary)
    return (
        f'<!DOCTYPE html>\n<html lang="{words.html_lang}">\n<head>\n<meta charset="{view.charset}">\n'
        f'<title>{title}_{words.site}</title>\n<link rel="canonical" href="{view.url}">\n'
        f'<meta name="keywords" content="{keywords}">\n<meta name="description" content="{summary}">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{title}">\n'
        f'<meta property="og:url" content="{view.url}">\n'
        f'<meta property="og:site_name" content="{words.site}">\n'
        f'<meta property="article:published_time" content="{story.date_published}">\n'
        f'<meta property="article:modified_time" content="{view.modified}">\n'
        f'<meta property="article:section" content="{escape(story.article_section)}">\n'
        f'<script type="application/ld+json">{_json_ld(view, words)}</script>\n</head>\n'
    )


def _json_ld(view: ArticleView, words: Labels) -> str:
    story = view.story
    found: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "articleSection": story.article_section,
        "datePublished": story.date_published,
        "dateModified": view.modified,
        "author": {"@type": "Person", "name": story.speaker or story.author},
        "publisher": {"@type": "NewsMediaOrganization", "name": words.site},
        "keywords": story.keywords,
        "inLanguage": words.html_lang,
        "mainEntityOfPage": view.url,
    }
    if story.alternative_headline:
        found["alternativeHeadline"] = story.alternative_headline
    # `</` would end the script element.
    return _JSON.encode(found).replace("</", "<\\/")


DESIGNS = (classic, modern)

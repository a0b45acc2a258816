"""Measures of a page by which it counts as an article or as something else."""

from __future__ import annotations

from parsers.reader import ArticlePage


def measured(page: ArticlePage) -> tuple[tuple[str, str | int], ...]:
    """Pairs of the name of a measure and its value, such as ("paragraphs", 12)."""
    document, lines = page.document, page.lines
    tree = document.tree
    return (
        ("characters of text", len(document.visible_text)),
        ("characters of prose", lines.prose),
        ("paragraphs", len(lines.paragraphs)),
        ("links", len(tree.css("a"))),
        ("headline", page.headline_text or "none"),
        ("JSON-LD article", str(page.linked_article.get("@type")) if page.linked_article else "none"),
        ("document table", len(page.table)),
        ("login field", "yes" if tree.css_first("input[type=password]") is not None else "no"),
        ("JSON", "yes" if document.json is not None else "no"),
    )

"""Reasons for which a document gives no article: exceptions with one line of text for the capture's parse_error."""

RENDERED = "a script renders this page"
"""Begins the reason if a page that a script fills gives no article, or a list no link (scripted.py)."""


class ParseError(Exception):
    """A document cannot be read as an article, a list or a feed; `reason` is one line without the page's text.

    Names of elements and fields, and ids, may stand in it. `words` are words of the page that decided it, for an
    explanation; None if no words did.
    """

    def __init__(self, reason: str, words: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.words = reason, words


class NotAnArticle(ParseError):  # noqa: N818 a verdict, not a fault
    """No article, but a list, a front page, JSON rows, an advertisement, an empty page, a shell or another article.

    A shell is the page without text that a site gives for every address; another article is an answer with another id
    than the one asked for.
    """


class Gone(ParseError):  # noqa: N818 a verdict, not a fault
    """The publisher's own answer for this article says that it is gone."""


class Restricted(ParseError):  # noqa: N818 a verdict, not a fault
    """The article exists, but only for members or after a login."""


class Blocked(ParseError):  # noqa: N818 a verdict, not a fault
    """A check of the visitor stands in the article's place: a captcha, a firewall, a limit of requests."""


class LayoutChanged(ParseError):  # noqa: N818 a verdict, not a fault
    """An article lacks a property that its page class requires: all selectors of the property find no text."""

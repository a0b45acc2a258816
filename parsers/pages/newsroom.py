"""江海观察, our own news site on loopback: an ordinary site whose titles carry column, speaker and tag line."""

from parsers.reader import DefaultPage, in_url


class NewsroomPage(DefaultPage):
    """A page of the demo's invented site, in either of its designs, read by JSON-LD and the general rules."""

    sources = frozenset({"newsroom"})
    timezone = "Asia/Shanghai"
    tagged_titles = True
    required = ("date_published", "body")
    body = ("article > .content", ".story-text")
    identity = in_url(r"/article/(\d+)\.html$")

    def check_layout(self) -> None:
        """Check the layout only of a page with an article in its JSON-LD, as the newsroom's pages have."""
        if self.linked_article:
            super().check_layout()

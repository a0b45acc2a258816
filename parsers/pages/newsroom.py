"""江海观察, our own news site on loopback: an ordinary site whose titles carry column, speaker and tag line."""

from parsers.reader import DefaultPage, in_url


class NewsroomPage(DefaultPage):
    """Both of its designs: JSON-LD and the general rules carry over the change."""

    sources = frozenset({"newsroom"})
    timezone = "Asia/Shanghai"
    tagged_titles = True
    required = ("date_published", "body")
    body = ("article > .content", ".story-text")
    identity = in_url(r"/article/(\d+)\.html$")

    def check_layout(self) -> None:
        """Only a page that describes itself as the newsroom's pages do is held to its designs."""
        if self.linked_article:
            super().check_layout()

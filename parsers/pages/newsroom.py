"""江海观察, our own news site on loopback: an ordinary site whose titles carry column, speaker and tag line."""

from parsers.pages.candidates import in_url
from parsers.pages.default import DefaultPage


class NewsroomPage(DefaultPage):
    """Both of its designs: JSON-LD and the general rules carry over the change."""

    sources = frozenset({"newsroom"})
    timezone = "Asia/Shanghai"
    tagged_titles = True
    identity = in_url(r"/article/(\d+)\.html$")

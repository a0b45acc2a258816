"""The thinker.toml that `thinker init` writes; its lines with a key can be used by removing the `# `."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.sources import Source

LIVE = "shangguan"  # the source of the column that the archive is made for
OURS = "newsroom"  # the demo's site, on this machine
USUAL = "every 1d"
NEXT = f"next: thinker doctor · thinker crawl {LIVE} --limit 5 · thinker serve"

HEAD = """\
# Settings of this archive. `thinker config show` prints the settings in force.

# Set this first: your address, sent in the user agent, for publishers. Public sites are not crawled without it.
# contact = "you@example.org"

# A page about your project. It is sent in the user agent too.
# about = "https://example.org/archive"

# Addresses that are never fetched: a host, or an address with everything below it.
# crawler.never = ["ads.example.org", "https://example.org/members/"]

# How much of the texts readers of the site get: "full", "excerpt" or "metadata" (see docs/publishing.md).
# publish.text = "excerpt"

# When each source is crawled: "every 30 minutes" (hours, days), or a crontab line such as "30 6 * * mon-fri".
# Other settings of a source have the same form: sources.shangguan.delay = 5. Keep them above the first [table].
# "unproven" marks a source that was never tested on the live site.
"""

TAIL = """
# You can add a source without code (see docs/adding-a-source.md):
# sources.my-site.homepage = "https://example.org"
# sources.my-site.feeds = ["https://example.org/feed.xml"]
# sources.my-site.scope = 'https://example\\.org/article/.+'
"""


def starter(sources: Mapping[str, Source]) -> str:
    """The text of a new thinker.toml: an active schedule for the source LIVE, commented ones for others except OURS."""
    others = [_line(source) for name, source in sources.items() if name not in (OURS, LIVE)]
    return "".join([HEAD, _line(sources[LIVE]), *others, TAIL])


def _line(source: Source) -> str:
    off = "" if source.name == LIVE else "# "
    unproven = "; unproven" if source.unproven else ""
    said = f'{off}sources.{source.name}.schedule = "{source.usual_schedule or USUAL}"'
    return f"{said}  # {source.publisher}{unproven}\n"

"""What a page class declares: of which publisher it is, and where each property stands in its layout."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from parsers.reader.view.candidates import NOWHERE, Candidate


class Declaration:
    """One layout of one publisher: each class attribute says where a property stands.

    A page class lists only what differs from the class it builds on. `valid_until` is the last day on which
    captures show this layout; None: today's.
    """

    unselected: ClassVar[type[Any] | None] = None  # the class without the selectors of a source's declaration
    sources: ClassVar[frozenset[str]] = frozenset()  # names of declared sources
    hosts: ClassVar[frozenset[str]] = frozenset()  # with their subdomains
    paths: ClassVar[re.Pattern[str] | None] = None  # searched in path?query; None: every path
    valid_until: ClassVar[date | None] = None
    timezone: ClassVar[str | None] = None  # of times without one; None: told by language and host
    tagged_titles: ClassVar[bool] = False  # titles carry column, speaker and tag line
    body: ClassVar[tuple[str, ...]] = ()  # css selectors of the body's box; (): the densest element
    required: ClassVar[tuple[str, ...]] = ()  # properties, or "body", whose selectors must match; (): nothing must
    expected: ClassVar[tuple[str, ...]] = ()  # those whose first place a page of today has, which reads on without it
    notes: ClassVar[re.Pattern[str] | None] = (
        None  # short lines of the layout's own machinery, beside those of any site
    )
    left_out: ClassVar[str] = ""  # css selector of what stands in that box but is no part of the body

    headline: ClassVar[Candidate] = NOWHERE
    alternative_headline: ClassVar[Candidate] = NOWHERE
    kicker: ClassVar[Candidate] = NOWHERE
    article_section: ClassVar[Candidate] = NOWHERE
    speaker: ClassVar[Candidate] = NOWHERE
    standfirst: ClassVar[Candidate] = NOWHERE
    authors: ClassVar[Candidate] = NOWHERE
    editors: ClassVar[Candidate] = NOWHERE
    source_line: ClassVar[Candidate] = NOWHERE
    keywords: ClassVar[Candidate] = NOWHERE
    date_published: ClassVar[Candidate] = NOWHERE  # several: the first that is a date, a finer one of its day preferred
    date_modified: ClassVar[Candidate] = NOWHERE
    canonical_url: ClassVar[Candidate] = NOWHERE
    identity: ClassVar[Candidate] = NOWHERE

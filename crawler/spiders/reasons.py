"""The outcome of a single address in words."""

from __future__ import annotations

from archive.judging import Fetched, Outcome
from crawler.session import SEEN

MAX_LOCATION_CHARACTERS = 300  # of a redirect's target
SAID = {
    "gone": "it is gone",
    "restricted": "only members may read it",
    "blocked": "the site checks visitors before it answers",
    "redirected": "it redirects to another site, which is not followed",
    "unreachable": "the site has a fault",
    "incomplete": "only a part of it arrived",
    "not_article": "it is not an article",
    "layout": "its layout differs from the declared one",
    "crashed": "it could not be read",
    "quarantined": "it is held back, because it may be another page",
}


def why_not(outcome: Outcome, page: Fetched) -> str | None:
    """The reason that a response gave no article, as `it is gone: HTTP 404`; None if it gave one."""
    if outcome.kind == "revisit" and outcome.error is not None:
        return f"{SAID['not_article']}: {outcome.error}"
    if outcome.kind in SEEN:
        return None
    status = None if page.status == 200 else f"HTTP {page.status}"
    error = None if outcome.error == status else outcome.error
    if outcome.kind == "redirected" and status and (place := page.header("location")):
        status = f"{status} to {place[:MAX_LOCATION_CHARACTERS]}"
    return ": ".join(filter(None, (SAID.get(outcome.kind, outcome.kind), status, error)))

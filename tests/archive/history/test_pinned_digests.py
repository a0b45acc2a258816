"""A hundred real articles keep their content_digest: it is in permalinks and in the ledger, so no change is unseen.

A commit that changes the reader on purpose renews the pins and says why:

    PYTHONPATH=.:tests .venv/bin/python -m support.pinned
"""

import pytest
from support.pinned import PAGES, PINS, digests, pinned

RENEW = "if it is meant, run `PYTHONPATH=.:tests .venv/bin/python -m support.pinned` and let the commit say why"


@pytest.mark.shared
def test_real_articles_keep_their_digests() -> None:
    before, now = pinned(), digests()
    differ = [
        f"  {name}: {before.get(name, 'no pin')} -> {now.get(name, 'no page')}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
    if differ:
        listed = "\n".join(differ)
        pytest.fail(f"{len(differ)} of {PAGES} digests are others ({RENEW}):\n{listed}", pytrace=False)


def test_a_hundred_articles_are_pinned_and_each_has_a_digest_of_its_own() -> None:
    assert len(PINS.read_text("utf-8").splitlines()) == len(set(pinned().values())) == PAGES

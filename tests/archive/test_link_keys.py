"""The keys of links on pages are kept for the next pages, but hostile links fill no memory."""

import tracemalloc

from archive.rows.articles import link_key


def test_keys_of_long_links_take_little_memory() -> None:
    tracemalloc.start()
    try:
        for number in range(300):
            link_key(f"https://example.cn/{number}/{'a' * 8_000}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        link_key.cache_clear()
    assert held < 2_000_000

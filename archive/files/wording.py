"""How a count reads in English."""


def counted(count: int, noun: str, many: str | None = None) -> str:
    """The count with its noun: `1 revision`, `2 revisions`, `1,234 articles`; many: a plural that takes more than s."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"

"""Which program this is, for WARC files, publishers' logs and quarantine; pyproject.toml says the version, once."""

from importlib.metadata import version

NAME = "thinker-archive"
VERSION = version(NAME)
PROGRAM = f"{NAME}/{VERSION}"

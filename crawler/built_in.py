"""The names of the built-in sources, for completion: loading their declarations takes half a second."""

from pathlib import Path

# Each is declared in crawler/sources, by the function of its name in the file of its name.
_FILES = Path(__file__).with_name("sources").glob("*.py")
NAMES = tuple(sorted({file.stem for file in _FILES} - {"__init__", "claims", "known_sources"}))

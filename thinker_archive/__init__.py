"""An archive in Python: `archive = thinker_archive.open(home)`, then rows, and tables of pandas and pyarrow.

docs/python.md shows every method.
"""

from archive import OtherVersion as OtherVersion
from archive.answers import Unknown as Unknown
from archive.answers import Withdrawn as Withdrawn
from thinker_archive.reader import Reader as Reader
from thinker_archive.reader import open as open  # noqa: A004 - as of a file
from thinker_archive.results import Result as Result

__all__ = ["OtherVersion", "Reader", "Result", "Unknown", "Withdrawn", "open"]

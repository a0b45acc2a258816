"""sqlite-utils without pandas and NumPy, which it would load, if they are installed, for rows that we never give it."""

import sys

_absent = {name: None for name in ("numpy", "pandas") if name not in sys.modules}
sys.modules.update(_absent)  # type: ignore[arg-type] # None stands for a name that cannot be imported
try:
    from sqlite_utils import Database as Database
    from sqlite_utils import Migrations as Migrations
    from sqlite_utils.db import Table as Table
finally:
    for name in _absent:
        del sys.modules[name]

"""Files and folders on the disk: a new name in a folder is durable only when the folder itself is synced."""

import os
from pathlib import Path


def sync_path(path: Path) -> None:
    """Return only when a file's bytes, or the names in a folder, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

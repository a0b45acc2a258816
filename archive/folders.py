"""Folders on the disk: a new name in one is durable only when the folder itself is synced."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return only when the names in a folder are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

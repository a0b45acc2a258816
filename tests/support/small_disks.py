"""File systems of a given size, mounted for a while and filled."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(at: Path, *options: str) -> Iterator[Path]:
    """A file system at a folder, always unmounted at the end."""
    at.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *options, str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def filled(folder: Path) -> None:
    """Take every free byte."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1024)):
                pass
        except OSError:
            return

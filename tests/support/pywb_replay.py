"""Ask pywb, in its own environment, for the captures of an archive as it replays them from files."""

import json
import os
import subprocess
from pathlib import Path

from support.archiving import rows
from support.checkout import ROOT, SUPPORT

from archive import Archive

PYWB = ROOT / ".venv-pywb" / "bin" / "python"
SCRIPT = SUPPORT / "replay_by_pywb.py"


def moments(archive: Archive) -> list[tuple[str, str, int, str]]:
    """Every capture; a revisit shows the bytes, and with a 304 the status, of the capture it refers to."""
    found = rows(
        archive,
        """
        select replace(replace(replace(replace(c.captured_at, '-', ''), ':', ''), 'T', ''), 'Z', ''), c.url,
               coalesce(held.status, c.status, 200), c.payload_digest
          from captures c left join captures held on held.record_id = c.refers_to
         order by c.url, c.captured_at
        """,
    )
    return [(str(at), str(address), int(str(status)), str(digest)) for at, address, status, digest in found]


def ask_pywb(
    folder: Path, files: list[Path], questions: list[tuple[str, str]]
) -> list[tuple[str | None, str, int, str]]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    command = [PYWB, SCRIPT, folder, *files]
    direct = {**os.environ, "NO_PROXY": "*"}  # its two halves talk over loopback
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=300, env=direct)
    assert done.returncode == 0, done.stderr[-4000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    asked = zip(questions, answers, strict=True)
    return [(at, address, status, digest) for (_, address), (status, at, digest) in asked]


def index_of(folder: Path) -> list[tuple[str, str]]:
    (file,) = folder.glob("collections/*/indexes/index.cdxj")
    lines = [line.split(" ", 2) for line in file.read_text().splitlines()]
    return sorted((at, json.loads(fields)["url"]) for _, at, fields in lines)

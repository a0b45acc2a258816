"""Power loss, replayed: a process's writes and syncs (strace), and the possible content of a disk after the loss.

A file is what was synced, plus any of the writes since: each lost, torn at 512 bytes, or there, whatever their order.
A name is there when its folder was synced; each name made or taken away since may be lost too.
"""

import os
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CALLS = (
    "openat,write,pwrite64,writev,pwritev,copy_file_range,sendfile,fallocate,lseek,ftruncate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir"
)
SECTOR = 512
OUT = "1"  # stdout: what a process says is acknowledged

Kind = Literal["write", "truncate", "syncing", "sync", "make", "rename", "unlink", "folder", "said"]

_CALL = re.compile(r"(\w+)\((.*)\) += (\S+)")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_FD = re.compile(r"(\w+)<([^>]*)>(\(deleted\))?")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a process did to a disk, or said. at: the byte of a write, None for the file's end."""

    kind: Kind
    path: str
    data: bytes = b""
    at: int | None = None
    to: str = ""


def recorded(command: Sequence[str], log: Path, seconds: float = 300, **more: object) -> list[Step]:
    """Run a command under strace to its end, which must be 0. Returns its steps in order."""
    traced = ["strace", "-f", "-y", "-xx", "-s", "10000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(log)]
    done = subprocess.run([*traced, *command], capture_output=True, text=True, timeout=seconds, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return list(_steps(log))


def _steps(log: Path) -> Iterator[Step]:
    """A call counts where it ended; a sync covers what had ended when it began."""
    reader = _Reader()
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for pid, text in (line.rstrip("\n").split(maxsplit=1) for line in lines):
            if text.endswith("<unfinished ...>"):
                begun[pid] = text = text.removesuffix("<unfinished ...>").rstrip()
                if text.startswith(("fsync(", "fdatasync(")):
                    yield Step("syncing", _descriptor(text.partition("(")[2])[1])
                continue
            if resumed := _RESUMED.match(text):
                text = begun.pop(pid) + resumed[2]
            call = _CALL.match(text)
            if call and not call[3].startswith("-"):
                yield from getattr(reader, call[1])(call[2], call[3])


class _Reader:
    """One method for each call: its arguments and result become steps. A call without one is an AttributeError."""

    def __init__(self) -> None:
        self.offsets: dict[tuple[str, str], int | None] = {}  # of open files; None: each write goes to the end

    def openat(self, arguments: str, result: str) -> Iterator[Step]:
        number, path, _ = _descriptor(result)
        flags = arguments.split(", ")[2]
        if "O_CREAT" in flags:
            yield Step("make", path)
        if "O_TRUNC" in flags:
            yield Step("truncate", path, at=0)
        self.offsets[number, path] = None if "O_APPEND" in flags else 0

    def write(self, arguments: str, result: str) -> Iterator[Step]:
        number, path, rest = _descriptor(arguments)
        data = _text(rest)[: int(result)]
        at = self.offsets.get((number, path))
        yield Step("said", "", data) if number == OUT else Step("write", path, data, at)
        if at is not None:
            self.offsets[number, path] = at + len(data)

    def pwrite64(self, arguments: str, result: str) -> Iterator[Step]:
        _, path, rest = _descriptor(arguments)
        yield Step("write", path, _text(rest)[: int(result)], int(rest.rsplit(", ", 1)[1]))

    def lseek(self, arguments: str, result: str) -> Iterator[Step]:
        number, path, _ = _descriptor(arguments)
        if self.offsets.get((number, path)) is not None:
            self.offsets[number, path] = int(result)
        yield from ()

    def ftruncate(self, arguments: str, _: str) -> Iterator[Step]:
        _, path, rest = _descriptor(arguments)
        yield Step("truncate", path, at=int(rest))

    def fsync(self, arguments: str, _: str) -> Iterator[Step]:
        yield Step("sync", _descriptor(arguments)[1])

    fdatasync = fsync

    def rename(self, arguments: str, _: str) -> Iterator[Step]:
        old, new = (_text(each).decode() for each in arguments.split(", "))
        yield Step("rename", old, to=new)

    def unlink(self, arguments: str, _: str) -> Iterator[Step]:
        yield Step("unlink", _text(arguments).decode())

    def mkdir(self, arguments: str, _: str) -> Iterator[Step]:
        yield Step("folder", _text(arguments).decode())


def _descriptor(arguments: str) -> tuple[str, str, str]:
    first, _, rest = arguments.partition(", ")
    found = _FD.match(first)
    assert found, arguments
    path = found[2] if found[2][:1] != "\\" else _text(f'"{found[2]}"').decode()
    return found[1], path + (found[3] or ""), rest


def _text(quoted: str) -> bytes:
    found = re.match(r'"((?:\\x[0-9a-f]{2})*)"', quoted)
    assert found, quoted[:200]
    return bytes.fromhex(found[1].replace("\\x", ""))


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)
    now: bytearray = field(default_factory=bytearray)  # as the processes see it
    covered: int | None = None  # writes that had ended when the sync began that is under way

    def sync(self) -> None:
        for step in self.pending[: self.covered]:
            _apply(self.durable, step)
        self.pending = [] if self.covered is None else self.pending[self.covered :]
        self.covered = None


@dataclass
class Disk:
    """The files under a folder, as processes see them and as the disk may hold them after a power cut."""

    root: str
    said: bytes = b""
    _names: dict[str, _File] = field(default_factory=dict)
    _durable: dict[str, _File] = field(default_factory=dict)
    _moves: list[tuple[str, str, _File | None]] = field(default_factory=list)  # folder, path, what it names since
    folders: list[str] = field(default_factory=list)

    def do(self, step: Step) -> None:
        """Apply one step."""
        if step.kind == "said":
            self.said += step.data
        elif step.kind == "folder":
            if step.path.startswith(self.root) and step.path not in self.folders:
                self.folders.append(step.path)
        elif step.path.startswith(self.root) and not self._volatile(step.path):
            self._change(step)

    def _volatile(self, path: str) -> bool:
        return path.endswith(("-shm", ".lock")) or "(deleted)" in path

    def _change(self, step: Step) -> None:
        match step.kind:
            case "make" if step.path not in self._names and step.path not in self.folders:
                self._name(step.path, _File())
            case "rename":
                self._name(step.to, self._names[step.path])
                self._name(step.path, None)
            case "unlink":
                self._name(step.path, None)
            case "sync" if step.path in self.folders or step.path == self.root:
                self._sync_path(step.path)
            case "syncing" if step.path in self._names:
                self._names[step.path].covered = len(self._names[step.path].pending)
            case "sync":
                self._names[step.path].sync()
            case "write" | "truncate":
                file = self._names[step.path]
                if step.at is None:
                    step = Step(step.kind, step.path, step.data, len(file.now))
                _apply(file.now, step)
                file.pending.append(step)

    def _name(self, path: str, file: _File | None) -> None:
        if file is None:
            self._names.pop(path, None)
        else:
            self._names[path] = file
        self._moves.append((str(Path(path).parent), path, file))

    def _sync_path(self, folder: str) -> None:
        for where, path, file in self._moves:
            if where == folder:
                _point(self._durable, path, file)
        self._moves = [move for move in self._moves if move[0] != folder]

    @property
    def unsynced_files(self) -> set[str]:
        """The files with writes that a power cut may take."""
        return {path for path, file in self._names.items() if file.pending}

    def copy(self) -> "Disk":
        return deepcopy(self)

    def as_seen(self) -> dict[str, bytes]:
        """Each file as a new process sees it after the old one was killed."""
        return {path: bytes(file.now) for path, file in self._names.items()}

    def after_loss(self, chance: random.Random, lost: float, torn: float) -> dict[str, bytes]:
        """Each file after a power cut in which a share of the unsynced writes is lost and another share torn."""
        names = dict(self._durable)
        for _, path, file in self._moves:
            if chance.random() >= lost:
                _point(names, path, file)
        return {path: _left(file, chance, lost, torn) for path, file in names.items()}

    def lay_out(self, files: dict[str, bytes], to: Path) -> Path:
        """Write the files into another folder. All folders exist: a journal keeps their order."""
        for folder in (self.root, *self.folders):
            (to / os.path.relpath(folder, self.root)).mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            (to / os.path.relpath(path, self.root)).write_bytes(content)
        return to


def _point(names: dict[str, _File], path: str, file: _File | None) -> None:
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file


def _left(file: _File, chance: random.Random, lost: float, torn: float) -> bytes:
    content = bytearray(file.durable)
    for step in file.pending:
        luck = chance.random()
        if luck < lost:
            continue
        if luck < lost + torn and step.kind == "write":
            kept = chance.randrange(len(step.data) // SECTOR + 1) * SECTOR
            step = Step("write", step.path, step.data[:kept], step.at)
        _apply(content, step)
    return bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    assert step.at is not None
    if step.kind == "truncate":
        del content[step.at :]
        content.extend(bytes(step.at - len(content)))
    elif step.data:
        content.extend(bytes(max(0, step.at - len(content))))
        content[step.at : step.at + len(step.data)] = step.data

"""Files that lost what was entered are refused by real processes, and what helps is what the refusal says."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.attacks import (
    CAPTURES,
    DERIVED,
    LEDGER,
    Attack,
    claims,
    copied,
    cut_before_record,
    cut_inside_record,
    file_of,
    line_deleted,
    lines,
    lines_cut,
    older_copy,
    removed,
    stored,
)
from support.journeys import SOAK, Thinker

from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

REMEDY = "restore the file, or accept the loss with `thinker rebuild --accept-loss`"

ATTACKS = (  # tests/archive/stores/test_losses.py has more of them, without processes
    Attack(LEDGER, "the last line is cut", lines_cut(1)),
    Attack(LEDGER, "the last two lines are cut", lines_cut(2)),
    Attack(LEDGER, "a line in the middle is deleted", line_deleted),
    Attack(LEDGER, "an older copy is restored", older_copy),
    Attack(LEDGER, "the file is removed", removed),
    Attack(CAPTURES, "cut before the third record from the end", cut_before_record(3)),
    Attack(CAPTURES, "cut inside the last record", cut_inside_record(1)),
    Attack(CAPTURES, "an older copy is restored", older_copy),
    Attack(DERIVED, "cut inside the third record from the end", cut_inside_record(3)),
    Attack(DERIVED, "the file is removed", removed),
)
REFUSED = ATTACKS if SOAK else (ATTACKS[0], ATTACKS[4], ATTACKS[6], ATTACKS[8])  # a kind of file each, and one removed
ACCEPTED = (ATTACKS[3], ATTACKS[5])


@dataclass(frozen=True)
class Homes:
    """A home of three crawls with an edit and a removal, and a copy from behind the first one."""

    whole: Path
    older: Path
    site: Site

    def copy(self, to: Path) -> Thinker:
        return Thinker(copied(self.whole, to / "home"), self.site)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    folder = tmp_path_factory.mktemp("homes")
    with running(articles=8) as site:
        thinker = Thinker(folder / "whole", site)
        thinker.run("crawl", "newsroom")
        older = copied(thinker.home, folder / "older")
        site.event(do="edit", article=3)
        site.event(do="remove", article=5, how="404")
        thinker.run("crawl", "newsroom")
        thinker.run("crawl", "newsroom")
        yield Homes(thinker.home, older, site)


def ended(*processes: subprocess.Popen[str]) -> list[tuple[int, str, str]]:
    """Exit code, stdout and stderr of processes that run side by side."""
    said = [process.communicate(timeout=120) for process in processes]
    return [(process.returncode, out, err) for process, (out, err) in zip(processes, said, strict=True)]


@pytest.mark.parametrize("attack", REFUSED, ids=str)
def test_a_crawl_is_refused_before_anything_is_written_and_readers_go_on(tmp_path: Path, homes: Homes, attack: Attack):
    thinker = homes.copy(tmp_path)
    hurt = attack.on(thinker.home, homes.older)
    size = hurt.stat().st_size if hurt.exists() else 0
    files, rows = stored(thinker.home), claims(thinker.home)
    crawl, status, verify, show = ended(
        thinker.start("crawl", "newsroom"),
        thinker.start("status", "--json"),
        thinker.start("verify"),
        thinker.start("show", "newsroom-3", "--json"),
    )
    gone = (homes.whole / hurt.relative_to(thinker.home)).stat().st_size - size
    said = f"{hurt.name} at {size}: {gone} bytes are gone that the archive has already entered"
    assert crawl == (1, "", f"thinker: {said}: {REMEDY}\n")
    assert (status[0], _red(status[1])) == (3, {"stores": f"{said}: {REMEDY}"})
    assert (verify[0], f"{hurt.name} at " in verify[1]) == (1, True)
    assert (show[0], json.loads(show[1])["key"]) == (0, "newsroom-3")
    assert (stored(thinker.home), claims(thinker.home)) == (files, rows)


def _red(status: str) -> dict[str, str]:
    """The rules that are not met, with what they say."""
    return {rule["name"]: rule["detail"] for rule in json.loads(status)["rules"] if not rule["ok"]}


@pytest.mark.parametrize("attack", ACCEPTED, ids=str)
def test_the_file_restored_or_the_loss_accepted_the_archive_can_be_written_again(
    tmp_path: Path, homes: Homes, attack: Attack
):
    thinker = homes.copy(tmp_path)
    path = attack.on(thinker.home, homes.older)
    hurt = path.read_bytes()
    path.write_bytes((homes.whole / path.relative_to(thinker.home)).read_bytes())
    assert [code for code, *_ in ended(thinker.start("verify"), thinker.start("status"))] == [0, 0]
    path.write_bytes(hurt)
    assert [code for code, *_ in ended(thinker.start("rebuild"), thinker.start("search", "发展"))] == [3, 0]
    _accept(thinker, path)
    thinker.run("crawl", "newsroom")
    assert ended(thinker.start("verify", "--deep"), thinker.start("status"))[0][0] == 0
    rows = claims(thinker.home)
    thinker.run("rebuild")
    assert claims(thinker.home) == rows
    ledger = file_of(thinker.home, LEDGER)
    ledger.write_bytes(b"".join(lines(ledger)[:-1]))
    assert ledger.name in thinker.run("crawl", "newsroom", code=1)


def _accept(thinker: Thinker, path: Path) -> None:
    """Accept the loss: the command names the file, and the chain has a line more that does."""
    ((code, _, err),) = ended(thinker.start("rebuild", "--accept-loss"))
    assert (code, f"thinker: lost: {path.name} at" in err) == (3, True)
    loss = json.loads(lines(file_of(thinker.home, LEDGER))[-1])
    assert (loss["kind"], loss["detail"]["file"]) == ("loss", path.name)

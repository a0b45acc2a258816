"""Random lives in which articles are merged, split and corrected, and acts undone: a replay gives what was there."""

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from support.archiving import rows
from support.journeys import SOAK
from support.lives import SOURCES, lived

from archive import Archive
from archive.decisions import Corrected, Hidden, Merged, Split, Undone
from archive.files import write_value
from archive.judging.runs.operator_acts import act
from archive.rows.captures import Unproved

# The keys of articles with several addresses.
SEVERAL = """
    select k.key from keys k join addresses d on d.article_id = k.article_id
     group by k.key having count(*) > 1 order by 1
    """
# The acts that can be undone, with a key that each is about.
ACTS = """
    select digest, coalesce(key, (select min(value) from json_each(detail, '$.pairs'))), kind from acts
     where undone_by is null and kind <> 'undone' order by digest
    """
CHAINS = sorted(source.name for source in SOURCES)
VALUES = {
    "headline": ("江与海的连接", "第2篇文章谈一体化"),
    "speaker": ("林知远", "周牧", None),
    "keywords": ("长江口\n海上风电", None),
    "date_published": ("2024-04-13",),
}


def act_somehow(archive: Archive, chance: random.Random, now: Callable[[], datetime]) -> bool:
    """Merge, hide, correct or split an article, or undo an act. False if nothing can be done, or it is refused."""
    keys = [str(key) for (key,) in rows(archive, "select key from keys order by key")]
    acts = rows(archive, ACTS)
    several = rows(archive, SEVERAL)
    ways = [
        *["merge"] * 2 * (len(keys) > 1), *["hide", "correct"] * bool(keys), *["split"] * bool(several),
        *["undo"] * bool(acts),
    ]  # fmt: skip
    if not ways:
        return False
    try:
        match chance.choice(ways):
            case "merge":
                key, other = chance.sample(keys, 2)
                act(archive, Merged, CHAINS, now, key=key, other=other, by="ops", reason="same_work")
            case "hide":
                key = chance.choice(keys)
                act(archive, Hidden, _chains(archive, key), now, key=key, by="ops", reason="request")
            case "correct":
                name = chance.choice(sorted(VALUES))
                text = chance.choice(VALUES[name])
                value = write_value(archive.home.ledger, text) if text else None
                key = chance.choice(keys)
                act(archive, Corrected, CHAINS, now, key=key, property=name, value=value, by="ops", reason="misread")
            case "split":
                _split(archive, chance, now, str(chance.choice(several)[0]))
            case _:
                digest, key, kind = chance.choice(acts)
                chains = _chains(archive, str(key)) if kind == Hidden.kind else CHAINS
                act(archive, Undone, chains or CHAINS, now, key=key, act=digest, by="ops", reason="mistake")
    except Unproved:
        return False
    return True


def hide_or_show(archive: Archive, chance: random.Random, now: Callable[[], datetime]) -> bool:
    """Hide an article, mostly one with a text that another has, or undo an act; now and then act otherwise."""
    keys = [str(key) for (key,) in rows(archive, "select key from keys order by key")]
    acts = rows(archive, "select digest, key from acts where undone_by is null and kind = 'withdrawn' order by digest")
    way = chance.random()
    try:
        if way < 0.55 and keys:
            key = chance.choice(keys)
            act(archive, Hidden, _chains(archive, key), now, key=key, by="ops", reason="request")
        elif way < 0.85 and acts:
            digest, key = map(str, chance.choice(acts))
            chains = _chains(archive, key) or CHAINS
            act(archive, Undone, chains, now, key=key, act=digest, by="ops", reason="mistake")
        else:
            return act_somehow(archive, chance, now)
    except Unproved:
        return False
    return True


def _chains(archive: Archive, key: str) -> list[str]:
    sql = "select distinct k.source from keys n join keys k on k.article_id = n.article_id where n.key = ? order by 1"
    return [str(source) for (source,) in archive.conn.execute(sql, (key,))]


def _split(archive: Archive, chance: random.Random, now: Callable[[], datetime], key: str) -> None:
    sql = """
        select c.record_id, k.key, c.urlkey from keys named join sightings g on g.article_id = named.article_id
          join captures c on c.id = g.capture_id join keys k on k.number = g.key_number
         where named.key = ? order by c.record_id
        """
    seen = archive.conn.execute(sql, (key,)).fetchall()
    if not seen:
        raise Unproved("nothing was seen")
    record, parted, _ = chance.choice(seen)
    partly = len({each[2] for each in seen if each[1] == parted}) > 1
    more = (
        {"new_key": f"{parted.partition('-')[0]}-split{chance.randint(0, 9999)}", "parted_key": parted}
        if partly
        else {}
    )
    act(archive, Split, CHAINS, now, key=key, captures=(record,), by="ops", reason="other_work", **more)


def test_a_life_with_acts_of_all_kinds_is_replayed_as_it_was(tmp_path: Path) -> None:
    assert sum(lived(tmp_path, act_somehow, seed) for seed in (4, 5)) > 2


def test_a_life_with_hidden_articles_between_is_replayed_as_it_was(tmp_path: Path) -> None:
    assert sum(lived(tmp_path, hide_or_show, seed) for seed in (4, 5)) > 2


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("first", range(100, 400 if SOAK else 105, 5))
def test_many_lives_with_acts_are_replayed_as_they_were(tmp_path: Path, first: int) -> None:
    for acting in (act_somehow, hide_or_show):
        assert sum(lived(tmp_path, acting, seed) for seed in range(first, first + 5)) > 5

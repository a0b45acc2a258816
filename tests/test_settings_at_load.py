"""A mistake in thinker.toml is one line of every command that reads it, and nothing is begun before it is mended."""

import shlex
from pathlib import Path

import pytest
from support.journeys import Thinker, asked
from support.small_site import bytes_of

from newsroom.process import running

MISTAKES = {
    '[sources.newsroom]\nallow = ["https://127.0.0.1:8765"]': (
        "sources.newsroom.allow.0: 'https://127.0.0.1:8765' is not host:port, such as 127.0.0.1:8765"
    ),
    "[sources.newsroom]\nrecheck = true": (
        "sources.newsroom.recheck: true is not a number of seconds from 0 to 3155760000, such as 3600"
    ),
    '[sources.newsroom]\nschedule = "hourly"': (
        "sources.newsroom.schedule: 'hourly' is not a schedule: write \"every 10s\" (minutes, hours, days) or a "
        'crontab line such as "30 6 * * mon-fri"'
    ),
    '[sources.newsroom]\nschedule = ""': (
        "sources.newsroom.schedule: '' is not a schedule: write \"every 10s\" (minutes, hours, days) or a crontab line "
        'such as "30 6 * * mon-fri"'
    ),
    '[sources.town]\nfeeds = ["https://news.example/rss"]\nschedule = "0 9 31 2 *"': (
        "sources.town.schedule: '0 9 31 2 *' is not a schedule: this date does not exist in any year"
    ),
    '[sources.town]\nfeeds = ["https://news.example/rss"]\nschedule = "0 25 * * *"': (
        "sources.town.schedule: '0 25 * * *' is not a schedule: Error validating expression '25': the last value (25) "
        'is higher than the maximum value (23); write "every 10s" (minutes, hours, days) or a crontab line such as '
        '"30 6 * * mon-fri"'
    ),
    "[watch.tax]\nto = 'env:HOOK'\nquery = '？'": (
        "watch.tax.query: '？' has no word to look for: write one, or leave the query empty for every text"
    ),
}
COMMANDS = [
    "init", "doctor", "doctor newsroom", "sources", "crawl", "crawl newsroom", "crawl newsroom --dry-run",
    "fetch http://127.0.0.1:9/article/1", "parse page.html --source newsroom", "parse http://127.0.0.1:9/article/1",
    "import page.html", "import page.html --source newsroom", "serve --port 0", "run --port 0", "status",
    "schedule run", "schedule list", "schedule next", "schedule pause", "schedule pause newsroom",
    "schedule export --cron", "config show", "watch add tax --to env:HOOK", "watch list", "watch run --once",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert asked(home, "init")[0] == 0
    (home / "page.html").write_text("<h1>一页</h1>", encoding="utf-8")
    return home


@pytest.mark.parametrize("command", COMMANDS)
def test_a_mistake_in_thinker_toml_is_all_that_each_command_prints_and_no_file_changes(
    home: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (home / "thinker.toml").write_text(next(iter(MISTAKES)), encoding="utf-8")
    before = bytes_of(home)
    line = f"thinker: {home / 'thinker.toml'}: {MISTAKES[next(iter(MISTAKES))]}\n"
    assert asked(home, *shlex.split(command)) == (2, "", line)
    assert bytes_of(home) == before


@pytest.mark.parametrize("text", MISTAKES)
@pytest.mark.parametrize("command", ["sources", "status", "serve --port 0"])
def test_every_mistake_is_found_at_once(home: Path, command: str, text: str) -> None:
    (home / "thinker.toml").write_text(text, encoding="utf-8")
    assert asked(home, *command.split()) == (2, "", f"thinker: {home / 'thinker.toml'}: {MISTAKES[text]}\n")


@pytest.mark.parametrize("command", ["search 改革", "changes", "verify", "reindex", "migrate"])
def test_commands_that_need_no_settings_work_with_a_mistake_in_thinker_toml(home: Path, command: str) -> None:
    (home / "thinker.toml").write_text(next(iter(MISTAKES)), encoding="utf-8")
    assert asked(home, *command.split())[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("text", ['[sources.newsroom]\nschedule = "hourly"', "contact = [", "[sources.nesroom]\n"])
def test_a_file_that_is_edited_while_a_crawl_runs_takes_nothing_from_it(tmp_path: Path, text: str) -> None:
    with running(articles=5) as site:
        site.event(do="hang", article=3, seconds=3)
        thinker = Thinker(tmp_path, site)
        process = thinker.start("crawl", "newsroom")
        while not any(line["path"] == "/article/3.html" for line in site.log()):
            assert process.poll() is None
        (tmp_path / "thinker.toml").write_text(text)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (
        0,
        "9 captures (0 revisits): 5 articles, 3 lists, 1 robots.txt; 5 new articles, 0 revisions, 0 errors\n",
    )
    told = [line.partition(": ")[2] for line in err.splitlines() if " WARNING: " in line]
    assert [line.startswith("the health rules could not be stored: ") for line in told] == [True]
    assert "Traceback" not in err

"""Container image, compose file and systemd units: what can be proved of them without Docker, or systemd as init.

No image is built here. Each command is resolved by the real command line, the health check is run against a real site,
Compose and systemd-analyze verify their files (`make lint` has hadolint for the Dockerfile), and the program works with
no more than they leave it.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.checkout import ROOT
from support.command_tree import LEAVES
from support.compose_plugin import COMPOSE_PLUGIN
from support.journeys import Thinker
from support.module_trees import modules
from support.receiving import mail_server

from archive.settings import load_settings
from cli.program import exit_codes
from crawler.sources import source_named
from newsroom.process import running

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
CLUSTER = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
HOME, PORT = "/data", "8001"

# The parts of a service that we use, of those in the Compose Specification.
SERVICE = {
    "build", "cap_drop", "command", "depends_on", "healthcheck", "image", "init", "ports", "read_only", "restart",
    "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with its words, continued lines joined."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"))
    lines = [line for line in re.sub(r"\\\n", "", text).splitlines() if line]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def final() -> dict[str, str]:
    """The instructions of the Dockerfile's last stage, the last one of each name."""
    start = max(number for number, (name, _) in enumerate(instructions()) if name == "FROM")
    return dict(instructions()[start:])


def resolved(words: list[str]) -> str:
    """The command of ours that these words call; typer has taken every argument and option."""
    (path,) = [path for path in LEAVES if tuple(words[: len(path)]) == path]
    LEAVES[path].make_context("thinker", words[len(path) :])
    return " ".join(path)


def test_the_image_is_made_of_one_fixed_python():
    images = [words.split()[0] for name, words in instructions() if name == "FROM"]
    assert images == ["python:3.13-slim-trixie"] * 2
    assert "Programming Language :: Python :: 3.13" in PROJECT["classifiers"]


@pytest.mark.slow
def test_the_image_copies_exactly_the_files_that_the_product_needs():
    copied = [words.split() for name, words in instructions() if name == "COPY" and "--from" not in words]
    names = {name for *sources, _ in copied for name in sources}
    sent = set(re.findall(r"(?m)^!(.*)$", (ROOT / ".dockerignore").read_text("utf-8")))
    assert names == sent
    assert [name for name in names if not (ROOT / name).exists()] == []
    ours = {name.split(".")[0] for name in modules()} - {"thinker"}
    assert names == {*ours, "thinker.py", "pyproject.toml", "requirements.lock", *(PROJECT["readme"], "LICENSE")}


def test_the_image_runs_as_an_ordinary_user_that_owns_its_volume():
    (made,) = re.findall(r"useradd .*", "\n".join(words for name, words in instructions() if name == "RUN"))
    assert re.search(rf"--uid 10001 .*--home-dir {HOME} ", made)
    assert re.search(rf"install --directory --owner=thinker --group=thinker --mode=0750 {HOME} /segments$", made)
    told = [name for name, _ in instructions()]
    assert final()["USER"] == "10001:10001"
    assert "RUN" not in told[told.index("USER") :]
    assert json.loads(final()["VOLUME"]) == [HOME]
    assert f"THINKER_HOME={HOME}" in final()["ENV"].split()


def test_the_image_serves_to_its_container_on_the_port_that_it_exposes():
    assert json.loads(final()["ENTRYPOINT"]) == [next(iter(PROJECT["scripts"]))]
    words = json.loads(final()["CMD"])
    assert resolved(words) == "serve"
    assert words[-2:] == ["--port", final()["EXPOSE"]] == ["--port", PORT]
    assert words[1:3] == ["--host", "0.0.0.0"]


def test_the_health_check_is_well_while_the_site_answers_and_only_then(tmp_path: Path):
    options, _, words = final()["HEALTHCHECK"].partition("CMD ")
    python, *arguments = json.loads(words)
    assert (python, "--interval=" in options) == ("python", True)
    Thinker(tmp_path).run("init")
    site = Thinker(tmp_path).start("serve", "--port", "0")
    assert site.stdout is not None
    port = site.stdout.readline().strip().rpartition(":")[2]
    check = [sys.executable, *(each.replace(f":{PORT}/", f":{port}/") for each in arguments)]
    assert check[-1] != arguments[-1]
    assert subprocess.run(check, check=False).returncode == 0
    site.terminate()
    site.communicate(timeout=60)
    assert subprocess.run(check, check=False, stderr=subprocess.DEVNULL).returncode == 1


def test_compose_crawls_and_serves_one_volume():
    assert set(COMPOSE) == {"name", "x-thinker", "services", "volumes"}
    assert COMPOSE["volumes"] == {"archive": None}
    services: dict[str, dict[str, Any]] = COMPOSE["services"]
    assert {name: resolved(each.get("command", ["serve"])) for name, each in services.items()} == {
        "init": "init",
        "crawl": "schedule run",
        "serve": "serve",
        "watch": "watch run",
    }
    for service in services.values():
        assert set(service) <= SERVICE
        assert service["volumes"] == [f"archive:{HOME}"]
        assert service["image"] == f"{PROJECT['name']}:{PROJECT['version']}"
        assert (service["build"], service["read_only"], service["cap_drop"]) == (".", True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
        for other, wanted in service.get("depends_on", {}).items():
            assert other in services
            assert wanted == {"condition": "service_completed_successfully"}


def test_compose_opens_one_port_to_this_machine_alone_and_asks_after_the_health_of_both():
    services = COMPOSE["services"]
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "serve": [f"127.0.0.1:{PORT}:{PORT}"]
    }
    kind, program, *words = services["crawl"]["healthcheck"]["test"]
    assert (kind, program, resolved(words)) == ("CMD", "thinker", "status")
    assert "healthcheck" not in services["serve"]  # the image's
    assert {name: each["restart"] for name, each in services.items()} == {
        "init": "no",
        "crawl": "unless-stopped",
        "serve": "unless-stopped",
        "watch": "unless-stopped",
    }


@pytest.mark.compose
@pytest.mark.parametrize("name", ["compose.yaml", "compose.cluster.yaml"])
def test_compose_itself_takes_the_file(name: str):
    command = [COMPOSE_PLUGIN, "--file", ROOT / name, "config", "--quiet"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_the_cluster_of_containers_has_one_writer_and_a_server_that_no_stranger_reaches():
    services: dict[str, dict[str, Any]] = CLUSTER["services"]
    ours = {name: each for name, each in services.items() if name != "valkey"}
    commands = {name: resolved(each.get("command", ["serve"])) for name, each in ours.items() if name != "newsroom"}
    assert commands == {"ingest": "ingest", "worker": "worker", "serve": "serve"}
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "serve": [f"127.0.0.1:{PORT}:{PORT}"]
    }
    assert [name for name in ours if f"archive:{HOME}" in ours[name].get("volumes", ())] == ["ingest", "serve"]
    for each in ours.values():
        assert each["image"] == f"{PROJECT['name']}:{PROJECT['version']}-cluster"
        assert each["build"]["args"]["EXTRAS"] in PROJECT["optional-dependencies"]
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
        # Compose copies the text of a `config` into a container, which is read-only here; a mounted file works.
        assert "configs" not in each
    kept = shlex.join(services["valkey"]["command"])
    assert "--appendonly yes --appendfsync always" in kept


def test_the_containers_of_the_cluster_find_the_newsroom_and_the_server(tmp_path: Path):
    """The newsroom listens on loopback alone, so those that ask it share its network."""
    said = (ROOT / "deploy" / "cluster.toml").read_text("utf-8")
    (tmp_path / "thinker.toml").write_text(said, encoding="utf-8")
    told = load_settings(tmp_path)
    assert (told.cluster.url, told.cluster.segments, set(told.sources)) == (
        "redis://valkey:6379/0", "/segments", {"newsroom"},
    )  # fmt: skip
    services = CLUSTER["services"]
    python, option, module, *words = services["newsroom"]["entrypoint"]
    assert (python, option, module, words) == ("python", "-m", "newsroom", ["--port", "8765"])
    assert source_named("newsroom", told).homepage == "http://127.0.0.1:8765"
    asking = {name for name, each in services.items() if each.get("network_mode") == "service:newsroom"}
    assert asking == {"ingest", "worker"}
    for name in (*asking, "serve"):
        assert f"./deploy/cluster.toml:{HOME}/thinker.toml:ro" in services[name]["volumes"]


def settings(unit: Path) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([A-Z]\w+)=(.*)$", unit.read_text("utf-8")))


def test_the_systemd_units_call_existing_commands():
    called = {}
    for unit in UNITS:
        program, *words = shlex.split(settings(unit)["ExecStart"])
        assert program == "/opt/thinker/bin/thinker"
        called[unit.name] = resolved(words)
    assert called == {
        "thinker-crawl.service": "schedule run",
        "thinker-serve.service": "serve",
        "thinker-watch.service": "watch run",
    }


def test_the_units_know_the_exit_codes():
    crawl, serve, watch = map(settings, UNITS)
    assert {each["SuccessExitStatus"] for each in (crawl, serve, watch)} == {str(exit_codes.STOPPED)}
    assert crawl["RestartPreventExitStatus"] == watch["RestartPreventExitStatus"] == str(exit_codes.USAGE)
    assert "RestartPreventExitStatus" not in serve  # 2 also means that there is no archive yet


@pytest.mark.systemd
def test_systemd_takes_the_units_and_calls_them_well_shut(tmp_path: Path):
    program = shutil.which("true")
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/thinker/bin/thinker", str(program))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    paths = [str(path) for path in tmp_path.iterdir()]
    found = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", *paths]
    shut = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shut.returncode == 0, shut.stdout  # 2.0 of 10, where 10 is wide open


# What compose.yaml and the units leave the program: a file system to read, its home and a folder for what passes.
CONFINED = """
mount --make-rprivate /
mount --bind "$1" /mnt
mount -t tmpfs tmpfs /var/tmp
mount -o remount,bind,ro /
if touch /written 2>/dev/null; then exit 99; fi
shift
exec env HOME=/nonexistent TMPDIR=/var/tmp setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


@pytest.mark.slow
@pytest.mark.root
def test_thinker_crawls_serves_and_sends_with_only_its_home_writable(tmp_path: Path):
    under = ("unshare", "--mount", "sh", "-euc", CONFINED, "sh", str(tmp_path))
    with running(articles=5) as site, mail_server() as server:
        (tmp_path / "mail.txt").write_text(f"mailto://{server.place}?from=a@example.org&to=b@example.org")
        thinker = Thinker(Path("/mnt"), site)
        added = ["watch", "add", "one", "--query", f'"{site.truth(3)["headline"]}"', "--to", "file:mail.txt"]
        for words in (["init"], added, ["crawl", "newsroom"], ["watch", "run", "--once"], ["status"]):
            process = thinker.start(*words, under=under)
            told, errors = process.communicate(timeout=300)
            assert process.returncode == 0, (words, told, errors)
    assert (tmp_path / "archive.db").exists()
    assert len(server.got) == 1
    serving = thinker.start("serve", "--port", "0", under=under)
    assert serving.stdout is not None
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        f"{serving.stdout.readline().strip()}/a/newsroom-3", timeout=60
    ) as page:
        assert page.status == 200
    serving.terminate()
    _, errors = serving.communicate(timeout=60)
    assert "Traceback" not in errors


def test_the_deploying_page_names_existing_commands_services_and_units() -> None:
    """docs/deploying.md needs root, systemd and Docker; its files, services, units and commands of ours are real."""
    page = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    blocks = "\n".join(re.findall(r"```\w+\n(.*?)```", page, re.DOTALL))
    ours = re.findall(r"(?:bin/|whl )thinker (?:--home \S+ )?(.+?)(?: +#.*)?$", blocks, re.MULTILINE)
    assert [resolved(shlex.split(line)) for line in ours] == ["demo", "demo", "init", "serve", "watch add"]
    inside = re.findall(r"docker compose exec \w+ thinker (.+)$", blocks, re.MULTILINE)
    assert [resolved(shlex.split(line)) for line in inside] == ["watch add"]
    services = re.findall(r"docker compose (?:run --rm|create|cp|exec(?: -T)?) (?:thinker.toml )?(\w+)", blocks)
    assert set(services) == {"init", "serve", "watch"} <= set(COMPOSE["services"])
    (extra,) = re.findall(r"--build-arg EXTRAS=(\w+)", blocks)
    assert extra in PROJECT["optional-dependencies"]
    assert ("ARG", 'EXTRAS=""') in instructions()
    assert set(re.findall(r"deploy/[\w.-]+", page)) == {str(unit.relative_to(ROOT)) for unit in UNITS}

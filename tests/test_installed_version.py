"""The version stands in pyproject.toml, and everything that names it asks for the installed one."""

import re
import tomllib

from support.checkout import ROOT
from support.module_trees import modules

from archive.files.versions import PROGRAM

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_newest_version_of_the_changelog_is_this_one():
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == PROJECT["version"]


def test_the_installed_version_is_the_version_in_pyproject():
    """If this fails, pyproject.toml has changed since the installation: `make .venv/.ready`."""
    assert f"{PROJECT['name']}/{PROJECT['version']}" == PROGRAM


def test_no_module_says_a_version_of_its_own():
    files = [ROOT / f"{name.replace('.', '/')}.py" for name in modules()]
    said = re.compile(rf"{PROJECT['name']}/\d|\"{re.escape(PROJECT['version'])}\"")
    assert [file for file in files if file.exists() and said.search(file.read_text("utf-8"))] == []

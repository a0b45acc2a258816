"""The parser's version follows what it reads: every version has one line in versions.tsv, with the digest of that."""

from pathlib import Path

import pytest
from support.fixtures import digest

from parsers import PARSER_VERSION

# A line is added and none is ever changed (but the digest of 8, when docstrings were fixtures no more): stored states
# name the version that read them, and only states of one version are compared. A version too many costs a page that
# changed a second reading; one too few forges edits.
VERSIONS = Path(__file__).with_name("versions.tsv")


@pytest.mark.slow  # it reads every page and string of the tests: minutes
def test_the_last_version_line_names_the_parser_version_and_its_digest():
    told = [line.split("\t") for line in VERSIONS.read_text("ascii").splitlines()]
    found, following = digest(), int(told[-1][0]) + 1
    if told[-1] != [PARSER_VERSION, found]:
        asked = f'set PARSER_VERSION = "{following}" in parsers/__init__.py and add to tests/parsers/versions.tsv:'
        pytest.fail(f"the parser, or a fixture of its tests, has changed: {asked} {following}\t{found}", pytrace=False)


def test_no_version_stands_for_two_digests():
    versions = [int(line.split("\t")[0]) for line in VERSIONS.read_text("ascii").splitlines()]
    assert versions == list(range(versions[0], versions[0] + len(versions)))

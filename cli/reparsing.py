"""The command that reads stored captures again: what a better parser would change, applied, and taken back."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from archive import Archive, parser_version
from archive.captures import captured_sources
from archive.clock import stamp
from archive.reparsing.applying import Asked, apply, propose, undo
from archive.reparsing.reporting import Report
from cli import common
from cli.common import AsJson, echo_json, moment_of, reading, say, tell, writing

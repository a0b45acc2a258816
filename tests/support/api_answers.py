"""The example answers of /api, from the small archive: `PYTHONPATH=.:tests python -m support.api_answers`."""

import json
import tempfile
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from support.checkout import ROOT
from support.small_site import get, small_site

from archive.publish.api.addresses import ADDRESSES
from archive.publish.api.samples import Samples, example, samples
from archive.publish.formatting.shortened import shortened

FILE = ROOT / "archive/publish/api/answers.json"


def known(site: Datasette) -> Samples:
    """The values of example addresses in the archive of a site."""
    conn = site.get_database("archive").connect()
    try:
        return samples(conn)
    finally:
        conn.close()


def answers(site: Datasette) -> dict[str, Any]:
    """The shortened answer of each address that shows one, by its name."""
    values = known(site)
    paths = {each.name: example(each, f"{each.path}.json", values) for each in ADDRESSES if each.answered}
    return {name: shortened(get(site, path or "").json()) for name, path in paths.items()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, small_site(Path(folder) / "home") as site:
        FILE.write_text(json.dumps(answers(site), ensure_ascii=False, indent=1) + "\n", "utf-8")

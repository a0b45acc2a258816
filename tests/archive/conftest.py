"""Archives that tests of several folders read."""

import pytest
from support.written_archive import Written, write_archive


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_archive(tmp_path_factory.mktemp("written"))

"""Every file of the program begins with a comment that says what it is."""

import pytest

from lib import SOURCE, sources


@pytest.mark.parametrize("pattern", ["*.c", "*.h"])
def test_a_file_begins_with_a_comment(pattern):
    files = [path for path in sources.matching(pattern) if path.parts[0] in ("src", "include")]
    assert len(files) > 100
    silent = [str(path) for path in files if not (SOURCE / path).read_text().startswith("/* ")]
    assert silent == []

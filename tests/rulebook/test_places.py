"""On which line of a TOML file a key stands."""

import pytest

from jamsos.rulebook.places import line_of, unreadable_from

TEXT = """\
# A comment.
one = 1

long = \"\"\"
two = 2
\"\"\"
[[value]]
pairs = [
    [0, 1],

    # [5, 6],
    [2, 3], [4, 5],
]
in.line = { a = 1, b = [2] }
[value.table]
low = 1
[[value]]
last = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("one",), 2),
        (("long",), 4),
        (("value",), 7),
        (("value", 0), 7),
        (("value", 0, "pairs"), 8),
        (("value", 0, "pairs", 0), 9),
        (("value", 0, "pairs", 1), 12),
        (("value", 0, "pairs", 2), 12),
        (("value", 0, "in", "line", "b", 0), 14),
        (("value", 0, "table"), 15),
        (("value", 0, "table", "low"), 16),
        (("value", 1), 17),
        (("value", 1, "last"), 18),
        (("value", 1, "missing"), 17),
        (("missing",), 1),
    ],
)
def test_a_key_begins_on_its_line_and_one_that_is_missing_where_its_table_does(path, line):
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("one = 1\ntwo =\nthree = 3", 2, "two"),
        ("one = 1\n# more\n\none = 2", 4, "one"),
        ("[a]\n[a]", 2, "[a]"),
        ("list = [\n1,\n2", 1, "list"),
        ("=", 1, ""),
    ],
)
def test_the_line_from_which_a_text_is_no_toml_is_named_with_its_key(text, line, key):
    assert unreadable_from(text) == (line, key)

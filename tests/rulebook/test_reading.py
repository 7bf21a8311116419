"""Which files are rule files, and what no rule file is: each answers at once, and in a sentence."""

import os
import socket
import time
import tracemalloc

import pytest

from jamsos.errors import InputError, NotFoundError
from jamsos.rulebook import faults, load, parse
from jamsos.rulebook.places import DEEPEST, LONGEST, MOST
from jamsos.rulebook.reading import LONGEST as LARGEST
from tests.faults.guarantees import promised

HEAD = """\
programme = "perisai"
rule = "limit"
means = "How many there may be."
unit = "agents"
"""
VALUE = """
[[value]]
value = 10
in_force = {day}
status = "reported"
citation = {{ instrument = "Example 1/2018" }}
"""
FILE = HEAD + VALUE.format(day="2018-01-01")


def days(number):
    """Return so many days, each later than the one before it, with a value until the next."""
    return [f"{1600 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(number)]


def values(number):
    return "".join(VALUE.format(day=f"{day}\nuntil = {day}") for day in days(number))


def fault(text):
    with pytest.raises(InputError) as raised:
        parse(text, name="rule.toml")
    said = str(raised.value)
    assert said.isprintable()
    assert len(said) < 2_000
    return said


def test_a_fault_in_a_long_file_is_named_within_a_second():
    rows = ",\n".join(f"    [{n}, {n}]" for n in range(700))
    begun = time.process_time()
    said = fault(FILE.replace("value = 10", f"brackets = [\n{rows},\n    [700, 0.5],\n]"))
    assert said.startswith("rule file rule.toml, line 708: value.brackets: it is")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("number", [500, 2_000])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('status = "reported"', 'status = "certain"', "value.status"),
        ('status = "reported"', "status = ", "status: it cannot be read as TOML"),
        ('status = "reported"', "", "value: the key status is missing"),
    ],
)
def test_the_line_of_a_fault_is_found_in_time_that_grows_as_the_file_does(number, old, new, said):
    text = HEAD + values(number)
    head, _, last = text.rpartition(old)
    begun = time.process_time()
    told = fault(head + new + last)
    line = int(told.partition("line ")[2].partition(":")[0])

    # Each value has seven lines, the last begins on the second of its own.
    assert line in {4 + 7 * (number - 1) + 2, 4 + 7 * (number - 1) + 6}
    assert said in told
    assert time.process_time() - begun < 0.001 * number + 0.5


DEEP = [
    "a" + ".a" * 2_000 + " = 1",
    "[" + "a." * 2_000 + "a]",
    "a = " + "[" * 2_000 + "]" * 2_000,
    "a = " + "{a = " * 2_000,
    "a = " + "[\n" * 200_000,
    '"a"' + '."a"' * 60_000 + " = 1",
    "a = 0x" + "f" * 900_000,
    "a = " + "9" * 5_000,
    "a = 1." + "0" * 500_000,
]
MANY = [
    "a = [" + "1," * 400_000 + "]",
    "[[a]]\n" * 160_000,
    "".join(f"a{n} = 1\n" for n in range(60_000)) + "a7 = 2",
    'a = "' + "\\n" * 400_000 + '"',
    "\n" * 900_000 + "a",
    "#\n" * 400_000 + "a",
    'a = """' + "x" * 900_000,
    "'" * 900_000,
    '"' * 900_000,
    "\\" * 900_000,
]


@promised(
    "A rule file: what is deep or long is a fault, found in bounded memory.",
    fault="hostile",
)
@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:12])
def test_what_is_deep_or_long_is_a_fault_in_bounded_memory(text):
    tracemalloc.start()
    try:
        said = fault(text)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert said.startswith("rule file rule.toml, line 1: ")
    assert "it cannot be read as TOML: " in said
    assert most < 20_000_000


@pytest.mark.parametrize("text", [*DEEP, *MANY], ids=lambda text: text[:12])
def test_what_no_rule_has_need_of_is_a_fault_within_a_second(text):
    begun = time.process_time()
    said = fault(text)

    assert said.startswith("rule file rule.toml, line ")
    assert time.process_time() - begun < 2  # on a machine that others keep busy


def test_what_a_rule_may_be_stays_readable_on_both_sides_of_the_limits():
    dots = lambda parts: HEAD + ".".join(["a"] * parts) + " = 1"  # noqa: E731
    brackets = lambda deep: HEAD + "a = " + "[" * deep + "]" * deep  # noqa: E731
    word = lambda long: HEAD + "a" * long + " = 1"  # noqa: E731
    for text, limit in ((dots, DEEPEST), (brackets, DEEPEST), (word, LONGEST)):
        assert "there is no such key here" in fault(text(limit))
        said = fault(text(limit + 1))
        assert said.startswith("rule file rule.toml, line 5: ")
        assert "it cannot be read as TOML: " in said
    marks = sum(FILE.count(mark) for mark in "=,.[{\"'\\\n")
    assert len(parse(FILE + "\n" * (MOST - marks), name="rule.toml").values) == 1
    assert "200,001 lines, commas" in fault(FILE + "\n" * (MOST - marks + 1))


@pytest.mark.parametrize("number", ["1e400", "-inf", "nan", "1e-400", "0x7fffffffffffffffffff"])
def test_a_number_that_is_none_is_a_fault_of_its_value(number):
    assert "line 7: value.value: it" in fault(FILE.replace("value = 10", f"value = {number}"))


# -- Bytes. -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        FILE.encode(),
        FILE.encode("utf-8-sig"),
        FILE.replace("\n", "\r\n").encode(),
        FILE.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
    ids=["plain", "BOM", "CRLF", "both"],
)
def test_an_editor_may_add_a_mark_and_end_lines_its_own_way(tmp_path, written):
    (tmp_path / "rule.toml").write_bytes(written)

    assert load(tmp_path) == (parse(FILE, name="rule"),)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (FILE.encode("utf-16"), "line 1 is not UTF-8: save it as UTF-8"),
        (FILE.replace("many", "m\xe9ny").encode("latin-1"), "line 3 is not UTF-8"),
        (FILE.encode("utf-16-le"), "line 1: "),
        (FILE.replace("\n", "\r").encode(), "line 1: programme: it cannot be read as TOML"),
        (FILE.encode() + b"\0", "line 11: "),
        (b"\0" * 1_000, "line 1: "),
        (b"", "line 1: the file: the key programme is missing"),
        (FILE.encode() + b"#" * LARGEST, "has more than 1,000,000 bytes"),
    ],
    ids=["UTF-16", "latin-1", "no mark", "CR", "NUL", "NULs", "nothing", "too long"],
)
def test_what_is_no_text_is_named(tmp_path, written, said):
    (tmp_path / "rule.toml").write_bytes(written)

    with pytest.raises(InputError, match=r"rule file .*rule\.toml") as raised:
        load(tmp_path / "rule.toml")
    assert said in str(raised.value)


def test_a_file_of_the_largest_size_is_read(tmp_path):
    file = tmp_path / "rule.toml"
    file.write_bytes(FILE.encode() + b"#" * (LARGEST - len(FILE)))

    assert len(load(file)) == 1


# -- Folders. -----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "rules"
    made.mkdir()
    (made / "rule.toml").write_text(FILE, encoding="utf-8")
    return made


def a_link_to_itself(folder):
    (folder / "again").symlink_to(".")


def a_link_to_all(folder):
    (folder / "all").symlink_to("/")


def a_pipe(folder):
    os.mkfifo(folder / "pipe.toml")


def a_device(folder):
    (folder / "zero.toml").symlink_to("/dev/zero")


def a_socket(folder):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "s.toml"))


def a_second_name(folder):
    (folder / "second.toml").hardlink_to(folder / "rule.toml")


def a_link(folder):
    (folder / "link.toml").symlink_to("rule.toml")


def a_folder_named_as_a_file(folder):
    (folder / "folder.toml").mkdir()


def hidden_names(folder):
    (folder / "._rule.toml").write_bytes(b"\0\5\26\7")
    (folder / ".git").mkdir()
    (folder / ".git" / "other.toml").write_text("no", encoding="utf-8")


def other_names(folder):
    for name in ("rule.toml~", "rule.toml.swp", "README.md", "toml"):
        (folder / name).write_text("no", encoding="utf-8")


BESIDE = [
    *(a_link_to_itself, a_link_to_all, a_pipe, a_device, a_socket, a_second_name, a_link),
    *(a_folder_named_as_a_file, hidden_names, other_names),
]


@pytest.mark.parametrize("make", BESIDE, ids=lambda make: make.__name__)
def test_of_a_folder_regular_files_are_read_and_each_once(folder, make):
    make(folder)

    assert load(folder) == (parse(FILE, name="rule"),)
    assert faults(folder) == (1, ())


def test_a_file_in_a_folder_of_a_folder_is_read_and_one_of_another_name_too(folder):
    (folder / "more").mkdir()
    (folder / "more" / "rule.toml").write_text(FILE.replace("limit", "other"), encoding="utf-8")

    assert [file.rule for file in load(folder)] == ["other", "limit"]


def test_many_files_are_read(folder):
    for number in range(500):
        text = FILE.replace('"limit"', f'"limit-{number}"')
        (folder / f"rule-{number}.toml").write_text(text, encoding="utf-8")

    assert len(load(folder)) == 501


@pytest.mark.parametrize("name", ["pipe.toml", "zero.toml"])
def test_what_is_no_file_is_not_read_though_it_is_named(folder, name):
    (a_pipe if name == "pipe.toml" else a_device)(folder)

    with pytest.raises(InputError, match=f"rule file {name} cannot be read: it is no regular file"):
        load(folder / name)


def test_a_link_that_leads_nowhere_is_named_and_not_passed_over(folder):
    (folder / "gone.toml").symlink_to("nothing.toml")

    with pytest.raises(InputError, match=r"rule file rules/gone\.toml cannot be read: No such"):
        load(folder)


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read what nobody may"
)
def test_what_may_not_be_read_is_named(folder):
    (folder / "rule.toml").chmod(0)
    with pytest.raises(InputError, match=r"rule file rules/rule\.toml cannot be read: Permission"):
        load(folder)
    folder.chmod(0)
    try:
        with pytest.raises(InputError, match="cannot be read: Permission denied"):
            load(folder)
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("name", ["", "none.toml", "rule.toml/none", "a\0b", "n" * 300])
def test_what_is_not_there_is_named(folder, monkeypatch, name):
    monkeypatch.chdir(folder)

    with pytest.raises((NotFoundError, InputError), match="rule file"):
        load(name)

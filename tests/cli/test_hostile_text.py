"""Whatever a file, a law, an address or a word of the command says: a terminal obeys none of it."""

import json
import os
import pty
import subprocess
import sys
from datetime import date

import pytest

import jamsos
from jamsos.cli import commands
from tests.faults.guarantees import promised

HOSTILE = "\x1b[31m\x9b2J\x07\x7f\u202e\u2066\u200f\u061c\u200b\ufeff\u2028\x85\tend"
COMMAND = [sys.executable, "-m", "jamsos"]
RULE = """\
programme = "perisai"
rule = "agent-cap"
means = "How many.HOSTILE"
unit = "agents"

[[value]]
value = 7
in_force = 2027-04-01
status = "assumed"
citation = { instrument = "PP 1\\nFAULT", article = "HOSTILE", source = "HOSTILE" }
note = "HOSTILE"

[[value.conflict]]
value = 8
citation = { instrument = "HOSTILE" }
note = "HOSTILE"
""".replace("HOSTILE", "".join(f"\\u{ord(c):04x}" for c in HOSTILE))
DUE = """\
programme = "jkm"
rule = "bpu-amount"
means = "What a month costs."
unit = "rupiah"

[[value]]
value = 7_200
in_force = 2027-04-01
status = "assumed"
citation = { instrument = "HOSTILE" }
""".replace("HOSTILE", "".join(f"\\u{ord(c):04x}" for c in HOSTILE))
LAWS = f"""\
from jamsos.domain.quota import Quota, QuotaSeatTaken
from jamsos.domain.programme import ProgrammeRuleAmended
from jamsos.testing import law

HOSTILE = {HOSTILE!r}


@law("It holds " + HOSTILE, cite=HOSTILE)
def holds(event: QuotaSeatTaken, after: Quota) -> None:
    print(HOSTILE)
    assert after.taken <= after.allotted


@law("It breaks " + HOSTILE, cite=HOSTILE)
def breaks(event: QuotaSeatTaken, after: Quota) -> None:
    assert after.taken < 1, HOSTILE


@law("It breaks " + HOSTILE, cite=HOSTILE)
def amended(event: ProgrammeRuleAmended) -> None:
    assert event is None, HOSTILE


@law("It raises " + HOSTILE, cite=HOSTILE)
def raises(event: QuotaSeatTaken, after: Quota) -> None:
    raise OSError(HOSTILE)
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Give a folder with a hostile rule, laws and store, in names as hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / f"rule{HOSTILE}.toml").write_text(RULE, encoding="utf-8")
    (folder / "due.toml").write_text(DUE, encoding="utf-8")
    (folder / f"faulty{HOSTILE}.toml").write_text(f'"{HOSTILE}" = 1', encoding="utf-8")
    (folder / "laws.py").write_text(LAWS, encoding="utf-8")
    with jamsos.open(folder / "store.db") as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        value = jamsos.DatedValue(
            value=7_000,
            in_force=date(2018, 7, 1),
            status=jamsos.Status.ASSUMED,
            citation=jamsos.Citation(HOSTILE, HOSTILE),
            note=HOSTILE,
        )
        registry.amend("perisai", "agent-cap", value, on=date(2018, 6, 1)).or_raise()
    (folder / f"file{HOSTILE}.jsonl").write_text(f'{{"position": "{HOSTILE}"', encoding="utf-8")
    return folder


WORDS = [
    f"{HOSTILE}",
    f"--{HOSTILE}",
    f"rules show agent-cap --on 2027-04-01 --rules rule{HOSTILE}.toml",
    f"rules show {HOSTILE} --on 2027-04-01",
    f"rules show agent-cap --on {HOSTILE}",
    f"rules list --rules rule{HOSTILE}.toml",
    f"rules list --programme {HOSTILE}",
    f"rules diff --from 2027-03-31 --to 2027-04-01 --rules rule{HOSTILE}.toml",
    f"rules check faulty{HOSTILE}.toml",
    "rules check .",
    "due --segment bpu --month 2027-05 --income 1000000 --rules due.toml",
    f"due --segment bpu --month {HOSTILE} --income 1",
    f"due --segment {HOSTILE} --month 2027-05 --income 1",
    f"due --segment bpu --month 2027-05 --income 1 --programmes {HOSTILE}",
    "law check laws.py --histories 5 --keep kept",
    f"law check laws.py --histories 5 --law breaks --rules rule{HOSTILE}.toml",
    "law check laws.py --history store.db",
    f"law check laws.py --law {HOSTILE}",
    f"law check {HOSTILE}.py",
    "show store.db programme-perisai",
    f"show store.db {HOSTILE}",
    f"show {HOSTILE} programme-perisai",
    "explain store.db programme-perisai",
    f"explain store.db programme-perisai@{HOSTILE}",
    "replay store.db",
    f"replay file{HOSTILE}.jsonl",
    f"replay store.db --to {HOSTILE}",
    "count store.db --month 2018-01 --by segment",
    f"count store.db --month 2018-01 --by {HOSTILE}",
    f"count store.db --month 2018-01 --programme {HOSTILE}",
    f"rebuild store.db {HOSTILE}",
    f"rebuild file{HOSTILE}.jsonl",
    f"import file{HOSTILE}.jsonl --store new{HOSTILE}.db",
    f"export file{HOSTILE}.jsonl",
    f"migrate {HOSTILE}",
    f"status {HOSTILE}",
    f"demo --until {HOSTILE}",
    f"schema {HOSTILE}",
]


def obeyed(text):
    """Return what in *text* a terminal would not show but obey."""
    return sorted({c for c in text if c != "\n" and not c.isprintable()})


@promised(
    "What a terminal would obey is printed as what it is.",
    fault="hostile",
)
@pytest.mark.parametrize("json_too", [False, True])
@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.partition(HOSTILE)[0])
def test_what_a_terminal_would_obey_is_shown(run, hostile, monkeypatch, words, json_too):
    monkeypatch.chdir(hostile)
    answer = run(*words.split(" "), *(["--json"] if json_too else []))

    assert answer.out + answer.err != ""
    assert obeyed(answer.out + answer.err) == []
    if json_too:
        for line in answer.out.splitlines():
            if line.startswith("{"):
                json.loads(line)


def test_no_command_is_left_out_of_the_trial():
    tried = {name for name in commands() for words in WORDS if words.startswith(f"{name} ")}

    assert {*commands()} - tried <= {"backup"}  # of which only the place could be hostile


def test_the_end_of_a_line_in_a_citation_begins_no_line_of_the_answer(run, hostile):
    rule = hostile / f"rule{HOSTILE}.toml"
    shown = run("rules", "show", "agent-cap", "--on", "2027-04-01", "--rules", rule).out
    changed = run("rules", "diff", "--from", "2027-03-31", "--to", "2027-04-01", "--rules", rule)

    for line in (*shown.splitlines(), *changed.out.splitlines()):
        assert not line.startswith("FAULT")
    assert "PP 1\\nFAULT" in shown


def test_an_exported_line_is_the_same_json_on_a_terminal(hostile):
    words = [*COMMAND, "export", "store.db"]
    plain = subprocess.run(words, cwd=hostile, capture_output=True, check=True).stdout
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, cwd=hostile, stdout=theirs) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                said += os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
    os.close(ours)

    assert process.returncode == 0
    assert obeyed(plain.decode()) != []
    assert obeyed(said.decode().replace("\r\n", "\n")) == []
    assert [*map(json.loads, said.splitlines())] == [*map(json.loads, plain.splitlines())]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_an_encoding_lacks_is_written_out(hostile, encoding):
    (hostile / "words.toml").write_text(DUE.replace("costs", "costs \u2265 \U0001f600"), "utf-8")
    words = [
        *COMMAND,
        *["rules", "show", "jkm/bpu-amount", "--on", "2027-04-01", "--rules", "words.toml"],
    ]
    env = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}
    done = subprocess.run(words, cwd=hostile, env=env, capture_output=True, check=False)
    (hostile / "words.toml").unlink()

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"costs \\u2265 \\U0001f600" in done.stdout


# -- Addresses. -----------------------------------------------------------------------

SECRETS = [
    "postgresql://u:se/cr@t%25@127.0.0.1:1/none",
    "postgresql://u@127.0.0.1:1/none?password=se/cr@t%25",
    "postgresql+psycopg://u:se/cr@t%25@127.0.0.1/none",
    "host=127.0.0.1 user=u password=se/cr@t%25",
]
ASKED = [
    "show ADDRESS programme-perisai",
    "explain ADDRESS programme-perisai",
    "count ADDRESS --month 2018-01",
    "replay ADDRESS",
    "status ADDRESS",
    "rebuild ADDRESS",
    "export ADDRESS",
    "law check ADDRESS",
    "law check laws.py --history ADDRESS",
    "law check laws.py --histories 1 --keep ADDRESS",
    "rules check ADDRESS",
    "rules list --rules=ADDRESS",
    "import ADDRESS --store ADDRESS",
    "demo ADDRESS",
    "ADDRESS",
    "count --month 2018-01 store.db ADDRESS",
    "count store.db --month=ADDRESS",
    "count store.db --month 2018-01 --active ADDRESS",
    "count store.db --month 2018-01 --by=ADDRESS",
]


@pytest.mark.parametrize("words", ASKED)
@pytest.mark.parametrize("address", SECRETS)
def test_an_address_is_never_repeated_with_its_password(
    run, hostile, tmp_path, monkeypatch, words, address
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "laws.py").write_text("", encoding="utf-8")
    (tmp_path / "store.db").write_bytes((hostile / "store.db").read_bytes())
    answer = run(*(part.replace("ADDRESS", address) for part in words.split(" ")), "--json")

    assert answer.code in {2, 3}
    assert "cr@t" not in answer.out + answer.err

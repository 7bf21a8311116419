"""The store contract notices every fault that an adapter to a database is known to have."""

import re
import subprocess
import sys

import pytest

from jamsos.testing import store_contract
from tests.store.faulty.memory import Database, MemoryRecorder
from tests.store.faulty.recorders import FAULTS
from tests.store.faulty.tallies import TALLY_FAULTS, Around, Recorder

APART = "_that_differ_in_anything_are_kept_apart"
READ = "who_reads_while_"
LIKELY = {
    r"at most$": ("many_streams_are_checked_and_read_at_once",),
    r"commands appended|of answers at|0 answers|commands kept$": (
        "many_commands_are_answered_and_their_answers_read_at_once",
    ),
    r"^\d+ rows|^versions|20,000$": ("a_stream_has_many_versions_which_are_stored_at_once",),
    r"32 bits": ("positions_and_versions_are_of_64_bits",),
    r"^streams": (f"streams{APART}",),
    r"^commands (?!kept |checked)|^commands kept ": (f"commands{APART}",),
    r"^names (?!are not)": (f"names{APART}",),
    r"cut at 16777216": ("data_of_16_mib_are_not_cut",),
    r"many are appended": ("what_is_appended_with_much_else_comes_back_byte_for_byte",),
    r"states.*loaded": ("what_is_loaded_comes_back_byte_for_byte",),
    r"^(digests|states|answers) ": ("what_is_appended_comes_back_byte_for_byte",),
    r"seen": (
        f"{READ}something_is_stored_sees_all_of_it_or_nothing",
        f"{READ}a_history_is_loaded_sees_all_of_it_or_nothing",
    ),
    r"commands checked before": ("of_two_who_answer_one_command_at_once_one_is_first",),
    r"after checked before": ("of_two_who_rest_on_the_whole_history_at_once_one_is_first",),
    r"expected checked before": ("of_two_who_have_read_each_others_stream_one_is_first",),
    r"unconcerned checked before": ("of_two_whom_the_event_of_the_other_concerns_one_is_first",),
    r"position read before": ("of_two_who_write_different_streams_at_once_both_are_stored",),
    r"clos": ("a_closed_store_says_so", "what_was_stored_is_there_when_it_is_opened_again"),
    r"load|concerns asked": (
        "a_load_that_breaks_off_anywhere_leaves_the_database_empty",
        "a_load_asks_for_answers_and_concerns_once_all_rows_are_taken",
        "a_history_is_loaded_into_an_empty_store",
    ),
    r"thread": ("any_thread_may_call_any_method",),
    r"": (
        "an_append_that_conflicts_leaves_nothing_behind",
        "what_is_asked_again_is_answered_anew_whoever_has_written",
        "whatever_is_appended_and_read_by_two_in_turn_is_as_the_recorder_promises",
    ),
}
"""The cases that are tried first, by what is wrong."""


def noticed(cases, first, open_recorder):
    """Return the name of a case that notices, those of *first* before the others, and its words."""
    order = [*first, *sorted(cases.keys() - set(first), key=lambda n: (n.startswith(READ), n))]
    for name in order:
        try:
            cases[name](open_recorder())
        except AssertionError as error:
            return name, str(error)
    return None


@pytest.mark.parametrize("why", FAULTS)
def test_the_contract_notices_a_recorder_with(why):
    def anew():
        database = Database()
        return lambda: FAULTS[why](database)

    first = [case for what, cases in LIKELY.items() if re.search(what, why) for case in cases]
    found = noticed(store_contract.CASES, dict.fromkeys(first), anew)

    assert found is not None, f"a recorder with {why} passes"
    assert found[1].startswith(found[0].replace("_", " "))


@pytest.mark.parametrize("why", TALLY_FAULTS)
def test_the_contract_notices_tallies_with(why):
    def anew():
        recorder = Recorder(TALLY_FAULTS[why])
        return lambda: recorder

    assert noticed(store_contract.TALLY_CASES, (), anew) is not None, f"tallies with {why} pass"


@pytest.mark.parametrize("case", store_contract.CASES.values(), ids=store_contract.CASES)
def test_the_smallest_recorder_that_is_right_keeps_to_the_contract(case):
    database = Database()
    case(lambda: MemoryRecorder(database))


@pytest.mark.parametrize(
    "case", store_contract.TALLY_CASES.values(), ids=store_contract.TALLY_CASES
)
def test_right_tallies_of_a_recorder_of_ones_own_keep_to_the_contract(case):
    recorder = Recorder(Around)
    case(lambda: recorder)


def test_a_failure_tells_what_was_asked_what_came_and_what_the_recorder_promises():
    database, name = Database(), f"streams{APART}"

    with pytest.raises(AssertionError) as told:
        store_contract.CASES[name](lambda: FAULTS["streams without case"](database))

    assert str(told.value).startswith(f"{name.replace('_', ' ')}: ")
    assert re.search(
        r"^  append\(\[.*\] \(.* in all\), expected=\{\}", str(told.value), re.MULTILINE
    )
    assert "Recorder.append says:" in str(told.value)
    assert "Store *rows*, *answered* and *concerns* in one transaction" in str(told.value)


def test_the_contract_notices_also_where_python_leaves_out_its_assertions():
    code = (
        "from jamsos.testing.store_contract import CASES\n"
        "from tests.store.faulty.memory import Database\n"
        "from tests.store.faulty.recorders import FAULTS\n"
        "database = Database()\n"
        "try: CASES['a_new_store_is_empty'](lambda: FAULTS[\n"
        "    'the last position of nothing is None'](database))\n"
        "except AssertionError as error: print(error)"
    )
    came = subprocess.run(
        [sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True, timeout=120
    )

    assert "last_position() -> None" in came.stdout

"""A system of one's own is asked what jamsos is asked, and the answers are compared."""

from datetime import date
from shutil import copyfile

import pytest

import jamsos
from jamsos import Accepted, Citation, Reason, Refused
from jamsos.commands.agents import EvaluateAgents
from jamsos.commands.incentives import AwardIncentives
from jamsos.commands.seats import Allot
from jamsos.errors import ConflictError, InputError
from jamsos.testing import World, setting
from jamsos.testing.agreeing import DisagreementError, agree, same_word
from tests.testing.verbs import verb, verbs

DAY = date(2018, 1, 5)
SINCE_2015 = """\
programme = "perisai"
rule = "agent-idle-months"
means = "After how many whole months without an acquisition an agent is deactivated."
unit = "months"

[[value]]
value = 3
in_force = 2015-01-01
status = "assumed"
citation = { instrument = "made up for this test" }
"""


@pytest.fixture
def enacted(tmp_path):
    """Keep a store in which the law is enacted, as in a world in which nothing has happened."""
    setting().enact_in(tmp_path / "enacted.db")
    return tmp_path / "enacted.db"


class Kept:
    """A registry over a file, as a system under test."""

    def __init__(self, template, file):
        copyfile(template, file)
        self.registry = jamsos.open(file)
        self.closed = False

    def ask(self, asked):
        match asked:
            case EvaluateAgents():
                return self.registry.evaluate_agents(asked.programme, on=asked.on)
            case AwardIncentives():
                return self.registry.award_incentives(asked.programme, asked.month, on=asked.on)
            case _:
                return self.registry.ask(asked)

    def close(self):
        self.registry.close()
        self.closed = True


@pytest.fixture
def always(tmp_path):
    """Give a setting in which evaluations can be concluded on every day."""
    file = tmp_path / "agent-idle-months.toml"
    file.write_text(SINCE_2015, encoding="utf-8")
    return setting(file)


class Evaluations:
    """The evaluations of a programme, in a dictionary of a few lines."""

    def __init__(self):
        self.opened = {}
        self.concluded = {}

    def ask(self, asked):
        if asked.programme != "perisai":
            return "error"
        told = getattr(asked, "outcome", None), asked.on
        return getattr(self, verb(asked))(asked.evaluation, *told)

    def open_evaluation(self, name, _, on):
        if name in self.opened:
            return "nothing new" if self.opened[name] == on else ValueError(on)
        self.opened[name] = on
        return "accepted"

    def conclude_evaluation(self, name, outcome, on):
        if name not in self.opened:
            return LookupError(name)
        if name in self.concluded:
            return "nothing new" if self.concluded[name] == (outcome, on) else ValueError(on)
        if self.too_early(on, self.opened[name]):
            return ValueError(on)
        self.concluded[name] = (outcome, on)
        return "accepted"

    def too_early(self, on, opened):
        return on < opened


class EvaluationsWithABug(Evaluations):
    def too_early(self, on, opened):
        return on <= opened


def test_a_registry_over_a_file_answers_as_jamsos_in_memory_does(enacted, tmp_path):
    made = []

    def adapter():
        made.append(Kept(enacted, tmp_path / f"{len(made)}.db"))
        return made[-1]

    agreed = agree(adapter, histories=12)

    assert agreed.histories == len(made) == 12
    assert sum(agreed.outcomes.values()) == 12 * 30
    assert len({outcome.partition(": ")[0] for outcome in agreed.outcomes}) > 15
    assert all(kept.closed for kept in made)


def test_a_system_of_another_make_that_does_the_same_agrees(always):
    agreed = agree(Evaluations, begins=always, about=["evaluations"])

    assert agreed.histories == 200
    for outcome in ("accepted", "nothing new", "error: NotFoundError", "error: InputError"):
        assert agreed.outcomes[f"conclude_evaluation: {outcome}"] > 0


@pytest.mark.parametrize("seed", range(5))
def test_a_difference_is_told_with_the_fewest_commands_that_show_it(always, seed):
    with pytest.raises(DisagreementError) as raised:
        agree(EvaluationsWithABug, begins=always, about=["evaluations"], seed=seed)

    error = raised.value
    opened, concluded = error.plan
    assert (verb(opened), verb(concluded), error.step) == (
        "open_evaluation",
        "conclude_evaluation",
        1,
    )
    assert opened.programme == concluded.programme
    assert opened.evaluation == concluded.evaluation
    assert opened.on == concluded.on
    assert error.why.startswith("jamsos says accepted, and yours error (ValueError(")
    first, empty, *lines = str(error).splitlines()
    assert first == f"NOT THE SAME ANSWER  2: {error.why}"
    assert empty == ""
    assert [line.split()[0] for line in lines] == ["1", "2"]


def test_the_story_can_be_told_in_indonesian(always):
    with pytest.raises(DisagreementError, match=r"\AJAWABANNYA TIDAK SAMA  2: "):
        agree(EvaluationsWithABug, begins=always, about=["evaluations"], language="id")


def test_the_same_seed_finds_the_same(always):
    def found(seed):
        with pytest.raises(DisagreementError) as raised:
            agree(EvaluationsWithABug, begins=always, about=["evaluations"], seed=seed)
        return str(raised.value)

    assert found(3) == found(3)


def test_an_error_that_a_system_raises_is_its_answer():
    class Unplugged:
        def ask(self, asked):
            msg = f"no line for {verb(asked)}"
            raise OSError(msg)

    with pytest.raises(
        DisagreementError,
        match=r"(accepted|nothing new|refused), and yours error \(OSError\('no line",
    ):
        agree(Unplugged, histories=20)


def test_a_comparison_of_ones_own_sees_the_step_and_the_other_answer():
    class Seats:
        def __init__(self):
            self.world = World()

        def ask(self, asked):
            self.world.ask(asked)
            return min(2, self.world.quota("perisai").taken)

    def taken(step, theirs):
        after = [h.after.taken for h in step.happened if h.stream == "quota-perisai-national"]
        return f"{theirs} taken" if after and after[-1] != theirs else None

    with pytest.raises(DisagreementError) as raised:
        agree(Seats, compare=taken, about=["seats", "agents"])

    assert raised.value.why == "2 taken"
    names = verbs(raised.value.plan)
    assert (names[0], names.count("recruit"), names[-1]) == ("allot", 3, "recruit")


def test_a_system_is_closed_where_a_difference_ends_its_history(always):
    made = []

    class Closing(EvaluationsWithABug):
        closed = False

        def __init__(self):
            super().__init__()
            made.append(self)

        def close(self):
            self.closed = True

    with pytest.raises(DisagreementError):
        agree(Closing, begins=always, about=["evaluations"])

    assert len(made) > 1
    assert all(system.closed for system in made)


@pytest.mark.parametrize(
    ("asked", "same", "other"),
    [
        (Allot("perisai", 2, on=DAY), "accepted", "nothing new"),
        (Allot("perisai", 0, on=DAY), "nothing new", "refused"),
        (Allot("perisai", 9_999_999, on=DAY), "refused", "error"),
        (Allot("perisai", -1, on=DAY), "error", "accepted"),
    ],
)
def test_a_word_a_decision_and_an_exception_are_compared_by_what_they_say(asked, same, other):
    step = World().ask(asked)

    assert same_word(step, same) is None
    assert same_word(step, step.answer) is None
    assert same_word(step, other) == f"jamsos says {same}, and yours {other}"


def test_answers_to_many_are_compared_as_one():
    step = World().ask(EvaluateAgents("perisai", on=DAY))

    assert same_word(step, {}) is None
    assert same_word(step, [Accepted()]) is None
    assert (
        same_word(
            step, [Accepted(), Refused(Reason("agent-cap", "No.", Citation("Example 1/2018")))]
        )
        is not None
    )
    assert same_word(step, {"somebody": Accepted("an event")}) is not None


def test_a_system_that_answers_otherwise_only_once_is_an_error():
    answered = []

    class Once:
        def __init__(self):
            self.world = World()

        def ask(self, asked):
            answered.append(asked)
            answer = self.world.ask(asked).answer
            return ValueError("only once") if len(answered) == 3 else answer

    with pytest.raises(InputError, match="let the adapter give a fresh system each time"):
        agree(Once, histories=5)


def test_nothing_is_out_of_place_where_nothing_is_to_be():
    class Alike:
        def __init__(self):
            self.world = World()

        def ask(self, asked):
            return self.world.ask(asked).answer

    def asked(stray):
        agreed = agree(Alike, histories=20, about=["seats", "agents"], stray=stray)
        return sum(n for outcome, n in agreed.outcomes.items() if "NotFoundError" in outcome)

    assert asked(0) == 0 < asked(0.5)


def test_an_adapter_has_a_method_that_asks_commands():
    with pytest.raises(InputError, match=r"has no method ask\(command\)"):
        agree(object, histories=1)


@pytest.mark.parametrize("said", [True, False, 0])
def test_a_comparison_says_how_two_answers_differ_or_none(said):
    with pytest.raises(InputError, match=f"compare= said {said}: it says how"):
        agree(Evaluations, compare=lambda _, __: said, histories=1)


def test_the_law_is_enacted_in_no_store_in_which_something_has_happened(enacted):
    before = enacted.read_bytes()

    with pytest.raises(ConflictError):
        setting().enact_in(enacted)
    assert enacted.read_bytes() == before
    with pytest.raises(InputError, match="a store in memory is gone when it is closed"):
        setting().enact_in(":memory:")


@pytest.mark.parametrize("answer", [None, "yes", True, ["accepted"]])
def test_an_answer_that_says_nothing_is_an_error_that_names_what_can_be_said(answer):
    step = World().ask(Allot("perisai", 2, on=DAY))

    with pytest.raises(InputError, match=r"an adapter answers .*: let it return one of accepted"):
        same_word(step, answer)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"histories": 0}, "0 histories of 30 steps"),
        ({"steps": 0}, "200 histories of 0 steps"),
        ({"about": []}, "about nothing: seats, agents"),
        ({"about": ["chairs"]}, "about chairs: seats, agents"),
        ({"language": "fr"}, "'fr'"),
        ({"stray": 2}, "a share of 2 is none"),
    ],
)
def test_a_comparison_that_shows_nothing_is_an_error(asked, said):
    with pytest.raises(InputError, match=said):
        agree(Evaluations, **asked)

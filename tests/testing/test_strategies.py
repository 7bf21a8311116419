"""What Hypothesis draws of jamsos is valid as it is built, stored and read back alike."""

import math
import os
import subprocess
import sys
from datetime import date
from random import Random

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from jamsos import Citation, Month
from jamsos.commands.agents import Certify
from jamsos.commands.catalogue import NAMES
from jamsos.domain.agent import AgentReactivated, AgentRecruited
from jamsos.domain.decision import Accepted
from jamsos.domain.geography import PROVINCES
from jamsos.domain.participant import ParticipantContributionPaid, ParticipantMoved
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Kind
from jamsos.engine.setting import setting
from jamsos.engine.world import World
from jamsos.errors import InputError, MissingExtraError
from jamsos.store.catalogue import CODEC, EVENTS
from jamsos.testing import strategies
from jamsos.testing.names import AGENTS, GROUPS, PEOPLE
from jamsos.testing.strategies import (
    TYPES,
    agents,
    citations,
    dated_values,
    days,
    events,
    histories,
    month_runs,
    months,
    participants,
    plans,
    provinces,
    register,
    rupiah,
)
from tests.testing.verbs import verb, verbs

FIRST, LAST = date(2018, 1, 30), date(2018, 2, 2)
JANUARY, MARCH = Month(2018, 1), Month(2018, 3)


def tries(number):
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=[HealthCheck.too_slow],
    )


register()  # as Hypothesis does where jamsos is installed; doing it twice changes nothing


# -- Types that Hypothesis is told of. ------------------------------------------------------


def test_every_event_and_every_class_that_an_event_holds_is_registered():
    assert {*EVENTS.values()} <= {*TYPES}


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.__name__)
def test_every_registered_type_is_made_as_it_is_and_none_that_is_drawn_is_turned_away(type_):
    @tries(20)
    @given(st.from_type(type_))
    def drawn(value):
        assert isinstance(value, getattr(type_, "__supertype__", type_))
        if type_ in EVENTS.values():
            assert CODEC.decode(CODEC.name(value), CODEC.encode(value)) == value
            assert type(CODEC.decode(CODEC.name(value), CODEC.encode(value))) is type_

    drawn()
    assert_nothing_is_filtered(drawn)


def assert_nothing_is_filtered(test):
    """Feed *test* with noise: it returns None where a filter or an assumption turned it away."""
    for seed in range(10):
        noise = Random(seed).randbytes(30_000)
        assert test.hypothesis.fuzz_one_input(noise) is not None, seed


def test_an_event_is_drawn_by_its_type_alone():
    recruited = find(st.from_type(AgentRecruited), lambda event: event.region == "51")

    assert recruited == AgentRecruited(
        programme="jht", province="11", region="51", rules=(), on=date(2015, 7, 1)
    )


@tries(100)
@given(event=...)
def test_an_event_is_drawn_for_an_annotation(event: AgentRecruited):
    assert event.province in PROVINCES


# -- Values. ----------------------------------------------------------------------------------


@tries(30)
@given(st.data())
def test_values_lie_within_the_bounds_that_are_told(data):
    assert FIRST <= data.draw(days(first=FIRST, last=LAST)) <= LAST
    assert JANUARY <= data.draw(months(first=JANUARY, last=MARCH)) <= MARCH
    run = data.draw(month_runs(first=JANUARY, last=MARCH, longest=2))
    assert run.contiguous
    assert JANUARY <= run.first <= run.last <= MARCH
    assert len(list(run)) <= 2
    assert 5 <= data.draw(rupiah(least=5, most=7)) <= 7
    assert FIRST <= data.draw(dated_values(first=FIRST, last=LAST)).in_force <= LAST


@tries(30)
@given(st.data())
def test_people_are_those_whom_histories_are_about(data):
    assert data.draw(agents()) in AGENTS
    assert data.draw(participants()) in PEOPLE


def test_all_of_the_bounds_are_reached():
    assert find(days(first=FIRST, last=LAST), lambda day: day == LAST) == LAST
    assert find(months(first=JANUARY, last=MARCH), lambda month: month == MARCH) == MARCH
    assert str(find(month_runs(longest=3), lambda run: len(list(run)) == 3)) == "2015-07/2015-09"
    assert find(rupiah(), lambda amount: amount == 0) == 0


def test_provinces_are_those_of_the_day():
    @tries(200)
    @given(provinces(on=date(2021, 12, 31)))
    def old(code):
        assert PROVINCES[code].since is None

    old()
    assert find(provinces(on=date(2022, 1, 1)), lambda code: code == "96") == "96"
    assert find(provinces(), lambda code: code == "96") == "96"


@pytest.mark.parametrize("kind", Kind)
def test_values_of_rules_are_of_the_kinds_that_are_told(kind):
    @tries(60)
    @given(dated_values(kinds=[kind]))
    def drawn(dated):
        assert dated.kind is kind
        assert all(attrs.evolve(dated, value=c.value).kind is kind for c in dated.conflicts)

    drawn()
    assert_nothing_is_filtered(drawn)


@pytest.mark.parametrize(
    ("what", "interesting"),
    [
        (citations(), lambda citation: citation.article and citation.source and citation.url),
        (citations(), lambda citation: citation.passage and citation.passage_sha256),
        (citations(), lambda citation: citation.passage_sha256 and not citation.passage),
        (citations(), lambda citation: citation.read_on and citation.akn),
        (dated_values(), lambda dated: dated.until == dated.in_force),
        (dated_values(), lambda dated: len(dated.conflicts) == 2),
        (dated_values(), lambda dated: dated.kind is Kind.BRACKETS and len(dated.value.rows) > 1),
        (dated_values(), lambda dated: dated.kind is Kind.NAMES and len(dated.value) > 1),
        (events(ParticipantMoved), lambda event: event.changes and event.changes[0].paid),
        (events(ParticipantContributionPaid), lambda event: event.check),
    ],
)
def test_values_that_are_not_simple_are_drawn_too(what, interesting):
    assert interesting(find(what, interesting, settings=tries(400)))


# -- Events. ------------------------------------------------------------------------------------


def test_events_are_of_the_types_that_are_told():
    types = {AgentRecruited, AgentReactivated}
    seen = set()

    @tries(60)
    @given(events(*types))
    def drawn(event):
        seen.add(type(event))

    drawn()
    assert seen == types


@tries(150)
@given(events())
def test_any_event_is_read_back_as_it_was_written(event):
    assert CODEC.decode(CODEC.name(event), CODEC.encode(event)) == event


# -- Plans and histories. -------------------------------------------------------------------------


@tries(25)
@given(plans(steps=12))
def test_a_plan_is_commands_that_can_be_played(plan):
    assert len(plan) <= 12
    assert all(type(asked) in NAMES for asked in plan)
    World().play(plan)


@tries(25)
@given(histories(steps=12))
def test_a_history_is_a_plan_that_was_played(history):
    again = World()

    again.play(step.command for step in history.steps)

    assert again.events == history.world.events


@pytest.mark.parametrize("strategy", [plans(steps=8), histories(steps=8)])
def test_no_plan_is_turned_away(strategy):
    @tries(5)
    @given(strategy)
    def drawn(_):
        pass

    assert_nothing_is_filtered(drawn)


@pytest.mark.parametrize("group", GROUPS)
def test_a_plan_is_about_what_it_is_told(group):
    about = {
        "seats": {"allot", "share_out", "move_seats", "fit_to_cap"},
        "agents": {"recruit", "certify"},
        "participants": {"register", "pay"},
        "rules": {"amend", "end_rule"},
        "evaluations": {"open_evaluation", "conclude_evaluation"},
        "incentives": {"award_incentive", "award_incentives"},
    }
    others = set().union(*(there for other, there in about.items() if other != group))
    others -= {"allot"}  # what is asked where nothing else can be
    if group == "incentives":
        others -= about["participants"]  # they are earned by what these pay

    @tries(10)
    @given(plans(about=[group], steps=10))
    def drawn(plan):
        assert not others & {*verbs(plan)}

    drawn()


def test_nothing_is_out_of_place_where_nothing_is_to_be():
    @tries(15)
    @given(histories(about=["agents", "seats"], steps=15, stray=0.0))
    def straight(history):
        assert all(getattr(step.command, "region", None) != "99" for step in history.steps)

    straight()
    astray = histories(about=["agents", "seats"], steps=5, stray=1.0)
    assert find(
        astray, lambda history: any(isinstance(step.answer, Exception) for step in history.steps)
    )


def test_a_plan_that_fails_is_shown_without_what_does_not_matter():
    def certified(history):
        return any(isinstance(step.command, Certify) and step.happened for step in history.steps)

    shown = find(
        histories(about=["seats", "agents"]),
        certified,
        random=Random(0),
        settings=tries(300),
    )

    asked = [verb(step.command) for step in shown.steps]
    assert asked[-1] == "certify"
    assert {"recruit", "begin_training"} < {*asked}
    assert len(asked) <= 6
    assert all(isinstance(step.answer, Accepted) for step in shown.steps)


def test_a_history_begins_with_the_law_that_it_is_told():
    begins = setting()

    drawn = find(histories(steps=1, begins=begins), lambda _: True)

    assert drawn.world.begins is begins


# -- What cannot be drawn. ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (lambda: days(first=LAST, last=FIRST), "2018-02-02 to 2018-01-30 are no bounds"),
        (lambda: months(first=MARCH, last=JANUARY), "2018-03 to 2018-01 are no bounds"),
        (lambda: month_runs(first=MARCH, last=JANUARY), "2018-03 to 2018-01 are no bounds"),
        (lambda: month_runs(longest=0), "1 to 0 are no bounds"),
        (lambda: rupiah(least=-1), "0 to -1 are no bounds"),
        (lambda: rupiah(least=2, most=1), "2 to 1 are no bounds"),
        (lambda: rupiah(most=2**63), "are no bounds"),
        (lambda: dated_values(kinds=[]), "no kind: choose from whole number, names"),
        (lambda: dated_values(first=LAST, last=FIRST), "are no bounds"),
        (lambda: events(Citation), "is no type of events: choose from AgentRecruited"),
        (lambda: plans(about=["weather"]), r"about \['weather'\]: choose from seats"),
        (lambda: plans(about=[]), "about nothing: choose from seats"),
        (lambda: plans(steps=0), "1 to 0 are no bounds"),
        (lambda: plans(about="weather"), r"about \['weather'\]: choose from seats"),
        (lambda: plans(stray=1.5), "a share of 1.5 is none"),
        (lambda: plans(stray=math.nan), "a share of nan is none"),
        (lambda: histories(stray=-0.5), "a share of -0.5 is none"),
    ],
)
def test_a_strategy_that_can_draw_nothing_is_an_error_at_once(what, told):
    with pytest.raises(InputError, match=told):
        what()


# -- With Hypothesis, and without. -----------------------------------------------------------------


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, **environment},
    ).stdout


def test_the_strategies_without_hypothesis_say_what_to_install():
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from jamsos.errors import MissingExtraError\n"
        "try: import jamsos.testing.strategies\n"
        "except MissingExtraError as error: print(error)"
    )

    assert run(code) == "the strategies of jamsos need Hypothesis: install 'jamsos[testing]'\n"
    assert issubclass(MissingExtraError, ImportError)


@pytest.mark.parametrize("module", ["jamsos", "jamsos.testing", "jamsos.testing.cases"])
def test_nothing_else_imports_hypothesis(module):
    assert run(f"import sys, {module}; print('hypothesis' in sys.modules)") == "False\n"


@pytest.mark.parametrize(
    "first",
    [
        "import hypothesis",
        "import jamsos.testing.strategies",
        "from hypothesis import strategies",
        "import jamsos.testing",
    ],
)
def test_hypothesis_calls_the_hook_whichever_is_imported_first(first, tmp_path):
    installed = tmp_path / "told_of_jamsos-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: told-of-jamsos\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(
        "[hypothesis]\njamsos = jamsos.testing.strategies:register\n"
    )
    code = (
        f"{first}\n"
        "from hypothesis import find, strategies as st\n"
        "from jamsos.domain.agent import AgentRecruited\n"
        "print(find(st.from_type(AgentRecruited), lambda _: True).region)"
    )

    assert run(code, PYTHONPATH=str(tmp_path)) == "national\n"


def test_every_strategy_is_made_by_keywords_alone():
    for make in (days, months, month_runs, rupiah, provinces, dated_values, plans, histories):
        with pytest.raises(TypeError, match="positional"):
            make(1)
    assert strategies.__doc__


def test_a_dated_value_is_drawn_by_its_type():
    drawn = find(st.from_type(DatedValue), lambda _: True, settings=tries(30))

    assert drawn == DatedValue(
        value=0, in_force=date(2015, 7, 1), citation=Citation("0"), status=drawn.status
    )

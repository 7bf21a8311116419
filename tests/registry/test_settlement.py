"""What agents are awarded follows the facts as they are known now, in whichever order told."""

from collections import Counter
from datetime import date, timedelta
from itertools import permutations

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import jamsos
from jamsos import Accepted, Month, Months
from jamsos.audit.explain import explain
from jamsos.audit.replay import replay
from jamsos.commands.agents import Assign, BeginTraining, Certify, Recruit, Terminate
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import Leave, Register, Transfer
from jamsos.commands.seats import Allot
from jamsos.commands.settling import Unsettled, unsettled
from jamsos.domain import participant as participants
from jamsos.domain.agent import AgentIncentiveAwarded, AgentIncentiveClawedBack, TerminationCause
from jamsos.domain.participant import Channel, Fact, LeavingReason, ParticipantFactVoided
from jamsos.engine.setting import setting
from jamsos.engine.world import World
from jamsos.errors import InputError, NotFoundError
from jamsos.policies.standard import STANDARD
from jamsos.rulebook import rules_of

A, B, C = (f"agent-00000000-0000-7000-8000-{n:012}" for n in range(1, 4))
EVERYTHING = setting()
ONLY_AGENCY = attrs.evolve(
    EVERYTHING,
    founding=tuple(each for each in EVERYTHING.founding if each[0] == "programme-perisai"),
    states={"programme-perisai": EVERYTHING.states["programme-perisai"]},
)
"""A beginning in which payments are recorded as they are told."""
LATER = date(2030, 1, 2)


def who(number):
    return f"participant-00000000-0000-7000-8000-{number:012}"


def day(text):
    return date.fromisoformat(text)


def office(begins=ONLY_AGENCY):
    """Return a world with three agents at work since January 2018."""
    world = World(begins)
    ask(world, Allot("perisai", 3, on=date(2018, 1, 2)))
    for agent in (A, B, C):
        ask(world, Recruit(agent, "perisai", province="51", on=date(2018, 1, 2)))
        for step in (BeginTraining, Certify, Assign):
            ask(world, step(agent, on=date(2018, 1, 3)))
    return world


def ask(world, command):
    """Return the events to which *command* leads; it is accepted."""
    step = world.ask(command)
    assert isinstance(step.answer, Accepted), f"{command}: {step.answer}"
    return step.happened


def register(number=0, agent=A, on="2022-04-05"):
    return Register(who(number), province="51", agent=agent, on=day(on))


def pay(reference, months, on, *, number=0, programmes=("jkk", "jkm"), amount=None):
    run = Months.parse(months if "/" in months else f"{months}/{months}")
    [(first, last)] = run.runs
    return Pay(
        who(number),
        reference=reference,
        months=run,
        income=1_000_000,
        amount=16_800 * (last - first + 1) if amount is None else amount,
        programmes=programmes,
        on=day(on),
    )


def award(world, agent, month, on=LATER):
    """Return the events of the award, with the agent of each."""
    happened = ask(world, AwardIncentive(agent, Month.parse(month), on=on))
    return [(each.stream, each.event) for each in happened]


def void(world, version, number=0, on="2022-12-01"):
    """Void the fact that has *version* in the participant's stream."""
    person = world.participant(who(number))
    for event in participants.void(person, version=version, reason="mistake", on=day(on)).events:
        world.happen(who(number), event)


def settle_all(world, on=LATER):
    """Ask the awards of every month in which anything can have come in."""
    for index in range(Month(2022, 1).index, Month(2024, 7).index):
        ask(world, AwardIncentives("perisai", Month.at(index), on=on))


def money(world):
    """Return what each agent and their office keep for each month: nothing is left out but zero."""
    return {
        (agent, str(month)): (there.agent, there.office)
        for agent in (A, B, C)
        for month, there in world.agent(agent).incentives.items()
        if there.gross
    }


def open_pairs(world, on=LATER):
    return unsettled(world.session().draft, STANDARD, "perisai", on=on)


def references(event):
    return [line.received.reference for line in event.contributions]


# -- Whatever is told first. --------------------------------------------------------------


def fifty(desk):
    """Let the agent enrol 50 people, of whom 49 pay first in February 2018."""
    for number in range(50):
        desk.register(who(number), province="51", agent=A, on=date(2018, 1, 8)).or_raise()
    for number in range(1, 50):
        paid(desk, number, "feb", "2018-02", "2018-02-05")


def paid(desk, number, reference, month, on):
    desk.pay(
        who(number),
        reference=reference,
        months=Months.parse(f"{month}/{month}"),
        income=1_000_000,
        amount=16_800,
        on=day(on),
    ).or_raise()


@pytest.fixture
def desk(registry):
    """Open a desk at which one agent works under the rules of January 2018."""
    registry.adopt("perisai", on=date(2018, 1, 5)).or_raise()
    registry.recruit(A, "perisai", province="51", on=date(2018, 1, 5)).or_raise()
    for step in (registry.begin_training, registry.certify, registry.assign):
        step(A, on=date(2018, 1, 6)).or_raise()
    return registry


@pytest.mark.parametrize("first", ["correction", "payment"])
def test_a_participant_whose_first_payment_was_a_mistake_is_new_in_the_month_of_the_next(
    desk, first
):
    fifty(desk)
    paid(desk, 0, "jan", "2018-01", "2018-01-12")
    if first == "payment":
        paid(desk, 0, "feb", "2018-02", "2018-02-05")
    desk.correct(who(0), corrects="jan", on=date(2018, 2, 7)).or_raise()
    if first == "correction":
        paid(desk, 0, "feb", "2018-02", "2018-02-05")

    (event,) = desk.award_incentive(A, Month(2018, 2), on=date(2018, 3, 1)).or_raise().events
    assert event.acquisition == 500_000
    assert len(event.acquired) == 50


def test_an_acquisition_moves_to_the_month_of_the_next_payment_also_after_the_award(desk):
    fifty(desk)
    paid(desk, 0, "jan", "2018-01", "2018-01-12")
    paid(desk, 0, "feb", "2018-02", "2018-02-05")
    for month in (Month(2018, 1), Month(2018, 2)):
        desk.award_incentive(A, month, on=date(2018, 3, 1)).or_raise()
    desk.correct(who(0), corrects="jan", on=date(2018, 3, 2)).or_raise()

    clawed, awarded = desk.award_incentive(A, Month(2018, 2), on=date(2018, 3, 3)).events
    assert (clawed.month, references(clawed)) == (Month(2018, 1), ["jan"])
    assert [each.participant for each in clawed.acquired] == [who(0)]
    assert (awarded.month, awarded.acquisition) == (Month(2018, 2), 500_000)
    assert [each.participant for each in awarded.acquired] == [who(0)]
    assert desk.unsettled("perisai", on=date(2018, 3, 3)) == []


@pytest.mark.parametrize("settled_between", [False, True])
@pytest.mark.parametrize("order", [(24, 25), (25, 24)])
def test_month_25_is_at_the_next_rate_whichever_is_told_first(order, settled_between):
    world = office()
    ask(world, register())
    months = {n: str(Month(2022, 4) + (n - 1)) for n in range(1, 26)}
    for number in (*range(1, 24), *order):
        month = months[number]
        ask(world, pay(month, month, f"{month}-05"))
        if settled_between:
            award(world, A, month)
    settle_all(world)

    kept = {month: agent for (_, month), (agent, _) in money(world).items()}
    assert kept == {month: 840 if n == 25 else 2_520 for n, month in months.items()}


APRIL, REST = pay("april", "2022-04", "2022-04-05"), pay("rest", "2022-05/2024-04", "2022-04-05")


@pytest.mark.parametrize("order", list(permutations([APRIL, REST])))
def test_a_run_over_month_24_is_worth_the_same_in_either_order(order):
    world = office()
    for asked in (register(), *order):
        ask(world, asked)
    award(world, A, "2022-04")

    assert money(world) == {(A, "2022-04"): (61_320, 6_132)}


def test_a_month_told_late_claws_back_the_whole_line_and_awards_it_anew():
    world = office()
    ask(world, register())
    ask(world, REST)
    [(_, first)] = award(world, A, "2022-04", on=day("2022-05-02"))
    assert [line.incentive for line in first.contributions] == [60_480]
    ask(world, APRIL)

    (_, clawed), (_, again) = award(world, A, "2022-04")
    assert isinstance(clawed, AgentIncentiveClawedBack)
    assert [line.incentive for line in clawed.contributions] == [60_480]
    assert sorted(line.incentive for line in again.contributions) == [2_520, 58_800]
    assert (clawed.agent, clawed.office) == (60_480, 6_048)
    assert (again.agent, again.office) == (61_320, 6_132)
    assert money(world) == {(A, "2022-04"): (61_320, 6_132)}
    assert award(world, A, "2022-04") == []


def test_a_line_whose_number_changes_and_whose_incentive_does_not_is_left_alone():
    world = office()
    ask(world, register())
    ask(world, pay("may", "2022-05", "2022-04-05"))
    award(world, A, "2022-04")
    ask(world, APRIL)

    [(_, event)] = award(world, A, "2022-04")
    assert isinstance(event, AgentIncentiveAwarded)
    assert references(event) == ["april"]


def test_two_payments_for_the_same_months_count_them_once_also_when_one_was_a_mistake():
    world = office()
    ask(world, register())
    ask(world, pay("a", "2022-04/2024-03", "2022-04-05", programmes=("jkk",), amount=240_000))
    ask(world, pay("b", "2022-04/2024-03", "2022-04-05", programmes=("jkm",), amount=163_200))
    ask(world, Correct(who(0), corrects="b", on=day("2022-04-06")))
    ask(world, pay("c", "2024-04", "2024-04-05", programmes=("jkk",), amount=10_000))

    [(_, event)] = award(world, A, "2024-04")
    [line] = event.contributions
    assert (line.received.number, line.incentive) == (25, 500)


# -- What each month of a payment was due. ------------------------------------------------


def test_a_payment_for_months_of_two_dues_is_split_by_what_was_due_for_each():
    world = office(EVERYTHING)
    ask(world, Register(who(0), province="51", agent=A, on=day("2025-01-02")))
    for index in range(Month(2025, 1).index, Month(2026, 12).index):
        month = Month.at(index)
        ask(world, paid_as_due(world, str(month), f"{month}-05"))
    both = paid_as_due(world, "2026-12/2027-01", "2026-12-05")
    ask(world, both)

    [(_, event)] = award(world, A, "2026-12")
    [line] = event.contributions
    assert (line.received.number, line.received.parts) == (24, (8_400, 16_800))
    assert line.incentive == 2_100


def paid_as_due(world, months, on):
    """Return the payment of what is due for *months* on a day."""
    asked = pay(months, months, on)
    due = asked.case(world.session().draft).due.value
    return attrs.evolve(asked, amount=due.to_pay)


# -- A line that moves. -------------------------------------------------------------------


def transferred_in_march():
    """Return a world in which b has the care from 1 March, and 20 February is told late."""
    world = office()
    ask(world, register(on="2022-01-05"))
    ask(world, Transfer(who(0), agent=B, on=day("2022-03-01")))
    ask(world, pay("march", "2022-03", "2022-03-05"))
    ask(world, pay("february", "2022-02", "2022-02-20"))
    for agent, month in ((A, "2022-02"), (B, "2022-02"), (B, "2022-03")):
        award(world, agent, month, on=day("2022-04-01"))
    return world


def transferred_in_february(world):
    """Put right that b had the care since 1 February."""
    void(world, 2)
    person, to = world.participant(who(0)), world.agent(B)
    case = participants.Transfer(
        participant=person, segment=jamsos.Segment.NON_WAGE_EARNER, agent=to, on=day("2022-02-01")
    )
    for event in participants.transfer(case, branch=None, policies=()).events:
        world.happen(who(0), event)


def test_a_payment_told_late_is_of_the_agent_who_had_the_care_on_its_day():
    assert money(transferred_in_march()) == {
        (A, "2022-02"): (1_134, 126),
        (B, "2022-03"): (1_134, 126),
    }


@pytest.mark.parametrize("asked", [A, B])
def test_a_transfer_put_right_moves_the_line_in_one_decision_whoever_is_asked(asked):
    world = transferred_in_march()
    transferred_in_february(world)
    assert open_pairs(world) == [
        Unsettled(agent=A, month=Month(2022, 2), to_agent=-1_134, to_office=-126),
        Unsettled(agent=B, month=Month(2022, 2), to_agent=1_134, to_office=126),
    ]

    (one, clawed), (other, awarded) = award(world, asked, "2022-02", on=day("2022-05-02"))
    assert (one, type(clawed)) == (A, AgentIncentiveClawedBack)
    assert (other, type(awarded)) == (B, AgentIncentiveAwarded)
    assert references(clawed) == references(awarded) == ["february"]
    assert open_pairs(world) == []
    assert award(world, A, "2022-02") == award(world, B, "2022-02") == []
    base = world.incentive_base()
    assert [each.number for each in base.received(B, Month(2022, 3))] == [2]
    assert replay(world.history()).findings == ()
    for agent in (A, B):
        assert all(each.agrees for each in explain(world.history(), agent))


@pytest.mark.parametrize("asked", [A, B])
def test_in_the_registry_too_it_is_one_transaction(desk, asked):
    desk.recruit(B, "perisai", province="51", on=date(2018, 1, 5)).or_raise()
    for step in (desk.begin_training, desk.certify, desk.assign):
        step(B, on=date(2018, 1, 6)).or_raise()
    desk.register(who(0), province="51", agent=A, on=date(2018, 1, 8)).or_raise()
    paid(desk, 0, "1", "2018-01", "2018-01-20")
    desk.award_incentive(A, Month(2018, 1), on=date(2018, 2, 1)).or_raise()
    desk.transfer(who(0), agent=B, on=date(2018, 1, 15)).or_raise()

    before = desk.last_position()
    desk.once("move").award_incentive(asked, Month(2018, 1), on=date(2018, 2, 2)).or_raise()
    moved = [each for each in desk.history() if each.position > before]
    assert [each.stream for each in moved] == [A, B]
    assert {each.command for each in moved} == {"move"}
    assert desk.once("move").award_incentive(asked, Month(2018, 1), on=date(2018, 2, 2)).events
    assert desk.last_position() == before + 2
    assert desk.unsettled("perisai", on=date(2018, 2, 2)) == []


def enrolled_by_the_wrong_one():
    """Return a world in which a is awarded for a participant whom b enrolled."""
    world = office()
    for number in range(25):
        ask(world, register(number))
        ask(world, pay("1", "2022-04", "2022-04-05", number=number))
    award(world, A, "2022-04", on=day("2022-05-02"))
    return world


@pytest.mark.parametrize("asked", [A, B])
def test_a_registration_put_right_moves_the_acquisition_and_the_contribution(asked):
    world = enrolled_by_the_wrong_one()
    assert world.agent(A).incentives[Month(2022, 4)].acquisition == 250_000
    for number in range(25):
        person = world.participant(who(number))
        enrolment = participants.Enrolment(
            participant=person,
            segment="bpu",
            province="51",
            agent=world.agent(B),
            on=day("2022-04-05"),
        )
        voided = ParticipantFactVoided(
            version=1,
            fact=Fact.REGISTERED,
            fact_on=day("2022-04-05"),
            segment=jamsos.Segment.NON_WAGE_EARNER,
            agent=A,
            reason="mistake",
            changes=(),
            on=day("2022-05-03"),
        )
        world.happen(who(number), voided)
        enrolment = attrs.evolve(enrolment, participant=world.participant(who(number)))
        answer = participants.register(enrolment, channel=Channel.AGENT, sponsor=None, policies=())
        for event in answer.or_raise().events:
            world.happen(who(number), event)

    (one, clawed), (other, awarded) = award(world, asked, "2022-04")
    assert (one, other) == (A, B)
    assert clawed.acquisition == awarded.acquisition == 250_000
    assert len(clawed.acquired) == len(awarded.acquired) == 25
    assert money(world) == {(B, "2022-04"): (250_000 + 25 * 2_520, 25_000 + 6_300)}
    assert open_pairs(world) == []


def test_to_an_agent_without_rights_a_line_does_not_move_and_is_taken_all_the_same():
    world = transferred_in_march()
    transferred_in_february(world)
    ask(world, Terminate(B, cause=TerminationCause.FRAUD, on=day("2022-05-01")))

    step = world.ask(AwardIncentive(B, Month(2022, 2), on=LATER))
    assert step.outcome == "refused: agent-rights"
    [(stream, clawed)] = award(world, A, "2022-02")
    assert (stream, type(clawed)) == (A, AgentIncentiveClawedBack)
    assert open_pairs(world) == []
    assert money(world) == {(B, "2022-03"): (1_134, 126)}


def test_an_agent_without_rights_keeps_what_a_line_is_worth_less_and_gets_nothing_more():
    world = office()
    ask(world, register())
    ask(world, REST)
    award(world, A, "2022-04")
    ask(world, Terminate(A, cause=TerminationCause.FRAUD, on=day("2022-06-01")))
    ask(world, APRIL)

    award(world, A, "2022-04")
    assert money(world) == {(A, "2022-04"): (58_800, 5_880)}
    assert world.ask(AwardIncentive(A, Month(2022, 4), on=LATER)).outcome == "refused: agent-rights"
    ask(world, Correct(who(0), corrects="april", on=day("2022-06-02")))
    assert world.ask(AwardIncentive(A, Month(2022, 4), on=LATER)).outcome == "refused: agent-rights"
    assert money(world) == {(A, "2022-04"): (58_800, 5_880)}


# -- What is unsettled. -------------------------------------------------------------------


@pytest.mark.parametrize(("on", "found"), [("2022-04-30", 0), ("2022-05-01", 1)])
def test_a_month_is_unsettled_once_it_is_over(on, found):
    world = office()
    ask(world, register())
    ask(world, APRIL)

    pairs = open_pairs(world, on=day(on))
    assert (
        pairs == [Unsettled(agent=A, month=Month(2022, 4), to_agent=2_520, to_office=252)][:found]
    )
    assert [each.difference for each in pairs] == [2_772][:found]


def test_a_month_that_is_left_without_lines_is_unsettled_and_settled_with_the_programme():
    world = office()
    ask(world, register())
    ask(world, APRIL)
    award(world, A, "2022-04")
    ask(world, Correct(who(0), corrects="april", on=day("2022-06-01")))

    assert [(each.agent, each.difference) for each in open_pairs(world)] == [(A, -2_772)]
    ask(world, AwardIncentives("perisai", Month(2022, 4), on=LATER))
    assert money(world) == {}
    assert open_pairs(world) == []


def test_a_death_told_late_returns_the_incentives_of_what_was_paid_after_it():
    world = office()
    ask(world, register())
    ask(world, pay("april", "2022-04", "2022-04-05"))
    ask(world, pay("may", "2022-05", "2022-05-05"))
    settle_all(world)
    ask(world, Leave(who(0), reason=LeavingReason.DEATH, on=day("2022-05-01")))

    assert [(str(each.month), each.to_agent) for each in open_pairs(world)] == [("2022-05", -2_520)]


def test_the_unsettled_months_of_a_programme_that_there_is_not_are_an_error(desk):
    with pytest.raises(NotFoundError, match="there is no programme 'another'"):
        desk.unsettled("another", on=LATER)
    with pytest.raises(InputError, match="on is '2018'"):
        desk.unsettled("perisai", on="2018")


def test_a_month_for_which_no_rule_says_an_incentive_is_left_out():
    rules = tuple(each for each in rules_of("perisai") if each.rule != "incentive-regime")
    with jamsos.open(":memory:") as one:
        one.adopt("perisai", on=date(2018, 1, 5), rules=rules).or_raise()
        one.allot("perisai", 1, on=date(2018, 1, 5)).or_raise()
        one.recruit(A, "perisai", province="51", on=date(2018, 1, 5)).or_raise()
        for step in (one.begin_training, one.certify, one.assign):
            step(A, on=date(2018, 1, 6)).or_raise()
        one.register(who(0), province="51", agent=A, on=date(2018, 1, 8)).or_raise()
        paid(one, 0, "1", "2018-01", "2018-01-20")
        assert one.unsettled("perisai", on=date(2018, 2, 1)) == []


# -- Random facts, in two orders. ---------------------------------------------------------

SPRING = [date(2022, 4, 5) + timedelta(days=11 * n) for n in range(9)]


@st.composite
def facts(draw):
    """Draw facts about two people of one agent, each a command that can be told by itself."""
    told = []
    for number in (0, 1):
        days = draw(st.lists(st.sampled_from(SPRING), max_size=2, unique=True))
        told += [
            Transfer(who(number), agent=draw(st.sampled_from([A, B, C])), on=on) for on in days
        ]
        for n in range(draw(st.integers(0, 4))):
            first = Month(2022, 4) + draw(st.integers(0, 4))
            last = first + draw(st.sampled_from([0, 0, 1, 23, 24]))
            on = draw(st.sampled_from(SPRING))
            told.append(
                pay(
                    f"{number}-{n}",
                    f"{first}/{last}",
                    str(on),
                    number=number,
                    amount=draw(st.sampled_from([16_800, 16_801, 403_213])),
                )
            )
    return told


def begun():
    """Return a world in which a has registered two people."""
    world = office()
    for number in (0, 1):
        ask(world, register(number))
    return world


def told(world, order):
    """Tell the facts of *order*; return those that were accepted."""
    return [asked for asked in order if isinstance(world.ask(asked).answer, Accepted)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_facts_in_two_orders_then_settled_give_the_same_rupiah_by_agent_and_month(data):
    drawn = told(begun(), data.draw(facts()))
    other = data.draw(st.permutations(drawn))
    mistakes = data.draw(st.lists(st.sampled_from(drawn), max_size=2, unique=True)) if drawn else []
    between = data.draw(st.integers(0, len(drawn)))
    worlds = [begun(), begun()]
    for world, order in zip(worlds, (drawn, other), strict=True):
        accepted = told(world, order[:between])
        if world is worlds[1]:
            settle_all(world, on=date(2022, 9, 1))
        accepted += told(world, order[between:])
        assume(accepted == [*order])
        for asked in mistakes:
            if isinstance(asked, Pay):
                wrong = Correct(asked.participant, corrects=asked.reference, on=day("2022-08-01"))
                ask(world, wrong)
        settle_all(world)

    one, two = map(money, worlds)
    assert one == two
    for world in worlds:
        assert open_pairs(world) == []
        before = world.position
        settle_all(world)
        assert world.position == before
        kept = Counter()
        for agent in (A, B, C):
            for settled in world.agent(agent).incentives.values():
                kept.update(settled.contributions.keys())
                assert (settled.gross * 10 // 100) == settled.office
        assert all(number == 1 for number in kept.values())

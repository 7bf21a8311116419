"""The sum of deltas is the recount from scratch, now and as it was known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jamsos import Month
from jamsos.audit.replay import replay
from jamsos.projections.active_participants import DIMENSIONS, ActiveParticipants, changes
from jamsos.projections.recount import Recount
from tests.laws.drawing import PARTICIPANTS, PEOPLE, plans, tries
from tests.laws.playing import ALL_DEFINITIONS, PAIRS, ask, months_of, open_, played, subject


@given(plan=plans())
@tries(70)
def test_the_deltas_add_up_to_a_recount_person_by_person_whenever_it_is_known(plan):
    history = played(plan)
    upto = months_of(history)[-1]
    sums = [ActiveParticipants(*pair) for pair in PAIRS]
    recount = Recount()

    for recorded in history:
        for each in sums:
            each.apply(recorded)
        recount.apply(recorded)
        if changes(recorded.event) or recorded is history[-1]:
            scratch = recount.count(PAIRS, upto=upto)
            for each in sums:
                counted = scratch[each.definition.name, each.programme]
                assert each.table(upto) == counted, (recorded, each.definition.name, each.programme)


@given(plan=plans(), definition=st.sampled_from(ALL_DEFINITIONS), ahead=st.integers(-1, 12))
@tries(30)
def test_a_count_known_at_a_position_stays_the_same_for_ever(plan, definition, ahead):
    first = Month.of(plan[0].on) if plan else Month(2018, 1)
    month = first + ahead
    with open_() as registry:
        then = [registry.count(month, definition, by=DIMENSIONS)]
        for asked in plan:
            ask(registry, asked)
            then.append(registry.count(month, definition, by=DIMENSIONS))

        for count in then:
            assert count == registry.count(
                month, definition, by=DIMENSIONS, known_at=count.known_at
            )


@given(plan=plans())
@tries(60)
def test_a_replay_of_any_history_finds_nothing(plan):
    history = played(plan)

    assert replay(history, ALL_DEFINITIONS).findings == ()


@given(plan=plans(PARTICIPANTS))
@tries(60)
def test_no_participant_is_registered_in_the_month_of_their_death_or_after_it(plan):
    with open_() as registry:
        for asked in plan:
            ask(registry, asked)
            person = registry.participant(subject(asked)) if subject(asked) in PEOPLE else None
            if person is not None and person.died_on is not None:
                for standing in person.standings.values():
                    assert not standing.registered.since(Month.of(person.died_on))

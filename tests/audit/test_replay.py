"""Replay: what is rebuilt from the events alone, and what is found where they disagree."""

from collections import Counter
from datetime import date
from pathlib import Path

import attrs
import pytest

import jamsos
from jamsos.audit.replay import TAIL_MONTHS, Replay, replay
from jamsos.domain.active import Definition
from jamsos.domain.agent import AgentIncentiveAwarded
from jamsos.domain.coverage import Change, Spell, Standing
from jamsos.domain.participant import ParticipantContributionPaid
from jamsos.domain.rule import DatedValue
from jamsos.errors import CorruptHistoryError
from jamsos.formulas.active import DEFINITIONS, IN_GRACE, PAID_UP
from jamsos.store import history_file

QUOTA = "quota-perisai-national"


@pytest.fixture
def history(registry, agent):
    """Give the history of one agent at work and one participant who paid for two months."""
    who = jamsos.new_participant_id()
    registry.register(who, province="51", agent=agent, on=date(2017, 12, 5)).or_raise()
    registry.pay(
        who,
        reference="1",
        months=jamsos.Months.parse("2017-12/2018-01"),
        income=1_000_000,
        amount=33_600,
        on=date(2017, 12, 5),
    ).or_raise()
    return list(registry.history())


def place_of(history, name):
    """Return where in the list the first event of that class stands."""
    return next(n for n, recorded in enumerate(history) if type(recorded.event).__name__ == name)


def changed(history, name, **fields):
    """Return *history* with other fields in the first event of that class."""
    told = list(history)
    place = place_of(history, name)
    event = attrs.evolve(told[place].event, **fields)
    told[place] = attrs.evolve(told[place], event=event)
    return told


def whats(replayed):
    return [finding.what for finding in replayed.findings]


# -- Where all agrees. ------------------------------------------------------------


def test_a_history_from_the_front_desk_agrees_with_itself(history):
    replayed = replay(history)

    assert replayed.findings == ()
    assert replayed.events == len(history)
    assert replayed.streams == {"programme": 1, "quota": 1, "agent": 1, "participant": 1}


def test_every_definition_is_compared_for_every_programme_that_is_paid_for(history):
    replayed = replay(history)

    assert replayed.definitions == tuple(DEFINITIONS)
    assert replayed.programmes == ("jkk", "jkm")


def test_the_comparison_goes_on_until_grace_has_run_out(history):
    replayed = replay(history)

    assert str(replayed.first) == "2017-11"
    assert replayed.last == jamsos.Month(2018, 1) + TAIL_MONTHS == jamsos.Month(2018, 5)
    # For each programme: 2 months paid up, 5 in grace, 6 ever paid, 6 registered.
    assert replayed.compared == 2 * (2 + 5 + 6 + 6)


def test_only_the_definitions_that_are_asked_for_are_compared(history):
    replayed = replay(history, [PAID_UP])

    assert (replayed.definitions, replayed.compared) == (("paid-up",), 2 * 2)


def test_a_definition_of_ones_own_is_compared_too(history):
    def first_month_of(standing, _):
        first = standing.registered.first
        return jamsos.Months() if first is None else jamsos.Months.between(first, first)

    first_month = Definition(
        "first-month",
        "the month in which the participant was registered",
        jamsos.Citation("Example 1/2018"),
        jamsos.Status.ASSUMED,
        first_month_of,
    )
    replayed = replay(history, [first_month])

    assert (replayed.definitions, replayed.compared) == (("first-month",), 2)
    assert replayed.findings == ()


def test_a_replay_gives_the_sums_back(registry, agent, history):
    replayed = replay(history)

    assert replayed.cap_use.taken("perisai") == registry.quota("perisai").taken == 1
    assert replayed.performance.acquired(agent) == 1
    active = replayed.active[IN_GRACE.name, "jkk"]
    assert [active.count(jamsos.Month(2018, m)) for m in (1, 4, 5)] == [1, 1, 0]
    assert replayed.flows[PAID_UP.name, "jkk"].of(jamsos.Month(2018, 2)).left == 1


def test_a_history_without_events_agrees():
    replayed = replay([])

    assert isinstance(replayed, Replay)
    assert (replayed.events, replayed.compared, replayed.findings) == (0, 0, ())
    assert (replayed.first, replayed.last) == (None, None)


def test_a_history_without_participants_has_no_counts_to_compare(registry, agent):
    replayed = replay(registry.history())

    assert registry.agent(agent).seat == "national"
    assert (replayed.compared, replayed.findings) == (0, ())


def test_every_beginning_of_a_history_agrees_where_it_need_not_be_whole(history):
    for length in range(len(history) + 1):
        assert replay(history[:length], whole=False).findings == ()


def test_a_whole_history_that_ends_within_a_decision_does_not_agree(history):
    recruited = place_of(history, "AgentRecruited")
    before, within, after = (replay(history[: recruited + n]) for n in (0, 1, 2))

    assert (before.findings, after.findings) == ((), ())
    assert whats(within) == [f"{QUOTA} counts 0 seats taken; agents hold 1"]


def test_what_cannot_be_read_is_not_replayed(history):
    def broken():
        yield from history[:3]
        msg = "position 4: something is wrong"
        raise CorruptHistoryError(msg, position=4)

    with pytest.raises(CorruptHistoryError, match="position 4"):
        replay(broken())


# -- Where the history lies. ------------------------------------------------------


def test_a_month_that_nobody_paid_for_is_found(history):
    paid = history[place_of(history, "ParticipantContributionPaid")].event
    (change,) = paid.changes
    after = change.before.covered(("jkk", "jkm"), jamsos.Months.parse("2017-12/2018-02"))
    lie = Change.between(change.segment, change.before, after)
    found = whats(replay(changed(history, "ParticipantContributionPaid", changes=(lie,))))

    assert any(
        what.startswith("2018-02, paid-up by jkk, segment bpu, province 51") for what in found
    )
    assert any("the deltas add up to 1, the recount gives 0" in what for what in found)
    assert any("do not lead from 1 to 0" in what for what in found)


def test_a_programme_that_nobody_paid_for_is_found(history):
    paid = history[place_of(history, "ParticipantContributionPaid")].event
    (change,) = paid.changes
    after = change.before.covered(("jht", "jkk", "jkm"), paid.months)
    lie = Change.between(change.segment, change.before, after)
    replayed = replay(changed(history, "ParticipantContributionPaid", changes=(lie,)))

    assert replayed.findings != ()


@pytest.mark.parametrize("end", ["2018-02", "2030-12"])
def test_an_end_of_registration_that_nobody_recorded_is_found(history, end):
    registered = history[place_of(history, "ParticipantRegistered")].event
    (change,) = registered.changes
    (spell,) = change.after.spells
    ends = attrs.evolve(spell, months=jamsos.Months.parse(f"2017-12/{end}"))
    lie = Change.between(change.segment, change.before, attrs.evolve(change.after, spells=(ends,)))
    told = changed(history, "ParticipantRegistered", changes=(lie,))
    paid = told.pop()  # it would contradict the lie

    assert type(paid.event).__name__ == "ParticipantContributionPaid"
    assert replay(history[:-1]).findings == ()
    assert replay(told).findings != ()


def test_a_standing_that_was_another_before_is_found_at_its_position(history):
    place = place_of(history, "ParticipantContributionPaid")
    (change,) = history[place].event.changes
    spell = Spell(jamsos.Months.parse("2017-11/.."), "32")
    before = Standing((spell,), change.before.paid)
    lie = Change.between(change.segment, before, change.after)
    replayed = replay(changed(history, "ParticipantContributionPaid", changes=(lie,)))

    assert replayed.findings[0].position == history[place].position
    assert "stood otherwise than they did before" in replayed.findings[0].what


@pytest.mark.parametrize(("on", "found"), [(date(2017, 11, 1), False), (date(2017, 10, 31), True)])
def test_seats_are_allotted_only_while_a_cap_is_in_force(history, on, found):
    replayed = replay(changed(history, "QuotaAllotted", on=on))

    assert [finding.position for finding in replayed.findings] == ([5] if found else [])


@pytest.mark.parametrize(("seats", "found"), [(1_200, False), (1_201, True)])
def test_the_1201st_seat_of_2017_lies_above_the_cap(history, seats, found):
    replayed = replay(changed(history, "QuotaAllotted", seats=seats))

    expected = [(5, "1201 seats are issued, above the cap 1200")] if found else []
    assert [(f.position, f.what) for f in replayed.findings] == expected


@pytest.mark.parametrize(("seats", "found"), [(1, False), (0, True)])
def test_no_more_seats_are_taken_than_allotted(history, seats, found):
    replayed = replay(changed(history, "QuotaAllotted", seats=seats))
    position = history[place_of(history, "QuotaSeatTaken")].position

    expected = [(position, "1 seats are taken in national, of 0 allotted")] if found else []
    assert [(f.position, f.what) for f in replayed.findings] == expected


def test_a_seat_that_is_released_twice_is_found(registry, agent):
    registry.resign(agent, on=date(2018, 2, 5)).or_raise()
    told = list(registry.history())
    last = told[-1]
    told.append(attrs.evolve(last, position=last.position + 1, version=last.version + 1))
    replayed = replay(told)

    assert replay(told[:-1]).findings == ()
    assert [finding.position for finding in replayed.findings] == [len(told), len(told), None]
    assert replayed.findings[0].what == "-1 seats are taken in national, of 1200 allotted"
    assert replayed.findings[1].what == f"{agent} releases a seat that they do not hold"


def test_a_cap_that_is_lowered_later_does_not_judge_what_was_allotted(registry, agent):
    lower = DatedValue(
        value=1,
        in_force=date(2018, 1, 1),
        citation=jamsos.Citation("Example 1/2018"),
        status=jamsos.Status.ASSUMED,
    )
    registry.amend("perisai", "agent-cap", lower, on=date(2018, 1, 1)).or_raise()

    assert registry.agent(agent).seat == "national"
    assert replay(registry.history()).findings == ()


def test_seats_of_a_province_come_out_of_the_nations(registry):
    registry.allot("perisai", 100, on=date(2017, 11, 21), region="51").or_raise()
    registry.allot("perisai", 60, on=date(2017, 11, 22), region="51").or_raise()

    assert replay(registry.history()).findings == ()


def test_seats_of_a_province_that_the_nation_did_not_give_are_found(registry):
    registry.allot("perisai", 100, on=date(2017, 11, 21), region="51").or_raise()
    told = list(registry.history())
    given, got = told[-2], told[-1]
    told[-1] = attrs.evolve(got, event=attrs.evolve(got.event, seats=5_000))

    assert type(given.event).__name__ == "QuotaTakenBack"
    assert replay(told).findings != ()


def test_two_lies_that_cancel_out_are_found(registry, agent, history):
    """One participant is given the month that another has paid for."""
    other = jamsos.new_participant_id()
    registry.register(other, province="51", agent=agent, on=date(2017, 12, 6)).or_raise()
    registry.pay(
        other,
        reference="1",
        months=jamsos.Months.parse("2017-12/2018-02"),
        income=1_000_000,
        amount=50_400,
        on=date(2017, 12, 6),
    ).or_raise()
    told = list(registry.history())
    first, second = len(history) - 1, len(told) - 1
    swapped = [told[second].event.changes, told[first].event.changes]
    for place, changes in zip((first, second), swapped, strict=True):
        told[place] = attrs.evolve(
            told[place], event=attrs.evolve(told[place].event, changes=changes)
        )

    assert replay(registry.history()).findings == ()
    assert replay(told).findings != ()


# -- Incentives. -----------------------------------------------------------------------

INCENTIVES = Path(__file__).parents[1] / "golden" / "v3-incentives.jsonl"


@pytest.fixture(scope="module")
def incentives():
    return list(history_file.read(INCENTIVES))


def _found(history):
    return [finding.what for finding in replay(history).findings]


def _without(history, position):
    kept = [r for r in history if r.position != position]
    versions = Counter()
    for number, recorded in enumerate(kept, start=1):
        versions[recorded.stream] += 1
        yield attrs.evolve(recorded, position=number, version=versions[recorded.stream])


def _with(history, position, **changed):
    return [
        attrs.evolve(r, event=attrs.evolve(r.event, **changed)) if r.position == position else r
        for r in history
    ]


def test_incentives_that_were_awarded_once_agree(incentives):
    assert _found(incentives) == []


def test_a_contribution_that_is_rewarded_twice_is_found(incentives):
    award = next(r for r in incentives if isinstance(r.event, AgentIncentiveAwarded))
    again = attrs.evolve(award, position=26, version=award.version + 2)

    found = _found([*incentives, again])
    who = award.event.contributions[0].received.participant
    assert [what for what in found if "a second time" in what] == [
        f"the contribution 1 of {who} is rewarded a second time"
    ]


def test_a_contribution_that_was_never_paid_is_found(incentives):
    paid = next(r for r in incentives if isinstance(r.event, ParticipantContributionPaid))

    assert any("was not paid so" in what for what in _found(_without(incentives, paid.position)))


def test_what_is_clawed_back_without_an_award_is_found(incentives):
    award = next(r for r in incentives if isinstance(r.event, AgentIncentiveAwarded))

    found = _found(_without(incentives, award.position))
    assert any("is clawed back, not rewarded" in what for what in found)


def test_an_award_that_is_no_sum_of_its_parts_is_found(incentives):
    award = next(r for r in incentives if isinstance(r.event, AgentIncentiveAwarded))

    assert _found(_with(incentives, award.position, agent=9_999)) == [
        "Rp 9999 and Rp 554 are not shares of Rp 5540"
    ]

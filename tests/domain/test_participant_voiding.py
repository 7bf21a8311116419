"""Facts that were mistakes: voided, and all is as if they had not been told; or told otherwise."""

from datetime import date

import attrs
import pytest

from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Months
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.participant import (
    Channel,
    Contribution,
    Enrolment,
    Fact,
    LeavingReason,
    Participant,
    ParticipantContributionCorrected,
    ParticipantFactVoided,
    Payer,
    Transfer,
    come_back,
    evolve,
    leave,
    move,
    pay,
    register,
    retell,
    transfer,
    void,
)
from jamsos.errors import InputError, NotFoundError

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
FIRST, SECOND = Agent(id=f"agent-{UUID}"), Agent(id=f"agent-{UUID[:-1]}c")
NOBODY = Participant(id=f"participant-{UUID}")
WHO = NOBODY.id
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
DEATH, WORK = LeavingReason.DEATH, LeavingReason.LEFT_WORK
TODAY = date(2019, 1, 7)
NO = Reason("example", "No.", Citation("Example 1/2018"))


def after(participant, answer):
    for event in answer.or_raise().events:
        participant = evolve(participant, event)
    return participant


def told(*facts):
    """Let *facts* be told of somebody, in this order: their versions are 1, 2 and so on."""
    participant = NOBODY
    for fact in facts:
        participant = after(participant, fact(participant))
    return participant


def registered(on, segment=BPU, agent=FIRST, province="51", policies=()):
    def fact(someone):
        case = Enrolment(
            participant=someone, segment=segment, province=province, agent=agent, on=on
        )
        return register(case, channel=Channel.AGENT, sponsor=None, policies=policies)

    return fact


def back(on, segment=BPU, agent=FIRST):
    def fact(someone):
        case = Enrolment(participant=someone, segment=segment, province="51", agent=agent, on=on)
        return come_back(case, policies=())

    return fact


def moved(on, province="31"):
    return lambda someone: move(someone, province=province, on=on)


def given(on, agent=SECOND, branch=None):
    def fact(someone):
        case = Transfer(participant=someone, segment=BPU, agent=agent, on=on)
        return transfer(case, branch=branch, policies=())

    return fact


def gone(on, reason=WORK, segment=None):
    return lambda someone: leave(someone, segment=segment, reason=reason, on=on)


def paid(on, reference="R1", months="2018-01/2018-03"):
    def fact(someone):
        case = Contribution(
            participant=someone,
            segment=BPU,
            programmes=("jkk", "jkm"),
            months=Months.parse(months),
            income=1_000_000,
            amount=50_400,
            on=on,
        )
        return pay(case, reference=reference, payer=Payer.SELF, policies=())

    return fact


def undone(someone, version, reason="mistake", on=TODAY):
    return void(someone, version=version, reason=reason, on=on)


def same(one, other):
    """Return whether two participants lived alike, whatever was told of them."""
    return (
        one.life.stays == other.life.stays
        and one.died_on == other.died_on
        and one.standings == other.standings
    )


JANUARY, MARCH, APRIL, JULY = (
    date(2018, 1, 10),
    date(2018, 3, 5),
    date(2018, 4, 20),
    date(2018, 7, 2),
)


# -- Each kind of fact. -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "mistake", "fact", "segment", "agent"),
    [
        ((), registered(JANUARY), Fact.REGISTERED, BPU, FIRST.id),
        ((registered(JANUARY),), moved(MARCH), Fact.MOVED, None, None),
        ((registered(JANUARY),), given(MARCH), Fact.TRANSFERRED, BPU, SECOND.id),
        ((registered(JANUARY),), given(MARCH, None, "JKT-1"), Fact.TRANSFERRED, BPU, None),
        ((registered(JANUARY),), gone(APRIL), Fact.LEFT, None, None),
        ((registered(JANUARY),), gone(APRIL, segment=BPU), Fact.LEFT, BPU, None),
        ((registered(JANUARY),), gone(APRIL, DEATH), Fact.LEFT, None, None),
        ((registered(JANUARY), gone(APRIL)), back(JULY), Fact.CAME_BACK, BPU, FIRST.id),
    ],
    ids=lambda value: str(value) if isinstance(value, Fact) else "",
)
def test_a_fact_that_is_voided_is_as_if_it_had_not_been_told(before, mistake, fact, segment, agent):
    otherwise = told(*before)
    someone = told(*before, mistake)
    version = len(before) + 1

    answer = undone(someone, version)
    (event,) = answer.events
    assert event == ParticipantFactVoided(
        version=version,
        fact=fact,
        fact_on=someone.told[-1].event.on,
        segment=segment,
        agent=agent,
        reason="mistake",
        changes=event.changes,
        on=TODAY,
    )
    cleared = after(someone, answer)
    assert same(cleared, otherwise)
    assert cleared.told == otherwise.told
    assert cleared.voids == {version: event}


def test_a_void_says_what_it_changes_of_the_standings():
    someone = told(registered(JANUARY), moved(MARCH))

    cleared = after(someone, undone(someone, 2))
    (change,) = cleared.voids[2].changes
    assert (change.before, change.after) == (someone.standing(BPU), cleared.standing(BPU))
    assert cleared.recorded == {BPU: cleared.standing(BPU)}


def test_a_void_of_a_fact_without_effect_changes_nothing():
    someone = told(registered(JANUARY), moved(JULY), gone(MARCH, DEATH))

    (event,) = undone(someone, 2).events
    assert event.changes == ()


def test_a_registration_that_was_voided_is_recorded_as_nobodys():
    someone = told(registered(JANUARY))

    cleared = after(someone, undone(someone, 1))
    assert cleared.entries(BPU) == ()
    assert cleared.standing(BPU) == NOBODY.standing(BPU)


def test_facts_of_later_days_have_their_effect_when_a_death_is_voided():
    someone = told(registered(JANUARY), moved(JULY), gone(MARCH, DEATH))
    assert someone.standing(BPU).current is None

    cleared = after(someone, undone(someone, 3))
    assert cleared.died_on is None
    assert same(cleared, told(registered(JANUARY), moved(JULY)))


def test_a_participant_whose_death_was_voided_can_die_on_another_day():
    someone = told(registered(JANUARY), gone(MARCH, DEATH))
    cleared = after(someone, undone(someone, 2))

    assert after(cleared, gone(MARCH, DEATH)(cleared)).died_on == MARCH
    assert after(cleared, gone(JULY, DEATH)(cleared)).died_on == JULY


def test_a_move_that_was_voided_leaves_the_day_to_another():
    someone = told(registered(JANUARY), moved(MARCH))
    cleared = after(someone, undone(someone, 2))

    assert same(
        after(cleared, moved(MARCH, "52")(cleared)), told(registered(JANUARY), moved(MARCH, "52"))
    )


def test_a_move_to_where_one_was_already_stands_if_the_one_that_brought_one_there_is_voided():
    someone = told(registered(JANUARY), moved(MARCH), moved(APRIL))

    assert same(after(someone, undone(someone, 2)), told(registered(JANUARY), moved(APRIL)))


# -- Facts that others need. ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "version", "message"),
    [
        (
            (registered(JANUARY), moved(MARCH)),
            1,
            (
                f"the registration in segment bpu of 2018-01-10 (version 1) of {WHO} cannot be"
                " voided: the move to province 31 of 2018-03-05 (version 2) needs it; void that"
                " first, or retell the fact"
            ),
        ),
        (
            (registered(JANUARY), given(MARCH)),
            1,
            f"the transfer to {SECOND.id} of 2018-03-05 (version 2) needs it; void that first",
        ),
        (
            (registered(JANUARY), gone(APRIL)),
            1,
            "the leaving of the scheme of 2018-04-20 (version 2) needs it; void that first",
        ),
        (
            (registered(JANUARY), paid(JANUARY)),
            1,
            "the payment 'R1' of 2018-01-10 needs it; void that first",
        ),
        (
            (registered(JANUARY), moved(MARCH), gone(APRIL, segment=BPU)),
            1,
            "(version 2) needs it, and one more does; void that first",
        ),
        (
            (registered(JANUARY), moved(MARCH), gone(APRIL), paid(JANUARY)),
            1,
            "(version 2) needs it, and 2 more facts do; void that first",
        ),
        (
            (registered(JANUARY), gone(APRIL), back(JULY)),
            2,
            (
                f"the leaving of the scheme of 2018-04-20 (version 2) of {WHO} cannot be voided:"
                " the return to segment bpu of 2018-07-02 (version 3) needs it"
            ),
        ),
        (
            (registered(JANUARY), gone(APRIL), back(JULY), gone(TODAY, segment=BPU)),
            3,
            "the leaving of bpu of 2019-01-07 (version 4) needs it; void that first",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fact_that_another_fact_needs_is_not_voided_and_that_one_is_named(
    facts, version, message
):
    with pytest.raises(InputError) as caught:
        undone(told(*facts), version)
    assert message in str(caught.value)


def test_a_fact_can_be_voided_when_nothing_needs_it_any_more():
    someone = told(registered(JANUARY), paid(JANUARY), moved(MARCH))
    for version in (3, 2, 1):
        someone = after(someone, undone(someone, version))

    assert someone.told == ()
    assert someone.payments["R1"].corrected
    assert someone.standing(BPU) == NOBODY.standing(BPU)


def test_a_leaving_of_the_scheme_needs_one_segment():
    someone = told(registered(JANUARY), registered(MARCH, PU), gone(APRIL))

    assert undone(someone, 1).events
    with pytest.raises(InputError, match=r"the leaving of the scheme of 2018-04-20 \(version 3\)"):
        undone(after(someone, undone(someone, 1)), 2)


def test_a_payment_before_the_registration_as_old_histories_have_it_needs_no_fact():
    (event,) = paid(JANUARY)(told(registered(JANUARY))).events
    someone = evolve(told(registered(MARCH), moved(APRIL)), attrs.evolve(event, changes=()))

    assert undone(someone, 2).events


# -- Again, and otherwise. --------------------------------------------------------------------


def test_the_very_same_void_again_does_nothing():
    someone = told(registered(JANUARY), moved(MARCH))

    assert undone(after(someone, undone(someone, 2)), 2) == Accepted()


@pytest.mark.parametrize(
    "other",
    [{"on": date(2019, 1, 6)}, {"on": date(2019, 1, 8)}, {"reason": "wrong-person"}],
    ids=str,
)
def test_a_void_on_another_day_or_for_another_reason_is_an_input_error(other):
    someone = told(registered(JANUARY), moved(MARCH))

    with pytest.raises(InputError) as caught:
        undone(after(someone, undone(someone, 2)), 2, **other)
    assert str(caught.value) == (
        f"version 2 of {WHO} was voided already, on 2019-01-07, for 'mistake'"
    )


def test_the_same_fact_can_be_told_again_after_its_void_and_voided_again():
    someone = told(registered(JANUARY), moved(MARCH))
    cleared = after(someone, undone(someone, 2))

    again = after(cleared, moved(MARCH)(cleared))
    assert same(again, someone)
    assert same(after(again, undone(again, 4)), cleared)


@pytest.mark.parametrize("version", [-1, True, "1", None], ids=str)
def test_what_is_no_version_at_all_is_an_input_error(version):
    with pytest.raises(InputError, match=r"version is .*: it must be a whole number"):
        undone(told(registered(JANUARY)), version)


@pytest.mark.parametrize("version", [0, 3, 4])
def test_a_version_of_no_fact_is_not_found_and_those_that_stand_are_listed(version):
    someone = told(registered(JANUARY), moved(MARCH))
    someone = after(someone, undone(someone, 2))

    with pytest.raises(NotFoundError) as caught:
        undone(someone, version)
    assert str(caught.value) == (
        f"no fact about {WHO} that can be voided has version {version}; those that stand: the"
        " registration in segment bpu of 2018-01-10 (version 1)"
    )


def test_nobody_has_a_fact():
    with pytest.raises(NotFoundError, match="has version 1; those that stand: none"):
        undone(NOBODY, 1)


def test_a_reason_is_a_name():
    with pytest.raises(InputError, match="reason is 'Wrong person'"):
        undone(told(registered(JANUARY)), 1, "Wrong person")


# -- Payments. --------------------------------------------------------------------------------


def test_a_void_of_a_payment_corrects_it():
    someone = told(registered(JANUARY), paid(JANUARY))

    answer = undone(someone, 2)
    (event,) = answer.events
    assert isinstance(event, ParticipantContributionCorrected)
    assert (event.corrects, event.reason, event.on) == ("R1", "mistake", TODAY)
    corrected = after(someone, answer)
    assert str(corrected.standing(BPU).paid_for("jkk")) == ""
    assert undone(corrected, 2) == Accepted()
    with pytest.raises(InputError, match="it was corrected on 2019-01-07, for 'mistake'"):
        undone(corrected, 2, on=date(2019, 1, 8))


def test_a_correction_is_no_fact_that_can_be_voided():
    someone = told(registered(JANUARY), paid(JANUARY))
    corrected = after(someone, undone(someone, 2))

    with pytest.raises(NotFoundError, match="that can be voided has version 3"):
        undone(corrected, 3)


# -- Told otherwise. --------------------------------------------------------------------------


def otherwise(someone, fact, instead_of, on=TODAY):
    return retell(someone, fact, instead_of=instead_of, on=on)


def test_a_fact_that_is_told_instead_of_another_voids_it():
    someone = told(registered(JANUARY), paid(MARCH), moved(APRIL))

    answer = otherwise(someone, registered(MARCH, agent=SECOND, province="52"), 1)
    void_, event = answer.events
    assert (void_.version, void_.reason, void_.on, void_.fact_on) == (1, "retold", TODAY, JANUARY)
    assert (event.agent, event.province, event.on) == (SECOND.id, "52", MARCH)
    assert same(
        after(someone, answer),
        told(registered(MARCH, agent=SECOND, province="52"), paid(MARCH), moved(APRIL)),
    )
    assert after(someone, answer).recorded == after(someone, answer).standings


def test_a_fact_that_is_told_instead_of_none_is_told_as_always():
    someone = told(registered(JANUARY))

    assert otherwise(someone, moved(MARCH), None) == moved(MARCH)(someone)


def test_a_fact_that_is_told_instead_of_its_equal_does_nothing():
    someone = told(registered(JANUARY), moved(MARCH))

    assert otherwise(someone, moved(MARCH), 2) == Accepted()
    assert otherwise(someone, registered(JANUARY), 1) == Accepted()


def test_the_very_same_fact_told_instead_of_another_again_does_nothing():
    someone = told(registered(JANUARY), moved(MARCH))
    retold = after(someone, otherwise(someone, moved(APRIL), 2))

    assert otherwise(retold, moved(APRIL), 2) == Accepted()
    with pytest.raises(
        InputError, match=r"version 2 of .* was voided already, on 2019-01-07: tell"
    ):
        otherwise(retold, moved(JULY), 2)


def test_a_fact_that_is_refused_voids_nothing():
    someone = told(registered(JANUARY))

    asked = registered(MARCH, policies=(lambda _: NO,))
    assert otherwise(someone, asked, 1) == Refused(NO)


@pytest.mark.parametrize(
    ("facts", "fact", "version", "message"),
    [
        (
            (registered(JANUARY), paid(MARCH)),
            registered(date(2018, 3, 6)),
            1,
            "the payment 'R1' of 2018-03-05 needs it",
        ),
        (
            (registered(JANUARY), moved(MARCH)),
            registered(date(2018, 3, 6)),
            1,
            "the move to province 31 of 2018-03-05 (version 2) needs it",
        ),
        (
            (registered(JANUARY), gone(APRIL), back(JULY)),
            gone(date(2018, 7, 3)),
            2,
            "the return to segment bpu of 2018-07-02 (version 3) needs it",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fact_is_not_told_instead_of_one_that_others_need_on_a_day_after_them(
    facts, fact, version, message
):
    someone = told(*facts)

    with pytest.raises(InputError) as caught:
        otherwise(someone, fact, version)
    assert message in str(caught.value)


def test_a_fact_may_be_told_instead_of_one_that_others_need_on_the_day_of_the_first_of_them():
    for facts, fact, version in (
        ((registered(JANUARY), paid(MARCH)), registered(MARCH), 1),
        ((registered(JANUARY), moved(MARCH)), registered(MARCH), 1),
        ((registered(JANUARY), gone(APRIL), back(JULY)), gone(JULY), 2),
    ):
        assert len(otherwise(told(*facts), fact, version).events) == 2


def test_a_fact_of_another_kind_may_be_told_instead():
    someone = told(registered(JANUARY), gone(APRIL))

    moved_instead = after(someone, otherwise(someone, moved(APRIL), 2))
    assert same(moved_instead, told(registered(JANUARY), moved(APRIL)))


def test_only_a_fact_that_stands_has_another_told_instead():
    with pytest.raises(NotFoundError, match=r"no fact about .* has version 9; those that stand"):
        otherwise(told(registered(JANUARY)), moved(MARCH), 9)

"""An error names the thing, the place and what to do: each to the word."""

from datetime import date

import pytest

import jamsos
from jamsos import Citation, DatedValue, Month, Months, Segment, Status
from jamsos.domain.agent import Agent, Settlement, settle
from jamsos.domain.aggregate import check_stream
from jamsos.domain.due import Construction, Late
from jamsos.domain.explanation import Working
from jamsos.domain.field import shown, word_of
from jamsos.domain.history import Recorded, in_positions
from jamsos.domain.identity import check_agent, check_name, check_participant
from jamsos.domain.incentive import Acquired, Incentive
from jamsos.domain.participant import (
    Channel,
    Check,
    ParticipantContributionPaid,
    ParticipantTransferred,
    Payer,
)
from jamsos.domain.programme import Programme, ProgrammeEstablished, enact, evolve
from jamsos.domain.quota import Quota, shared_out
from jamsos.domain.value import Table, check_cell
from jamsos.errors import CorruptHistoryError, InputError, JamsosError, NotFoundError

AGENT = "agent-00000000-0000-4000-8000-000000000001"
WHO = "participant-00000000-0000-4000-8000-000000000001"
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
DAY, DAY_BEFORE = date(2018, 3, 2), date(2018, 3, 1)
UUID = "agent- and a UUID"


def said(ask, kind=InputError):
    with pytest.raises(JamsosError) as caught:
        ask()
    assert type(caught.value) is kind
    return str(caught.value)


def value(of, **more):
    asked = {"in_force": DAY, "citation": Citation("Example 1/2018"), "status": Status.ASSUMED}
    return DatedValue(value=of, **{**asked, **more})


def enacted(*values):
    known = Programme("perisai")
    return evolve(known, *enact(known, "limit", unit="agents", values=values, on=DAY).events)


def paid(months="2018-03/2018-03", reference="1", programmes=("jkk",)):
    return ParticipantContributionPaid(
        segment=BPU,
        reference=reference,
        programmes=programmes,
        months=Months.parse(months),
        income=0,
        amount=0,
        payer=Payer.SELF,
        check=None,
        changes=(),
        on=DAY,
    )


def transferred(agent):
    return ParticipantTransferred(segment=BPU, agent=agent, branch=None, changes=(), on=DAY)


def checked(rules):
    return Check(sector="other", budget="own", due=(), credit=0, rules=rules)


def recorded(position):
    event = ProgrammeEstablished(programme="perisai", on=DAY)
    return Recorded(position, "programme-perisai", position, None, event)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        # -- Names. ------------------------------------------------------------------
        (lambda: check_agent("agent-1"), f"'agent-1' is not an agent: it must be {UUID}"),
        (
            lambda: check_participant("p-1"),
            "'p-1' is not a participant: it must be participant- and a UUID",
        ),
        (
            lambda: check_name("Perisai"),
            "'Perisai' is not a name: it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: check_stream("quota-Perisai-51"),
            "'Perisai' is not a name: it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: check_stream("quota-perisai-5x"),
            (
                "there is no region '5x': give 'national', the Kemendagri code of a province,"
                " or a regional office, such as banuspa"
            ),
        ),
        (
            lambda: Acquired(participant="p-1", segment=BPU, programmes=("jkk",), reference="1"),
            "participant is 'p-1': it must be participant- and a UUID",
        ),
        (
            lambda: transferred(agent="agent-1"),
            f"agent is 'agent-1': it must be {UUID}",
        ),
        (
            lambda: paid(reference="a payment"),
            "reference is 'a payment': it must be 1 to 64 letters, digits or ._:/- and no spaces",
        ),
        (
            lambda: checked(("agent-cap",)),
            "rules is 'agent-cap': it must be references such as perisai/agent-cap/1",
        ),
        (
            lambda: checked(5),
            "rules is 5: it must be references such as perisai/agent-cap/1",
        ),
        (
            lambda: paid(programmes=("jkk", "JKM")),
            "programmes is 'JKM': it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: paid(programmes=("jkk", 5)),
            "programmes is 5: it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: paid(programmes=5),
            "programmes is 5: it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: paid(programmes="jkk"),
            "programmes is 'jkk': name at least one programme, each once, in alphabetical order",
        ),
        (
            lambda: paid(programmes="abc"),
            "programmes is 'abc': name at least one programme, each once, in alphabetical order",
        ),
        (
            lambda: paid(programmes=("jkm", "jkk")),
            (
                "programmes is ('jkm', 'jkk'): name at least one programme, each once, in"
                " alphabetical order"
            ),
        ),
        (
            lambda: ProgrammeEstablished(programme="Perisai", on=DAY),
            "programme is 'Perisai': it must be lower-case letters, digits and single hyphens",
        ),
        (
            lambda: word_of(Channel, "post", "channel"),
            "channel is 'post': it must be one of agent, direct, sponsor",
        ),
        (
            lambda: Late(law={}, segment="bpu", month=Month(2018, 3), amount=0, paid_on=DAY),
            "segment is 'bpu': it must be one of pu, bpu, construction, migrant, as Segment",
        ),
        (
            lambda: Acquired(participant=WHO, segment=5, programmes=("jkk",), reference="1"),
            "segment is 5: it must be one of pu, bpu, construction, migrant, as Segment",
        ),
        # -- Months. -------------------------------------------------------------------
        (
            lambda: Months.between(Month(2018, 3), Month(2018, 2)),
            "2018-02 comes before 2018-03: months run forwards",
        ),
        (lambda: Month(2018, 13), "there is no month 2018-13: write one as 2018-02"),
        (lambda: Month(0, 1), "there is no month 0000-01: write one as 2018-02"),
        (lambda: Month("2018", 1), "there is no month 2018-1: write one as 2018-02"),
        (lambda: Month(2018, "01"), "there is no month 2018-01: write one as 2018-02"),
        (
            lambda: Months([(5, 4)]),
            "months 5 to 4 are not a run: give indexes, the first month first",
        ),
        (
            lambda: Months([(11, 24)]),
            "months 11 to 24 are not a run: give indexes, the first month first",
        ),
        (
            lambda: paid("2018-01/2018-01,2018-03/2018-03"),
            (
                "months is '2018-01/2018-01,2018-03/2018-03': a payment covers one unbroken run of"
                " whole months, such as 2018-01/2018-03"
            ),
        ),
        # -- Values of rules. ----------------------------------------------------------
        (
            lambda: Table.of({"low": 1, "high": 2, 3: 4}),
            "row 3 is of another kind than row low: a table has one kind",
        ),
        (
            lambda: Table.of({-1: 1}),
            "a lower bound is -1: it must be a whole number from 0 to 2^63 - 1, without decimals",
        ),
        (
            lambda: Table.of({"low": 1.5}),
            "value is 1.5: it must be a whole number from 0 to 2^63 - 1, without decimals",
        ),
        (
            lambda: check_cell("it", ("jkk", "jkm", "jkk")),
            "it is jkk, jkm, jkk: name each once",
        ),
        (
            lambda: value(-1),
            "value is -1: it must be a whole number from 0 to 2^63 - 1, without decimals",
        ),
        (
            lambda: value(("jkk", "jkk")),
            "value is jkk, jkk: name each once",
        ),
        (
            lambda: enact(Programme("perisai"), "limit", unit="agents", values=(), on=DAY),
            "rule 'limit' of programme 'perisai' has no value: give at least one",
        ),
        (
            lambda: enact(enacted(value(1)), "limit", unit="agents", values=(value(2),), on=DAY),
            "rule 'limit' of programme 'perisai' is enacted already: amend it",
        ),
        (
            lambda: enact(
                Programme("perisai"),
                "limit",
                unit="agents",
                values=(value(1, until=DAY), value(("a",), in_force=date(2018, 3, 3))),
                on=DAY,
            ),
            (
                "rule 'limit' has values of kind whole number: what is of kind names needs a rule"
                " of its own"
            ),
        ),
        (
            lambda: Working().share(1.5, 1),
            "amount is 1.5: it must be a whole number from 0 to 2^63 - 1, without decimals",
        ),
        (
            lambda: Working().share(2**62, 200_000),
            (
                "a share is 9223372036854775808: it must be a whole number from 0 to 2^63 - 1,"
                " without decimals"
            ),
        ),
        (
            lambda: enacted(value(1)).rule("limit", DAY).row("low"),
            "the value of rule perisai/limit/1 is of kind whole number, not table",
        ),
        (
            lambda: enacted(value(("jkk",))).rule("limit", DAY).bracket(1),
            "the value of rule perisai/limit/1 is of kind names, not brackets",
        ),
        # -- Cases. ---------------------------------------------------------------------
        (
            lambda: Construction(law={}, month=Month(2018, 3)),
            "a construction project pays by its contract's value or by wages: give one",
        ),
        (
            lambda: shared_out(
                {"national": Quota(programme="perisai")}, 1, {"national": 1}, on=DAY
            ),
            "seats are shared out by the nation, to others: give it no weight of its own",
        ),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_it_must_be(ask, message):
    assert said(ask) == message


def test_a_row_that_is_there_twice_is_named():
    row = Table.of({"low": 1}).rows[0]

    assert said(lambda: Table((row, row))) == "a row is there twice: give each key one row"


def test_a_position_that_does_not_follow_is_named():
    def read(*positions):
        return said(lambda: [*in_positions(map(recorded, positions))], CorruptHistoryError)

    assert read(1, 1) == "position 1 follows position 1: it is there already"
    assert read(1, 3) == "position 3 follows position 1: 2 is missing"


def test_what_cannot_be_printed_is_written_out():
    assert shown("Nusa\tTenggara\u2028") == "Nusa\\tTenggara\\u2028"
    assert shown("a\x00é") == "a\\x00é"
    assert shown("Bali") == "Bali"


# -- Of a participant, at the desk. ---------------------------------------------------


@pytest.fixture
def who(registry):
    name = jamsos.new_participant_id()
    registry.register(name, province="51", on=date(2018, 2, 1)).or_raise()
    return name


def test_a_day_before_the_registration_is_named_with_what_cannot_happen_on_it(registry, who):
    before = date(2018, 1, 31)
    stands = (
        f"on {before}: they were registered in segment bpu on 2018-02-01; give that day or a later"
        " one"
    )

    def move():
        registry.move(who, province="53", on=before)

    def transfer():
        registry.transfer(who, branch="denpasar", on=before)

    def come_back():
        registry.come_back(who, province="51", on=before)

    def leave():
        registry.leave(who, reason="other", segment=BPU, on=before)

    assert said(move) == f"{who} cannot move {stands}"
    assert said(transfer) == f"{who} cannot be transferred {stands}"
    assert said(leave) == f"{who} cannot leave {stands}"
    registry.leave(who, reason="other", on=DAY).or_raise()
    assert said(come_back) == f"{who} cannot come back {stands}"


def test_a_move_may_come_on_any_day_of_a_registration_whatever_was_told_before(registry, who):
    registry.move(who, province="52", on=DAY).or_raise()
    paid_later = {"reference": "1", "months": Months.parse("2018-02/2018-02"), "income": 0}
    registry.pay(who, **paid_later, amount=16_800, on=date(2018, 3, 5)).or_raise()
    registry.move(who, province="53", on=DAY_BEFORE).or_raise()

    stays = registry.participant(who).life.stays[BPU]
    assert [(stay.begins, stay.province) for stay in stays] == [
        (date(2018, 2, 1), "51"),
        (DAY_BEFORE, "53"),
        (DAY, "52"),
    ]


def test_a_participant_who_is_in_no_segment_cannot_be_given_away(registry):
    stranger = jamsos.new_participant_id()

    def transfer():
        registry.transfer(stranger, branch="denpasar", on=DAY)

    assert said(transfer, NotFoundError) == (
        f"{stranger} is not registered in segment bpu on {DAY}, and cannot be transferred"
    )


def test_a_participant_who_has_died_cannot_be_registered_on_a_later_day(registry, who):
    registry.leave(who, reason="death", on=DAY_BEFORE).or_raise()

    def register():
        registry.register(who, province="51", segment=PU, on=DAY)

    assert said(register) == f"{who} died on {DAY_BEFORE}, and cannot be registered on {DAY}"


def test_a_death_is_remembered_whatever_is_recorded_after_it(registry, who):
    registry.pay(
        who,
        reference="1",
        months=Months.parse("2018-02/2018-02"),
        income=1_000_000,
        amount=16_800,
        on=DAY,
    ).or_raise()
    registry.leave(who, reason="death", on=DAY).or_raise()
    registry.correct(who, corrects="1", on=DAY).or_raise()

    participant = registry.participant(who)
    assert participant.died_on == DAY
    assert participant.id == who


def test_nothing_is_awarded_to_who_was_never_recruited():
    nothing = Incentive(
        acquired=(),
        acquisition=0,
        contributions=(),
        office_rate=0,
        on_top=False,
        pay_by=None,
    )
    case = Settlement(agent=Agent(id=AGENT), month=Month(2018, 1), incentive=nothing, on=DAY)

    assert said(lambda: settle(case, known_at=1, rules=(), policies=()), NotFoundError) == (
        f"{AGENT} was never recruited: there is nothing to award"
    )

"""
The golden files: one history for each version of the catalogue, readable for ever.

`make_golden` made ``tests/golden/v1.jsonl``, once. `make_rules` made
``tests/golden/v2-rules.jsonl``, when rules began to say more than a whole number,
`make_incentives` ``tests/golden/v3-incentives.jsonl``, when agents began to be awarded what they
earn, and `make_checked` ``tests/golden/v4-checked.jsonl``, when payments began to be checked
against what is due; ``test_golden_proof.py`` made ``tests/golden/v5-proof.jsonl``, when citations
began to keep what was read, ``test_golden_facts.py`` ``tests/golden/v6-facts.jsonl``, when a fact
could be told late and voided, and `make_settled` ``tests/golden/v6-settled.jsonl``, when an
incentive began to follow the facts. A new version of an event gets a file of its own; the old one
is never made again, and reads to the events that its maker makes today.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import attrs
import msgspec
import pytest

import jamsos
from jamsos.domain.agent import (
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentStatus,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.aggregate import state
from jamsos.domain.history import Recorded
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.domain.programme import Outcome
from jamsos.domain.rule import Conflict
from jamsos.domain.value import Table, Value
from jamsos.errors import RuleNotInForceError
from jamsos.formulas.active import DEFINITIONS
from jamsos.projections.count import count as count_active
from jamsos.store import history_file
from jamsos.store.catalogue import CODEC, EVENTS, UPCASTERS
from jamsos.store.event_store import EventStore
from tests.store.test_golden_agents import make_agents
from tests.store.test_golden_facts import make_facts
from tests.store.test_golden_money import make_money

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(GOLDEN.glob("v*.jsonl"))
V1 = GOLDEN / "v1.jsonl"
V2_RULES = GOLDEN / "v2-rules.jsonl"
V3_INCENTIVES = GOLDEN / "v3-incentives.jsonl"
V4_CHECKED = GOLDEN / "v4-checked.jsonl"
V6_SETTLED = GOLDEN / "v6-settled.jsonl"

EXAMPLE = jamsos.Citation("Example 1/2018", "article 1", source="tests/golden")


def agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


def participant(number: int) -> str:
    return f"participant-00000000-0000-7000-8000-{number:012}"


ANI, BUDI, CITRA = map(agent, range(1, 4))
FISHER, SEWER, MASON, NURSE = map(participant, range(1, 5))


def make_golden(folder: Path | str) -> bytes:
    """Live a small lawful history through the front desk, with fixed ids and a fixed clock."""
    path = Path(folder) / "golden.db"
    ticks = count()
    start = datetime(2023, 1, 2, 2, tzinfo=UTC)

    def clock() -> datetime:
        return start + timedelta(minutes=next(ticks))

    with jamsos.open(path, clock=clock) as registry:
        for live in (_law, _agents, _participants, _payments, _changes, _evaluation, _later):
            live(registry)
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def _law(registry: jamsos.Registry) -> None:
    registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
    office_agents = jamsos.DatedValue(
        value=20,
        in_force=date(2018, 1, 1),
        citation=EXAMPLE,
        status=jamsos.Status.ASSUMED,
        published=date(2017, 12, 29),
        note="For this file only.",
    )
    registry.enact(
        "perisai",
        "office-agents",
        unit="agents",
        values=[office_agents],
        on=date(2018, 1, 1),
        scope="51",
    ).or_raise()
    registry.allot("perisai", 1_200, on=date(2017, 11, 20)).or_raise()
    registry.allot("perisai", 100, on=date(2017, 11, 21), region="51").or_raise()
    registry.allot("perisai", 60, on=date(2017, 11, 22), region="51").or_raise()
    registry.allot("perisai", 1_060, on=date(2017, 11, 23)).or_raise()


def _agents(registry: jamsos.Registry) -> None:
    registry.recruit(ANI, "perisai", province="51", on=date(2017, 11, 24)).or_raise()
    registry.recruit(BUDI, "perisai", province="51", on=date(2017, 11, 24), region="51").or_raise()
    registry.recruit(CITRA, "perisai", province="32", on=date(2017, 11, 24)).or_raise()
    for each in (ANI, BUDI, CITRA):
        registry.begin_training(each, on=date(2017, 11, 27)).or_raise()
        registry.certify(each, on=date(2017, 11, 30)).or_raise()
        registry.assign(each, on=date(2017, 12, 4)).or_raise()


def _participants(registry: jamsos.Registry) -> None:
    registry.register(FISHER, province="51", on=date(2017, 12, 5), agent=ANI).or_raise()
    registry.register(NURSE, province="32", on=date(2018, 1, 9), agent=BUDI).or_raise()
    registry.register(
        NURSE, province="32", on=date(2018, 1, 9), segment=jamsos.Segment.WAGE_EARNER
    ).or_raise()
    registry.register(
        SEWER, province="35", on=date(2018, 2, 1), segment=jamsos.Segment.MIGRANT, agent=ANI
    ).or_raise()


def _payments(registry: jamsos.Registry) -> None:
    def pay(who: str, reference: str, months: str, on: date, **more: object) -> None:
        registry.pay(
            who,
            reference=reference,
            months=jamsos.Months.parse(months),
            income=1_000_000,
            on=on,
            **{"amount": 16_800, **more},
        ).or_raise()

    pay(FISHER, "F-1", "2017-12/2018-02", date(2017, 12, 5), payer=Payer.AGENT)
    pay(FISHER, "F-2", "2018-05/2018-05", date(2018, 5, 7))
    pay(FISHER, "F-3", "2018-06/2018-06", date(2018, 6, 4), programmes=("jht", "jkk", "jkm"))
    registry.correct(FISHER, corrects="F-3", on=date(2018, 6, 5), reason="paid-twice").or_raise()
    pay(NURSE, "N-1", "2018-01/2018-12", date(2018, 1, 9), amount=0)


def _changes(registry: jamsos.Registry) -> None:
    registry.move(FISHER, province="52", on=date(2018, 3, 12)).or_raise()
    registry.deactivate(CITRA, on=date(2018, 3, 30), reason=DeactivationReason.OFFICE).or_raise()
    registry.evaluate_agents("perisai", on=date(2018, 5, 2))  # Budi: nobody since January
    registry.transfer(FISHER, branch="N03", on=date(2018, 5, 14)).or_raise()
    registry.transfer(FISHER, agent=ANI, on=date(2018, 6, 11)).or_raise()
    registry.terminate(CITRA, cause=TerminationCause.FRAUD, on=date(2018, 6, 12)).or_raise()
    registry.resign(ANI, on=date(2018, 7, 2)).or_raise()
    registry.leave(FISHER, reason=LeavingReason.LEFT_WORK, on=date(2018, 8, 3)).or_raise()
    registry.reactivate(BUDI, on=date(2018, 11, 2), region="51").or_raise()
    registry.come_back(FISHER, province="51", agent=BUDI, on=date(2018, 11, 5)).or_raise()
    registry.leave(
        SEWER,
        segment=jamsos.Segment.MIGRANT,
        reason=LeavingReason.OTHER,
        on=date(2018, 11, 6),
    ).or_raise()
    registry.leave(NURSE, reason=LeavingReason.DEATH, on=date(2018, 11, 7)).or_raise()


def _evaluation(registry: jamsos.Registry) -> None:
    registry.open_evaluation(
        "perisai", "first-year", trigger="The cap of 2018 ends.", on=date(2018, 12, 3)
    ).or_raise()
    registry.conclude_evaluation(
        "perisai",
        "first-year",
        outcome=Outcome.RAISE,
        month=jamsos.Month(2018, 11),
        after_months=3,
        on=date(2018, 12, 10),
    ).or_raise()
    registry.adopt("perisai", on=date(2018, 12, 11), evaluation="first-year").or_raise()
    registry.end_rule(
        "perisai",
        "agent-return-months",
        last_day=date(2019, 12, 31),
        citation=EXAMPLE,
        on=date(2019, 12, 1),
    ).or_raise()


def _later(registry: jamsos.Registry) -> None:
    registry.register(
        MASON,
        province="94",
        on=date(2022, 8, 1),
        segment=jamsos.Segment.CONSTRUCTION,
        sponsor="BUMDES:17/2022",
    ).or_raise()
    registry.pay(
        MASON,
        reference="M-1",
        months=jamsos.Months.parse("2022-08/2022-10"),
        income=1_000_000,
        amount=9_007_199_254_740_993,  # no float holds it
        on=date(2022, 8, 1),
        segment=jamsos.Segment.CONSTRUCTION,
        payer=Payer.SPONSOR,
    ).or_raise()


def make_rules(folder: Path | str) -> bytes:
    """Enact, amend and end rules of each kind, with a fixed clock."""
    path = Path(folder) / "rules.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        for rule, unit, value in (
            ("most", "rupiah", 2**63 - 1),
            ("payers", "names", ("regional-budget", "state-budget")),
            ("rates", "per-100000", Table.of({"low": 540, "high": 1_270})),
            ("mandatory", "programmes", Table.of({"employer": ("jht", "jkk"), "pupil": ()})),
            ("bases", "rupiah", Table.of({0: 1_000_000, 1_100_000: 1_200_000})),
        ):
            _enact(registry, rule, unit, value)
        registry.amend(
            "jkk",
            "rates",
            _rule_value(Table.of({"low": 400, "high": 1_130}), date(2026, 2, 1)),
            on=date(2026, 1, 6),
        ).or_raise()
        registry.end_rule(
            "jkk",
            "payers",
            last_day=date(2026, 12, 31),
            citation=attrs.evolve(EXAMPLE, url="https://example.org/1/2018"),
            on=date(2026, 1, 7),
        ).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def make_incentives(folder: Path | str) -> bytes:
    """Let an agent earn in January 2018, be awarded it, and owe a part of it back."""
    path = Path(folder) / "incentives.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        _agency(registry)
        for who in (FISHER, SEWER):
            registry.register(who, province="51", agent=ANI, on=date(2018, 1, 8)).or_raise()
            registry.pay(
                who,
                reference="1",
                months=jamsos.Months.parse("2018-01/2018-02"),
                income=1_000_000,
                amount=33_600,
                on=date(2018, 1, 8),
            ).or_raise()
        january = jamsos.Month(2018, 1)
        registry.award_incentive(ANI, january, on=date(2018, 2, 2)).or_raise()
        registry.correct(SEWER, corrects="1", on=date(2018, 2, 7)).or_raise()
        registry.award_incentive(ANI, january, on=date(2018, 3, 2)).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def _agency(registry: jamsos.Registry) -> None:
    """Enact what agents earn from January 2018 on, and let one begin to work."""
    for rule, unit, value in (
        ("agent-cap", "agents", 9),
        ("incentive-regime", "regimes", ("b",)),
        ("acquisition-incentive-counts", "participants", ("bpu", "pu")),
        ("acquisition-incentive-least", "participants", 2),
        ("acquisition-incentive-flat", "rupiah", 500),
        ("contribution-incentive", "per-100000", Table.of({1: 7_500})),
        ("contribution-incentive-pu", "per-100000", 7_500),
        ("incentive-office-share", "per-100000", 10_000),
        ("incentive-office-share-from", "treatments", ("out-of-incentive",)),
        ("incentive-paid-to", "payees", ("agent",)),
        ("incentive-pay-day", "day-of-month", 5),
    ):
        registry.enact(
            "perisai",
            rule,
            unit=unit,
            values=[_rule_value(value, date(2018, 1, 1))],
            on=date(2018, 1, 1),
        ).or_raise()
    registry.allot("perisai", 1, on=date(2018, 1, 1)).or_raise()
    registry.recruit(ANI, "perisai", province="51", on=date(2018, 1, 2)).or_raise()
    registry.begin_training(ANI, on=date(2018, 1, 3)).or_raise()
    registry.certify(ANI, on=date(2018, 1, 4)).or_raise()
    registry.assign(ANI, on=date(2018, 1, 5)).or_raise()


def make_settled(folder: Path | str) -> bytes:
    """Award a checked payment, and again when an earlier month is told late."""
    path = Path(folder) / "settled.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        _agency(registry)
        for rule, unit, value in (
            ("bpu-amount", "rupiah", 6_800),
            ("bpu-relief", "per-100000", Table.of({"transport": 50_000, "other": 0})),
        ):
            registry.enact(
                "jkm",
                rule,
                unit=unit,
                values=[_rule_value(value, date(2018, 1, 1))],
                on=date(2018, 1, 1),
            ).or_raise()
        steps = Table.of({1: 15_000, 3: 5_000})
        registry.amend(
            "perisai",
            "contribution-incentive",
            _rule_value(steps, date(2018, 1, 1)),
            on=date(2018, 1, 6),
        ).or_raise()
        registry.register(FISHER, province="51", agent=ANI, on=date(2018, 1, 8)).or_raise()
        january = jamsos.Month(2018, 1)
        for reference, months, amount in (
            ("1", "2018-02/2018-03", 13_600),
            ("2", "2018-01/2018-01", 6_800),
        ):
            registry.pay(
                FISHER,
                reference=reference,
                months=jamsos.Months.parse(months),
                income=1_000_000,
                amount=amount,
                programmes=("jkm",),
                on=date(2018, 1, 8),
            ).or_raise()
            registry.award_incentive(ANI, january, on=date(2018, 2, 2)).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def make_checked(folder: Path | str) -> bytes:
    """Pay what is due for JKM, and a month more than is due, which is credited."""
    path = Path(folder) / "checked.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        for programme, rule, unit, value in (
            ("jkm", "bpu-amount", "rupiah", 6_800),
            ("jkm", "bpu-relief", "per-100000", Table.of({"transport": 50_000, "other": 0})),
            ("jkk", "bpu-relief-overpaid", "treatments", ("credited-to-following-months",)),
        ):
            registry.enact(
                programme,
                rule,
                unit=unit,
                values=[_rule_value(value, date(2026, 1, 1))],
                on=date(2026, 1, 1),
            ).or_raise()
        registry.register(FISHER, province="51", on=date(2026, 1, 2)).or_raise()
        for reference, month, amount in (("1", "2026-01", 4_000), ("2", "2026-02", 2_800)):
            registry.pay(
                FISHER,
                reference=reference,
                months=jamsos.Months.parse(f"{month}/{month}"),
                income=1_000_000,
                amount=amount,
                programmes=("jkm",),
                sector="transport",
                on=date(2026, 1, 2),
            ).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def _enact(registry: jamsos.Registry, rule: str, unit: str, value: Value) -> None:
    registry.enact(
        "jkk", rule, unit=unit, values=[_rule_value(value, date(2026, 1, 1))], on=date(2026, 1, 5)
    ).or_raise()


def _rule_value(value: Value, in_force: date) -> jamsos.DatedValue:
    return jamsos.DatedValue(
        value=value,
        in_force=in_force,
        citation=attrs.evolve(EXAMPLE, url="https://example.org/1/2018"),
        status=jamsos.Status.ENACTED,
        published=date(2025, 12, 29),
        note="For this file only.",
        conflicts=(Conflict(value, EXAMPLE, "It says the same."),),
        verified_until=date(2026, 1, 31),
    )


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()


@pytest.fixture(scope="module")
def history() -> list[Recorded]:
    return list(history_file.read(V1))


@pytest.fixture(scope="module")
def state_of(history: list[Recorded]) -> Callable[[str], object]:
    events = defaultdict(list)
    for recorded in history:
        events[recorded.stream].append(recorded.event)
    return lambda stream: state(stream, events[stream])


def test_every_event_of_the_catalogue_stands_in_some_golden_file():
    kept = {msgspec.json.decode(line)["type"] for file in FILES for line in _lines(file)}

    assert kept == {*EVENTS, *UPCASTERS}


def test_every_event_of_the_catalogue_can_come_from_the_front_desk(tmp_path):
    history = b"".join(
        make(tmp_path)
        for make in (make_golden, make_incentives, make_facts, make_agents, make_money)
    ).splitlines()

    assert {msgspec.json.decode(line)["type"] for line in history} == set(EVENTS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_golden_file_reads_from_its_first_line_to_its_last(file):
    positions = [recorded.position for recorded in history_file.read(file)]

    assert positions == list(range(1, len(_lines(file)) + 1))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_golden_file_comes_back_with_the_same_bytes(file, tmp_path):
    history_file.load(file, tmp_path / "golden.db")

    with EventStore(tmp_path / "golden.db", create=False) as store:
        assert b"".join(history_file.lines(store)) == file.read_bytes()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_data_of_each_golden_event_are_written_in_the_same_bytes_again(file):
    for line in _lines(file):
        stored = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        name, data = msgspec.json.decode(stored["type"]), bytes(stored["data"])

        assert CODEC.read(name, data)[1] == data


def test_the_history_of_v1_makes_the_agents_that_it_is_known_to_make(state_of):
    stand = {each: (state_of(each).status, state_of(each).seat) for each in (ANI, BUDI, CITRA)}

    assert stand == {
        ANI: (AgentStatus.RESIGNED, None),
        BUDI: (AgentStatus.ACTIVE, "51"),
        CITRA: (AgentStatus.TERMINATED, None),
    }


def test_the_history_of_v1_makes_the_seats_that_it_is_known_to_make(state_of):
    national, bali = state_of("quota-perisai-national"), state_of("quota-perisai-51")

    assert (national.allotted, national.taken, national.passed_on) == (1_000, 0, 60)
    assert (bali.allotted, bali.taken, bali.passed_on) == (60, 1, 0)


def test_the_history_of_v1_makes_the_law_that_it_is_known_to_make(state_of):
    programme = state_of("programme-perisai")
    caps = {
        on: programme.rule("agent-cap", on).value
        for on in (date(2017, 12, 31), date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1))
    }

    assert list(caps.values()) == [1_200, 10_000, 10_000, 20_000]
    assert programme.rule("agent-cap", date(2018, 6, 1)).dated.conflicts[0].value == 5_000
    assert programme.rule("agent-cap", date(2019, 6, 1)).ref == "perisai/agent-cap/3"
    assert programme.rule("office-agents", date(2018, 1, 1), scope="51").value == 20
    assert programme.rule("agent-return-months", date(2019, 12, 31)).value == 6
    with pytest.raises(RuleNotInForceError):
        programme.rule("agent-return-months", date(2020, 1, 1))
    evaluation = programme.evaluations["first-year"]
    assert (evaluation.concluded_on, evaluation.outcome) == (date(2018, 12, 10), Outcome.RAISE)


def test_the_history_of_v1_makes_the_participants_that_it_is_known_to_make(state_of):
    fisher = state_of(FISHER).standing(jamsos.Segment.NON_WAGE_EARNER)
    spells = [(str(spell.months), spell.province, spell.agent) for spell in fisher.spells]

    assert spells == [
        ("2017-12/2018-02", "51", ANI),
        ("2018-03/2018-04", "52", ANI),
        ("2018-05/2018-05", "52", None),
        ("2018-06/2018-07", "52", ANI),
        ("2018-11/..", "51", BUDI),
    ]
    assert str(fisher.paid_for("jkk")) == "2017-12/2018-02,2018-05/2018-05"
    assert str(fisher.paid_for("jht")) == ""
    assert state_of(NURSE).died_on == date(2018, 11, 7)
    assert state_of(MASON).payments["M-1"].amount == 9_007_199_254_740_993


@pytest.mark.parametrize(
    ("month", "paid_up", "in_grace", "ever_paid", "registered"),
    [
        ("2017-11", 0, 0, 0, 0),
        ("2017-12", 1, 1, 1, 1),
        ("2018-02", 2, 2, 2, 4),
        ("2018-03", 1, 2, 2, 4),
        ("2018-11", 0, 0, 1, 1),
        ("2022-10", 1, 1, 2, 2),
        ("2023-02", 0, 0, 2, 2),
    ],
)
def test_the_history_of_v1_makes_the_counts_that_it_is_known_to_make(
    history, month, paid_up, in_grace, ever_paid, registered
):
    counts = {
        name: count_active(history, jamsos.Month.parse(month), definition).total
        for name, definition in DEFINITIONS.items()
    }

    assert counts == {
        "paid-up": paid_up,
        "in-grace": in_grace,
        "ever-paid": ever_paid,
        "registered": registered,
    }


@pytest.mark.parametrize(
    ("file", "make"),
    [
        (V2_RULES, make_rules),
        (V3_INCENTIVES, make_incentives),
        (V4_CHECKED, make_checked),
        (V6_SETTLED, make_settled),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_an_old_golden_file_reads_to_the_events_that_are_made_today(file, make, tmp_path):
    made = tmp_path / "made.jsonl"
    made.write_bytes(make(tmp_path))

    assert list(map(without_parts, history_file.read(file))) == list(
        map(without_parts, history_file.read(made))
    )


def without_parts(recorded: Recorded) -> Recorded:
    """Return *recorded*, an award without what is for each month: version 1 says nothing of it."""
    if not isinstance(recorded.event, AgentIncentiveAwarded | AgentIncentiveClawedBack):
        return recorded
    lines = tuple(
        attrs.evolve(line, received=attrs.evolve(line.received, parts=None))
        for line in recorded.event.contributions
    )
    return attrs.evolve(recorded, event=attrs.evolve(recorded.event, contributions=lines))


def test_the_rules_of_v2_make_the_law_that_they_are_known_to_make():
    events = [recorded.event for recorded in history_file.read(V2_RULES)]
    law = state("programme-jkk", events)

    assert law.rule("most", date(2026, 1, 1)).value == 2**63 - 1
    assert law.rule("payers", date(2026, 12, 31)).names == ("regional-budget", "state-budget")
    assert law.in_force("payers", date(2027, 1, 1)) is None
    assert law.rule("rates", date(2026, 1, 31)).row("low") == 540
    assert law.rule("rates", date(2026, 2, 1)).row("low") == 400
    assert law.rule("mandatory", date(2026, 1, 1)).names_of("employer") == ("jht", "jkk")
    assert law.rule("mandatory", date(2026, 1, 1)).names_of("pupil") == ()
    assert law.rule("bases", date(2026, 1, 1)).bracket(1_100_000) == 1_200_000
    assert law.rule("bases", date(2026, 1, 1)).verified(date(2026, 1, 31))
    assert not law.rule("bases", date(2026, 1, 1)).verified(date(2026, 2, 1))


def test_the_history_of_v3_makes_the_incentives_that_it_is_known_to_make():
    events = [r.event for r in history_file.read(V3_INCENTIVES) if r.stream == ANI]
    settled = state(ANI, events).incentives[jamsos.Month(2018, 1)]

    assert (settled.acquisition, settled.agent, settled.office) == (0, 2_268, 252)
    assert list(settled.contributions) == [(FISHER, "1")]
    assert (events[-2].agent, events[-2].office, events[-2].pay_by) == (
        4_986,
        554,
        date(2018, 2, 5),
    )
    assert (events[-1].agent, events[-1].office, events[-1].acquisition) == (2_718, 302, 500)


def test_the_history_of_v4_makes_the_checks_that_it_is_known_to_make():
    events = [r.event for r in history_file.read(V4_CHECKED) if r.stream == FISHER]
    first, second = state(FISHER, events).payments.values()

    assert (first.amount, first.check.due, first.check.credit) == (4_000, (3_400,), 0)
    assert (second.amount, second.check.due, second.check.credit) == (2_800, (3_400,), 600)
    assert first.check.sector == "transport"
    assert "jkm/bpu-amount/1" in first.check.rules


def test_an_award_of_v1_says_nothing_of_what_was_for_each_month():
    parts = {
        line.received.parts
        for recorded in history_file.read(V3_INCENTIVES)
        if isinstance(recorded.event, AgentIncentiveAwarded | AgentIncentiveClawedBack)
        for line in recorded.event.contributions
    }

    assert parts == {None}


def test_the_history_of_v6_makes_the_incentives_that_it_is_known_to_make():
    first, clawed, again = (
        r.event
        for r in list(history_file.read(V6_SETTLED))
        if r.stream == ANI and isinstance(r.event, AgentIncentiveAwarded | AgentIncentiveClawedBack)
    )

    assert [line.received.number for line in first.contributions] == [1]
    assert [line.received.parts for line in first.contributions] == [(6_800, 6_800)]
    assert [line.incentive for line in first.contributions] == [2_040]
    assert clawed.contributions == first.contributions
    lines = {line.received.reference: line for line in again.contributions}
    assert (lines["1"].received.number, lines["1"].incentive) == (2, 1_360)
    assert (lines["2"].received.number, lines["2"].incentive) == (1, 1_020)

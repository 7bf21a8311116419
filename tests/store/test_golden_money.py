"""
The golden file ``tests/golden/v6-money.jsonl``: differences for paid months, and refunds.

`make_money` made it, when a payment could be followed by a difference and be paid back. This file
writes it to the standard output when it is run. The tests of every golden file are in
``test_golden.py``.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import jamsos
from jamsos import Month, Months
from jamsos.cli.story import sentence
from jamsos.domain.aggregate import state
from jamsos.domain.participant import (
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
    ParticipantFactVoided,
)
from jamsos.domain.value import Table, Word
from jamsos.store import history_file
from jamsos.store.event_store import EventStore

GOLDEN = Path(__file__).parents[1] / "golden"
V6_MONEY = GOLDEN / "v6-money.jsonl"
DRIVER, NURSE = (f"participant-00000000-0000-7000-8000-{number:012}" for number in (1, 2))
BPU, PU = jamsos.Segment.NON_WAGE_EARNER, jamsos.Segment.WAGE_EARNER
JANUARY = date(2026, 1, 1)


def make_money(folder: Path | str) -> bytes:
    """Pay, pay a difference, and be paid back, checked and as told; with fixed ids."""
    path = Path(folder) / "money.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 7, 6, 2, tzinfo=UTC)) as registry:
        _law(registry)
        _checked(registry)
        _as_told(registry)
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def _law(registry: jamsos.Registry) -> None:
    for programme, rule, unit, value in (
        ("jht", "bpu-income-brackets", "rupiah", Table.of({0: 20_000, 1_500_000: 30_000})),
        ("jht", "bpu-rate", "per-100000", 100_000),
        ("jkk", "bpu-refund", "occasions", (Word("jht-claim"), Word("jkm-claim"))),
    ):
        said = jamsos.DatedValue(
            value=value,
            in_force=JANUARY,
            citation=jamsos.Citation("Example 1/2026", "article 1", source="tests/golden"),
            status=jamsos.Status.ASSUMED,
        )
        registry.enact(programme, rule, unit=unit, values=[said], on=JANUARY).or_raise()


def _checked(registry: jamsos.Registry) -> None:
    registry.register(DRIVER, province="51", on=date(2026, 1, 5)).or_raise()
    registry.pay(
        DRIVER,
        reference="D-1",
        months=Months.parse("2026-01/2026-04"),
        income=1_000_000,
        amount=80_000,
        programmes=("jht",),
        on=date(2026, 1, 5),
    ).or_raise()
    registry.pay_difference(
        DRIVER, reference="D-1R", of="D-1", income=1_500_000, amount=40_000, on=date(2026, 2, 2)
    ).or_raise()
    for claimed, amount in ((2, 60_000), (3, 30_000)):
        registry.refund(
            DRIVER,
            refunds="D-1",
            claim="jht-claim",
            claimed=Month(2026, claimed),
            amount=amount,
            on=date(2026, 4, 6),
        ).or_raise()
        if claimed == 2:
            registry.void(DRIVER, version=4, reason="wrong-month", on=date(2026, 4, 7)).or_raise()


def _as_told(registry: jamsos.Registry) -> None:
    registry.register(NURSE, province="51", on=date(2026, 1, 5), segment=PU).or_raise()
    registry.pay(
        NURSE,
        reference="N-1",
        months=Months.parse("2026-01/2026-01"),
        income=5_000_000,
        amount=1,
        segment=PU,
        on=date(2026, 1, 5),
    ).or_raise()
    registry.pay_difference(
        NURSE,
        reference="N-2",
        of="N-1",
        income=6_000_000,
        amount=9_007_199_254_740_993,  # no float holds it
        payer=jamsos.Payer.EMPLOYER,
        on=date(2026, 2, 2),
    ).or_raise()


def _of(who):
    return state(who, [r.event for r in history_file.read(V6_MONEY) if r.stream == who])


def test_the_money_of_v6_is_made_in_the_same_bytes_again(tmp_path):
    assert make_money(tmp_path) == V6_MONEY.read_bytes()


def test_the_money_of_v6_makes_the_payments_that_it_is_known_to_make():
    driver, nurse = map(_of, (DRIVER, NURSE))
    paid, difference = driver.payments.values()
    told = nurse.payments["N-2"]

    assert (paid.refund.version, str(paid.covers)) == (6, "2026-01/2026-03")
    assert str(driver.standing(BPU).paid_for("jht")) == "2026-01/2026-03"
    assert (difference.of, str(difference.months), difference.check.due) == (
        "D-1",
        "2026-01/2026-04",
        (10_000,) * 4,
    )
    assert (told.of, told.amount, told.check) == ("N-1", 9_007_199_254_740_993, None)
    assert [str(void.fact) for void in driver.voids.values()] == ["refunded"]
    assert (driver.recorded, nurse.recorded) == (driver.standings, nurse.standings)


def test_the_money_of_v6_reads_as_sentences():
    kinds = ParticipantDifferencePaid | ParticipantContributionRefunded | ParticipantFactVoided
    events = [recorded.event for recorded in history_file.read(V6_MONEY)]

    assert [sentence(each) for each in events if isinstance(each, kinds)] == [
        (
            "paid a difference of Rp 40,000 for D-1, months 2026-01/2026-04, on a monthly income of"
            " Rp 1,500,000 (reference D-1R, paid by self); checked: Rp 40,000 due in sector other,"
            " budget own (under jht/bpu-income-brackets/1, jht/bpu-rate/1)"
        ),
        (
            "Rp 60,000 of payment D-1 paid back with jht-claim of 2026-02: it covers"
            " 2026-03/2026-04 no more (under jkk/bpu-refund/1)"
        ),
        (
            "version 4 voided (wrong-month): refunded on 2026-04-06 of segment bpu, counts for"
            " nothing"
        ),
        (
            "Rp 30,000 of payment D-1 paid back with jht-claim of 2026-03: it covers"
            " 2026-04/2026-04 no more (under jkk/bpu-refund/1)"
        ),
        (
            "paid a difference of Rp 9,007,199,254,740,993 for N-1, months 2026-01/2026-01, on a"
            " monthly income of Rp 6,000,000 (reference N-2, paid by employer); not checked:"
            " recorded as it was told, as all of segment pu"
        ),
    ]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.buffer.write(make_money(folder))

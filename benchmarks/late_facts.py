"""A fact about a participant told last though it comes first, beside one told in order."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

from _table import compared, in_turn, options, show

import jamsos
from jamsos import Month, Months

FIRST = date(2008, 1, 2)
FACTS = 120


def told(size: int) -> tuple[jamsos.Registry, list[str]]:
    """Return *size* participants with so many facts each: a registration, moves and payments."""
    registry = jamsos.open(":memory:")
    people = [jamsos.new_participant_id() for _ in range(size)]
    with registry.batch() as desk:
        for each in people:
            desk.register(each, province="51", on=FIRST).or_raise()
            for number in range(FACTS - 1):
                month = Month.of(FIRST) + 1 + number
                if number % 8 == 0:
                    province = ("31", "51")[number // 8 % 2]
                    desk.move(each, province=province, on=month.first_day).or_raise()
                else:
                    desk.pay(
                        each,
                        reference=str(number),
                        months=Months.between(month, month),
                        income=1_000_000,
                        amount=16_800,
                        on=month.first_day,
                    ).or_raise()
    return registry, people


def moves(size: int, on: date) -> float:
    """Return how many microseconds one more move *on* a day takes."""
    registry, people = told(size)
    start = perf_counter()
    for each in people:
        registry.move(each, province="32", on=on).or_raise()
    return (perf_counter() - start) / size * 1_000_000


def pays(size: int, month: Month) -> float:
    """Return how many microseconds one more payment for *month* takes."""
    registry, people = told(size)
    start = perf_counter()
    for each in people:
        registry.pay(
            each,
            reference="one-more",
            months=Months.between(month, month),
            income=1_000_000,
            amount=16_800,
            on=month.first_day + timedelta(days=1),
        ).or_raise()
    return (perf_counter() - start) / size * 1_000_000


def main() -> None:
    asked = options(__doc__ or "", rounds=5, size=40)
    last = Month.of(FIRST) + FACTS + 1
    early = FIRST + timedelta(days=1)
    free = Month.of(FIRST) + 1  # of a move: not paid for
    rows = [
        compared(
            "a move",
            *in_turn(
                asked.rounds,
                lambda: moves(asked.size, early),
                lambda: moves(asked.size, last.first_day),
            ),
        ),
        compared(
            "a payment",
            *in_turn(asked.rounds, lambda: pays(asked.size, free), lambda: pays(asked.size, last)),
        ),
    ]
    show(
        f"One fact more of a participant with {FACTS}: median of {asked.rounds} rounds",
        ("microseconds", "told last, comes first", "in order", "ratio", "least to most"),
        rows,
        "In memory; one command at a time, with its recording.",
    )


if __name__ == "__main__":
    main()

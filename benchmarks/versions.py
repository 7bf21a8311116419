"""How much this version does in a second, beside another checkout, such as the one before it."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from _table import compared, in_turn, parser, show

HERE = Path(__file__).resolve().parents[1] / "src"

BEGIN = """
import sys
from datetime import date
from time import perf_counter
import jamsos
size, day = int(sys.argv[1]), date(2018, 1, 8)
registry = jamsos.open(":memory:")
people = [jamsos.new_participant_id() for _ in range(size)]
terms = jamsos.Months.parse("2018-01/2018-03")
def register(desk):
    for each in people:
        desk.register(each, province="51", on=day)
def pay(desk):
    for each in people:
        desk.pay(each, reference="1", months=terms, income=1_000_000, amount=50_400, on=day)
"""

ONE_BY_ONE = "{before}; start = perf_counter(); {work}; print(size / (perf_counter() - start))"

BATCH = """
{before}
start = perf_counter()
with registry.batch() as batch:
    {work}
print(size / (perf_counter() - start))
"""

SEARCH = """
import sys
from time import perf_counter
from jamsos.testing import examine
from jamsos.testing.families import {law}
law, size = {law}(), max(int(sys.argv[1]) // 5, 1)
examine(law, histories=2)
start = perf_counter()
examine(law, histories=size)
print(size / (perf_counter() - start))
"""

WORK = {
    "register, one by one": BEGIN + ONE_BY_ONE.format(before="", work="register(registry)")[2:],
    "pay, one by one": BEGIN + ONE_BY_ONE.format(before="register(registry)", work="pay(registry)"),
    "register, in a batch": BEGIN + BATCH.format(before="", work="register(batch)"),
    "pay, in a batch": BEGIN + BATCH.format(before="register(registry)", work="pay(batch)"),
    "histories of never_rejudged": SEARCH.format(law="never_rejudged"),
    "histories of clean_end_is_reachable": SEARCH.format(law="clean_end_is_reachable"),
}


def rate(program: str, size: int, source: Path) -> float:
    """Return what *program* did in a second, in a fresh interpreter, with jamsos of *source*."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONHASHSEED": "0"}
    told = subprocess.run(
        [sys.executable, "-c", program, str(size)],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    return float(told.stdout)


def main() -> None:
    asked = parser(__doc__, rounds=5, size=1_000)
    asked.add_argument(
        "--before", type=Path, default=HERE, help="the src of the other; alone: noise"
    )
    given = asked.parse_args()
    before = given.before.resolve(strict=True)
    rows = [
        compared(
            what,
            *in_turn(given.rounds, *(partial(rate, work, given.size, s) for s in (HERE, before))),
        )
        for what, work in WORK.items()
    ]
    show(
        f"This version beside another: median of {given.rounds} rounds",
        ("in a second", "this", "other", "ratio", "least to most"),
        rows,
        "In memory; commands, or histories of the search for broken laws, in a second.",
    )


if __name__ == "__main__":
    main()

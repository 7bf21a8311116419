"""How long `import jamsos` takes, beside what a user of plain `eventsourcing` imports."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from _table import compared, in_turn, options, show

BARE, PLAIN, JAMSOS = "pass", "import eventsourcing.application", "import jamsos"


def run(statement: str, compiled: str) -> float:
    """Return how many milliseconds a fresh interpreter takes, with modules kept in *compiled*."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)
    return (perf_counter() - start) * 1_000


def main() -> None:
    asked = options(__doc__, rounds=11)
    with TemporaryDirectory() as compiled:
        for statement in (BARE, PLAIN, JAMSOS):
            run(statement, compiled)  # compiles every module, once
        bare, plain, jamsos = in_turn(
            asked.rounds, *(partial(run, each, compiled) for each in (BARE, PLAIN, JAMSOS))
        )
    ours, theirs = (
        [each - base for each, base in zip(all_, bare, strict=True)] for all_ in (jamsos, plain)
    )
    show(
        f"Milliseconds in a fresh interpreter: median of {asked.rounds} rounds",
        ("milliseconds", "jamsos", "plain", "ratio", "least to most"),
        [
            compared("interpreter and import", jamsos, plain),
            compared("import alone", ours, theirs),
        ],
        f"jamsos: `{JAMSOS}`; plain: `{PLAIN}`.",
        f"The bare interpreter takes {median(bare):.0f} ms, taken off in the second row.",
    )


if __name__ == "__main__":
    main()

"""A progress bar on a terminal, if there is one to show it on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .writing import Shown


@contextmanager
def progress_bar(total: int, unit: str) -> Iterator[Callable[[int], object]]:
    """Give a function that is told how many more of *total* are done."""
    try:
        from tqdm import tqdm  # noqa: PLC0415 - an extra
    except ImportError:
        if sys.stderr.isatty():
            print("for a progress bar, install jamsos[cli]", file=sys.stderr)
        yield lambda _: None
        return
    err = sys.stderr.raw if isinstance(sys.stderr, Shown) else sys.stderr  # it moves the cursor
    with tqdm(total=total, unit=unit, file=err, disable=None, leave=False) as bar:
        yield bar.update

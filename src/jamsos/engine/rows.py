"""The errors of rows that are asked together: all that are at fault are named at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from jamsos.commands.reading import UnrecordedError
from jamsos.errors import InputError, JamsosError, NotFoundError, RuleNotInForceError

_TOLD: Final = 20
"""So many rows are told of in one error; of the others, how many there are."""


class Rows:
    """Keeps the errors of rows until all were looked at."""

    def __init__(self) -> None:
        self._faults: list[tuple[int, Exception]] = []

    @contextmanager
    def row(self, number: int) -> Iterator[None]:
        """Keep an error that says that row *number* cannot be meant; any other is raised."""
        try:
            yield
        except (TypeError, InputError, NotFoundError, RuleNotInForceError) as error:
            self._faults.append((number, error))

    def check(self) -> None:
        """
        Raise one error for all that were kept, whose ``rows`` are their numbers.

        It is of their type if they are of one, and `InputError` if not.
        """
        if not self._faults:
            return
        kinds = {type(error) for _, error in self._faults}
        kind: type[JamsosError] = InputError
        if UnrecordedError in kinds:  # they can be recorded in another transaction
            kind = UnrecordedError
        elif len(kinds) == 1 and kinds <= {NotFoundError, RuleNotInForceError}:
            kind = kinds.pop()  # type: ignore[assignment]
        told = [_told(number, str(error)) for number, error in self._faults[:_TOLD]]
        if len(self._faults) > _TOLD:
            told.append(f"and {len(self._faults) - _TOLD} more rows")
        raised = kind("; ".join(told))
        raised.rows = tuple(number for number, _ in self._faults)
        raise raised from self._faults[0][1]


def _told(number: int, error: str) -> str:
    return error if error.startswith(f"row {number} ") else f"row {number}: {error}"

"""The answer to a question, compared with what is expected."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from jamsos.desk import Answer
from jamsos.domain.decision import Accepted, Refused
from jamsos.engine.world import World
from jamsos.errors import InputError
from jamsos.store.catalogue import EVENTS

from .texts import NOTHING, Expected, differences, fits, line_of, lines_of

EVENT_TYPES = frozenset(EVENTS.values())


@attrs.frozen(eq=False)
class Decided:
    """
    The answer to a question, to be compared with what is expected.

    Every method raises `AssertionError` where another answer came; its text shows both, one
    event a line.
    """

    asked: str
    answer: Answer | Exception
    world: World
    """Everything as it is after the answer."""

    def then(self, *expected: Expected) -> None:
        """
        Expect to be accepted with these events, in this order.

        Of a type that stands in place of an event, any event will do. Raises `InputError` for
        no event at all, which `then_nothing` is for.
        """
        __tracebackhide__ = True
        for each in expected:
            if (each if isinstance(each, type) else type(each)) not in EVENT_TYPES:
                msg = f"{each!r} is no event: expect events, or types of them"
                raise InputError(msg)
        if not expected:
            msg = "nothing is expected: name the events, or say then_nothing()"
            raise InputError(msg)
        came = self.answer.events if isinstance(self.answer, Accepted) else None
        if came is None or len(came) != len(expected) or not all(map(fits, expected, came)):
            self._fail(list(map(line_of, expected)), differences(expected, came or ()))

    def then_refused(self, *policies: str) -> None:
        """
        Expect to be refused by exactly these policies, in any order.

        They are named by the codes of their reasons, such as ``agent-cap``. Raises
        `InputError` where none is named.
        """
        __tracebackhide__ = True
        if not policies:
            msg = "nobody is said to refuse: name the policies, as in then_refused('agent-cap')"
            raise InputError(msg)
        reasons = self.answer.reasons if isinstance(self.answer, Refused) else ()
        if {reason.policy for reason in reasons} != {*policies}:
            self._fail([f"refused by {policy}" for policy in policies])

    def then_nothing(self) -> None:
        """Expect to be accepted with no events: it had been done before, or nobody minds."""
        __tracebackhide__ = True
        if not isinstance(self.answer, Accepted) or self.answer.events:
            self._fail([NOTHING])

    def then_raises(self, error: type[Exception] = InputError) -> None:
        """Expect an *error*: the question cannot be meant."""
        __tracebackhide__ = True
        if not isinstance(self.answer, error):
            self._fail([f"an error: {error.__name__}"])

    def _fail(self, expected: Iterable[str], differences: Iterable[str] = ()) -> None:
        __tracebackhide__ = True
        lines = [
            f"when {self.asked}",
            "expected:",
            *(f"  {line}" for line in expected),
            "came:",
            *(f"  {line}" for line in lines_of(self.answer)),
            *differences,
        ]
        raise AssertionError("\n".join(lines))

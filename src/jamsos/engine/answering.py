"""The ways of answering commands: now, later, together, or through another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import attrs

from jamsos.commands.command import Expansion, Letter
from jamsos.domain.decision import Decision
from jamsos.domain.envelope import Envelope

C = TypeVar("C")


class Answering(Protocol):
    """
    Answers letters: a session, the writer of a store, a group commit, `Once` or `Asked`.

    A desk is a face over one of these.
    """

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """
        Return the answer to each command of *letter*, in order.

        Raises whatever a decision raises; then nothing of the letter is kept.
        """
        ...

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, as things are now."""
        ...


@attrs.frozen
class Once:
    """Sends its letters on under one command id, so that they are decided once."""

    to: Answering
    id: str

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """Return the answers that the letter got under the id, the first time."""
        return self.to.answer(attrs.evolve(letter, id=self.id))

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands: each needs an id of its own."""
        return self.to.expand(expansion)


@attrs.frozen
class Asked:
    """Sends its letters on in an envelope; what a letter says itself is kept."""

    to: Answering
    envelope: Envelope

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """Return the answers to the letter in this envelope."""
        said = letter.envelope.within(self.envelope)
        if said is letter.envelope:
            return self.to.answer(letter)
        return self.to.answer(attrs.evolve(letter, envelope=said))

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands: an envelope makes no difference."""
        return self.to.expand(expansion)

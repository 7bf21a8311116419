"""The command by which any fact is put right: it is voided, and all is as if never told."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain import participant as participants
from jamsos.domain.agent import AgentFactVoided
from jamsos.domain.aggregate import kind
from jamsos.domain.participant import ParticipantContributionCorrected, ParticipantFactVoided
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.errors import InputError
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .voiding_of_agents import void_agent_fact


@attrs.frozen(kw_only=True)
class Void:
    """
    Void the fact that the event with *version* in *stream* told: it was a mistake.

    Counts, standings and what is due become as if it had not been told; a fact told instead
    of it is told by its own command, with ``instead_of``. A payment is corrected, and what was
    paid back counts as paid again. Decisions that rested on it stand. Refused while the seat that
    it would restore is taken. Raises `NotFoundError` if there is no such fact, and `InputError`
    while another fact needs it, and for a stream that is neither a participant's nor an agent's.
    """

    stream: str = attrs.field(kw_only=False)
    version: int
    on: date
    reason: str = "mistake"

    def streams(self) -> tuple[str, ...]:
        """Return the stream."""
        return (self.stream,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[
        ParticipantFactVoided
        | ParticipantContributionCorrected
        | AgentFactVoided
        | QuotaSeatTaken
        | QuotaSeatReleased
    ]:
        """Decide by what rests on the fact."""
        of = kind(self.stream)
        if of == "agent":
            return void_agent_fact(
                read, judges, self.stream, version=self.version, reason=self.reason, on=self.on
            )
        if of != "participant":
            msg = (
                f"facts about participants and agents can be voided, and {self.stream!r} is the"
                f" stream of neither"
            )
            raise InputError(msg)
        voided = participants.void(
            read.participant(self.stream), version=self.version, reason=self.reason, on=self.on
        )
        return [(self.stream, voided)]

"""The front desk: a typed method for each command, over anything that answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias, TypeVar, overload

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Reseat,
    Resign,
    Terminate,
)
from jamsos.commands.command import Command, Letter
from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.commands.facts import Void
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import (
    Adopt,
    Amend,
    ConcludeEvaluation,
    Enact,
    EndRule,
    OpenEvaluation,
)
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.domain.agent import (
    AgentDeactivated,
    AgentFactVoided,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentRecruited,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.decision import Decision
from jamsos.domain.identity import REFERENCE, AgentId
from jamsos.domain.participant import (
    ParticipantContributionPaid,
    ParticipantFactVoided,
    ParticipantRegistered,
)
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.engine.answering import Answering, Once
from jamsos.errors import InputError

from .verb import of_rows, verb

E = TypeVar("E", bound=Event)

Answer: TypeAlias = Decision[Event]
"""The answer to a command: `Accepted` with the events, or `Refused` with the reasons."""


class Verbs:
    """The commands, each as a typed method: whatever answers, decides when and on what."""

    def __init__(self, answering: Answering, /) -> None:
        """Ask *answering*."""
        self._answering = answering

    def ask(self, command: Command[E]) -> Decision[E]:
        """Return the answer to *command*, a value of `jamsos.commands`."""
        answer: Decision[E] = self._answering.answer(Letter((command,)))[0]
        return answer

    @overload
    def ask_all(self, commands: Iterable[Command[E]]) -> list[Decision[E]]: ...

    @overload  # commands of several types, for which mypy finds no one E
    def ask_all(  # type: ignore[overload-cannot-match]
        self, commands: Iterable[Command[Event]]
    ) -> list[Decision[Event]]: ...

    def ask_all(self, commands: Iterable[Command[Any]]) -> list[Decision[Any]]:
        """
        Return the answers to *commands*, of any kinds, that are asked together.

        They are decided in order, each on what the ones before it have led to, and recorded
        in one transaction. A refusal is of one command only. If one raises an error, which
        names its place as a row, nothing of any is recorded.
        """
        return self._answering.answer(Letter(tuple(commands), numbered=True))

    # -- Programmes, their rules and their seats. ----------------------------------

    adopt = verb(Adopt)
    enact = verb(Enact)
    amend = verb(Amend)
    end_rule = verb(EndRule)
    open_evaluation = verb(OpenEvaluation)
    conclude_evaluation = verb(ConcludeEvaluation)
    allot = verb(Allot)
    share_out = verb(ShareOut)
    move_seats = verb(MoveSeats)
    fit_to_cap = verb(FitToCap)

    # -- Agents. ---------------------------------------------------------------------

    recruit = verb(Recruit)
    begin_training = verb(BeginTraining)
    certify = verb(Certify)
    assign = verb(Assign)
    deactivate = verb(Deactivate)
    reactivate = verb(Reactivate)
    reseat = verb(Reseat)
    resign = verb(Resign)
    terminate = verb(Terminate)
    award_incentive = verb(AwardIncentive)

    # -- Participants. ---------------------------------------------------------------

    register = verb(Register)
    pay = verb(Pay)
    pay_difference = verb(PayDifference)
    refund = verb(Refund)
    correct = verb(Correct)
    move = verb(Move)
    transfer = verb(Transfer)
    leave = verb(Leave)
    come_back = verb(ComeBack)

    # -- Anything that was told wrongly. -----------------------------------------------

    void = verb(Void)

    # -- Many of one kind, together. ----------------------------------------------

    def recruit_many(
        self, rows: Iterable[Recruit | Mapping[str, Any]], /
    ) -> list[Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]]:
        """
        Ask for many `recruit` together: each of *rows* is a command, or holds its arguments.

        The answers stand in the order of the rows, and a refusal is of one row only. If
        a row raises an error, which names it, nothing of any is recorded.
        """
        return self.ask_all(of_rows(Recruit, rows))

    def register_many(
        self, rows: Iterable[Register | Mapping[str, Any]], /
    ) -> list[Decision[ParticipantRegistered | ParticipantFactVoided]]:
        """Ask for many `register` together, as `recruit_many` does for `recruit`."""
        return self.ask_all(of_rows(Register, rows))

    def pay_many(
        self, rows: Iterable[Pay | Mapping[str, Any]], /
    ) -> list[Decision[ParticipantContributionPaid]]:
        """Ask for many `pay` together, as `recruit_many` does for `recruit`."""
        return self.ask_all(of_rows(Pay, rows))


class Desk(Verbs):
    """
    A front desk: every command as a method, and each expansion to many commands.

    The events of its commands are known to the later ones.
    """

    def once(self, command_id: str) -> Verbs:
        """
        Give a desk for one letter, which is decided once however often it is sent.

        >>> from datetime import date
        >>> import jamsos
        >>> with jamsos.open(":memory:") as registry:
        ...     _ = registry.adopt("perisai", on=date(2017, 11, 20))
        ...     first = registry.once("letter-17").allot("perisai", 9, on=date(2017, 11, 20))
        ...     _ = registry.allot("perisai", 5, on=date(2017, 12, 1))
        ...     again = registry.once("letter-17").allot("perisai", 9, on=date(2017, 11, 20))
        ...     again == first, registry.quota("perisai").allotted
        (True, 5)

        *command_id*, 1 to 64 letters, digits or ``._:/-``, is stored with the events, and the
        answer, also a refusal, beside them. After any error send the same command again under
        the same id: what was recorded all the same is answered as it was. Raises `InputError`
        if the id belongs to another command.
        """
        return Verbs(Once(self._answering, check_command_id(command_id)))

    def evaluate_agents(
        self, programme: str, *, on: date
    ) -> dict[
        AgentId, Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]
    ]:
        """
        Deactivate every agent of *programme* whose idleness has lasted as long as the rule says.

        Returns the answers for those who were due, by agent; the others are left alone.
        """
        due = self._answering.expand(EvaluateAgents(programme, on=on))
        return {AgentId(command.agent): self.ask(command) for command in due}

    def award_incentives(
        self, programme: str, month: Month | str, *, on: date
    ) -> dict[AgentId, Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack]]:
        """
        Settle the incentives of *month* for every agent of *programme* who has earned something.

        And for every one who was awarded something for it. Returns the answers by agent: what was
        awarded, and what was clawed back; also of other agents, where a contribution moves to or
        from one. Asked again, it settles what has changed since, and nothing else.
        """
        earners = self._answering.expand(AwardIncentives(programme, month, on=on))
        return {AgentId(command.agent): self.ask(command) for command in earners}


def check_command_id(value: str) -> str:
    """
    Return *value*, a caller's name for one letter.

    Raises `InputError` unless it is 1 to 64 letters, digits or ``._:/-``.
    """
    if not isinstance(value, str) or REFERENCE.fullmatch(value) is None:
        msg = f"the command id {value!r} must be 1 to 64 letters, digits or ._:/- and no spaces"
        raise InputError(msg)
    return value

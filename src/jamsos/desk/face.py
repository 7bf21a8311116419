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
from jamsos.domain.envelope import enveloped
from jamsos.domain.identity import AgentId, opaque
from jamsos.domain.participant import (
    ParticipantContributionPaid,
    ParticipantFactVoided,
    ParticipantRegistered,
)
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.engine.answering import Answering, Asked, Once

from .verb import command_of, commands_of, of_rows, verb

E = TypeVar("E", bound=Event)

Answer: TypeAlias = Decision[Event]
"""The answer to a command: `Accepted` with the events, or `Refused` with the reasons."""


class Verbs:
    """
    The commands, each as a typed method: whatever answers, decides when and on what.

    *by* says who asks, and *trace* in what connection: opaque ids that are recorded in the
    envelope of the events, and that no decision reads. What is said closest to a command holds.
    """

    def __init__(self, answering: Answering, /) -> None:
        """Ask *answering*."""
        self._answering = answering

    def asked(self, *, by: str | None = None, trace: str | None = None) -> Verbs:
        """
        Give the same desk, at which everything is asked *by* somebody, in the connection *trace*.

        Each is an id of your own, 1 to 64 letters, digits or ``._:/-``, that names no person;
        what is left out is as this desk says it. Raises `InputError` for another one, and for 16
        digits in a row, such as a NIK has.
        """
        return Verbs(Asked(self._answering, enveloped(by, trace)))

    def ask(
        self, command: Command[E], *, by: str | None = None, trace: str | None = None
    ) -> Decision[E]:
        """Return the answer to *command*, a value of `jamsos.commands`; see `asked`."""
        letter = Letter((command_of(command),), envelope=enveloped(by, trace))
        answer: Decision[E] = self._answering.answer(letter)[0]
        return answer

    @overload
    def ask_all(
        self, commands: Iterable[Command[E]], *, by: str | None = None, trace: str | None = None
    ) -> list[Decision[E]]: ...

    @overload  # commands of several types, for which mypy finds no one E
    def ask_all(  # type: ignore[overload-cannot-match]
        self,
        commands: Iterable[Command[Event]],
        *,
        by: str | None = None,
        trace: str | None = None,
    ) -> list[Decision[Event]]: ...

    def ask_all(
        self, commands: Iterable[Command[Any]], *, by: str | None = None, trace: str | None = None
    ) -> list[Decision[Any]]:
        """
        Return the answers to *commands*, of any kinds, that are asked together; see `asked`.

        They are decided in order, each on what the ones before it have led to, and recorded
        in one transaction. A refusal is of one command only. If any raise an error, one names the
        places of all as rows, and nothing of any is recorded.
        """
        said = enveloped(by, trace)
        letter = Letter(commands_of(commands), numbered=True, envelope=said)
        return self._answering.answer(letter)

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
        self,
        rows: Iterable[Recruit | Mapping[str, Any]],
        /,
        *,
        by: str | None = None,
        trace: str | None = None,
    ) -> list[Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]]:
        """
        Ask for many `recruit` together: each of *rows* is a command, or holds its arguments.

        The answers stand in the order of the rows, and a refusal is of one row only. If
        rows raise errors, one error names all of them, its ``rows`` are their numbers, and nothing
        of any is recorded: put them right, and send the rows again under the same command id.
        """
        return self.ask_all(of_rows(Recruit, rows), by=by, trace=trace)

    def register_many(
        self,
        rows: Iterable[Register | Mapping[str, Any]],
        /,
        *,
        by: str | None = None,
        trace: str | None = None,
    ) -> list[Decision[ParticipantRegistered | ParticipantFactVoided]]:
        """Ask for many `register` together, as `recruit_many` does for `recruit`."""
        return self.ask_all(of_rows(Register, rows), by=by, trace=trace)

    def pay_many(
        self,
        rows: Iterable[Pay | Mapping[str, Any]],
        /,
        *,
        by: str | None = None,
        trace: str | None = None,
    ) -> list[Decision[ParticipantContributionPaid]]:
        """Ask for many `pay` together, as `recruit_many` does for `recruit`."""
        return self.ask_all(of_rows(Pay, rows), by=by, trace=trace)


class Desk(Verbs):
    """
    A front desk: every command as a method, and each expansion to many commands.

    The events of its commands are known to the later ones.
    """

    def asked(self, *, by: str | None = None, trace: str | None = None) -> Desk:
        """
        Give the same desk, at which everything is asked *by* somebody, in the connection *trace*.

        >>> from datetime import date
        >>> import jamsos
        >>> with jamsos.open(":memory:") as registry:
        ...     desk = registry.asked(by="office-51/clerk-7", trace="request-4711")
        ...     _ = desk.adopt("perisai", on=date(2017, 11, 20))
        ...     first = next(registry.history())
        ...     first.by, first.trace
        ('office-51/clerk-7', 'request-4711')

        Each is an id of your own, 1 to 64 letters, digits or ``._:/-``, that names no person;
        what is left out is as this desk says it. Raises `InputError` for another one, and for 16
        digits in a row, such as a NIK has.
        """
        return Desk(Asked(self._answering, enveloped(by, trace)))

    def once(self, command_id: str, *, by: str | None = None, trace: str | None = None) -> Verbs:
        """
        Give a desk for one letter, which is decided once however often it is sent; see `asked`.

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
        the same id: what was recorded all the same is answered as it was, whoever sends it.
        Raises `InputError` if the id belongs to another command, and for a new one with 16 digits
        in a row.
        """
        once = Once(self._answering, opaque("the command id", command_id))
        return Verbs(Asked(once, enveloped(by, trace)))

    def evaluate_agents(
        self, programme: str, *, on: date, by: str | None = None, trace: str | None = None
    ) -> dict[
        AgentId, Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]
    ]:
        """
        Deactivate every agent of *programme* whose idleness has lasted as long as the rule says.

        Returns the answers for those who were due, by agent; the others are left alone. See
        `asked`.
        """
        desk = self.asked(by=by, trace=trace)
        due = self._answering.expand(EvaluateAgents(programme, on=on))
        return {AgentId(command.agent): desk.ask(command) for command in due}

    def award_incentives(
        self,
        programme: str,
        month: Month | str,
        *,
        on: date,
        by: str | None = None,
        trace: str | None = None,
    ) -> dict[AgentId, Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack]]:
        """
        Settle the incentives of *month* for every agent of *programme* who has earned something.

        And for every one who was awarded something for it. Returns the answers by agent: what was
        awarded, and what was clawed back; also of other agents, where a contribution moves to or
        from one. Asked again, it settles what has changed since, and nothing else. See `asked`.
        """
        desk = self.asked(by=by, trace=trace)
        earners = self._answering.expand(AwardIncentives(programme, month, on=on))
        return {AgentId(command.agent): desk.ask(command) for command in earners}

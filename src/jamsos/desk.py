"""Every request that can be made, each decided on a fresh read of what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeAlias, cast

import attrs

from jamsos.domain import agent as agents
from jamsos.domain import participant as participants
from jamsos.domain import programme as programmes
from jamsos.domain import quota as quotas
from jamsos.domain.agent import Agent, AgentStatus, DeactivationReason, TerminationCause
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Decision, Policy, Refused
from jamsos.domain.due import OTHER, OWN, SEGMENT_RULES, Law
from jamsos.domain.field import word_of
from jamsos.domain.geography import (
    NATIONAL,
    REGIONS,
    ProvinceCode,
    Region,
    check_province,
    check_region,
)
from jamsos.domain.identity import (
    AgentId,
    ProgrammeName,
    RuleRef,
    check_agent,
    check_day,
    check_name,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.incentive import Earning
from jamsos.domain.money import Rupiah, check_whole
from jamsos.domain.participant import (
    Channel,
    Check,
    LeavingReason,
    Participant,
    ParticipantEvent,
    ParticipantRegistered,
    Payer,
)
from jamsos.domain.programme import Measures, Outcome, Programme
from jamsos.domain.quota import Quota
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Word
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.formulas.payment_due import is_encoded, payment_due
from jamsos.policies import agent_cap
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.policies.standard import STANDARD
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.incentive_base import IncentiveBase
from jamsos.request import Request, verb
from jamsos.rows import Payment, Recruitment, Registration
from jamsos.rulebook import rules_of

Answer: TypeAlias = Decision[Event]
"""What a request is answered: `Accepted` with the events, or `Refused` with the reasons."""

Decisions: TypeAlias = Sequence[tuple[str, Decision[Any]]]
"""What is decided for each stream; accepted all together, or not at all."""

ExtraPolicies: TypeAlias = Mapping[type, Iterable[Policy[Any]]]
"""A caller's own policies, by the case that they judge."""


class Source(Protocol):
    """Where a desk reads what has been recorded."""

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*, as of now."""
        ...

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, as of now."""
        ...

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are reckoned on, as of now."""
        ...

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*, as of now."""
        ...


@attrs.frozen
class Draft:
    """What a desk has decided, and what that rests on."""

    events: Sequence[tuple[str, int, Event]]
    """Each event with its stream, and the version that it is to be there."""
    reads: Mapping[str, int]
    """The version of each stream that was read, as it was then."""
    as_of: int | None
    """The position up to which the whole history was looked at, if it was."""
    written: Mapping[str, tuple[State, int]]
    """The state and the version of each stream that has new events."""


class Desk:
    """
    Takes requests, and keeps what was decided until it is recorded.

    A request that had been granted before is accepted with no events. What follows from an
    earlier request of the same desk is known to the later ones.
    """

    def __init__(
        self,
        source: Source,
        policies: ExtraPolicies | None = None,
        *,
        standard: Mapping[type, Iterable[Policy[Any]]] | None = None,
    ) -> None:
        """
        Take *policies* beside those that ship, or in place of these *standard* ones.

        Raises `InputError` for policies of a case that nothing asks about.
        """
        self._source = source
        self._extra = by_case(policies) if policies else {}
        self._standard = STANDARD if standard is None else standard
        self._states: dict[str, State] = {}
        self._versions: dict[str, int] = {}
        self._read: dict[str, int] = {}
        self._decided: list[tuple[str, int, Event]] = []
        self._as_of: int | None = None

    def draft(self) -> Draft:
        """Return what this desk has decided so far."""
        streams = {stream for stream, _, _ in self._decided}
        return Draft(
            events=tuple(self._decided),
            reads={s: v for s, v in self._read.items() if s not in streams},
            as_of=self._as_of,
            written={s: (self._states[s], self._versions[s]) for s in streams},
        )

    def read_ahead(self, streams: Iterable[str]) -> None:
        """
        Read many streams together, before the requests that will rest on them.

        It changes no answer, and makes a large batch faster.
        """
        new = [stream for stream in dict.fromkeys(streams) if stream not in self._states]
        if not new:
            return
        for stream, (state, version) in self._source.load_many(new).items():
            self._states[stream] = state
            self._versions[stream] = self._read[stream] = version

    # -- Programmes and their rules. ---------------------------------------------

    @verb
    def adopt(
        self,
        programme: str,
        *,
        on: date,
        evaluation: str | None = None,
        rules: str | Path | None = None,
    ) -> Answer:
        """
        Establish *programme* and enact the rules that ship for it, as published by *on*.

        Only what is new is recorded; a raise of the cap needs a concluded *evaluation*.
        *rules* names a rule file or a folder of them, to be taken instead of what ships.
        Raises `NotFoundError` where there are no rules for the programme, and `InputError`
        for a fault in a rule file, or for one of another unit or kind than the rule has.
        """

        def ask() -> Decisions:
            stream, state = programme_stream(programme), self._programme_or_new(programme)
            decisions: list[tuple[str, Decision[Any]]] = []

            def decided(decision: Decision[Any]) -> None:
                nonlocal state
                decisions.append((stream, decision))
                if isinstance(decision, Accepted):
                    state = cast("Programme", state_of(stream, decision.events, since=state))

            decided(programmes.establish(state, on=on))
            for file in rules_of(programme, rules):
                known = state.rules.get((file.rule, file.scope), ())
                if known and known[0].unit != file.unit:
                    msg = f"rule '{file.rule}' is in {known[0].unit}: its file says {file.unit}"
                    raise InputError(msg)
                standing = {v.dated for v in known if not v.void}
                if not known and (first := file.first_published(on)):
                    decided(
                        programmes.enact(
                            state,
                            file.rule,
                            unit=file.unit,
                            values=first,
                            on=on,
                            scope=file.scope,
                        )
                    )
                for value in file.published(on):
                    # What an amendment of this very day has voided is enacted again after it.
                    now = state.rules[file.rule, file.scope]
                    there = {v.dated for v in now if not (v.void and v.dated in standing)}
                    if not any(value.same_law(dated) for dated in there):
                        decided(self._amended(state, file.rule, value, evaluation, on, file.scope))
            return decisions

        return self._decide(on, ask)

    @verb
    def enact(
        self,
        programme: str,
        rule: str,
        *,
        unit: str,
        values: Sequence[DatedValue],
        on: date,
        scope: str = NATIONAL,
    ) -> Answer:
        """
        Enact a new *rule* of *programme*, which is established if it is not.

        Raises `InputError` where two values share a day, or the rule is enacted already.
        """

        def ask() -> Decisions:
            check_region(scope)
            state = self._programme_or_new(programme)
            enacted = programmes.enact(
                state, rule, unit=unit, values=tuple(values), on=on, scope=Region(scope)
            )
            stream = programme_stream(programme)
            return [(stream, programmes.establish(state, on=on)), (stream, enacted)]

        return self._decide(on, ask)

    @verb
    def amend(
        self,
        programme: str,
        rule: str,
        value: DatedValue,
        *,
        on: date,
        evaluation: str | None = None,
        scope: str = NATIONAL,
    ) -> Answer:
        """
        Give *rule* another value from its first day on; what was decided stays decided.

        A higher ``agent-cap`` is refused without a concluded *evaluation*.
        """
        return self._decide(
            on,
            lambda: [
                (
                    programme_stream(programme),
                    self._amended(
                        self._programme(programme), rule, value, evaluation, on, Region(scope)
                    ),
                )
            ],
        )

    @verb
    def end_rule(
        self,
        programme: str,
        rule: str,
        *,
        last_day: date,
        citation: Citation,
        on: date,
        scope: str = NATIONAL,
    ) -> Answer:
        """Give *rule* its last day in force."""
        check_day("last_day", last_day)
        return self._decide(
            on,
            lambda: [
                (
                    programme_stream(programme),
                    programmes.end_rule(
                        self._programme(programme),
                        rule,
                        last_day=last_day,
                        citation=citation,
                        on=on,
                        scope=Region(scope),
                    ),
                )
            ],
        )

    @verb
    def open_evaluation(self, programme: str, evaluation: str, *, trigger: str, on: date) -> Answer:
        """Open an evaluation of *programme*, and say what brought it about."""
        return self._decide(
            on,
            lambda: [
                (
                    programme_stream(programme),
                    programmes.open_evaluation(
                        self._programme(programme), evaluation, trigger=trigger, on=on
                    ),
                )
            ],
        )

    @verb
    def conclude_evaluation(
        self,
        programme: str,
        evaluation: str,
        *,
        outcome: Outcome,
        month: Month,
        after_months: int,
        on: date,
    ) -> Answer:
        """
        Conclude an evaluation, with measures of what is recorded at the end of *month*.

        *after_months* says how long after their acquisition participants are looked at.
        Raises `InputError` in a batch that has decided something: it is not recorded yet.
        """

        def ask() -> Decisions:
            if self._decided:
                msg = "an evaluation measures what is recorded: end the batch before it"
                raise InputError(msg)
            state = self._programme(programme)
            measures = self._source.measures(
                programme,
                month=month,
                months=state.rule(IDLE_RULE, on).value,
                after_months=after_months,
            )
            self._as_of = measures.known_at
            concluded = programmes.conclude_evaluation(
                state,
                evaluation,
                measures=measures,
                outcome=word_of(Outcome, outcome, "outcome"),
                on=on,
            )
            return [(programme_stream(programme), concluded)]

        return self._decide(on, ask)

    # -- Seats. ------------------------------------------------------------------

    @verb
    def allot(self, programme: str, seats: int, *, on: date, region: str = NATIONAL) -> Answer:
        """
        See to it that *region* has *seats* seats: the nation's under the cap, a province's from it.

        The nation's are those of the whole country, the seats of provinces among them. Fewer
        than there are: free ones are taken back, a province's for the nation. Refused where
        the seats of all regions would exceed the cap in force *on* that day. Raises
        `InputError` where more would have to be taken back, or passed on, than are free.
        """

        def ask() -> Decisions:
            check_whole("seats", seats)
            state, national = self._programme(programme), self._quota(programme, NATIONAL)
            quota = self._quota(programme, region)
            there = national.issued if region == NATIONAL else quota.allotted
            if seats == there:
                return []
            if region == NATIONAL and seats > there:
                return [self._allotted(state, quota, seats - there, None, on)]
            if region == NATIONAL:
                back = quotas.take_back(national, there - seats, on=on)
                return [(quota_stream(programme, NATIONAL), back)]
            giver, taker, moved = national, quota, seats - there
            if moved < 0:
                giver, taker, moved = quota, national, -moved
            passed_on = quotas.take_back(giver, moved, to=taker.region, on=on)
            return [
                (quota_stream(programme, giver.region), passed_on),
                self._allotted(state, taker, moved, giver.region, on),
            ]

        return self._decide(on, ask)

    @verb
    def share_out(
        self, programme: str, seats: int, weights: Mapping[str, int], *, on: date
    ) -> Answer:
        """
        See to it that each region of *weights* has its share of *seats*, by largest remainder.

        They come out of the nation's free seats, and out of new ones where those are too few;
        regions that are not named keep theirs. Asked again, it does nothing. Refused where
        more would be issued in all than the cap in force *on* that day. Raises `InputError`
        where a region would have to give back more seats than are free there.
        """

        def ask() -> Decisions:
            state, there = self._programme(programme), self._quotas(programme, weights)
            shares = {Region(region): weight for region, weight in weights.items()}
            return self._reallotted(state, there, quotas.shared_out(there, seats, shares), on)

        return self._decide(on, ask)

    @verb
    def move_seats(self, programme: str, seats: int, *, source: str, to: str, on: date) -> Answer:
        """
        Move *seats* free seats from region *source* to region *to*; ``national`` may be either.

        The seats of all regions together stay as many as they were. Asked again, it moves as
        many again. Refused while more seats are issued than the cap in force *on* that day,
        unless they go back to the nation. Raises `InputError` where fewer are free.
        """

        def ask() -> Decisions:
            check_whole("seats", seats)
            state, there = self._programme(programme), self._quotas(programme, (source, to))
            move = quotas.Move(seats=seats, source=Region(source), to=Region(to))
            return self._reallotted(state, there, [move], on)

        return self._decide(on, ask)

    @verb
    def fit_to_cap(self, programme: str, *, on: date) -> Answer:
        """
        Take free seats back until no more are issued than the cap in force *on* that day.

        The nation's own go first, then those of the regions, by largest remainder over what is
        free there. Where too few are free, all of them go; nobody loses the seat he holds.
        The events of the answer say how many seats came from where. Asked again, it does
        nothing.
        """

        def ask() -> Decisions:
            state, there = self._programme(programme), self._quotas(programme, REGIONS)
            cap, *_ = agent_cap.in_force(state, NATIONAL, on)
            return self._reallotted(state, there, quotas.fitted_to(cap.value, there), on)

        return self._decide(on, ask)

    def _quotas(self, programme: str, regions: Iterable[str]) -> dict[Region, Quota]:
        """Return the nation's quota and those of *regions*, read together."""
        there = {Region(each): quota_stream(programme, each) for each in (NATIONAL, *regions)}
        for region in there:
            check_region(region)
        self.read_ahead(there.values())
        states = {region: self._states[stream] for region, stream in there.items()}
        return cast("dict[Region, Quota]", states)

    def _reallotted(
        self,
        programme: Programme,
        there: Mapping[Region, Quota],
        moves: Iterable[quotas.Move],
        on: date,
    ) -> Decisions:
        steps = quotas.reallot(
            programme,
            there,
            moves,
            rules=lambda region: _caps(programme, region, on),
            policies=self._policies(quotas.Allotment),
            on=on,
        )
        return [(quota_stream(programme.name, region), decision) for region, decision in steps]

    # -- Agents. -----------------------------------------------------------------

    @verb
    def recruit(
        self, agent: str, programme: str, *, province: str, on: date, region: str = NATIONAL
    ) -> Answer:
        """
        Recruit *agent* in *province*, on a seat of *region*.

        Refused where no seat is free under the cap in force *on* that day.
        """

        def ask() -> Decisions:
            check_province(province, on)
            state, seating = self._seating(agent, programme, region, on)
            rules = _caps(seating.programme, region, on)
            recruited = agents.recruit(
                state,
                seating.programme,
                province=ProvinceCode(province),
                region=Region(region),
                rules=rules,
                on=on,
            )
            if isinstance(recruited, Accepted) and not recruited.events:
                return [(agent, recruited)]
            return [(agent, recruited), self._seat_taken(seating, rules)]

        return self._decide(on, ask)

    @verb
    def begin_training(self, agent: str, *, on: date) -> Answer:
        """Begin the training of a recruited agent."""
        return self._decide(on, lambda: [(agent, agents.begin_training(self._agent(agent), on=on))])

    @verb
    def certify(self, agent: str, *, on: date) -> Answer:
        """Certify an agent who is in training. He may not enrol anyone yet."""
        return self._decide(on, lambda: [(agent, agents.certify(self._agent(agent), on=on))])

    @verb
    def assign(self, agent: str, *, on: date) -> Answer:
        """Make the account of a certified agent active: from now on he may enrol."""
        return self._decide(on, lambda: [(agent, agents.assign(self._agent(agent), on=on))])

    @verb
    def deactivate(
        self, agent: str, *, on: date, reason: DeactivationReason = DeactivationReason.IDLE
    ) -> Answer:
        """
        Deactivate an agent's account and release his seat.

        As idle, refused before as many whole months without an acquisition as the rule says.
        """

        def ask() -> Decisions:
            state = self._agent(agent)
            if word_of(DeactivationReason, reason, "reason") is not DeactivationReason.IDLE:
                return [(agent, agents.deactivate(state, on=on)), self._seat_released(state, on)]
            programme = self._programme(self._programme_of(state))
            known_at, last = self._last_acquisition(state.id)
            case = agents.Deactivation(
                agent=state,
                programme=programme,
                idle_months=agents.idle_months(state, last_acquisition=last, on=on),
                on=on,
            )
            deactivated = agents.deactivate_idle(
                case,
                last_acquisition=last,
                known_at=known_at,
                rules=(programme.rule(IDLE_RULE, on).ref,),
                policies=self._policies(agents.Deactivation),
            )
            return [(agent, deactivated), self._seat_released(state, on)]

        return self._decide(on, ask)

    def evaluate_agents(self, programme: str, *, on: date) -> dict[AgentId, Answer]:
        """
        Deactivate every agent of *programme* whose idleness has lasted as long as the rule says.

        Returns the answers for those who were due, by agent; the others are left alone.
        """
        check_day("on", on)
        return {agent: self.deactivate(agent, on=on) for agent in self._due(programme, on)}

    def _due(self, programme: str, on: date) -> list[AgentId]:
        threshold = self._programme(programme).rule(IDLE_RULE, on).value
        active = self._source.performance().active | {
            AgentId(stream)
            for stream, _, event in self._decided
            if isinstance(event, agents.AgentAssigned | agents.AgentReactivated)
        }
        due = []
        self.read_ahead(active)
        for agent in sorted(active):
            state = self._agent(agent)
            if state.programme == programme and state.status is AgentStatus.ACTIVE:
                _, last = self._last_acquisition(agent)
                if agents.idle_months(state, last_acquisition=last, on=on) >= threshold:
                    due.append(agent)
        return due

    @verb
    def award_incentive(self, agent: str, month: Month, *, on: date) -> Answer:
        """
        Award what *agent* has earned in *month* and has not been awarded yet.

        What he was awarded for payments that were corrected since is clawed back. Each
        contribution is rewarded once, whatever is asked again. Refused for an agent who was
        terminated. Raises `InputError` before the month is over.
        """

        def ask() -> Decisions:
            state = self._agent(agent)
            programme = self._programme(self._programme_of(state))
            before = state.incentives.get(month)
            base = self._earned()
            earned = agent_incentive(
                Earning(
                    programme=programme if before is None else programme.as_read(before.rules),
                    month=month,
                    acquired=base.acquired(state.id, month),
                    received=base.received(state.id, month),
                )
            )
            settled = agents.settle(
                agents.Settlement(agent=state, month=month, incentive=earned.value, on=on),
                known_at=base.position + len(self._decided),
                rules=earned.rules,
                policies=self._policies(agents.Settlement),
            )
            return [(agent, settled)]

        return self._decide(on, ask)

    def award_incentives(self, programme: str, month: Month, *, on: date) -> dict[AgentId, Answer]:
        """
        Settle the incentives of *month* for every agent of *programme* for whom anything came in.

        Returns the answers by agent: what was awarded, and what was clawed back. Asked again,
        it settles what has changed since, and nothing else.
        """
        check_day("on", on)
        return {
            agent: self.award_incentive(agent, month, on=on)
            for agent in self._earners(programme, month)
        }

    def _earners(self, programme: str, month: Month) -> list[AgentId]:
        agents_ = sorted(self._earned().agents(month))
        self.read_ahead(agents_)
        return [agent for agent in agents_ if self._agent(agent).programme == programme]

    def _earned(self) -> IncentiveBase:
        """Return what incentives are reckoned on, with what this desk has decided."""
        base = self._source.incentive_base()
        if self._as_of is None:
            self._as_of = base.position
        here = [(s, event) for s, _, event in self._decided if isinstance(event, ParticipantEvent)]
        return base.ahead(here) if here else base

    @verb
    def reactivate(self, agent: str, *, on: date, region: str = NATIONAL) -> Answer:
        """
        Make a deactivated agent's account active again, on a seat of *region*.

        Refused before the time that the rule says, and where no seat is free.
        """

        def ask() -> Decisions:
            state = self._agent(agent)
            programme = self._programme_of(state)
            _, seating = self._seating(agent, programme, region, on)
            case = agents.Return(agent=state, programme=seating.programme, on=on)
            caps = _caps(seating.programme, region, on)
            rules = (seating.programme.rule(RETURN_RULE, on).ref, *caps)
            returned = agents.reactivate(
                case,
                region=Region(region),
                rules=rules,
                policies=self._policies(agents.Return),
            )
            if state.status is not AgentStatus.DEACTIVATED:
                return [(agent, returned)]
            return [(agent, returned), self._seat_taken(seating, caps)]

        return self._decide(on, ask)

    @verb
    def resign(self, agent: str, *, on: date) -> Answer:
        """Let an agent give up his work, and his seat."""

        def ask() -> Decisions:
            state = self._agent(agent)
            return [(agent, agents.resign(state, on=on)), self._seat_released(state, on)]

        return self._decide(on, ask)

    @verb
    def terminate(self, agent: str, *, cause: TerminationCause, on: date) -> Answer:
        """Terminate an agent for a proven cause. He loses his seat, and there is no return."""

        def ask() -> Decisions:
            state = self._agent(agent)
            terminated = agents.terminate(
                state, cause=word_of(TerminationCause, cause, "cause"), on=on
            )
            return [(agent, terminated), self._seat_released(state, on)]

        return self._decide(on, ask)

    # -- Participants. -----------------------------------------------------------

    @verb
    def register(
        self,
        participant: str,
        *,
        province: str,
        on: date,
        segment: Segment = Segment.NON_WAGE_EARNER,
        agent: str | None = None,
        sponsor: str | None = None,
    ) -> Answer:
        """
        Register a participant in a segment: by *agent*, by *sponsor*, or else directly.

        Refused where the agent's account is not active. Raises `InputError` where both an
        agent and a sponsor are named, and for one who has died or has left the segment: he
        comes back, by `come_back`.
        """

        def ask() -> Decisions:
            if agent is not None and sponsor is not None:
                msg = "a participant is registered by an agent or by a sponsor: name one of them"
                raise InputError(msg)
            by = Channel.DIRECT if sponsor is None else Channel.SPONSOR
            registered = participants.register(
                self._enrolment(participant, segment, province, agent, on),
                channel=by if agent is None else Channel.AGENT,
                sponsor=sponsor,
                policies=self._policies(participants.Enrolment),
            )
            return [(participant, registered)]

        return self._decide(on, ask)

    @verb
    def pay(
        self,
        participant: str,
        *,
        reference: str,
        months: Months,
        income: int,
        amount: int,
        on: date,
        programmes: Iterable[str] = ("jkk", "jkm"),
        segment: Segment = Segment.NON_WAGE_EARNER,
        payer: Payer = Payer.SELF,
        sector: str = OTHER,
        budget: str = OWN,
    ) -> Answer:
        """
        Record a contribution for one unbroken run of months, in whole rupiah.

        Refused for months outside of the registration, and for months that are paid for. Where
        the history has enacted what non-wage earners pay to the programmes, in a *sector*
        and out of a *budget*, refused for another amount than is due, and for months that may
        not be paid on the day. The same payment under the same *reference* again does nothing.
        """

        def ask() -> Decisions:
            names = tuple(sorted(ProgrammeName(p) for p in programmes))
            by = word_of(Payer, payer, "payer")
            state, into = self._participant(participant), _segment(segment)
            case = participants.Contribution(
                participant=state,
                segment=into,
                programmes=names,
                months=months,
                income=Rupiah(income),
                amount=Rupiah(amount),
                on=on,
                sector=Word(sector),
                budget=Word(budget),
                added=by in {Payer.EMPLOYER, Payer.SPONSOR},
                law=self._law((*names, *sorted(state.programmes_checked(into)))),
            )
            paid = participants.pay(
                case,
                reference=reference,
                payer=by,
                policies=self._policies(participants.Contribution),
                check=_check(case, reference),
            )
            return [(participant, paid)]

        return self._decide(on, ask)

    @verb
    def correct(
        self, participant: str, *, corrects: str, on: date, reason: str = "mistake"
    ) -> Answer:
        """Correct the mistaken payment whose reference is *corrects*: it covers nothing."""
        return self._decide(
            on,
            lambda: [
                (
                    participant,
                    participants.correct(
                        self._participant(participant), corrects=corrects, reason=reason, on=on
                    ),
                )
            ],
        )

    @verb
    def move(self, participant: str, *, province: str, on: date) -> Answer:
        """Move a participant to another province: from the month of *on* he is counted there."""

        def ask() -> Decisions:
            check_province(province, on)
            state = self._participant(participant)
            return [(participant, participants.move(state, province=ProvinceCode(province), on=on))]

        return self._decide(on, ask)

    @verb
    def transfer(
        self,
        participant: str,
        *,
        on: date,
        agent: str | None = None,
        branch: str | None = None,
        segment: Segment = Segment.NON_WAGE_EARNER,
    ) -> Answer:
        """
        Give a participant into the care of an *agent*, or of a *branch*.

        Refused where the agent's account is not active. Raises `InputError` unless one of
        the two is named.
        """

        def ask() -> Decisions:
            if (agent is None) == (branch is None):
                msg = "a participant is given to an agent or to a branch: name one of them"
                raise InputError(msg)
            case = participants.Transfer(
                participant=self._participant(participant),
                segment=_segment(segment),
                agent=None if agent is None else self._agent(agent),
                on=on,
            )
            policies = self._policies(participants.Transfer)
            return [(participant, participants.transfer(case, branch=branch, policies=policies))]

        return self._decide(on, ask)

    @verb
    def leave(
        self,
        participant: str,
        *,
        reason: LeavingReason,
        on: date,
        segment: Segment | None = None,
    ) -> Answer:
        """Let a participant leave *segment*, or every segment; who has died leaves them all."""
        return self._decide(
            on,
            lambda: [
                (
                    participant,
                    participants.leave(
                        self._participant(participant),
                        segment=None if segment is None else _segment(segment),
                        reason=word_of(LeavingReason, reason, "reason"),
                        on=on,
                    ),
                )
            ],
        )

    @verb
    def come_back(
        self,
        participant: str,
        *,
        province: str,
        on: date,
        segment: Segment = Segment.NON_WAGE_EARNER,
        agent: str | None = None,
    ) -> Answer:
        """Let a participant who has left a segment come back to it."""

        def ask() -> Decisions:
            case = self._enrolment(participant, segment, province, agent, on)
            policies = self._policies(participants.Enrolment)
            return [(participant, participants.come_back(case, policies=policies))]

        return self._decide(on, ask)

    # -- Many requests of one kind. ----------------------------------------------

    def recruit_many(self, rows: Iterable[Recruitment]) -> list[Answer]:
        """
        Recruit many agents together: each of *rows* holds the arguments of one `recruit`.

        The answers stand in the order of the rows, and a refusal is of one row only. Where
        a row raises an error, which names it, nothing of any is recorded.
        """
        return self._many("recruit", tuple(rows))

    def register_many(self, rows: Iterable[Registration]) -> list[Answer]:
        """Register many participants together, as `recruit_many` recruits agents."""
        return self._many("register", tuple(rows))

    def pay_many(self, rows: Iterable[Payment]) -> list[Answer]:
        """Record many contributions together, as `recruit_many` recruits agents."""
        return self._many("pay", tuple(map(_lasting, rows)))

    @verb
    def _many(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
        answers: list[Answer] = []
        ask = getattr(Desk, kind).__wrapped__
        states, versions, decided = dict(self._states), dict(self._versions), len(self._decided)
        try:
            for number, row in enumerate(rows, start=1):
                with _named(f"row {number}"):
                    answers.append(ask(self, **row))
        except Exception:
            self._states, self._versions = states, versions
            del self._decided[decided:]
            raise
        return answers

    # -- How an answer comes about. ----------------------------------------------

    def _answer(self, request: Request) -> Any:  # noqa: ANN401 - what its verb returns
        """Return the answer to *request*, from this desk's own reading."""
        return request.put_to(self)

    def _decide(self, on: date, ask: Callable[[], Decisions]) -> Answer:
        check_day("on", on)
        return self._stage(ask())

    def _stage(self, decisions: Decisions) -> Answer:
        """Keep what is decided, if all of it is accepted; give every reason if not."""
        refused = [d for _, d in decisions if isinstance(d, Refused)]
        if refused:
            return Refused(*(reason for each in refused for reason in each.reasons))
        events: list[Event] = []
        for stream, decision in decisions:
            if isinstance(decision, Accepted):
                for event in decision.events:
                    self._versions[stream] += 1
                    self._states[stream] = state_of(stream, [event], since=self._states[stream])
                    self._decided.append((stream, self._versions[stream], event))
                    events.append(event)
        return Accepted(*events)

    def _policies(self, case: type) -> tuple[Policy[Any], ...]:
        return (*self._standard[case], *self._extra.get(case, ()))

    def _state(self, stream: str) -> State:
        known = self._states.get(stream)
        if known is None:
            self.read_ahead((stream,))
            known = self._states[stream]
        return known

    def _agent(self, agent: str) -> Agent:
        check_agent(agent)
        return cast("Agent", self._state(agent))

    def _participant(self, participant: str) -> Participant:
        check_participant(participant)
        return cast("Participant", self._state(participant))

    def _programme_or_new(self, programme: str) -> Programme:
        check_name(programme)
        return cast("Programme", self._state(programme_stream(programme)))

    def _programme(self, programme: str) -> Programme:
        state = self._programme_or_new(programme)
        if state.established is None:
            msg = f"there is no programme '{programme}': adopt it, or enact a rule of it, first"
            raise NotFoundError(msg)
        return state

    def _law(self, names: Iterable[str]) -> Law:
        """Return the programmes *names*, and the one in which rules of segments stand."""
        wanted = dict.fromkeys((*names, SEGMENT_RULES))
        for programme in wanted:
            check_name(programme)
        self.read_ahead(map(programme_stream, wanted))
        return {ProgrammeName(each): self._programme_or_new(each) for each in wanted}

    def _programme_of(self, agent: Agent) -> ProgrammeName:
        if agent.programme is None:
            msg = f"{agent.id} was never recruited"
            raise NotFoundError(msg)
        return agent.programme

    def _quota(self, programme: str, region: str) -> Quota:
        check_region(region)
        return cast("Quota", self._state(quota_stream(programme, region)))

    def _seating(
        self, agent: str, programme: str, region: str, on: date
    ) -> tuple[Agent, quotas.Seating]:
        state = self._agent(agent)
        return state, quotas.Seating(
            agent=state,
            programme=self._programme(programme),
            quota=self._quota(programme, region),
            national=self._quota(programme, NATIONAL),
            on=on,
        )

    def _allotted(
        self, programme: Programme, quota: Quota, seats: int, source: Region | None, on: date
    ) -> tuple[str, Decision[Any]]:
        case = quotas.Allotment(
            programme=programme,
            quota=quota,
            national=self._quota(programme.name, NATIONAL),
            seats=seats,
            source=source,
            on=on,
        )
        returning = source is not None and quota.region == NATIONAL
        allotted = quotas.allot(
            case,
            rules=() if returning else _caps(programme, quota.region, on),
            policies=() if returning else self._policies(quotas.Allotment),
        )
        return quota_stream(programme.name, quota.region), allotted

    def _seat_taken(
        self, seating: quotas.Seating, rules: tuple[Any, ...]
    ) -> tuple[str, Decision[Any]]:
        taken = quotas.take(seating, rules=rules, policies=self._policies(quotas.Seating))
        return quota_stream(seating.programme.name, seating.quota.region), taken

    def _seat_released(self, agent: Agent, on: date) -> tuple[str, Decision[Any]]:
        if agent.programme is None or agent.seat is None:
            return agent.id, Accepted()
        quota = self._quota(agent.programme, agent.seat)
        return quota_stream(agent.programme, agent.seat), quotas.release(quota, agent, on=on)

    def _amended(
        self,
        programme: Programme,
        rule: str,
        value: DatedValue,
        evaluation: str | None,
        on: date,
        scope: Region,
    ) -> Decision[Any]:
        case = programmes.Amendment(
            programme=programme,
            rule=rule,
            scope=scope,
            value=value,
            evaluation=evaluation,
            on=on,
        )
        return programmes.amend(case, policies=self._policies(programmes.Amendment))

    def _enrolment(
        self, participant: str, segment: Segment, province: str, agent: str | None, on: date
    ) -> participants.Enrolment:
        check_province(province, on)
        return participants.Enrolment(
            participant=self._participant(participant),
            segment=_segment(segment),
            province=ProvinceCode(province),
            agent=None if agent is None else self._agent(agent),
            on=on,
        )

    def _last_acquisition(self, agent: AgentId) -> tuple[int, Month | None]:
        """Return the last month in which *agent* acquired somebody, and as known at where."""
        performance = self._source.performance()
        if self._as_of is None:
            self._as_of = performance.position
        here = [
            Month.of(event.on)
            for _, _, event in self._decided
            if isinstance(event, ParticipantRegistered) and event.agent == agent
        ]
        recorded = performance.last_acquisition(agent)
        months = here if recorded is None else [*here, recorded]
        return performance.position + len(self._decided), max(months, default=None)


class Once(Desk):
    """A desk whose one request goes to somebody else, under a command id."""

    def __init__(self, source: Source, ask: Callable[[Request, str], Any], command: str) -> None:
        super().__init__(source)
        self._ask = ask
        self._command = command

    def _answer(self, request: Request) -> Any:  # noqa: ANN401 - what its verb returns
        return self._ask(request, self._command)

    def _earners(self, programme: str, month: Month) -> NoReturn:
        msg = (
            f"incentives of {programme} for {month} are awarded one by one: each needs a command"
            f" id of its own"
        )
        raise InputError(msg)

    def _due(self, programme: str, on: date) -> NoReturn:
        msg = (
            f"agents of {programme} are evaluated one by one on {on}: each deactivation needs a"
            f" command id of its own"
        )
        raise InputError(msg)


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Let errors of a request say which of many it is."""
    try:
        yield
    except TypeError as error:
        msg = f"{what}: {error}"
        raise InputError(msg) from error
    except (InputError, NotFoundError, RuleNotInForceError) as error:
        msg = f"{what}: {error}"
        raise type(error)(msg) from error


def by_case(policies: ExtraPolicies) -> dict[type, tuple[Policy[Any], ...]]:
    """
    Return *policies* so that they can be asked any number of times.

    Raises `InputError` where they stand under what is no case, or are no functions.
    """
    given: dict[type, tuple[Policy[Any], ...]] = {}
    if not isinstance(policies, Mapping):
        msg = f"policies are {policies!r}: give them by the case that they judge, as a mapping"
        raise InputError(msg)
    for case, asked in policies.items():
        if case not in STANDARD:
            said, cases = getattr(case, "__name__", case), sorted(c.__name__ for c in STANDARD)
            msg = (
                f"policies are given for {said!r}, which no policy judges: give them for one of"
                f" {', '.join(cases)}"
            )
            raise InputError(msg)
        each = asked if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
        given[case] = tuple(each)
        if not all(map(callable, given[case])):
            msg = f"a policy of {case.__name__} is no function: {given[case]!r}"
            raise InputError(msg)
    return given


def _check(case: participants.Contribution, reference: str) -> Check | None:
    """Return on what a new payment is checked; None where no rule says what is due."""
    if reference in case.participant.payments or not is_encoded(case):
        return None
    due = payment_due(case)
    return Check(
        sector=case.sector,
        budget=case.budget,
        due=due.value.months,
        credit=due.value.used,
        rules=due.rules,
    )


def _lasting(row: Payment) -> Payment:
    """Return *row* so that it can be read again: it may be decided several times."""
    programmes = row.get("programmes")
    if not isinstance(programmes, Iterator):
        return row
    return {**row, "programmes": tuple(programmes)}


def _segment(segment: Segment) -> Segment:
    return word_of(Segment, segment, "segment")


def _caps(programme: Programme, region: str, on: date) -> tuple[RuleRef, ...]:
    """Return the names of the caps that a decision on seats of *region* rests on."""
    return tuple(cap.ref for cap in agent_cap.in_force(programme, Region(region), on))

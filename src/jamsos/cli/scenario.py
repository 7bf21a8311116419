"""
The agency programme of 2017-2018 as it may have been: published figures, generated days.

Published are the figures of `STAGES` that carry a source, and the rules. A seeded
generator decides who enrolled whom on which day, who paid on and who stopped: it is nobody's life.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final
from uuid import UUID

import attrs

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Resign,
    Terminate,
)
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.participants import Leave, Move, Register, Transfer
from jamsos.commands.programmes import Adopt, OpenEvaluation
from jamsos.commands.seats import Allot
from jamsos.domain.agent import TerminationCause
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.geography import PROVINCES
from jamsos.domain.identity import AgentId, ParticipantId
from jamsos.domain.participant import LeavingReason
from jamsos.engine.world import Asked

PROGRAMME: Final = "perisai"
ROLL_OUT: Final = date(2017, 11, 20)
YEAR_END: Final = date(2017, 12, 31)
EVALUATION: Final = "year-2018"
CONCLUDED: Final = date(2018, 12, 11)
"""The day on which the evaluation is concluded, after the last one that is played."""


@attrs.frozen
class Stage:
    """The figures at the end of the *last* day: seats held, productive agents, acquisitions."""

    last: date
    seats: int
    productive: int
    acquired: int
    source: str


STAGES: Final = {
    "2018-02": Stage(date(2018, 2, 5), 1_300, 700, 54_000, "Bisnis.com, 5-6 February 2018"),
    # Published of May are about 2,000 agents and 144,745 acquired; not how many produced.
    "2018-05": Stage(date(2018, 5, 4), 2_000, 1_500, 144_745, "Media Indonesia, May 2018"),
    "2018-12": Stage(date(2018, 12, 10), 4_000, 3_500, 400_000, "Kompas, 11 December 2018"),
}

# From here on everything is the generator's choice, for want of a source.
SEATS_AT_YEAR_END: Final = 1_200
"""The cap of 2017 is reached on its last day, so that the next agent is refused."""
IDLE: Final = 60
"""Agents who acquire nobody: deactivated after three idle months."""
RETURNING: Final = 20
"""Of these, who come back after six months."""
RESIGNING: Final = 20
TERMINATED: Final = 3

_END: Final = STAGES["2018-12"].last
# Active participants of December 2023, in thousands, for the five provinces of which the number
# is published (S58); the others share what is left of 41.56 million.
_WEIGHTS: Final = {"31": 7_498, "32": 4_855, "35": 4_583, "33": 3_947, "51": 1_027}
_REST: Final = (41_560 - sum(_WEIGHTS.values())) // 29
_BASES: Final = (1_000_000, 1_200_000, 1_400_000, 1_600_000, 1_800_000)
"""Incomes that the lowest brackets are computed on, in rupiah: JKK 1 %, JHT 2 %, JKM 6,800."""
_TERMS: Final = (1, 2, 3, 6, 12)
"""Months paid at once."""
_TERM_WEIGHTS: Final = (55, 65, 85, 95, 100)
"""How often, in per cent, added up."""


@attrs.frozen
class Watched:
    """A command that the law is expected to refuse: what it is *about*, for the reader."""

    about: str
    command: Asked


@attrs.define
class _Agent:
    id: AgentId
    province: str
    recruited: date
    acquires_from: date | None = None
    until: date = _END
    gone: bool = False
    enrolled: list[ParticipantId] = attrs.field(factory=list)


class Scenario:
    """Every command of the programme, day by day, from the roll-out to the end of a stage."""

    def __init__(self, until: str, seed: int) -> None:
        self.stage = STAGES[until]
        self._random = Random(seed)  # noqa: S311 - dice for a story, not for a lock
        self._days: defaultdict[date, list[tuple[int, Asked | Watched]]] = defaultdict(list)
        self._provinces = [c for c, p in PROVINCES.items() if p.since is None]
        weights = [_WEIGHTS.get(code, _REST) for code in self._provinces]
        self._province_weights = list(accumulate(weights))
        self._play()

    def __len__(self) -> int:
        return sum(len(asked) for day, asked in self._days.items() if day <= self.stage.last)

    def __iter__(self) -> Iterator[tuple[date, list[Asked | Watched]]]:
        """Iterate over the days, each with its commands in order."""
        for day in sorted(self._days):
            if day <= self.stage.last:
                ordered = sorted(self._days[day], key=lambda each: each[0])
                yield day, [asked for _, asked in ordered]

    def _ask(self, day: date, order: int, asked: Asked | Watched) -> None:
        self._days[day].append((order, asked))

    # -- The programme. ----------------------------------------------------------

    def _play(self) -> None:
        self._ask(ROLL_OUT, 0, Adopt(programme=PROGRAMME, on=ROLL_OUT))
        year = date(2018, 1, 1)
        for day, seats in ((ROLL_OUT, 1_200), (year, 10_000)):
            allot = Allot(programme=PROGRAMME, seats=seats, on=day)
            self._ask(day, 1, allot)
        published = STAGES["2018-02"].last
        self._ask(published, 0, Adopt(programme=PROGRAMME, on=published))
        early = self._first_stage()
        if self.stage.last <= STAGES["2018-02"].last:
            return
        self._second_and_third_stage(early)

    def _first_stage(self) -> list[_Agent]:
        stage = STAGES["2018-02"]
        productive = [
            self._recruit(self._day(ROLL_OUT, YEAR_END - timedelta(days=6)), learns=True)
            for _ in range(stage.productive)
        ]
        idle = [self._recruit(self._day(ROLL_OUT, YEAR_END), learns=True) for _ in range(IDLE)]
        learning = [
            self._recruit(self._day(ROLL_OUT, YEAR_END))
            for _ in range(SEATS_AT_YEAR_END - len(productive) - len(idle))
        ]
        self._ask(
            YEAR_END,
            9,
            Watched(
                "one more agent on 31 December 2017, when 1,200 hold seats",
                Recruit(
                    agent=self._agent_id(YEAR_END),
                    programme=PROGRAMME,
                    province="51",
                    on=YEAR_END,
                ),
            ),
        )
        learning += [
            self._recruit(self._day(date(2018, 1, 2), stage.last))
            for _ in range(stage.seats - SEATS_AT_YEAR_END)
        ]
        self._acquire(productive, ROLL_OUT, stage.last, stage.acquired)
        self._idle = idle
        self._learning = learning
        return productive

    def _second_and_third_stage(self, productive: list[_Agent]) -> None:
        first, second, third = STAGES.values()
        tomorrow = first.last + timedelta(days=1)
        for agent in self._learning:
            self._finish_learning(agent, self._day(tomorrow, first.last + timedelta(days=45)))
        recruits = second.seats - first.seats + IDLE
        producing_soon = second.productive - len(productive) - len(self._learning)
        new = [
            self._recruit(
                self._day(tomorrow, second.last - timedelta(days=30 if n < producing_soon else 0)),
                learns=n < producing_soon,
            )
            for n in range(recruits)
        ]
        working = [*productive, *self._learning, *new[:producing_soon]]
        self._acquire(working, tomorrow, second.last, second.acquired - first.acquired)

        tomorrow = second.last + timedelta(days=1)
        for agent in new[producing_soon:]:
            self._finish_learning(agent, self._day(tomorrow, second.last + timedelta(days=45)))
        working = [*productive, *self._learning, *new]
        leaving = self._random.sample(working, RESIGNING + TERMINATED)
        for agent in leaving:
            agent.until = self._day(date(2018, 8, 1), date(2018, 10, 31))
            agent.gone = True
        returned = self._idle_ones()
        recruits = third.seats - second.seats + len(leaving) - len(returned)
        producing = third.productive - (len(working) - len(leaving) + len(returned))
        late = third.last - timedelta(days=70)
        working += [self._recruit(self._day(tomorrow, late), learns=True) for _ in range(producing)]
        for _ in range(recruits - producing):
            self._recruit(self._day(late, third.last))
        working += returned
        self._acquire(working, tomorrow, third.last, third.acquired - second.acquired)
        self._leave_the_work(leaving)
        self._evaluate()

    def _idle_ones(self) -> list[_Agent]:
        """Let the idle be deactivated; let some ask too early to come back, and then in time."""
        evaluations = [date(2017, 12, 1), *(date(2018, month, 1) for month in range(1, 13))]
        for day in evaluations:
            self._ask(day, 2, EvaluateAgents(PROGRAMME, on=day))
        for agent in self._idle[:RETURNING]:
            if agent.acquires_from is None:
                continue
            deactivated = (Month.of(agent.acquires_from) + 4).first_day
            early, due = months_after(deactivated, 5), months_after(deactivated, 6)
            about = f"the return of an agent after five months, deactivated on {deactivated}"
            too_early = Reactivate(agent=agent.id, on=early)
            self._ask(early, 3, Watched(about, too_early))
            self._ask(due, 3, Reactivate(agent=agent.id, on=due))
            agent.acquires_from = due
        return self._idle[:RETURNING]

    def _leave_the_work(self, leaving: list[_Agent]) -> None:
        for number, agent in enumerate(leaving):
            last = agent.until + timedelta(days=1)
            end: Asked = Resign(agent=agent.id, on=last)
            if number < TERMINATED:
                cause = TerminationCause.FRAUD
                end = Terminate(agent=agent.id, cause=cause, on=last)
            self._ask(last, 10, end)
            for participant in agent.enrolled:
                give = Transfer(participant=participant, branch="branch", on=last)
                self._ask(last, 9, give)

    def _evaluate(self) -> None:
        opened = date(2018, 12, 1)
        self._ask(
            opened,
            0,
            OpenEvaluation(
                programme=PROGRAMME,
                evaluation=EVALUATION,
                trigger="the cap of 2018 ends",
                on=opened,
            ),
        )

    # -- Agents. -----------------------------------------------------------------

    def _recruit(self, day: date, *, learns: bool = False) -> _Agent:
        province = self._province()
        agent = _Agent(self._agent_id(day), province, day)
        recruit = Recruit(agent=agent.id, programme=PROGRAMME, province=province, on=day)
        self._ask(day, 3, recruit)
        if learns:
            self._finish_learning(agent, day)
        elif self._random.random() < 0.6:  # noqa: PLR2004 - the others wait for a course
            self._ask(day, 4, BeginTraining(agent=agent.id, on=day))
        return agent

    def _finish_learning(self, agent: _Agent, day: date) -> None:
        """Let *agent* be trained from *day* on, and work some days later."""
        certified = day + timedelta(days=self._random.randint(2, 4))
        assigned = certified + timedelta(days=self._random.randint(0, 2))
        self._ask(day, 4, BeginTraining(agent=agent.id, on=day))
        self._ask(certified, 5, Certify(agent=agent.id, on=certified))
        self._ask(assigned, 6, Assign(agent=agent.id, on=assigned))
        agent.acquires_from = assigned

    # -- Participants. -----------------------------------------------------------

    def _acquire(self, agents: list[_Agent], first: date, last: date, number: int) -> None:
        """Let *agents* acquire *number* participants, everybody at least one in each month."""
        windows = [
            (agent, max(first, agent.acquires_from or first), min(last, agent.until))
            for agent in agents
        ]
        sure = [
            (agent, self._day(max(start, month.first_day), min(end, month.last_day)))
            for agent, start, end in windows
            for month in Months.between(Month.of(start), Month.of(end))
        ]
        weights = list(accumulate(self._random.uniform(0.2, 1.8) for _ in windows))
        more = self._random.choices(windows, cum_weights=weights, k=number - len(sure))
        for agent, day in sure:
            self._live(agent, day)
        for agent, start, end in more:
            self._live(agent, self._day(start, end))

    def _live(self, agent: _Agent, day: date) -> None:  # noqa: C901 - a life has many turns
        """Let *agent* enrol somebody on *day*, and let them pay for as long as they do."""
        dice = self._random
        who = ParticipantId(f"participant-{self._uuid(day)}")
        province = agent.province if dice.random() < 0.95 else self._province()  # noqa: PLR2004
        register = Register(participant=who, province=province, agent=agent.id, on=day)
        self._ask(day, 7, register)
        base = dice.choice(_BASES)
        programmes = ("jht", "jkk", "jkm") if dice.random() < 0.07 else ("jkk", "jkm")  # noqa: PLR2004
        leaves = self._day(day, _END) if dice.random() < 0.015 else None  # noqa: PLR2004
        if agent.gone and leaves is None:
            agent.enrolled.append(who)

        def pay(reference: str, on: date, first: Month, term: int) -> None:
            each = base // 100 + 6_800 + (base // 50 if "jht" in programmes else 0)
            self._ask(
                on,
                8,
                Pay(
                    participant=who,
                    reference=reference,
                    months=Months.between(first, first + (term - 1)),
                    income=base,
                    amount=each * term,
                    on=on,
                    programmes=programmes,
                ),
            )

        first, term, payments = Month.of(day), self._term(), 1
        pay("1", day, first, term)
        if leaves is None and dice.random() < 0.005:  # noqa: PLR2004 - a mistake, and put right
            after = day + timedelta(days=1)
            self._ask(after, 8, Correct(participant=who, corrects="1", on=after))
            pay("1-again", after, first, term)
        while (first := first + term) <= Month.of(_END):
            # So many stop that by December about Rp 32 billion are paid, as was reported (S10).
            habit, late = dice.random(), 0
            if habit > 0.4:  # noqa: PLR2004 - stops for good
                break
            if habit > 0.3:  # noqa: PLR2004 - pays up to three months late, or lapses
                late = dice.randint(1, 6)
            on = self._day((first + late).first_day, (first + late).first_day.replace(day=15))
            if on > _END or (leaves is not None and on >= leaves):
                break
            if late > 3:  # noqa: PLR2004 - earlier arrears are not counted
                first, late = first + late, 0
            term, payments = max(self._term(), late + 1), payments + 1
            pay(str(payments), on, first, term)
        if leaves is not None:
            reason = dice.choices(list(LeavingReason), weights=(1, 1, 12, 4))[0]
            self._ask(leaves, 9, Leave(participant=who, reason=reason, on=leaves))
        elif not agent.gone and dice.random() < 0.01:  # noqa: PLR2004
            moves = self._day(day, _END)
            to = self._province()
            self._ask(moves, 9, Move(participant=who, province=to, on=moves))

    # -- Dice. -------------------------------------------------------------------

    def _day(self, first: date, last: date) -> date:
        """Return a day from *first* to *last*, both included."""
        return first + timedelta(days=self._random.randint(0, max(0, (last - first).days)))

    def _term(self) -> int:
        return self._random.choices(_TERMS, cum_weights=_TERM_WEIGHTS)[0]

    def _province(self) -> str:
        return self._random.choices(self._provinces, cum_weights=self._province_weights)[0]

    def _agent_id(self, day: date) -> AgentId:
        return AgentId(f"agent-{self._uuid(day)}")

    def _uuid(self, day: date) -> UUID:
        """Return a time-ordered UUID of that day, as the dice have it."""
        moment = (day - date(1970, 1, 1)).days * 86_400_000 + self._random.randrange(86_400_000)
        high, low = self._random.getrandbits(12), self._random.getrandbits(62)
        return UUID(int=moment << 80 | 7 << 76 | high << 64 | 2 << 62 | low)

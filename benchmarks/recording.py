"""How fast commands are decided and recorded, beside plain `eventsourcing` at the same work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID

import _plain as plain
from _databases import our_settings, settings
from _table import compared, options, race, show

import jamsos
from jamsos.commands.contributions import Pay
from jamsos.commands.participants import Register
from jamsos.domain import agent as agents
from jamsos.domain import participant as participants
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Segment
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.policies.standard import STANDARD

AGENTS = 20
BATCH = 1_000
ADOPTED, RECRUITED, REGISTERED = date(2017, 11, 20), date(2017, 12, 1), date(2018, 1, 15)
PROVINCE, SEGMENT = "51", "bpu"
MONTHS = (Month(2018, 1), Month(2018, 2), Month(2018, 3))
NEXT = Month(2018, 4)
EVENTS = 1 + len(MONTHS)
"""Of each participant: registered by an agent, and a payment for each month."""

# -- Agents, before the clock runs. ----------------------------------------------


def recruit(registry: jamsos.Registry) -> list[str]:
    registry.adopt("perisai", on=ADOPTED).or_raise()
    registry.allot("perisai", AGENTS, on=ADOPTED).or_raise()
    recruited: list[str] = []
    with registry.batch() as desk:
        for _ in range(AGENTS):
            agent = jamsos.new_agent_id()
            desk.recruit(agent, "perisai", province=PROVINCE, on=RECRUITED).or_raise()
            desk.begin_training(agent, on=RECRUITED).or_raise()
            desk.certify(agent, on=RECRUITED).or_raise()
            desk.assign(agent, on=RECRUITED).or_raise()
            recruited.append(agent)
    return recruited


def recruit_plainly(app: plain.Scheme) -> list[UUID]:
    return [
        app.recruit(programme="perisai", province=PROVINCE, on=RECRUITED) for _ in range(AGENTS)
    ]


# -- The work: a participant is registered, and pays. ----------------------------


def enrolment(participant: str, agent: str) -> tuple[Register | Pay, ...]:
    register = Register(participant, province=PROVINCE, agent=agent, on=REGISTERED)
    return (register, *(paying(participant, month) for month in MONTHS))


def paying(participant: str, month: Month) -> Pay:
    return Pay(
        participant,
        reference=f"receipt-{month}",
        months=Months.between(month, month),
        income=1_000_000,
        amount=16_800,
        on=month.last_day,
    )


def payment(month: Month) -> dict[str, Any]:
    """Return the same payment for the plain aggregate."""
    return {
        "reference": f"receipt-{month}",
        "programmes": ("jkk", "jkm"),
        "months": (str(month),),
        "income": 1_000_000,
        "amount": 16_800,
        "payer": "self",
        "on": month.last_day,
    }


def enrol_plainly(agent: plain.Agent) -> plain.Participant:
    participant = plain.Participant.register(
        segment=SEGMENT, province=PROVINCE, channel="agent", agent=agent, on=REGISTERED
    )
    for month in MONTHS:
        participant.pay(**payment(month))
    return participant


# -- Many at once. ---------------------------------------------------------------


def transactions(size: int, events_each: int) -> Iterator[range]:
    """Return the numbers of those whose events are recorded together, `BATCH` at a time."""
    together = BATCH // events_each
    for first in range(0, size, together):
        yield range(first, min(first + together, size))


def enrol_many(registry: jamsos.Registry, recruited: list[str], size: int) -> list[str]:
    enrolled: list[str] = []
    for numbers in transactions(size, EVENTS):
        together = [jamsos.new_participant_id() for _ in numbers]
        commands = (
            command
            for number, participant in zip(numbers, together, strict=True)
            for command in enrolment(participant, recruited[number % AGENTS])
        )
        for answer in registry.ask_all(commands):
            answer.or_raise()
        enrolled += together
    return enrolled


def enrol_many_plainly(app: plain.Scheme, recruited: list[UUID], size: int) -> list[UUID]:
    enrolled = []
    for numbers in transactions(size, EVENTS):
        known = [app.repository.get(agent) for agent in recruited]
        together = [enrol_plainly(known[number % AGENTS]) for number in numbers]
        app.save(*together)
        enrolled += [participant.id for participant in together]
    return enrolled


def pay_many(registry: jamsos.Registry, enrolled: list[str]) -> None:
    for numbers in transactions(len(enrolled), 1):
        commands = (paying(enrolled[number], NEXT) for number in numbers)
        for answer in registry.ask_all(commands):
            answer.or_raise()


def pay_many_plainly(app: plain.Scheme, enrolled: list[UUID]) -> None:
    for numbers in transactions(len(enrolled), 1):
        together = [app.repository.get(enrolled[number]) for number in numbers]
        for participant in together:
            participant.pay(**payment(NEXT))
        app.save(*together)


# -- What is measured: decisions or events in a second. --------------------------


def timed(events: int, work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return events / (perf_counter() - start)


def decided(size: int) -> float:
    recruiter = agents.Agent(
        id=jamsos.new_agent_id(), status=agents.AgentStatus.ACTIVE, active_since=RECRUITED
    )

    def work() -> None:
        for _ in range(size):
            participant = participants.Participant(id=jamsos.new_participant_id())
            registered = participants.register(
                participants.Enrolment(
                    participant=participant,
                    segment=Segment.NON_WAGE_EARNER,
                    province=ProvinceCode(PROVINCE),
                    agent=recruiter,
                    on=REGISTERED,
                ),
                channel=participants.Channel.AGENT,
                sponsor=None,
                policies=STANDARD[participants.Enrolment],
            ).or_raise()
            participant = participants.evolve(participant, registered.events[0])
            for month in MONTHS:
                paid = participants.pay(
                    participants.Contribution(
                        participant=participant,
                        segment=Segment.NON_WAGE_EARNER,
                        programmes=(ProgrammeName("jkk"), ProgrammeName("jkm")),
                        months=Months.between(month, month),
                        income=Rupiah(1_000_000),
                        amount=Rupiah(16_800),
                        on=month.last_day,
                    ),
                    reference=f"receipt-{month}",
                    payer=participants.Payer.SELF,
                    policies=STANDARD[participants.Contribution],
                ).or_raise()
                participant = participants.evolve(participant, paid.events[0])

    return timed(size * EVENTS, work)


def decided_plainly(size: int) -> float:
    recruiter = plain.Agent(programme="perisai", province=PROVINCE, region="national", on=RECRUITED)
    recruiter.begin_training(RECRUITED)
    recruiter.certify(RECRUITED)
    recruiter.assign(RECRUITED)

    def work() -> None:
        for _ in range(size):
            enrol_plainly(recruiter).collect_events()

    return timed(size * EVENTS, work)


def one_by_one(size: int) -> float:
    with new_registry() as registry:
        recruited = recruit(registry)

        def work() -> None:
            for number in range(size):
                participant = jamsos.new_participant_id()
                for command in enrolment(participant, recruited[number % AGENTS]):
                    registry.ask(command).or_raise()

        return timed(size * EVENTS, work)


def one_by_one_plainly(size: int) -> float:
    with new_scheme() as app:
        recruited = recruit_plainly(app)

        def work() -> None:
            for number in range(size):
                participant = app.register(
                    segment=SEGMENT,
                    province=PROVINCE,
                    channel="agent",
                    agent=recruited[number % AGENTS],
                    on=REGISTERED,
                )
                for month in MONTHS:
                    app.pay(participant, **payment(month))

        return timed(size * EVENTS, work)


def newcomers(size: int) -> float:
    with new_registry() as registry:
        recruited = recruit(registry)
        return timed(size * EVENTS, partial(enrol_many, registry, recruited, size))


def newcomers_plainly(size: int) -> float:
    with new_scheme() as app:
        recruited = recruit_plainly(app)
        return timed(size * EVENTS, partial(enrol_many_plainly, app, recruited, size))


def payments(size: int) -> float:
    with new_registry() as registry:
        enrolled = enrol_many(registry, recruit(registry), size)
        return timed(size, partial(pay_many, registry, enrolled))


def payments_plainly(size: int) -> float:
    with new_scheme() as app:
        enrolled = enrol_many_plainly(app, recruit_plainly(app), size)
        return timed(size, partial(pay_many_plainly, app, enrolled))


# -- The files. ------------------------------------------------------------------


@contextmanager
def new_registry() -> Iterator[jamsos.Registry]:
    with TemporaryDirectory() as folder, jamsos.open(Path(folder) / "jamsos.db") as registry:
        yield registry


@contextmanager
def new_scheme() -> Iterator[plain.Scheme]:
    with TemporaryDirectory() as folder, plain.Scheme.at(Path(folder) / "plain.db") as app:
        yield app


def weighed(size: int) -> tuple[list[str], list[list[str]]]:
    """Return the settings of both files, and rows with the bytes that an event takes in each."""
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "jamsos.db", Path(folder) / "plain.db"
        with jamsos.open(ours) as registry:
            enrol_many(registry, recruit(registry), size)
            found = [f"jamsos: {our_settings(registry._store)}"]  # noqa: SLF001
        with plain.Scheme.at(theirs) as app:
            enrol_many_plainly(app, recruit_plainly(app), size)
            found.append(f"plain: {settings(app.recorder.datastore)}")
        data, file = zip(bytes_each(ours), bytes_each(theirs), strict=True)
    return found, [
        compared("bytes of data in an event", *([each] for each in data)),
        compared("bytes of the file for an event", *([each] for each in file)),
    ]


def bytes_each(path: Path) -> tuple[float, float]:
    with closing(sqlite3.connect(path)) as database:
        events, data = database.execute(
            "SELECT count(*), sum(length(state)) FROM stored_events"
        ).fetchone()
    return data / events, path.stat().st_size / events


def main() -> None:
    asked = options(__doc__, rounds=5, size=1_000)
    size, few, rounds = asked.size, max(asked.size // 10, 1), asked.rounds
    rows = [
        race(what, rounds, partial(ours, number), partial(theirs, number))
        for what, number, ours, theirs in (
            ("decided, not stored", size, decided, decided_plainly),
            ("recorded one by one", few, one_by_one, one_by_one_plainly),
            ("recorded 1,000 at once: newcomers", size, newcomers, newcomers_plainly),
            ("recorded 1,000 at once: payments", size, payments, payments_plainly),
        )
    ]
    found, weights = weighed(size)
    show(
        f"Decisions, each of one event, in a second: median of {rounds} rounds",
        ("decisions in a second", "jamsos", "plain", "ratio", "least to most"),
        [*rows, *weights],
        f"{size:,} participants ({few:,} one by one), {EVENTS} events each.",
        f"SQLite files; {'; '.join(found)} (2 is FULL).",
    )


if __name__ == "__main__":
    main()

"""How a caller asks: one by one, many at once, or only to see. Never run."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias, assert_type

import jamsos
from jamsos import Decision
from jamsos.commands.agents import Resign
from jamsos.desk import Answer, Desk, Verbs
from jamsos.domain.agent import (
    AgentFactVoided,
    AgentResigned,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.domain.programme import Outcome
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken

Resigning: TypeAlias = AgentResigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased


def clock() -> datetime:
    return datetime(2018, 2, 5, tzinfo=UTC)


def opened_in_every_way() -> None:
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=date(2017, 11, 20))
    with jamsos.open(Path("perisai.db"), clock=clock) as registry:
        last: int = registry.last_position()
        del last
    registry = jamsos.open("perisai.db", policies={})
    registry.close()


def one_by_one(registry: jamsos.Registry) -> None:
    agent, participant = jamsos.new_agent_id(), jamsos.new_participant_id()
    day = date(2018, 1, 9)
    registry.recruit(agent, "perisai", province="51", on=day, region="51")
    for step in (registry.begin_training, registry.certify, registry.assign):
        step(agent, on=day).or_raise()
    registry.deactivate(agent, on=day, reason=DeactivationReason.OFFICE)
    registry.terminate(agent, cause=TerminationCause.FRAUD, on=day)
    registry.register(participant, province="51", on=day, agent=agent)
    registry.register(
        participant, province="51", on=day, segment=jamsos.Segment.CONSTRUCTION, sponsor="B-17"
    )
    registry.pay(
        participant,
        reference="F-1",
        months=jamsos.Months.between(jamsos.Month(2018, 1), jamsos.Month(2018, 3)),
        income=1_000_000,
        amount=50_400,
        on=day,
        programmes=("jht", "jkk", "jkm"),
        payer=Payer.SPONSOR,
    )
    registry.leave(participant, reason=LeavingReason.LEFT_WORK, on=day)
    registry.conclude_evaluation(
        "perisai",
        "first-year",
        outcome=Outcome.RAISE,
        month=jamsos.Month(2018, 11),
        after_months=3,
        on=day,
    )
    registry.enact(
        "perisai",
        "office-agents",
        unit="agents",
        values=[
            jamsos.DatedValue(
                value=20,
                in_force=day,
                citation=jamsos.Citation("Example 1/2018"),
                status=jamsos.Status.ASSUMED,
            )
        ],
        on=day,
    )


def seats_change_hands(registry: jamsos.Registry) -> None:
    day = date(2018, 1, 2)
    registry.share_out("perisai", 10_000, {"jatim": 3, "jabar": 2}, on=day).or_raise()
    registry.move_seats("perisai", 5, source="jatim", to="national", on=day).or_raise()
    taken_back: Answer = registry.fit_to_cap("perisai", on=day)
    del taken_back


def many_at_once(registry: jamsos.Registry, agents: list[str]) -> list[jamsos.Reason]:
    refused: list[jamsos.Reason] = []
    with registry.batch() as desk:
        for agent in agents:
            answer = desk.recruit(agent, "perisai", province="51", on=date(2018, 1, 2))
            if isinstance(answer, jamsos.Refused):
                refused.extend(answer.reasons)
    return refused


def only_to_see(registry: jamsos.Registry) -> bool:
    desk = registry.trial()
    answer = desk.allot("perisai", 8_800, on=date(2018, 1, 2))
    return isinstance(answer, jamsos.Accepted)


def what_is_known(registry: jamsos.Registry) -> dict[tuple[str | None, ...], int]:
    for recorded in registry.history(known_at=100):
        where: tuple[int, str, int] = (recorded.position, recorded.stream, recorded.version)
        moment: datetime = recorded.recorded_at
        del where, moment
    count = registry.count(
        jamsos.Month(2018, 2), jamsos.IN_GRACE, by=("segment", "province"), known_at=100
    )
    total: int = count.total
    del total
    registry.count("2018-02", "in-grace", known_at=date(2018, 2, 28))
    position: int = registry.count("2018-02", known_at=datetime(2018, 2, 28, tzinfo=UTC)).known_at
    del position
    registry.live_count("2018-02", "registered")
    registry.award_incentive("agent-1", "2018-02", on=date(2018, 3, 1))
    registry.award_incentives("perisai", "2018-02", on=date(2018, 3, 1))
    return dict(count.parts)


def said_by_somebody(registry: jamsos.Registry, command_id: str) -> None:
    day = date(2018, 1, 9)
    desk: Desk = registry.asked(by="office-51/clerk-7", trace="req-9f3")
    once: Verbs = registry.once(command_id, by="office-51/clerk-7", trace="req-9f3")
    also: Verbs = once.asked(trace="req-9f4")
    assert_type(registry.ask(Resign("agent-1", on=day), by="clerk-7"), Decision[Resigning])
    assert_type(desk.ask_all([Resign("agent-1", on=day)], trace="r"), list[Decision[Resigning]])
    also.recruit_many([], by="clerk-7", trace=None)
    registry.evaluate_agents("perisai", on=day, by="clerk-7")
    registry.award_incentives("perisai", "2018-01", on=day, by="clerk-7", trace="r")
    with registry.batch(by="nightly") as batch, registry.group_commit(trace="t") as group:
        batch.asked(by="clerk-7").resign("agent-1", on=day)
        group.asked(by="clerk-7").once("letter-1").resign("agent-1", on=day)
    registry.trial(by="clerk-7").resign("agent-1", on=day)
    for recorded in registry.history():
        said: tuple[str | None, str | None] = recorded.by, recorded.trace
        del said

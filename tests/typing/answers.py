"""How a caller takes an answer: by matching it, or by asking for an error. Never run."""

from datetime import date
from typing import assert_never

import jamsos


def told(registry: jamsos.Registry, agent: str) -> str:
    answer = registry.recruit(agent, "perisai", province="51", on=date(2017, 11, 20))
    match answer:
        case jamsos.Accepted(events=()):
            return "He was recruited before."
        case jamsos.Accepted(events=events):
            return f"{len(events)} events are recorded."
        case jamsos.Refused(reasons=reasons):
            policies: list[str] = [reason.policy for reason in reasons]
            citation: jamsos.Citation = reasons[0].citation
            return f"{policies}: {citation}"
        case _:
            assert_never(answer)


def told_by_isinstance(answer: jamsos.Decision[object]) -> tuple[object, ...]:
    if isinstance(answer, jamsos.Refused):
        return answer.reasons
    return answer.events


def insisting(registry: jamsos.Registry) -> int:
    accepted = registry.allot("perisai", 1_200, on=date(2017, 11, 20)).or_raise()
    return len(accepted.events)


def those_who_were_due(registry: jamsos.Registry) -> list[str]:
    answers = registry.evaluate_agents("perisai", on=date(2018, 5, 2))
    return [agent for agent, answer in answers.items() if isinstance(answer, jamsos.Accepted)]

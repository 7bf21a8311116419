"""The answer to a command is kept beside its events, and once."""

from __future__ import annotations

from datetime import date
from typing import Final

from jamsos.domain.agent import AgentTrainingBegun
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.errors import ConflictError
from jamsos.store.event_store import EventStore, Kept

from .cases import BUDI, MANY, Cases, agent, begun, certified, raises
from .watching import same

CASES: Final = Cases()


@CASES.of_one
def _a_command_is_answered_once_and_its_answer_is_kept(store: EventStore) -> None:
    answers = (Accepted(AgentTrainingBegun(on=date(2018, 2, 1))),)
    store.append([begun(1, BUDI)])
    store.append(
        [certified(2, BUDI), begun(1, command="letter-1")],
        kept=[Kept("letter-1", "digest", 1, answers)],
    )

    same(
        store.answers(["letter-0", "letter-1"]),
        {"letter-1": Kept("letter-1", "digest", 3, answers)},
    )
    same([r.command for r in store.history()], [None, None, "letter-1"])
    with raises(ConflictError):
        store.append([certified(2)], kept=[Kept("letter-1", "digest", 0, answers)])
    same(store.last_position(), 3)


@CASES.of_one
def _a_refusal_and_an_answer_without_events_are_kept_too(store: EventStore) -> None:
    refused = Refused(Reason("agent-cap", "All seats are taken.", Citation("Example 1/2026")))
    answers = (refused, Accepted[AgentTrainingBegun](), refused)

    same(store.append([], kept=[Kept("letter-1", "digest", 0, answers)]), range(1, 1))
    same(store.answers(["letter-1"])["letter-1"].answers, answers)
    with raises(ConflictError):
        store.append([begun(1)], kept=[Kept("letter-1", "digest", 0, answers)])
    same(store.last_position(), 0)


@CASES.of_one
def _answers_of_many_events_and_of_many_commands_keep_apart(store: EventStore) -> None:
    event = AgentTrainingBegun(on=date(2018, 2, 1))
    entries = [
        begun(1, agent(number), command=f"letter-{number - number % 3}")
        for number in range(MANY - MANY % 3)
    ]
    commands = [
        Kept(f"letter-{first}", "digest", first, (Accepted(event), Accepted(event, event)))
        for first in range(0, len(entries), 3)
    ]
    store.append(entries, kept=commands)

    kept = store.answers([command.id for command in commands])
    same([kept[command.id].first for command in commands], [c.first + 1 for c in commands])
    same([kept[command.id].answers for command in commands], [c.answers for c in commands])

"""Laws by which a decision stands, whatever is amended later."""

from __future__ import annotations

from random import Random
from typing import Final

from jamsos.commands.programmes import Amend
from jamsos.domain.agent import AgentIncentiveClawedBack
from jamsos.domain.aggregate import State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.citation import Status
from jamsos.domain.identity import AgentId, RuleRef, programme_stream
from jamsos.domain.lines import Line, lines_of
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Programme
from jamsos.domain.rule import DatedValue
from jamsos.engine.world import Plan, refs
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.testing.alike import alike
from jamsos.testing.laws.history import History
from jamsos.testing.laws.stating import Law, law, only_if
from jamsos.testing.names import ASSUMED, PROGRAMME

from .citing import HOW_IT_WORKS
from .worlds import latest_day, verb_in


def never_rejudged() -> Law:
    """
    Return the law that a decision stands.

    Each rule that an event names is there when it is named, and says the same ever after; and an
    incentive is clawed back for a contribution only where that stands otherwise by now.
    """

    @law("A decision is never judged again", cite=HOW_IT_WORKS)
    def never_rejudged(history: History) -> None:
        states: dict[str, State] = {
            s: state for s, (state, _) in history.world.begins.states.items()
        }
        said: dict[RuleRef, DatedValue | None] = {}
        for each in history.events:
            event = each.event
            states[each.stream] = state_of(each.stream, (event,), since=states.get(each.stream))
            for ref in refs(event):
                said.setdefault(ref, _dated(states.get(_programme_of(ref)), ref))
            if isinstance(event, AgentIncentiveClawedBack):
                for line in event.contributions:
                    who, reference = line.received.participant, line.received.reference
                    stands = Line(AgentId(each.stream), event.month, line.received)
                    person = states.get(who)
                    lines = lines_of(person) if isinstance(person, Participant) else ()
                    assert stands not in lines, f"{reference} of {who} is taken back, and stands"
        only_if(said)
        for ref, then in said.items():
            now = _dated(states.get(_programme_of(ref)), ref)
            assert then is not None, f"it was decided on {ref}, which there was not"
            assert now == then, f"{ref} says another thing than when it was decided on"

    return never_rejudged


def amendment_leaves_the_past_alone() -> Law:
    """
    Return the law that a rule amended from a later day on leaves what is decided before it alone.

    Beside each history stands one in which the amendment was known from the first day on.
    """

    @law(
        "A rule that is amended from a day on decides nothing before that day",
        cite=HOW_IT_WORKS,
        beside=_amended,
    )
    def amendment_leaves_the_past_alone(history: History, other: History) -> None:
        only_if(len(other.steps) > len(history.steps))
        amendment, *steps = other.steps
        only_if(amendment.happened)
        assert isinstance(amendment.command, Amend)
        begins = amendment.command.value.in_force
        compared = 0
        for one, two in zip(history.steps, steps, strict=True):
            if latest_day(one.command) >= begins:
                break
            compared += 1
            what = f"{verb_in(one)}: {one.outcome}, and {two.outcome} with what begins {begins}"
            assert alike(one, two), what
        only_if(compared)

    return amendment_leaves_the_past_alone


def _amended(plan: Plan, dice: Random) -> Plan:
    """Return *plan* after an amendment that begins on one of its later days."""
    days = sorted({asked.on for asked in plan})
    if len(days) < len(("the first", "a later one")):
        return plan
    rule, value = _AMENDED[int(dice.random() * len(_AMENDED))]
    begins = days[int((1 + dice.random()) * len(days) / 2)]
    dated = DatedValue(value=value, in_force=begins, citation=ASSUMED, status=Status.ASSUMED)
    return (Amend(PROGRAMME, rule, dated, on=days[0]), *plan)


_AMENDED: Final = ((IDLE_RULE, 1), (IDLE_RULE, 5), (RETURN_RULE, 1), (RETURN_RULE, 12))
"""Rules that an amendment may give these values without an evaluation."""


def _programme_of(ref: RuleRef) -> str:
    return programme_stream(ref.partition("/")[0])


def _dated(programme: State | None, ref: RuleRef) -> DatedValue | None:
    version = programme.version(ref) if isinstance(programme, Programme) else None
    return None if version is None else version.dated

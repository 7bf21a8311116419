"""The state of things after a step, which stands beside its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jamsos.commands.catalogue import verb_of
from jamsos.domain.agent import UNSETTLED
from jamsos.domain.calendar import Month
from jamsos.domain.geography import NATIONAL, PROVINCES, Region
from jamsos.domain.identity import AGENT, PARTICIPANT, quota_stream
from jamsos.domain.quota import Quota
from jamsos.engine.world import Step, World
from jamsos.language import Language, say, word
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.testing.arguments import arguments_of

from .sentences import shown_as, who


def beside(step: Step, world: World, language: Language) -> str:
    """Tell in one line the state of the people and things that *step* was about."""
    arguments = arguments_of(step.command)
    streams = [value for value in arguments.values() if isinstance(value, str)]
    people = dict.fromkeys([*streams, *(happened.stream for happened in step.happened)])
    agents = [name for name in people if AGENT.fullmatch(name)]
    participants = [name for name in people if PARTICIPANT.fullmatch(name)]
    return "; ".join(
        (
            *_seats(verb_of(type(step.command)), arguments, agents, world, language),
            *_law(arguments, world, language),
            *(_agent(agent, arguments.get("month"), world, language) for agent in agents),
            *(_participant(participant, world, language) for participant in participants),
        )
    )


def _seats(
    verb: str,
    arguments: Mapping[str, Any],
    agents: Sequence[str],
    world: World,
    language: Language,
) -> Iterator[str]:
    """Tell the seats of the nation, and of the regions that were asked about."""
    of_cap = arguments.get("rule") == CAP
    programme = arguments.get("programme")
    if programme is None and agents:
        programme = world.agent(agents[0]).programme
    if programme is None or (verb not in _ON_SEATS and not of_cap):
        return
    stream = quota_stream(programme, "")
    quotas = [q for s, (q, _) in world.states.items() if s.startswith(stream)]
    cap = world.programme(programme).in_force(CAP, arguments["on"])
    yield say(
        "seats",
        language,
        taken=sum(q.taken for q in quotas if isinstance(q, Quota)),
        issued=world.quota(programme).issued,
        cap=say("no-cap", language)
        if cap is None
        else say("cap", language, cap=shown_as("value", cap.dated.value, language)),
    )
    weights = arguments.get("weights")
    named = [arguments.get(name) for name in ("region", "source", "to")]
    for region in dict.fromkeys([*named, *(weights if isinstance(weights, Mapping) else ())]):
        if region in PROVINCES:
            quota = world.quota(programme, region)
            yield say("region", language, region=region, taken=quota.taken, allotted=quota.allotted)


_ON_SEATS: Final = frozenset(
    [
        "allot",
        "share_out",
        "move_seats",
        "fit_to_cap",
        "recruit",
        "deactivate",
        "evaluate_agents",
        "reactivate",
        "reseat",
        "resign",
        "terminate",
    ]
)


def _law(arguments: Mapping[str, Any], world: World, language: Language) -> Iterator[str]:
    """Tell what a rule says on the day, or how an evaluation stands."""
    name = arguments.get("rule")
    if name is not None and (name != CAP or arguments["scope"] != NATIONAL):
        programme, scope = world.programme(arguments["programme"]), Region(arguments["scope"])
        rule = programme.in_force(name, arguments["on"], scope=scope)
        if rule is None:
            yield say("no-rule", language, rule=name)
        else:
            yield f"{name} {shown_as('value', rule.dated.value, language)}"
    known = arguments.get("evaluation")
    if known is not None:
        evaluation = world.programme(arguments["programme"]).evaluations.get(known)
        if evaluation is None:
            stands = say("not-opened", language)
        elif evaluation.outcome is None:
            stands = say("open", language)
        else:
            stands = word(evaluation.outcome, language)
        yield say("evaluation", language, evaluation=known, stands=stands)


def _agent(agent: str, month: Month | None, world: World, language: Language) -> str:
    state = world.agent(agent)
    told = f"{who(agent, language)} {word(state.status, language)}"
    if month is None:
        return told
    amount = state.incentives.get(month, UNSETTLED).agent
    return f"{told}, {say('awarded', language, amount=amount, month=month)}"


def _participant(participant: str, world: World, language: Language) -> str:
    person, told = world.participant(participant), []
    for segment, standing in person.standings.items():
        there = "in" if standing.current is not None else "out"
        paid = "; ".join(
            f"{', '.join(paid.programmes)} {shown_as('months', paid.months, language)}"
            for paid in standing.paid
        )
        told.append(
            f"{say(there, language, segment=word(segment, language))}"
            f" ({say('paid' if paid else 'unpaid', language, paid=paid)})"
        )
    return f"{who(participant, language)} {', '.join(told) or say('nowhere', language)}"

"""What examining a law came to, as a story of dated sentences or as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from jamsos.commands.catalogue import key_of, verb_of
from jamsos.domain.agent import UNSETTLED
from jamsos.domain.calendar import FOREVER, Month, Months, months_after
from jamsos.domain.decision import Accepted
from jamsos.domain.field import shown
from jamsos.domain.geography import NATIONAL, PROVINCES, Region
from jamsos.domain.identity import AGENT, PARTICIPANT, quota_stream
from jamsos.domain.quota import Quota
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table
from jamsos.engine.setting import Setting
from jamsos.engine.world import Asked, Plan, Step, World
from jamsos.language import Language, command, formed, say, word
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.rulebook import RuleFile

from .checking import STEPS, Broken, Held, Judge, NotExercised, Outcome
from .moves import AGENTS, PEOPLE, changed
from .stating import Over


def report(outcome: Outcome, language: str = "en") -> str:
    """
    Return *outcome* for people: a broken law as a story, any other as a table.

    >>> from jamsos.testing import examine, law
    >>> from jamsos.domain.quota import QuotaSeatTaken
    >>> @law("Nobody ever takes a seat", cite="example")
    ... def nobody(event: QuotaSeatTaken) -> None:
    ...     assert False, "somebody does"
    >>> print(report(examine(nobody)).splitlines()[0])
    BROKEN LAW  Nobody ever takes a seat

    Told in *language*, ``en`` or ``id``. What does not matter of a story is found by playing
    it with other dates, people, provinces, amounts and incomes. Raises `InputError` for a
    language that there is not.
    """
    chosen = Language.of(language)
    lines = _broken(outcome, chosen) if isinstance(outcome, Broken) else _unbroken(outcome, chosen)
    return "\n".join(lines)


def tell(plan: Plan, begins: Setting, language: str = "en") -> list[str]:
    """
    Return the story of *plan*, played where *begins* says: a numbered line for each command.

    >>> from datetime import date
    >>> from jamsos.testing import setting
    >>> from jamsos.commands.seats import Allot
    >>> plan = (Allot("perisai", 2, on=date(2018, 1, 5)),)
    >>> tell(plan, setting())[0].partition("  |")[0]
    '  1  05 Jan 2018  The seats of perisai in region national are set to 2'

    Beside each stands how things are after it. Raises `InputError` for a *language* that
    there is not.
    """
    return _lines(plan, begins, Language.of(language), {})


# -- A broken law. ---------------------------------------------------------------------


def _broken(broken: Broken, language: Language) -> Iterator[str]:
    law, plan = broken.law, broken.plan
    yield from _title("broken", law.says, law.cite, language)
    yield ""
    yield say(
        "shortest" if broken.histories else "kept",
        language,
        commands=len(plan),
        histories=broken.histories,
        tries=broken.tries,
        seconds=broken.seconds,
    )
    yield ""
    yield from _lines(plan, broken.begins, language, {broken.breaking.step: broken.breaking.why})
    if law.over is Over.HISTORIES and law.variant is not None:
        yield ""
        yield say("beside", language)
        yield ""
        # With the dice that `Judge` gave it.
        yield from _lines(law.variant(plan, Random(len(plan))), broken.begins, language, {})
    yield ""
    yield _does_not_matter(broken, language)
    yield say(
        "again" if broken.histories else "found",
        language,
        law=law.name,
        seed=broken.seed,
        histories=broken.histories,
        steps="" if broken.steps == STEPS else f", steps={broken.steps}",
    )


def _title(key: str, says: str, cite: str, language: Language) -> list[str]:
    title = say(key, language)
    return [f"{title}  {shown(says)}", f"{'':{len(title)}}  {shown(cite)}"]


def _lines(plan: Plan, begins: Setting, language: Language, marks: Mapping[int, str]) -> list[str]:
    world = World(begins)
    told: list[tuple[str, str, str]] = []
    for asked in plan:
        step, on = world.ask(asked), asked.on
        said = shown(_sentence(asked, language) + _answered(step, language))
        told.append((_shown("on", on, language), said, shown(_beside(step, world, language))))
    wide, places = max((len(said) for _, said, _ in told), default=0), len(str(len(plan))) + 2
    return [
        f"{number + 1:>{places}}  {day}  {f'{said:<{wide}}  | {beside}' if beside else said}"
        + (f"  <-- {shown(marks[number]) or say('no-reason', language)}" if number in marks else "")
        for number, (day, said, beside) in enumerate(told)
    ]


def _answered(step: Step, language: Language) -> str:
    """Return what is added to the sentence of a command by which nothing came about."""
    if isinstance(step.answer, Accepted) and step.answer.events:
        return ""
    return f": {_outcome(step.outcome, language)}"


# -- What is asked, in a sentence. -----------------------------------------------------


def _sentence(asked: Asked, language: Language) -> str:
    """Return *asked* as a sentence; what is as usual in it is left out, where it may be."""
    kind, arguments = type(asked), _arguments(asked)
    told = {name: _shown(name, value, language) for name, value in arguments.items()}
    usual = {f.name for f in attrs.fields(kind) if arguments[f.name] == f.default}
    return command(key_of(kind), told, language, usual)


def _arguments(asked: Asked) -> dict[str, Any]:
    return {f.name: getattr(asked, f.name) for f in attrs.fields(type(asked))}


def _shown(name: str, value: Any, language: Language) -> str:  # noqa: ANN401 - any argument
    """Return *value*, of the argument *name*, as a sentence can hold it."""
    match value:
        case date() | Month():
            return formed("day" if isinstance(value, date) else "month", value, language)
        case Months():
            return formed("named-months", value, language)
        case DatedValue():
            return say(
                "dated" if value.until is None else "dated-until",
                language,
                value=_shown("value", value.value, language),
                first=value.in_force,
                last=value.until,
            )
        case RuleFile():
            return f"{value.programme}/{value.rule}"
        case Table():
            return say("table", language, rows=len(value.rows))
        case int():
            return formed("rp" if name in _MONEY else "n", value, language)
        case str():
            return word(value, language) if name in _WORDED else _who(value, language)
        case tuple() | list():
            return ", ".join(_shown(name, each, language) for each in value)
        case Mapping():
            return ", ".join(f"{key}: {_shown(name, n, language)}" for key, n in value.items())
        case _:
            return str(value)


_MONEY: Final = frozenset({"income", "amount"})
_WORDED: Final = frozenset(
    ["reason", "cause", "outcome", "payer", "segment", "sector", "region", "source", "to", "scope"]
)


def _who(value: str, language: Language) -> str:
    """Return the name of an agent or a participant; any other text as it is."""
    if value in _NAMES:
        return _NAMES[value]
    for pattern, kind in ((AGENT, "agent"), (PARTICIPANT, "participant")):
        if pattern.fullmatch(value):
            return f"{say(kind, language)} {value.rpartition('-')[2].lstrip('0')[-4:] or '0'}"
    return value


_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(AGENTS, ("Agus", "Bayu", "Citra", "Dian"), strict=True)),
        **dict(zip(PEOPLE, ("Ani", "Budi", "Sari"), strict=True)),
    }
)
# -- How things are, beside it. --------------------------------------------------------


def _beside(step: Step, world: World, language: Language) -> str:
    arguments = _arguments(step.command)
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
        else say("cap", language, cap=_shown("value", cap.dated.value, language)),
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
            yield f"{name} {_shown('value', rule.dated.value, language)}"
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
    told = f"{_who(agent, language)} {word(state.status, language)}"
    if month is None:
        return told
    amount = state.incentives.get(month, UNSETTLED).agent
    return f"{told}, {say('awarded', language, amount=amount, month=month)}"


def _participant(participant: str, world: World, language: Language) -> str:
    person, told = world.participant(participant), []
    for segment, standing in person.standings.items():
        there = "in" if standing.current is not None else "out"
        paid = "; ".join(
            f"{', '.join(paid.programmes)} {_shown('months', paid.months, language)}"
            for paid in standing.paid
        )
        told.append(
            f"{say(there, language, segment=word(segment, language))}"
            f" ({say('paid' if paid else 'unpaid', language, paid=paid)})"
        )
    return f"{_who(participant, language)} {', '.join(told) or say('nowhere', language)}"


# -- What does not matter. -------------------------------------------------------------

Change: TypeAlias = Callable[[str, Any], Any]
"""What makes another argument out of the argument of a name."""


def _does_not_matter(broken: Broken, language: Language) -> str:
    judge = Judge(broken.law, broken.begins)

    def breaks(plan: Plan) -> bool:
        try:
            breaking = judge.plan(plan)
        except Exception:  # noqa: BLE001 - such a plan shows another fault, not this one
            return False
        return breaking is not None and breaking.step == broken.breaking.step

    told = []
    shifts = [
        say(name, language)
        for name, days, months in _SHIFTS
        if (other := _later(broken.plan, days, months)) is not None and breaks(other)
    ]
    if shifts:
        told.append(say("any-dates", language, shifts=say("or", language).join(shifts)))
    for key, changes in (
        ("any-people", _other_people(broken.plan)),
        ("any-provinces", _other_provinces(broken.plan)),
        ("any-amounts", _other_numbers("amount", 100)),
        ("any-incomes", _other_numbers("income", 1)),
    ):
        plans = [_changed(broken.plan, change) for change in changes]
        if plans and broken.plan not in plans and all(map(breaks, plans)):
            told.append(say(key, language))
    none = say("nothing", language)
    return f"{say('does-not-matter', language)}: {'; '.join(told) or none}."


_SHIFTS: Final = (
    ("day-later", 1, 0),
    ("day-earlier", -1, 0),
    ("month-later", 0, 1),
    ("month-earlier", 0, -1),
    ("year-later", 0, 12),
    ("year-earlier", 0, -12),
)


def _changed(plan: Plan, change: Change) -> Plan:
    """Return *plan* with *change* made to every argument."""
    return tuple(
        changed(asked, **{name: change(name, value) for name, value in _arguments(asked).items()})
        for asked in plan
    )


def _later(plan: Plan, days: int, months: int) -> Plan | None:
    """Return *plan* so much later, contribution months too; None where no such day is."""

    def change(name: str, value: Any) -> Any:  # noqa: ANN401 - any argument
        match value:
            case date():
                return months_after(value, months) + timedelta(days=days)
            case Month():
                return value + months
            case Months():
                runs = value.runs
                return Months([(a + months, b if b == FOREVER else b + months) for a, b in runs])
            case DatedValue():
                dates = ("in_force", "until", "published", "verified_until")
                return attrs.evolve(value, **{d: change(d, getattr(value, d)) for d in dates})
            case tuple() | list():
                return tuple(change(name, each) for each in value)
            case _:
                return value

    try:
        return _changed(plan, change)
    except (OverflowError, ValueError):
        return None


def _texts(plan: Plan, only: frozenset[str] | None = None) -> list[str]:
    """Return each text that *plan* has for an argument, or as a key in one; *only* of some."""
    values = [
        value
        for asked in plan
        for name, value in _arguments(asked).items()
        if only is None or name in only
    ]
    keys = [key for value in values if isinstance(value, Mapping) for key in value]
    return sorted({text for text in (*values, *keys) if isinstance(text, str)})


def _renamed(names: Mapping[str, str], only: frozenset[str] | None = None) -> Change:
    def change(name: str, value: Any) -> Any:  # noqa: ANN401 - any argument
        if only is not None and name not in only:
            return value
        if isinstance(value, Mapping):
            return {names.get(key, key): each for key, each in value.items()}
        return names.get(value, value) if isinstance(value, str) else value

    return change


def _other_people(plan: Plan) -> list[Change]:
    """Return changes to other people, in the same order and in the other one."""
    people = [text for text in _texts(plan) if AGENT.fullmatch(text) or PARTICIPANT.fullmatch(text)]
    stems = [text.partition("-")[0] for text in people]
    numbers = range(101, 101 + len(people))
    return [
        _renamed(
            {
                person: f"{stem}-00000000-0000-7000-8000-{number:012}"
                for person, stem, number in zip(people, stems, order, strict=True)
            }
        )
        for order in (numbers, reversed(numbers))
    ]


def _other_provinces(plan: Plan) -> list[Change]:
    """Return changes to other provinces: from the first of the list, and from the last."""
    here = [code for code in _texts(plan, _PLACES) if code in PROVINCES]
    others = [code for code, p in PROVINCES.items() if code not in here and p.since is None]
    if len(others) < len(here):
        return []
    return [
        _renamed(dict(zip(here, order, strict=False)), _PLACES) for order in (others, others[::-1])
    ]


_PLACES: Final = frozenset({"province", "region", "source", "to", "scope", "weights"})


def _other_numbers(argument: str, more: int) -> list[Change]:
    """Return changes of one number: to a little more, and to twice as much."""
    return [
        lambda name, value: value + more if name == argument else value,
        lambda name, value: value * 2 if name == argument else value,
    ]


# -- A law that is not broken. ---------------------------------------------------------


def _unbroken(held: Held, language: Language) -> Iterator[str]:
    if isinstance(held, NotExercised):
        yield from _title(
            "not-exercised",
            f"{held.law.says}: {say('no-occasion', language)}",
            held.law.cite,
            language,
        )
        yield ""
        yield say("were-about", language, groups=", ".join(held.law.about))
    else:
        yield from _title("held", held.law.says, held.law.cite, language)
    yield ""
    yield say(
        "applied",
        language,
        times=held.exercised,
        histories=held.histories,
        pace=round(held.histories / max(held.seconds, 1e-6)),
    )
    yield ""
    if held.unnamed:
        yield say("unnamed", language, values=", ".join(held.unnamed))
        yield ""
    rows = [
        (f"{verb}: {_outcome(outcome, language)}", formed("n", times, language))
        for (verb, _, outcome), times in (
            (key.partition(": "), times) for key, times in held.outcomes.items()
        )
    ]
    yield say("came-up", language)
    wide = max((len(name) for name, _ in rows), default=0)
    most = max((len(times) for _, times in rows), default=0)
    for name, times in rows:
        yield f"  {name:<{wide}}  {times:>{most}}"


def _outcome(outcome: str, language: Language) -> str:
    """Return the outcome of a step, such as ``refused: agent-cap``, in *language*."""
    what, colon, which = outcome.partition(": ")
    return f"{word(what, language)}{colon}{which}"

"""What examining a law came to, as a story of dated sentences or as a table."""

# ruff: noqa: E501 - a sentence has a line of its own, in each language

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from inspect import Parameter, signature
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from jamsos.domain.agent import UNSETTLED
from jamsos.domain.calendar import FOREVER, Month, Months, months_after
from jamsos.domain.decision import Accepted
from jamsos.domain.field import shown
from jamsos.domain.geography import NATIONAL, PROVINCES, Region
from jamsos.domain.identity import AGENT, PARTICIPANT, quota_stream
from jamsos.domain.quota import Quota
from jamsos.domain.rule import DatedValue
from jamsos.domain.sentences import Language
from jamsos.domain.value import Table
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.request import Request

from .checking import STEPS, Broken, Held, Judge, NotExercised, Outcome
from .moves import AGENTS, PEOPLE
from .stating import Over
from .world import Plan, Setting, Step, World

Told: TypeAlias = Mapping[str, tuple[str, str]]
"""By key: what is said in English and in Indonesian, with the same values in both."""


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
    Return the story of *plan*, played where *begins* says: a numbered line for each request.

    >>> from datetime import date
    >>> from jamsos.testing import setting
    >>> from jamsos.testing.moves import request
    >>> plan = (request("allot", "perisai", 2, on=date(2018, 1, 5)),)
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
    values = {
        "requests": _many(len(plan), "request", language),
        "histories": _many(broken.histories, "history", language),
        "tries": _number(broken.tries, language),
        "seconds": _seconds(broken.seconds, language),
    }
    yield _say("shortest" if broken.histories else "kept", language, **values)
    yield ""
    yield from _lines(plan, broken.begins, language, {broken.breaking.step: broken.breaking.why})
    if law.over is Over.HISTORIES and law.variant is not None:
        yield ""
        yield _say("beside", language)
        yield ""
        # With the dice that `Judge` gave it.
        yield from _lines(law.variant(plan, Random(len(plan))), broken.begins, language, {})
    yield ""
    yield _does_not_matter(broken, language)
    yield _say(
        "again" if broken.histories else "found",
        language,
        law=law.name,
        seed=broken.seed,
        histories=broken.histories,
        steps="" if broken.steps == STEPS else f", steps={broken.steps}",
    )


def _title(key: str, says: str, cite: str, language: Language) -> list[str]:
    title = _say(key, language)
    return [f"{title}  {shown(says)}", f"{'':{len(title)}}  {shown(cite)}"]


def _lines(plan: Plan, begins: Setting, language: Language, marks: Mapping[int, str]) -> list[str]:
    world = World(begins)
    told: list[tuple[str, str, str]] = []
    for asked in plan:
        step, on = world.ask(asked), _arguments(asked).get("on")
        said = shown(_sentence(asked, language) + _answered(step, language))
        told.append((_shown("on", on, language), said, shown(_beside(step, world, language))))
    wide, places = max((len(said) for _, said, _ in told), default=0), len(str(len(plan))) + 2
    return [
        f"{number + 1:>{places}}  {day}  {f'{said:<{wide}}  | {beside}' if beside else said}"
        + (
            f"  <-- {shown(marks[number]) or _say('no-reason', language)}"
            if number in marks
            else ""
        )
        for number, (day, said, beside) in enumerate(told)
    ]


def _answered(step: Step, language: Language) -> str:
    """Return what is added to the sentence of a request by which nothing came about."""
    if isinstance(step.answer, Accepted) and step.answer.events:
        return ""
    return f": {_outcome(step.outcome, language)}"


# -- What is asked, in a sentence. -----------------------------------------------------


def _sentence(asked: Request, language: Language) -> str:
    """Return *asked* as a sentence; what is as usual in it is left out, where it may be."""
    arguments, usual = _arguments(asked), _usual(asked)
    told = {name: _shown(name, value, language) for name, value in arguments.items()}
    if asked.name not in SENTENCES:
        return f"{asked.name} {', '.join(f'{name} {value}' for name, value in told.items())}"

    def clause(found: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", found[1])
        return found[1] if any(arguments[name] != usual.get(name) for name in names) else ""

    template = re.sub(r"\[(.*?)\]", clause, SENTENCES[asked.name][_place(language)])
    said = template.format_map(told)
    return said[:1].upper() + said[1:]


def _arguments(asked: Request) -> dict[str, Any]:
    bound = signature(asked.verb).bind(None, *asked.positional, **asked.named)
    bound.apply_defaults()
    return dict(list(bound.arguments.items())[1:])


def _usual(asked: Request) -> dict[str, Any]:
    parameters = signature(asked.verb).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not Parameter.empty}


def _shown(name: str, value: Any, language: Language) -> str:  # noqa: ANN401 - any argument
    """Return *value*, of the argument *name*, as a sentence can hold it."""
    match value:
        case date():
            return f"{value.day:02} {_month(Month.of(value), language)}"
        case Month():
            return _month(value, language)
        case Months():
            return _months(value, language)
        case DatedValue():
            last = None if value.until is None else _shown("until", value.until, language)
            return _say(
                "dated" if last is None else "dated-until",
                language,
                value=_shown("value", value.value, language),
                first=_shown("in_force", value.in_force, language),
                last=last,
            )
        case Table():
            return _say("table", language, rows=_number(len(value.rows), language))
        case int():
            number = _number(value, language)
            return f"Rp {number}" if name in _MONEY else number
        case str():
            return _words(value, language) if name in _WORDED else _who(value, language)
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
            return f"{_say(kind, language)} {value.rpartition('-')[2].lstrip('0')[-4:] or '0'}"
    return value


def _words(value: str, language: Language) -> str:
    return WORDS[value][_place(language)] if value in WORDS else value.replace("-", " ")


def _month(month: Month, language: Language) -> str:
    name = _MONTHS[_place(language)].split()[month.index % 12]
    return f"{name} {month.index // 12:04}"


def _months(months: Months, language: Language) -> str:
    told = []
    for first, last in months.runs:
        begins = _month(Month.at(first), language)
        if last == FOREVER:
            told.append(_say("endless", language, first=begins))
        elif first == last:
            told.append(begins)
        else:
            told.append(_say("run", language, first=begins, last=_month(Month.at(last), language)))
    return ", ".join(told)


# -- How things are, beside it. --------------------------------------------------------


def _beside(step: Step, world: World, language: Language) -> str:
    arguments = _arguments(step.request)
    streams = [value for value in arguments.values() if isinstance(value, str)]
    people = dict.fromkeys([*streams, *(happened.stream for happened in step.happened)])
    agents = [name for name in people if AGENT.fullmatch(name)]
    participants = [name for name in people if PARTICIPANT.fullmatch(name)]
    return "; ".join(
        (
            *_seats(step.request.name, arguments, agents, world, language),
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
    yield _say(
        "seats",
        language,
        taken=_number(sum(q.taken for q in quotas if isinstance(q, Quota)), language),
        issued=_number(world.quota(programme).issued, language),
        cap=_say("no-cap", language)
        if cap is None
        else _say("cap", language, cap=_shown("value", cap.dated.value, language)),
    )
    weights = arguments.get("weights")
    named = [arguments.get(name) for name in ("region", "source", "to")]
    for region in dict.fromkeys([*named, *(weights if isinstance(weights, Mapping) else ())]):
        if region in PROVINCES:
            quota = world.quota(programme, region)
            taken, allotted = _number(quota.taken, language), _number(quota.allotted, language)
            yield _say("region", language, region=region, taken=taken, allotted=allotted)


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
            yield _say("no-rule", language, rule=name)
        else:
            yield f"{name} {_shown('value', rule.dated.value, language)}"
    known = arguments.get("evaluation")
    if known is not None:
        evaluation = world.programme(arguments["programme"]).evaluations.get(known)
        if evaluation is None:
            stands = _say("not-opened", language)
        elif evaluation.outcome is None:
            stands = _say("open", language)
        else:
            stands = _words(evaluation.outcome, language)
        yield _say("evaluation", language, evaluation=known, stands=stands)


def _agent(agent: str, month: Month | None, world: World, language: Language) -> str:
    state = world.agent(agent)
    told = f"{_who(agent, language)} {_words(state.status, language)}"
    if month is None:
        return told
    awarded = _shown("amount", state.incentives.get(month, UNSETTLED).agent, language)
    return f"{told}, {_say('awarded', language, amount=awarded, month=_month(month, language))}"


def _participant(participant: str, world: World, language: Language) -> str:
    person, told = world.participant(participant), []
    for segment, standing in person.standings.items():
        there = "in" if standing.current is not None else "out"
        paid = "; ".join(
            f"{', '.join(paid.programmes)} {_months(paid.months, language)}"
            for paid in standing.paid
        )
        told.append(
            f"{_say(there, language, segment=_words(segment, language))}"
            f" ({_say('paid' if paid else 'unpaid', language, paid=paid)})"
        )
    return f"{_who(participant, language)} {', '.join(told) or _say('nowhere', language)}"


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
        _say(name, language)
        for name, days, months in _SHIFTS
        if (other := _later(broken.plan, days, months)) is not None and breaks(other)
    ]
    if shifts:
        told.append(_say("any-dates", language, shifts=_say("or", language).join(shifts)))
    for key, changes in (
        ("any-people", _other_people(broken.plan)),
        ("any-provinces", _other_provinces(broken.plan)),
        ("any-amounts", _other_numbers("amount", 100)),
        ("any-incomes", _other_numbers("income", 1)),
    ):
        plans = [_changed(broken.plan, change) for change in changes]
        if plans and broken.plan not in plans and all(map(breaks, plans)):
            told.append(_say(key, language))
    none = _say("nothing", language)
    return f"{_say('does-not-matter', language)}: {'; '.join(told) or none}."


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
        Request(
            asked.verb,
            tuple(
                change(name, value)
                for name, value in zip(
                    list(signature(asked.verb).parameters)[1:], asked.positional, strict=False
                )
            ),
            {name: change(name, value) for name, value in asked.named.items()},
        )
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


def _texts(plan: Plan) -> list[str]:
    """Return each text that *plan* has for an argument, or as a key in one."""
    values = [v for asked in plan for v in (*asked.positional, *asked.named.values())]
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
    here = [code for code in _texts(_only(plan, _PLACES)) if code in PROVINCES]
    others = [code for code, p in PROVINCES.items() if code not in here and p.since is None]
    if len(others) < len(here):
        return []
    return [
        _renamed(dict(zip(here, order, strict=False)), _PLACES) for order in (others, others[::-1])
    ]


_PLACES: Final = frozenset({"province", "region", "source", "to", "scope", "weights"})


def _only(plan: Plan, names: frozenset[str]) -> Plan:
    """Return *plan* without the arguments that have other names."""
    return _changed(plan, lambda name, value: value if name in names else None)


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
            f"{held.law.says}: {_say('no-occasion', language)}",
            held.law.cite,
            language,
        )
        yield ""
        yield _say("were-about", language, groups=", ".join(held.law.about))
    else:
        yield from _title("held", held.law.says, held.law.cite, language)
    yield ""
    yield _say(
        "applied",
        language,
        times=_many(held.exercised, "time", language),
        histories=_many(held.histories, "history", language),
        pace=_number(round(held.histories / max(held.seconds, 1e-6)), language),
    )
    yield ""
    if held.unnamed:
        yield _say("unnamed", language, values=", ".join(held.unnamed))
        yield ""
    rows = [
        (f"{verb}: {_outcome(outcome, language)}", _number(times, language))
        for (verb, _, outcome), times in (
            (key.partition(": "), times) for key, times in held.outcomes.items()
        )
    ]
    yield _say("came-up", language)
    wide = max((len(name) for name, _ in rows), default=0)
    most = max((len(times) for _, times in rows), default=0)
    for name, times in rows:
        yield f"  {name:<{wide}}  {times:>{most}}"


def _outcome(outcome: str, language: Language) -> str:
    """Return the outcome of a step, such as ``refused: agent-cap``, in *language*."""
    what, colon, which = outcome.partition(": ")
    return f"{_words(what, language)}{colon}{which}"


# -- What is said. ---------------------------------------------------------------------


def _say(key: str, language: Language, **values: object) -> str:
    return PHRASES[key][_place(language)].format_map(values)


def _place(language: Language) -> int:
    return tuple(Language).index(language)


def _number(value: int, language: Language) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if language is Language.INDONESIAN else text


def _seconds(value: float, language: Language) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if language is Language.INDONESIAN else text


def _many(number: int, what: str, language: Language) -> str:
    one, more = PHRASES[what][_place(language)].split("/")
    return f"{_number(number, language)} {one if number == 1 else more}"


_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(AGENTS, ("Agus", "Bayu", "Citra", "Dian"), strict=True)),
        **dict(zip(PEOPLE, ("Ani", "Budi", "Sari"), strict=True)),
    }
)
_MONTHS: Final = (
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des",
)

SENTENCES: Final[Told] = MappingProxyType(
    {
        "adopt": (
            "the rules of {programme} published by then are adopted[, after evaluation {evaluation}][, from {rules}]",
            "aturan {programme} yang sudah terbit diadopsi[, setelah evaluasi {evaluation}][, dari {rules}]",
        ),
        "enact": (
            "rule {rule} of {programme} is enacted[ for region {scope}], in {unit}: {values}",
            "aturan {rule} untuk {programme} ditetapkan[ bagi wilayah {scope}], dalam {unit}: {values}",
        ),
        "amend": (
            "rule {rule} of {programme}[ for region {scope}] becomes {value}[, after evaluation {evaluation}]",
            "aturan {rule} untuk {programme}[ bagi wilayah {scope}] menjadi {value}[, setelah evaluasi {evaluation}]",
        ),
        "end_rule": (
            "rule {rule} of {programme}[ for region {scope}] ends after {last_day} ({citation})",
            "aturan {rule} untuk {programme}[ bagi wilayah {scope}] berakhir setelah {last_day} ({citation})",
        ),
        "open_evaluation": (
            "evaluation {evaluation} of {programme} is opened: {trigger}",
            "evaluasi {evaluation} atas {programme} dibuka: {trigger}",
        ),
        "conclude_evaluation": (
            "evaluation {evaluation} of {programme} is concluded: {outcome} (measured at the end of {month}, months after acquisition: {after_months})",
            "evaluasi {evaluation} atas {programme} disimpulkan: {outcome} (diukur pada akhir {month}, bulan setelah akuisisi: {after_months})",
        ),
        "allot": (
            "the seats of {programme} in region {region} are set to {seats}",
            "kursi {programme} di wilayah {region} ditetapkan menjadi {seats}",
        ),
        "share_out": (
            "the seats of {programme} are shared out by weight, {seats} in all ({weights})",
            "kursi {programme} dibagi menurut bobot, seluruhnya {seats} ({weights})",
        ),
        "move_seats": (
            "seats of {programme} move from region {source} to region {to}: {seats}",
            "kursi {programme} pindah dari wilayah {source} ke wilayah {to}: {seats}",
        ),
        "fit_to_cap": (
            "free seats of {programme} above the cap are taken back",
            "kursi kosong {programme} di atas batas ditarik kembali",
        ),
        "recruit": (
            "{agent} is recruited for {programme} in province {province}, on a seat of region {region}",
            "{agent} direkrut untuk {programme} di provinsi {province}, pada kursi wilayah {region}",
        ),
        "begin_training": ("{agent} begins training", "{agent} mulai belajar"),
        "certify": ("{agent} is certified", "{agent} memperoleh sertifikat"),
        "assign": (
            "{agent} gets the letter of assignment: the account is active",
            "{agent} memperoleh Surat Tugas: akunnya aktif",
        ),
        "deactivate": ("{agent} is deactivated: {reason}", "{agent} dinonaktifkan: {reason}"),
        "evaluate_agents": (
            "the agents of {programme} are evaluated, and the idle ones deactivated",
            "agen {programme} dievaluasi, dan yang tidak produktif dinonaktifkan",
        ),
        "award_incentive": (
            "{agent} is awarded the incentive for {month}",
            "{agent} diberi insentif untuk {month}",
        ),
        "award_incentives": (
            "the agents of {programme} are awarded the incentives for {month}",
            "agen {programme} diberi insentif untuk {month}",
        ),
        "reactivate": (
            "{agent} comes back, on a seat of region {region}",
            "{agent} aktif kembali, pada kursi wilayah {region}",
        ),
        "resign": ("{agent} resigns", "{agent} mengundurkan diri"),
        "terminate": ("{agent} is terminated for {cause}", "{agent} diberhentikan karena {cause}"),
        "register": (
            "{participant} is registered in segment {segment}, in province {province}[, by {agent}][, by sponsor {sponsor}]",
            "{participant} didaftarkan di segmen {segment}, di provinsi {province}[, oleh {agent}][, oleh sponsor {sponsor}]",
        ),
        "pay": (
            "{participant} pays {amount} to {programmes} for {months}, on an income of {income} (reference {reference}[, segment {segment}][, paid by {payer}][, sector {sector}][, budget {budget}])",
            "{participant} membayar {amount} ke {programmes} untuk {months}, atas penghasilan {income} (referensi {reference}[, segmen {segment}][, dibayar oleh {payer}][, sektor {sector}][, anggaran {budget}])",
        ),
        "correct": (
            "payment {corrects} of {participant} is corrected[: {reason}]",
            "pembayaran {corrects} dari {participant} dikoreksi[: {reason}]",
        ),
        "move": (
            "{participant} moves to province {province}",
            "{participant} pindah ke provinsi {province}",
        ),
        "transfer": (
            "{participant} is given into the care of [{agent}][branch {branch}][, in segment {segment}]",
            "{participant} dialihkan ke binaan [{agent}][cabang {branch}][, di segmen {segment}]",
        ),
        "leave": (
            "{participant} leaves[ segment {segment}]: {reason}",
            "{participant} keluar[ dari segmen {segment}]: {reason}",
        ),
        "come_back": (
            "{participant} comes back to segment {segment}, in province {province}[, with {agent}]",
            "{participant} kembali ke segmen {segment}, di provinsi {province}[, dengan {agent}]",
        ),
    }
)
"""By verb: what is asked. What stands in square brackets is left out where it is as usual."""

PHRASES: Final[Told] = MappingProxyType(
    {
        "broken": ("BROKEN LAW", "KETENTUAN DILANGGAR"),
        "held": ("HELD", "TERPENUHI"),
        "not-exercised": ("NOT EXERCISED", "TIDAK TERUJI"),
        "no-occasion": (
            "no history gave it an occasion",
            "tidak ada riwayat yang memberinya kesempatan",
        ),
        "unnamed": (
            "No answer named these values of your rules: {values}. Nobody knows what they do.",
            "Tidak ada jawaban yang menyebut nilai aturan Anda ini: {values}. Belum diketahui akibatnya.",
        ),
        "were-about": (
            "Its histories were about {groups}: where it needs others, say so with about=[...].",
            "Riwayatnya tentang {groups}: bila perlu yang lain, sebutkan dengan about=[...].",
        ),
        "shortest": (
            "The shortest history that breaks it ({requests}; {histories} played, {tries} tried, {seconds} s):",
            "Riwayat terpendek yang melanggarnya ({requests}; {histories} dimainkan, {tries} dicoba, {seconds} detik):",
        ),
        "kept": (
            "The history that was kept, and still breaks it ({requests}):",
            "Riwayat yang disimpan, dan masih melanggarnya ({requests}):",
        ),
        "beside": (
            "And the history that it is held against:",
            "Dan riwayat yang menjadi pembandingnya:",
        ),
        "again": (
            "To repeat it: check({law}, seed={seed}, histories={histories}{steps}), with the same rules.",
            "Untuk mengulanginya: check({law}, seed={seed}, histories={histories}{steps}), dengan aturan yang sama.",
        ),
        "no-reason": ("it does not hold", "ketentuannya tidak terpenuhi"),
        "found": ("It was found with seed {seed}.", "Ditemukan dengan seed {seed}."),
        "applied": (
            "Applied {times} in {histories} ({pace} histories a second).",
            "Diterapkan {times} dalam {histories} ({pace} riwayat per detik).",
        ),
        "came-up": ("What came up, by answer:", "Yang terjadi, menurut jawaban:"),
        "request": ("request/requests", "permintaan/permintaan"),
        "history": ("history/histories", "riwayat/riwayat"),
        "time": ("time/times", "kali/kali"),
        "agent": ("agent", "agen"),
        "participant": ("participant", "peserta"),
        "dated": ("{value} from {first}", "{value} mulai {first}"),
        "dated-until": (
            "{value} from {first} to {last}",
            "{value} mulai {first} sampai {last}",
        ),
        "table": ("a table (rows: {rows})", "sebuah tabel (baris: {rows})"),
        "run": ("{first} to {last}", "{first} sampai {last}"),
        "endless": ("{first} and after", "{first} dan seterusnya"),
        "seats": (
            "seats {taken} of {issued} taken, {cap}",
            "kursi {taken} dari {issued} terisi, {cap}",
        ),
        "cap": ("cap {cap}", "batas {cap}"),
        "no-cap": ("no cap", "tanpa batas"),
        "region": (
            "region {region} {taken} of {allotted}",
            "wilayah {region} {taken} dari {allotted}",
        ),
        "no-rule": ("{rule} not in force", "{rule} tidak berlaku"),
        "evaluation": ("evaluation {evaluation} {stands}", "evaluasi {evaluation} {stands}"),
        "not-opened": ("not opened", "belum dibuka"),
        "open": ("open", "terbuka"),
        "awarded": ("{amount} awarded for {month}", "insentif {amount} untuk {month}"),
        "in": ("in {segment}", "di {segment}"),
        "out": ("out of {segment}", "keluar dari {segment}"),
        "paid": ("paid {paid}", "dibayar {paid}"),
        "unpaid": ("nothing paid", "belum ada yang dibayar"),
        "nowhere": ("not registered", "belum terdaftar"),
        "does-not-matter": ("Does not matter", "Tidak berpengaruh"),
        "nothing": (
            "nothing of what was tried (dates, people, provinces, amounts, incomes)",
            "tidak satu pun yang dicoba (tanggal, orang, provinsi, jumlah, penghasilan)",
        ),
        "any-dates": ("the dates (all {shifts})", "tanggal (semuanya {shifts})"),
        "or": (" or ", " atau "),
        "any-people": ("who the people are", "siapa orangnya"),
        "any-provinces": ("which provinces", "provinsi mana"),
        "any-amounts": ("the amounts paid", "jumlah yang dibayar"),
        "any-incomes": ("the incomes", "penghasilan"),
        "day-later": ("a day later", "sehari lebih lambat"),
        "day-earlier": ("a day earlier", "sehari lebih awal"),
        "month-later": ("a month later", "sebulan lebih lambat"),
        "month-earlier": ("a month earlier", "sebulan lebih awal"),
        "year-later": ("a year later", "setahun lebih lambat"),
        "year-earlier": ("a year earlier", "setahun lebih awal"),
    }
)
"""By key: what is said around the sentences, and beside them."""

WORDS: Final[Told] = MappingProxyType(
    {
        "accepted": ("accepted", "diterima"),
        "nothing new": ("nothing new", "tidak ada yang baru"),
        "refused": ("refused", "ditolak"),
        "error": ("turned down", "tidak dapat diproses"),
        "unknown": ("unknown", "belum dikenal"),
        "recruited": ("recruited", "direkrut"),
        "in training": ("in training", "masih belajar"),
        "certified": ("certified", "bersertifikat"),
        "active": ("active", "aktif"),
        "deactivated": ("deactivated", "nonaktif"),
        "resigned": ("resigned", "mengundurkan diri"),
        "terminated": ("terminated", "diberhentikan"),
        "idle": ("idle", "tidak produktif"),
        "office": ("the agreement with the office ended", "perjanjian dengan kantor berakhir"),
        "fraud": ("fraud", "penipuan"),
        "crime": ("a crime", "tindak pidana"),
        "gratification": ("gratification", "gratifikasi"),
        "raise": ("raise", "dinaikkan"),
        "keep": ("keep", "dipertahankan"),
        "lower": ("lower", "diturunkan"),
        "mistake": ("a mistake", "kekeliruan"),
        "death": ("death", "meninggal"),
        "pension-age": ("pension age", "usia pensiun"),
        "left-work": ("left work", "berhenti bekerja"),
        "other": ("other", "lainnya"),
        "transport": ("transport", "transportasi"),
        "self": ("the participant", "peserta"),
        "agent": ("an agent", "agen"),
        "employer": ("an employer", "pemberi kerja"),
        "sponsor": ("a sponsor", "sponsor"),
        "national": ("national", "nasional"),
        "pu": ("pu", "PU"),
        "bpu": ("bpu", "BPU"),
        "construction": ("construction", "jasa konstruksi"),
        "migrant": ("migrant", "PMI"),
    }
)
"""Words of the domain as people say them; one that is not here is told with spaces."""

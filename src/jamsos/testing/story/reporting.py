"""Findings told for people: a broken law as a story, any other as a table."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from jamsos.domain.field import shown
from jamsos.language import Language, formed, say
from jamsos.testing.laws.speaking import Over
from jamsos.testing.search.findings import STEPS, Broken, Finding, Held, NotExercised

from .telling import lines, outcome_text
from .unimportant import does_not_matter


def report(outcome: Finding, language: str = "en") -> str:
    """
    Return *outcome* for people: a broken law as a story, any other as a table.

    >>> from jamsos.testing import examine, law
    >>> from jamsos.domain.quota import QuotaSeatTaken
    >>> @law("Nobody ever takes a seat", cite="example")
    ... def nobody(event: QuotaSeatTaken) -> None:
    ...     assert False, "somebody does"
    >>> print(report(examine(nobody)).splitlines()[0])
    BROKEN LAW  Nobody ever takes a seat

    Told in *language*, ``en`` or ``id``. A story says what does not matter in it: it is played
    with other dates, people, provinces, amounts and incomes. Raises `InputError` for a
    language that there is not.
    """
    chosen = Language.of(language)
    lines = _broken(outcome, chosen) if isinstance(outcome, Broken) else _unbroken(outcome, chosen)
    return "\n".join(lines)


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
    yield from lines(plan, broken.begins, language, {broken.breaking.step: broken.breaking.why})
    if law.over is Over.HISTORIES and law.variant is not None:
        yield ""
        yield say("beside", language)
        yield ""
        # With the dice that `Judge` gave it.
        yield from lines(law.variant(plan, Random(len(plan))), broken.begins, language, {})
    yield ""
    yield does_not_matter(broken, language)
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
        (f"{verb}: {outcome_text(outcome, language)}", formed("n", times, language))
        for (verb, _, outcome), times in (
            (key.partition(": "), times) for key, times in held.outcomes.items()
        )
    ]
    yield say("came-up", language)
    wide = max((len(name) for name, _ in rows), default=0)
    most = max((len(times) for _, times in rows), default=0)
    for name, times in rows:
        yield f"  {name:<{wide}}  {times:>{most}}"

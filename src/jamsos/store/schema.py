"""The JSON Schema of every event, for those who read histories without jamsos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args, get_type_hints

import attrs
import msgspec

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AKN, SHA256, URL, AknName, Sha256, Url
from jamsos.domain.geography import PROVINCES, REGIONS, ProvinceCode, Region
from jamsos.domain.identity import AGENT, NAME, RULE_REF, AgentId, ProgrammeName, RuleRef
from jamsos.domain.money import MOST, Rupiah
from jamsos.domain.value import Word

from .catalogue import EVENTS, OLD_SHAPES


def _like(pattern: re.Pattern[str]) -> tuple[str, dict[str, Any]]:
    return "string", {"pattern": f"^{pattern.pattern}$"}


_WHOLE: Final = ("integer", {"minimum": 0, "maximum": MOST})

NARROWER: Final[dict[Any, tuple[str, dict[str, Any]]]] = {
    int: _WHOLE,
    Rupiah: _WHOLE,
    AgentId: _like(AGENT),
    ProgrammeName: _like(NAME),
    RuleRef: _like(RULE_REF),
    Word: _like(NAME),
    Url: _like(URL),
    Sha256: _like(SHA256),
    AknName: _like(AKN),
    ProvinceCode: ("string", {"enum": sorted(PROVINCES)}),
    Region: ("string", {"enum": list(REGIONS)}),
}
"""The values that the validators of the events let through, beside the type."""


def schema() -> dict[str, Any]:
    """
    Return the JSON Schema of every event's data, by the event's published name, old or new.

    Schema dialect 2020-12. No field may be missing, and there are no others.

        >>> schema()["events"]["agent.assigned.v1"]
        {'$ref': '#/$defs/AgentAssigned'}
    """
    shapes = {**EVENTS, **OLD_SHAPES}
    references, definitions = msgspec.json.schema_components(
        list(shapes.values()), schema_hook=_text, ref_template="#/$defs/{name}"
    )
    kinds = {kind.__name__: kind for kind in _kinds(shapes.values())}
    for name, definition in definitions.items():
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
            definition["required"] = sorted(definition["properties"])
            hints = get_type_hints(kinds[name])
            for field, said in definition["properties"].items():
                said.pop("default", None)
                for hint in _leaves(hints[field]):
                    _narrow(said, *NARROWER.get(hint, ("", {})))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The events of jamsos, by their published names",
        "events": dict(zip(shapes, references, strict=True)),
        "$defs": dict(sorted(definitions.items())),
    }


def _kinds(kinds: Iterable[type[Any]]) -> Iterator[type[Any]]:
    """Return *kinds*, and what their fields are made of."""
    for kind in kinds:
        if attrs.has(kind):
            yield kind
            for hint in get_type_hints(kind).values():
                yield from _kinds(leaf for leaf in _leaves(hint) if isinstance(leaf, type))


def _leaves(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - any annotation
    """Return the types that *hint* is made of, out of unions and tuples."""
    arguments = get_args(hint)
    for argument in arguments:
        yield from _leaves(argument)
    if not arguments:
        yield hint


def _narrow(said: dict[str, Any], kind: str, more: dict[str, Any]) -> None:
    """Add *more* to what is *said* of values of that *kind*, wherever in it they are."""
    if said.get("type") == kind:
        said.update(more)
    for part in (*said.get("anyOf", ()), *filter(None, [said.get("items")])):
        _narrow(part, kind, more)


def _text(type_: type[Any]) -> dict[str, Any]:
    if type_ is Month:
        return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
    if type_ is Months:
        month = r"\d{4}-(0[1-9]|1[0-2])"
        run = rf"{month}/({month}|\.\.)"
        return {"type": "string", "pattern": rf"^({run}(,{run})*)?$"}
    msg = f"{type_.__name__} has no schema"
    raise NotImplementedError(msg)

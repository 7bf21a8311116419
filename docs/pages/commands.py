"""The page of commands: the published name of each, its fields, and what it may lead to."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, get_args, get_type_hints

import attrs
import msgspec

from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, NAMES, verb_of
from jamsos.domain.codec import to_text
from jamsos.store.catalogue import EVENTS

from .writing import prose, said_of, table

INTRODUCTION: Final = """\
# Commands

<!-- Made by docs/generate.py from the catalogue: do not edit by hand. -->

A command is a frozen value that says what is asked for, with the day that it is about.
It is answered by a decision: `Accepted` with events, or `Refused` with reasons.
Each has a published name, and a method of the same words on every desk: `registry.recruit(...)` asks `Recruit(...)`.
In Python, `registry.ask(command)` asks one, and `registry.ask_all(commands)` asks many together, of any kinds.

Names and fields are a contract with everybody who sends or keeps a command: a name is added, never renamed nor used for something else, and a command that must say something else gets a new version.
A field may be added to a command if it has a default, for a default is left out of what is written.
The commands of `jamsos` in a terminal stand on another page, [Command line](cli.md).

## How a command is written

As JSON, with the published name under `type` and the fields under `data`.
Values are written as in a [history](history-format.md#how-values-are-written).
A field that has its default is left out, and a field without a default is always there.
Each command has one spelling: without spaces, and with names in alphabetical order.

```python
>>> from datetime import date
>>> from jamsos.commands.agents import Recruit
>>> from jamsos.commands.spelling import decode, encode
>>> agent = "agent-00000000-0000-7000-8000-000000000001"
>>> recruit = Recruit(agent, "perisai", province="51", on=date(2017, 12, 1))
>>> print(encode(recruit).decode())
{"data":{"agent":"agent-00000000-0000-7000-8000-000000000001","on":"2017-12-01","programme":"perisai","province":"51"},"type":"agent.recruit.v1"}
>>> decode(encode(recruit)) == recruit
True
```

`decode` takes any order of names and any spaces.
A name that is not on this page, a field too many or too few, a default that is spelled out, and a value in another spelling are an `InputError`.

A command id, the answers that are kept under it, plans of `jamsos.testing` and the histories that it keeps all use this spelling: [letters and answers](history-format.md#letters-and-answers).
"""  # noqa: E501 - in the documents, each sentence has a line of its own

STANDING_FOR_MANY: Final = """\
## What stands for many commands

An expansion is not decided: it is replaced by the commands for which it stands, as things are recorded, and each of these is answered by itself.
It cannot be sent under a command id; the commands can, each under its own.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

VALUES_INSIDE: Final = """\
## Values inside commands

These are objects, or one of a few words, in the fields above.
They are written as in [events](events.md#values-inside-events), except that here, too, fields with their default are left out.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

BY_NAME: Final = {
    "agent": "agent",
    "amount": "whole rupiah",
    "income": "whole rupiah",
    "participant": "participant",
    "programme": "name of a programme",
    "programmes": "list of: name of a programme",
    "province": "code of a province",
    "region": "region",
    "scope": "region",
    "source": "region",
    "to": "region",
    "weights": "object: whole number by region",
}
"""What a field of this name is, where its type in Python is a plain one."""

EVENT_NAMES: Final = {event: name for name, event in EVENTS.items()}


def page() -> str:
    """Return the page of commands."""
    inside: dict[str, type] = {}
    parts = [INTRODUCTION]
    aggregate = None
    for name, command in COMMANDS.items():
        if aggregate != (aggregate := name.partition(".")[0]):
            parts.append(f"## {aggregate.capitalize()}\n")
        parts += _command(name, command, inside)
    parts.append(STANDING_FOR_MANY)
    for name, expansion in EXPANSIONS.items():
        parts += _expansion(name, expansion, inside)
    parts.append(VALUES_INSIDE)
    for name in sorted(inside):
        parts += _value(inside[name])
    return "\n".join(parts)


def _command(name: str, command: type[Any], inside: dict[str, type]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{prose(command, errors=True)}\n"
    streams = inspect.getdoc(command.streams) or ""
    events = _events(get_type_hints(command.decide)["return"])
    yield f"{_python(command)}\nThe decision rests on {streams.removeprefix('Return ')}\n"
    yield _fields(command, inside, BY_NAME)
    links = (f"[{each}](events.md#{each.replace('.', '')})" for each in events)
    yield f"May lead to {', '.join(links)}.\n"


def _expansion(name: str, expansion: type[Any], inside: dict[str, type]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{prose(expansion, errors=True)}\n"
    (command,) = get_args(get_type_hints(expansion.expand)["return"])
    each = NAMES[command]
    yield f"{_python(expansion)}\nStands for [{each}](#{each.replace('.', '')}).\n"
    yield _fields(expansion, inside, BY_NAME)


def _python(kind: type[Any]) -> str:
    fields = attrs.fields(kind)
    positional = [field.name for field in fields if not field.kw_only]
    named = [field.name for field in fields if field.kw_only]
    asked = f"{verb_of(kind)}({', '.join((*positional, '*', *named))})"
    return f"In Python, `{kind.__module__}.{kind.__qualname__}`, asked by `{asked}`."


def _fields(kind: type[Any], inside: dict[str, type], by_name: Mapping[str, str]) -> str:
    hints, rows = get_type_hints(kind), []
    for field in attrs.fields(kind):
        said = said_of(hints[field.name], inside)
        if field.name in by_name:
            said = by_name[field.name] + (", or nothing" if said.endswith("nothing") else "")
        rows.append((f"`{field.name}`", said, _usual(field.default)))
    return table(("field", "is", "default"), rows)


def _usual(default: object) -> str:
    if default is attrs.NOTHING:
        return ""
    return f"`{msgspec.json.encode(default, enc_hook=to_text).decode()}`"


def _events(steps: Any) -> list[str]:  # noqa: ANN401 - any annotation
    """Return the names of the events in a ``Steps[...]``: pairs of a stream and a decision."""
    _, decision = get_args(get_args(steps)[0])
    accepted, _refused = get_args(decision)
    (events,) = get_args(accepted)
    return [EVENT_NAMES[each] for each in get_args(events) or (events,)]


def _value(kind: type) -> Iterator[str]:
    yield f"### {kind.__name__}\n"
    yield f"{prose(kind)}\n"
    if issubclass(kind, StrEnum):
        yield "\n".join(f"- `{member.value}`" for member in kind) + "\n"
    else:
        yield _fields(kind, {}, {})

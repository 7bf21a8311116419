"""The setting of a world: the law that is enacted, and the rules by which it decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from jamsos.commands.catalogue import COMMANDS
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.fixed import fixed
from jamsos.domain.identity import ProgrammeName, programme_stream
from jamsos.domain.programme import Programme, ProgrammeEstablished
from jamsos.errors import InputError
from jamsos.policies.standard import STANDARD, ExtraPolicies, by_case
from jamsos.rulebook import RuleFile, load
from jamsos.rulebook.shelf import enacting, everything
from jamsos.store.event_store import EventStore, entry

from .session import Around, Decider, Rules

EPOCH: Final = datetime(2018, 1, 1, tzinfo=UTC)
"""When everything in memory is recorded: the moment of writing is not an axis of law."""


States: TypeAlias = Mapping[str, tuple[State, int]]
"""The state and the version of each stream."""


def _fixed(states: States) -> States:
    return fixed(states)


@attrs.frozen(eq=False)
class Setting:
    """
    The beginning of a world: the law that is enacted in it, and the rules by which it decides.

    Make one with `setting`. It is never changed, and any number of worlds can begin with it.
    """

    founding: tuple[tuple[str, int, Event], ...]
    """The events that enact the law, each with its stream and version there."""
    states: States = attrs.field(converter=_fixed)
    decides: Rules
    own: tuple[RuleFile, ...] = ()
    """The rule files that came on top of those that ship."""

    @property
    def law(self) -> Mapping[str, Programme]:
        """The programmes that are enacted, by name."""
        return fixed({p.name: p for p, _ in self.states.values() if isinstance(p, Programme)})

    def enact_in(self, store: str | Path) -> None:
        """
        Record the law of this setting in a *store*, a path or an address, that is new or empty.

        >>> from tempfile import TemporaryDirectory
        >>> import jamsos
        >>> with TemporaryDirectory() as folder:
        ...     setting().enact_in(f"{folder}/office.db")
        ...     with jamsos.open(f"{folder}/office.db") as registry:
        ...         registry.programme("perisai").rule("agent-cap", date(2018, 2, 5)).value
        10000

        So an office begins where a world does. Raises `ConflictError` for a store in which
        something has happened, `InputError` for one in memory, and as `jamsos.open` does.
        """
        if str(store) == ":memory:":
            msg = "a store in memory is gone when it is closed: name a file or an address"
            raise InputError(msg)
        with EventStore(store) as there:
            there.load(
                entry(stream, version, event, EPOCH) for stream, version, event in self.founding
            )


def setting(
    rules: str | Path | Iterable[RuleFile] | None = None,
    *,
    policies: ExtraPolicies | None = None,
    deciders: Mapping[type, Decider] | None = None,
    around: Around | None = None,
    instead: bool = False,
) -> Setting:
    """
    Return a setting in which the law that ships is enacted, and those that ship decide.

    *rules* are rule files that come on top: a path, or what `jamsos.rulebook.load` returned. From
    the first day of theirs on, what they say of a rule is in force, and nothing else; before it
    what ships, unless they are there *instead* of it. *policies* judge the cases under which they
    stand, in place of those that ship. *deciders* decide the commands under which they stand, in
    place of their own ``decide``; *around* wraps every decision, and may change what is read or
    staged. Raises as `jamsos.rulebook.load` does, and `InputError` for a rule that ships in
    another unit, or with values of another kind, and for a decider of what is not a command.
    """
    own = load(rules) if isinstance(rules, str | Path) else tuple(rules or ())
    founding, states = _enacted(own, instead=instead)
    for kind in deciders or ():
        if kind not in COMMANDS.values():
            msg = f"a decider is given for {kind!r}, which is not a command"
            raise InputError(msg)
    judges = {**STANDARD, **by_case(policies or {})}
    return Setting(founding, states, Rules(judges, dict(deciders or {}), around), own)


@lru_cache(maxsize=256)
def _enacted(
    own: tuple[RuleFile, ...], *, instead: bool
) -> tuple[tuple[tuple[str, int, Event], ...], Mapping[str, tuple[State, int]]]:
    ships = {_key(file): file for file in everything()}
    theirs: set[tuple[str, str, str]] = set()
    for file in own:
        if _key(file) in theirs:
            msg = f"rule {file.programme}/{file.rule} stands in two files: let one have its values"
            raise InputError(msg)
        theirs.add(_key(file))
        if _key(file) in ships and not instead:
            _check_alike(file, ships[_key(file)])
    files = (*(f for f in everything() if not (instead and _key(f) in theirs)), *own)
    first: dict[ProgrammeName, date] = {}
    for file in files:
        begins = file.values[0].in_force
        first[file.programme] = min(begins, first.get(file.programme, begins))
    founding: list[tuple[str, int, Event]] = []
    states: dict[str, tuple[State, int]] = {}

    def happen(programme: str, event: Event) -> None:
        stream = programme_stream(programme)
        state, version = states.get(stream) or (state_of(stream, ()), 0)
        states[stream] = (state_of(stream, [event], since=state), version + 1)
        founding.append((stream, version + 1, event))

    for name, begins in first.items():
        happen(name, ProgrammeEstablished(programme=name, on=begins))
    for name, event in enacting(files):
        happen(name, event)
    return tuple(founding), states


def _key(file: RuleFile) -> tuple[str, str, str]:
    return file.programme, file.rule, file.scope


def _check_alike(file: RuleFile, ships: RuleFile) -> None:
    kinds = {value.kind for value in (*file.values, *ships.values)}
    if file.unit != ships.unit or len(kinds) > 1:
        msg = (
            f"rule {file.programme}/{file.rule} is of unit {file.unit!r} and kind"
            f" {file.values[0].kind}, and ships with unit {ships.unit!r} and kind"
            f" {ships.values[0].kind}: it keeps these"
        )
        raise InputError(msg)

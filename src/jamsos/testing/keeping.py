"""A history that broke a law, kept in a file, and held against the law again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final, NoReturn

import attrs
import msgspec

from jamsos.commands.catalogue import verb_of
from jamsos.commands.spelling import decode, encode
from jamsos.commands.spelling_0_1 import asked_in_0_1
from jamsos.domain.codec import pairs
from jamsos.engine.session import Around, Decider
from jamsos.engine.setting import setting
from jamsos.engine.world import Asked, Plan, Step, World
from jamsos.errors import InputError
from jamsos.policies.standard import ExtraPolicies
from jamsos.rulebook import RuleFile

from .failing import LawBrokenError
from .laws.judging import Judge
from .laws.stating import Law
from .search.findings import Broken


def save(broken: Broken, path: str | Path) -> None:
    """
    Keep the history of *broken* in the file *path*, in place of what is there.

    >>> from tempfile import TemporaryDirectory
    >>> from jamsos.domain.quota import QuotaSeatTaken
    >>> from jamsos.testing import examine, law
    >>> @law("Nobody ever takes a seat", cite="example")
    ... def nobody(event: QuotaSeatTaken) -> None:
    ...     assert False, "somebody does"
    >>> broken = examine(nobody)
    >>> with TemporaryDirectory() as folder:
    ...     save(broken, f"{folder}/nobody.jsonl")
    ...     plan_of(f"{folder}/nobody.jsonl") == broken.plan
    True

    A line of JSON says which law it broke, how it was found, and what was answered; then comes
    one line for each command, as `jamsos.commands.spelling` writes it. The commands
    are kept and not the events: events that a wrong rule let happen would break the law for
    ever, while the same commands are decided again by the rule that was put right. The file is
    written whole or not at all. Raises `InputError` for a command that is in no catalogue, and
    `OSError` where the file cannot be written.
    """
    lines: list[bytes] = []
    for number, asked in enumerate(broken.plan, start=1):
        try:
            line = encode(asked)
            _asked(line)
        except _NOT_KEPT as error:
            msg = f"command {number}, {verb_of(type(asked))}, cannot be kept: {error}"
            raise InputError(msg) from error
        lines.append(line)
    heading = _Heading(
        law=broken.law.name,
        says=broken.law.says,
        cite=broken.law.cite,
        seed=broken.seed,
        why=broken.breaking.why,
        jamsos=metadata.version("jamsos"),
        answers=tuple(step.outcome for step in broken.history.steps),
        digest=_digest(lines),
    )
    _replace(Path(path), b"\n".join((_encode(heading), *lines, b"")))


def plan_of(path: str | Path) -> Plan:
    """
    Return the commands that are kept in the file *path*: see `save`.

    Read strictly: what `save` would not write is an error, and so is what was
    changed since. Version 0.1 kept verbs with their arguments: these files are read as well.
    Raises `InputError`, which names the file and the line, and `OSError` where the file cannot
    be read.
    """
    return _read(Path(path))[1]


def recheck(
    law: Law,
    path: str | Path,
    *,
    rules: str | Path | Iterable[RuleFile] | None = None,
    policies: ExtraPolicies | None = None,
    deciders: Mapping[type, Decider] | None = None,
    around: Around | None = None,
    language: str = "en",
) -> None:
    """
    Ask again for what is kept in *path*, and raise `LawBrokenError` if *law* is still broken.

    The regression for a rule that was put right: it plays one short history, and needs no dice.
    *rules*, *policies*, *deciders* and *around* are as for `setting`; the text of the error is
    the story, in *language*. Commands were kept and not events, as `save` says: a right rule
    refuses the one that a wrong rule granted. Raises `InputError` as `plan_of` does, where
    another law is named in the file, and where a command that was granted then cannot be meant
    any more: then the history shows nothing.
    """
    heading, plan = _read(Path(path))
    if (heading.law, heading.says) != (law.name, law.says):
        msg = (
            f"{path}, line 1: it is kept for the law {heading.law}, {heading.says!r}, not for"
            f" {law.name}, {law.says!r}: ask that law, or write the new words there"
        )
        raise InputError(msg)
    begins = setting(rules, policies=policies, deciders=deciders, around=around)
    breaking = Judge(law, begins).plan(plan)
    if breaking is None:
        _check_shown(Path(path), heading, World(begins).play(plan))
    else:
        broken = Broken(
            law,
            plan[: breaking.step + 1],
            breaking,
            histories=0,
            tries=0,
            seconds=0.0,
            begins=begins,
            seed=heading.seed,
        )
        raise LawBrokenError(broken, language)


@attrs.frozen
class _Heading:
    """The first line of a file: the law that was broken, and how that was found."""

    law: str
    says: str
    cite: str
    seed: int
    why: str
    jamsos: str
    answers: tuple[str, ...]
    """In a word, what each command was answered."""
    digest: str
    """SHA-256 of the lines of the commands."""


# -- Writing. --------------------------------------------------------------------------


_encode: Final = msgspec.json.Encoder().encode


def _replace(path: Path, data: bytes) -> None:
    """Write *data* beside *path*, and let it take its place when it is whole and on the disk."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(_READABLE)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


_READABLE: Final = 0o644


# -- Reading. --------------------------------------------------------------------------

_NOT_KEPT: Final = (TypeError, ValueError, msgspec.DecodeError)
"""The errors for a line that is not a command, and for a command that cannot be written."""


def _read(path: Path) -> tuple[_Heading, Plan]:
    first, *rest = path.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
    try:
        heading = msgspec.convert(pairs(first), _Heading)
        if pairs(_encode(heading)) != pairs(first):
            _wrong(f"it has more than {', '.join(f.name for f in attrs.fields(_Heading))}")
    except _NOT_KEPT as error:
        _at(path, 1, error if first else "the file is empty")
    if not rest or rest.pop():
        _at(path, len(rest) + 2, "it has no end: the file was cut off")
    plan = []
    for number, line in enumerate(rest, start=2):
        try:
            plan.append(_asked(line))
        except _NOT_KEPT as error:
            _at(path, number, error)
    if not plan:
        _at(path, 2, "there is no command")
    if _digest(rest) != heading.digest or len(heading.answers) != len(plan):
        _at(path, 1, "the commands below are not those that were kept: keep the history again")
    return heading, tuple(plan)


def _digest(lines: Iterable[bytes]) -> str:
    return sha256(b"\n".join(lines)).hexdigest()


def _check_shown(path: Path, heading: _Heading, steps: Iterable[Step]) -> None:
    """Raise `InputError` where a command can no longer be meant: a right rule may refuse it."""
    for number, (then, step) in enumerate(zip(heading.answers, steps, strict=True), start=2):
        if step.outcome.startswith("error") and not then.startswith("error"):
            msg = f"it was {then} when it was kept, and cannot be meant now ({step.answer})"
            _at(path, number, f"{msg}: with which rules was it kept?")


def _asked(line: bytes) -> Asked:
    """Return the command that *line* keeps. Raises one of `_NOT_KEPT` where it keeps none."""
    read = pairs(line)
    if isinstance(read, dict) and "verb" in read:
        asked: Asked = asked_in_0_1(read)
    else:
        asked = decode(line)
    return asked


def _wrong(what: str) -> NoReturn:
    raise InputError(what)


def _at(path: Path, line: int, what: object) -> NoReturn:
    msg = f"{path}, line {line}: {what}"
    raise InputError(msg)

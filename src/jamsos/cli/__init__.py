"""The command line: `jamsos demo | count | replay | rebuild | show | rules | law | ...`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from jamsos.domain.active import MANDATORY
from jamsos.domain.coverage import Segment
from jamsos.domain.due import OTHER, OWN
from jamsos.domain.field import shown
from jamsos.domain.geography import NATIONAL
from jamsos.errors import (
    CorruptHistoryError,
    InputError,
    JamsosError,
    NotFoundError,
    StoreError,
)
from jamsos.formulas.active import DEFINITIONS, PAID_UP
from jamsos.language import Language
from jamsos.store import history_file
from jamsos.store.event_store import EventStore, migrate

from .exit_codes import FINE, UNREADABLE, USAGE

_EPILOG: Final = """\
exit codes: 0 fine, 1 findings, 2 usage, 3 unreadable or corrupt history

STORE is a database that jamsos made, a file or postgresql://..., or a history file (JSON Lines)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    gc.disable()  # a command is short, and what it makes has no cycles to look for
    parser, _ = _parsers()
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as end:
        return USAGE if end.code else FINE
    try:
        code: int = asked.run(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
        return FINE
    except JamsosError as error:
        print(f"jamsos: {shown(str(error))}", file=sys.stderr)
        unreadable = isinstance(error, CorruptHistoryError | StoreError | NotFoundError)
        return UNREADABLE if unreadable else USAGE
    except OSError as error:
        print(f"jamsos: the answer cannot be written: {error.strerror}", file=sys.stderr)
        _write_no_more()
        return UNREADABLE
    return code


def _write_no_more() -> None:
    """Leave nothing to be written at the end, where nobody would take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and where to read on."""

    def error(self, message: str) -> NoReturn:
        print(f"jamsos: {message}; see '{self.prog} --help'", file=sys.stderr)
        raise SystemExit(USAGE)


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, by name."""
    return _parsers()[1]


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = _Parser(
        prog="jamsos",
        description="Indonesia's employment social security as events, rules and counts.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    made_for: dict[str, argparse.ArgumentParser] = {}
    does = "say what the law says: list, show, check, diff"
    of_rules = subparsers.add_parser("rules", help=does, description=f"{does.capitalize()}.")
    groups = {"rules": of_rules.add_subparsers(title="commands", metavar="COMMAND", required=True)}
    does = "hold laws of one's own against histories: check"
    of_laws = subparsers.add_parser("law", help=does, description=f"{does.capitalize()}.")
    groups["law"] = of_laws.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(
        name: str,
        run: Callable[[Any], int],
        does: str,
        example: str,
        prints: str = "one JSON object",
    ) -> argparse.ArgumentParser:
        group, _, last = name.rpartition(" ")
        made = made_for[name] = (groups[group] if group else subparsers).add_parser(
            last,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            epilog=f"example:\n  {example}\n\n{_EPILOG}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help=f"print {prints}")
        return made

    demo = command(
        "demo",
        _demo,
        "play the agency programme from November 2017, and count",
        "jamsos demo --until 2018-12 --store perisai.db",
    )
    demo.add_argument(
        "--store", metavar="FILE", help="keep the history here; else it is thrown away"
    )
    demo.add_argument("--until", choices=("2018-02", "2018-12"), default="2018-02", help="how far")
    demo.add_argument("--seed", type=int, default=2018, help="another seed, other people")

    count = command(
        "count",
        _count,
        "count the active participants of a month",
        "jamsos count perisai.db --month 2018-02 --active in-grace --by segment,province",
    )
    count.add_argument("store", metavar="STORE")
    count.add_argument("--month", required=True, metavar="YYYY-MM")
    count.add_argument(
        "--active",
        choices=tuple(DEFINITIONS),
        default=PAID_UP.name,
        help=f"the definition of active (default: {PAID_UP.name})",
    )
    count.add_argument(
        "--by",
        default="",
        metavar="DIMENSIONS",
        help="segment,province,agent,programme: any of them",
    )
    count.add_argument(
        "--programme",
        help=f"by whose coverage participants are counted (default: {MANDATORY})",
    )
    count.add_argument(
        "--known-at", type=int, metavar="POSITION", help="as the history was known at a position"
    )
    count.add_argument("--members", action="store_true", help="list who counts, and by what events")

    replay = command(
        "replay",
        _replay,
        "rebuild everything from the events alone, and compare with a recount",
        "jamsos replay perisai.jsonl --to 1000",
    )
    replay.add_argument("store", metavar="STORE")
    replay.add_argument("--to", type=int, metavar="POSITION", help="go no further than a position")

    show = command(
        "show",
        _show,
        "tell the life of an agent, a participant, a programme or a quota",
        "jamsos show perisai.db programme-perisai",
    )
    show.add_argument("store", metavar="STORE")
    show.add_argument("stream", metavar="STREAM", help="such as agent-..., programme-perisai")

    export = command(
        "export",
        _export,
        "write a store as a history file to the standard output",
        "jamsos export perisai.db > perisai.jsonl",
    )
    export.add_argument("store", metavar="STORE")

    load = command(
        "import",
        _import,
        "make a store from a history file",
        "jamsos import perisai.jsonl --store perisai.db",
    )
    load.add_argument("file", metavar="FILE")
    load.add_argument(
        "--store",
        required=True,
        metavar="NEW",
        help="the store that is to be made, or an empty database",
    )

    prepare = command(
        "migrate",
        _migrate,
        "make the tables of jamsos in a PostgreSQL database, where they are not there",
        "jamsos migrate postgresql://jamsos@localhost/jamsos",
    )
    prepare.add_argument("url", metavar="URL", help="its address: postgresql://...")

    anew = command(
        "rebuild",
        _rebuild,
        "make live counts anew from the events, compare, and put them in place",
        "jamsos rebuild perisai.db active --compare-only",
    )
    anew.add_argument("store", metavar="STORE", help="a database; no history file")
    anew.add_argument(
        "name", metavar="NAME", nargs="?", help="active, seats, ...: one of those that ship"
    )
    anew.add_argument(
        "--compare-only", action="store_true", help="only say what differs: the live ones stay"
    )

    _of_rules(command)
    _of_answers(command)
    _of_laws(command)
    command("schema", _schema, "print the JSON Schema of every event", "jamsos schema")
    return parser, made_for


def _of_rules(command: Callable[..., argparse.ArgumentParser]) -> None:
    lists = command(
        "rules list",
        _rules("list_rules"),
        "list every rule that ships, or of one programme",
        "jamsos rules list --programme jkk",
    )
    lists.add_argument("--programme", help="of this programme only")
    shows = command(
        "rules show",
        _rules("show_rule"),
        "say what a rule says on a day, where that stands, and how well it is known",
        "jamsos rules show jkk/bpu-income-brackets --on 2026-02-01",
    )
    shows.add_argument("name", metavar="NAME", help="such as jkm/bpu-amount, or bpu-amount")
    shows.add_argument("--on", required=True, metavar="YYYY-MM-DD")
    shows.add_argument("--scope", default=NATIONAL, help="national, or the code of a province")
    checks = command(
        "rules check",
        _rules("check_file"),
        "check a rule file of one's own, or a folder of them",
        "jamsos rules check my-rules",
    )
    checks.add_argument("file", metavar="FILE")
    differs = command(
        "rules diff",
        _rules("diff_rules"),
        "say which rules have another value on one day than on another",
        "jamsos rules diff --from 2025-12-31 --to 2026-01-01",
    )
    differs.add_argument("--from", dest="since", required=True, metavar="YYYY-MM-DD")
    differs.add_argument("--to", required=True, metavar="YYYY-MM-DD")
    for reader in (lists, shows, differs):
        reader.add_argument(
            "--rules",
            metavar="PATH",
            help="a rule file, or a folder of them, on top of those that ship",
        )


def _of_answers(command: Callable[..., argparse.ArgumentParser]) -> None:
    due = command(
        "due",
        _due,
        "say what is due for a contribution month, and why",
        "jamsos due --income 1500000 --segment bpu --month 2026-04 --sector transport",
    )
    due.add_argument("--segment", required=True, choices=tuple(Segment))
    due.add_argument(
        "--month", required=True, metavar="YYYY-MM", help="the contribution month, or the first"
    )
    due.add_argument("--income", type=int, metavar="RUPIAH", help="the monthly income, or wage")
    due.add_argument(
        "--programmes", metavar="NAMES", help="such as jht,jkk,jkm (default: what must be taken)"
    )
    due.add_argument(
        "--occupation",
        default="outside-employment",
        metavar="NAME",
        help="bpu: employer, outside-employment or in-training (default: %(default)s)",
    )
    due.add_argument(
        "--sector", default=OTHER, metavar="NAME", help="bpu: transport or other (default: other)"
    )
    due.add_argument(
        "--budget",
        default=OWN,
        metavar="NAME",
        help="bpu: paid out of the state-budget, a regional-budget, or own (default: own)",
    )
    due.add_argument("--risk", metavar="NAME", help="pu: very-low, low, medium, high or very-high")
    due.add_argument(
        "--size",
        default="medium",
        metavar="NAME",
        help="pu: a micro, small, medium or large employer (default: %(default)s)",
    )
    due.add_argument(
        "--value", type=int, metavar="RUPIAH", help="construction: of the contract, without VAT"
    )
    due.add_argument(
        "--contract",
        metavar="NAME",
        help="migrant: six-months, twelve-months or twenty-four-months",
    )
    due.add_argument(
        "--extension", type=int, default=0, metavar="MONTHS", help="migrant: of the contract"
    )
    due.add_argument(
        "--jht", type=int, default=0, metavar="RUPIAH", help="migrant: chosen for JHT a month"
    )
    due.add_argument(
        "--rules",
        metavar="PATH",
        help="a rule file, or a folder of them, on top of those that ship",
    )
    why = command(
        "explain",
        _explain,
        "say why something was recorded, and reckon amounts again as it was known then",
        "jamsos explain perisai.db programme-perisai@2",
    )
    why.add_argument("store", metavar="STORE")
    why.add_argument(
        "stream", metavar="STREAM[@VERSION]", help="a whole stream, or one event of it"
    )
    for each in (due, why):
        each.add_argument(
            "--lang",
            choices=tuple(map(str, Language)),
            default=str(Language.ENGLISH),
            help="default: %(default)s",
        )


def _of_laws(command: Callable[..., argparse.ArgumentParser]) -> None:
    checks = command(
        "law check",
        _law_check,
        "look for the shortest history that breaks a law, one for each law of a module",
        "jamsos law check my_laws.py --rules my-rules --keep broken",
        "one JSON object for each law, on a line of its own",
    )
    checks.add_argument("module", metavar="MODULE", help="a .py file, or a module: my_office.laws")
    checks.add_argument(
        "--law", action="append", metavar="NAME", help="only this one; may be given again"
    )
    checks.add_argument("--seed", type=int, default=0, help="another seed, other histories")
    checks.add_argument(
        "--histories", type=int, default=1_000, metavar="N", help="for each (default: %(default)s)"
    )
    checks.add_argument(
        "--rules",
        metavar="PATH",
        help="a rule file, or a folder of them, on top of those that ship",
    )
    checks.add_argument(
        "--language",
        choices=tuple(map(str, Language)),
        default=str(Language.ENGLISH),
        help="of stories (default: %(default)s)",
    )
    checks.add_argument(
        "--history", metavar="STORE", help="against this history, instead of made-up ones"
    )
    checks.add_argument("--keep", metavar="DIR", help="keep the histories that break a law here")


def _due(asked: argparse.Namespace) -> int:
    from .due import due  # noqa: PLC0415 - the others need none of it

    return due(asked)


def _explain(asked: argparse.Namespace) -> int:
    from .explaining import explain  # noqa: PLC0415 - likewise

    return explain(asked)


def _law_check(asked: argparse.Namespace) -> int:
    from .law import check  # noqa: PLC0415 - likewise

    return check(asked)


def _rules(does: str) -> Callable[[argparse.Namespace], int]:
    def run(asked: argparse.Namespace) -> int:
        from . import rules  # noqa: PLC0415 - the others need none of it

        done: int = getattr(rules, does)(asked)
        return done

    return run


def _demo(asked: argparse.Namespace) -> int:
    from .demo import demo  # noqa: PLC0415 - the others need none of it

    return demo(asked)


def _count(asked: argparse.Namespace) -> int:
    from .counting import count  # noqa: PLC0415 - likewise

    return count(asked)


def _replay(asked: argparse.Namespace) -> int:
    from .replaying import replay  # noqa: PLC0415 - likewise

    return replay(asked)


def _show(asked: argparse.Namespace) -> int:
    from .story import show  # noqa: PLC0415 - likewise

    return show(asked)


def _export(asked: argparse.Namespace) -> int:
    if not history_file.is_store(asked.store):
        msg = f"{asked.store} is a history file already: there is nothing to export"
        raise InputError(msg)
    with EventStore(asked.store, create=False) as store:
        for line in history_file.lines(store):
            sys.stdout.buffer.write(line)
    return FINE


def _import(asked: argparse.Namespace) -> int:
    number = history_file.load(asked.file, asked.store)
    if asked.json:
        print(json.dumps({"store": asked.store, "events": number}))
    else:
        print(f"{number:,} events imported into {asked.store}")
    return FINE


def _migrate(asked: argparse.Namespace) -> int:
    version = migrate(asked.url)
    if asked.json:
        print(json.dumps({"version": version}))
    else:
        print(f"the tables of jamsos are there, in version {version}")
    return FINE


def _rebuild(asked: argparse.Namespace) -> int:
    from .rebuilding import rebuild  # noqa: PLC0415 - likewise

    return rebuild(asked)


def _schema(_: argparse.Namespace) -> int:
    from jamsos.store.schema import schema  # noqa: PLC0415 - the others need none of it

    print(json.dumps(schema(), indent=2))
    return FINE

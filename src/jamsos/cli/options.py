"""Options that several commands take."""

from __future__ import annotations

import argparse

from jamsos.language import Language


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Let *parser* take rules on top of those that ship."""
    parser.add_argument(
        "--rules",
        metavar="PATH",
        help="a rule file, or a folder of them, on top of those that ship",
    )


def add_language(
    parser: argparse.ArgumentParser, name: str = "--lang", said: str = "default: %(default)s"
) -> None:
    """Let *parser* take a language, as the option *name*."""
    parser.add_argument(
        name, choices=tuple(map(str, Language)), default=str(Language.ENGLISH), help=said
    )

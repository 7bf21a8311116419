"""
Makes the pages that say what the code says: ``python docs/generate.py``.

With ``--check`` nothing is written: it ends with 1 and a sentence where a page is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from pages import cli, commands, events, guarantees, rules

REFERENCE: Final = Path(__file__).parent / "reference"
PAGES: Final = {
    "events.md": events.page,
    "commands.md": commands.page,
    "cli.md": cli.page,
    "rules.md": rules.page,
    "guarantees.md": guarantees.page,
}


def main(arguments: list[str], folder: Path = REFERENCE) -> int:
    """Write the pages; or, with ``--check``, say whether they are what would be written."""
    stale = 0
    for name, page in PAGES.items():
        path, made = folder / name, page()
        if arguments != ["--check"]:
            path.write_text(made, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != made:
            print(f"{path} is stale: run python docs/generate.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

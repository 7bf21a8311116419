"""The command line as a module: `python -m jamsos` is `jamsos`."""

from __future__ import annotations

import sys

from jamsos.cli import main

if __name__ == "__main__":
    sys.exit(main())

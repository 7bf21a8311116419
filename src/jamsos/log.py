"""The log of jamsos, under the name ``jamsos``: silent, unless the program that uses it listens."""

import logging
from typing import Final

LOG: Final = logging.getLogger("jamsos")
"""A record names places, errors and numbers: no arguments of commands, no ids, no passwords."""

LOG.addHandler(logging.NullHandler())

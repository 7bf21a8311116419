"""The meaning of the exit code of a command."""

from typing import Final

FINE: Final = 0
FINDINGS: Final = 1
"""
The history disagrees with itself; or a rule file has a fault; or a law is not held.

And where nothing was there to be compared or counted: that is no agreement.
"""
USAGE: Final = 2
"""The command cannot be answered as it was given."""
UNREADABLE: Final = 3
"""The history cannot be read, or is not what it claims to be; or the answer cannot be written."""
SIGNALLED: Final = 128
"""A signal ended the command: this, and the number of the signal, as a shell has it."""
INTERRUPTED: Final = SIGNALLED + 2
"""Somebody interrupted the command, with Ctrl-C."""

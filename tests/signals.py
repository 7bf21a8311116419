"""Signals as a program finds them that somebody starts by hand."""

import signal


def heeded():
    """Let Ctrl-C be heeded: a shell that starts the tests in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

"""Benchmarks measure nothing here; but each can be started."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted(Path(__file__).parent.parent.glob("benchmarks/[a-z]*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_benchmark_says_how_it_is_asked(script):
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, check=False)

    assert done.stderr == b""
    assert done.stdout.startswith(b"usage: ")

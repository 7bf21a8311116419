"""Every block of Python in the documents runs, and every example in a docstring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sybil import Document, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from jamsos import Registry

PAGES = Sybil([PythonCodeBlockParser()], patterns=["docs/*.md", "docs/*/*.md", "README.md"])
DOCSTRINGS = Sybil([DocTestParser()], path="src", pattern="*.py")


class _File(pytest.File):
    """A file whose blocks build on each other, and so are one test."""

    def collect(self) -> Iterator[pytest.Item]:
        document = (PAGES if self.path.suffix == ".md" else DOCSTRINGS).parse(self.path)
        if document.regions:
            yield _Blocks.from_parent(self, name="blocks", document=document)


class _Blocks(pytest.Item):
    """All blocks of a file, from first to last, in a folder of their own."""

    def __init__(self, *, document: Document, **rest: object) -> None:
        super().__init__(**rest)
        self.document = document

    def runtest(self) -> None:
        with TemporaryDirectory() as folder, chdir(folder):
            try:
                for block in self.document:
                    block.evaluate()
            finally:
                for value in self.document.namespace.values():
                    if isinstance(value, Registry):
                        value.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect what holds blocks; pytest itself collects the tests."""
    parsed = PAGES.should_parse(file_path) or DOCSTRINGS.should_parse(file_path)
    return _File.from_parent(parent, path=file_path) if parsed else None

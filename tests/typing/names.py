"""Public names: mypy knows the version, and no name that is not there. Never run."""

import jamsos

VERSION: str = jamsos.__version__
MISSING = jamsos.no_such_name  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]

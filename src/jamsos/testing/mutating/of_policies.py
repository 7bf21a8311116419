"""The mutants of a policy: one comparison of it is another where both sides are equal."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jamsos.domain.decision import Policy
from jamsos.errors import InputError

_OTHER: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = MappingProxyType(
    {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
)
_SIGN: Final[Mapping[type[ast.cmpop], str]] = MappingProxyType(
    {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
)


def of_policy(policy: Policy[Any]) -> Iterator[tuple[str, str, str, Policy[Any]]]:
    """Yield where a comparison of *policy* is changed, from what, to what; and the policy then."""
    function = inspect.unwrap(policy)
    name = getattr(function, "__name__", repr(function))
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError) as error:
        msg = f"the source of policy {name} cannot be read: {error}; write it as a function"
        raise InputError(msg) from error
    if not isinstance(tree.body[0], ast.FunctionDef) or function.__code__.co_freevars:
        msg = f"policy {name} is made inside of a function: define it with def in its module"
        raise InputError(msg)
    tree.body[0].decorator_list = []
    ast.increment_lineno(tree, first - 1)
    file = inspect.getsourcefile(function) or name
    for compared in [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]:
        for place, sign in enumerate(compared.ops):
            other = _OTHER.get(type(sign))
            if other is None:
                continue
            compared.ops[place] = other()
            made: dict[str, Any] = {}
            exec(compile(tree, file, "exec"), function.__globals__, made)  # noqa: S102 - the author's own source
            compared.ops[place] = sign
            where = f"{Path(file).name}:{compared.lineno}"
            yield where, _SIGN[type(sign)], _SIGN[other], made[name]

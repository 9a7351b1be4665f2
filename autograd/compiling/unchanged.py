"""What has to be as it was before a call, in one expression.

`Surroundings.changed` finds out for each thing how it is read and compared. The expression knows
it, and reads each in the shortest way. It is true only if all is the same object as before; if not,
`changed` says whether it is equal.
"""

from __future__ import annotations

from functools import partial
from keyword import iskeyword
from operator import is_
from types import MappingProxyType
from typing import Any

from autograd.compiling.surroundings import Surroundings
from autograd.engine.lookups import MISSING, cell_of


def same_as_before(surroundings: Surroundings, scope: dict[str, Any]) -> str:
    """Return an expression that is true only if nothing outside has changed; it may raise.

    Args:
        surroundings: what is compared.
        scope: takes the objects that the expression names.
    """

    def known(thing: Any) -> str:
        name = f"c{len(scope)}"
        scope[name] = thing
        return name

    def looked_up(holder: Any, key: Any, then: Any) -> str:
        at = repr(key) if type(key) is str else known(key)
        if type(holder) not in (dict, MappingProxyType):
            return f"{known(holder)}.get({at}, {known(MISSING)}) is {known(then)}"
        if then is MISSING:
            return f"{at} not in {known(holder)}"
        return f"{known(holder)}[{at}] is {known(then)}"

    def read_again(read: Any, then: Any) -> str:
        made = type(read) is partial and not read.keywords
        if made and read.func is getattr and is_name(read.args[1]):
            return f"{known(read.args[0])}.{read.args[1]} is {known(then)}"
        if made and read.func is cell_of:
            return f"{known(read.args[0])}.cell_contents is {known(then)}"
        return f"{known(read)}() is {known(then)}"

    tests = [looked_up(holder, key, then) for holder, key, then, _ in surroundings.dicts]
    tests += [read_again(read, then) for read, then, _ in surroundings.items]
    for holder, keys, _ in surroundings.orders:
        mine = known(holder)
        alone = f"len({mine}) == {len(keys)}" + "".join(f" and {known(x)} in {mine}" for x in keys)
        tests.append(alone if len(keys) < 2 else f"list({mine}) == {known(keys)}")
    for things, then, _ in surroundings.lists:
        mine, kept, same = known(things), known(then), known(is_)
        tests.append(f"len({mine}) == {len(then)} and all(map({same}, {mine}, {kept}))")
    if surroundings.arrays:
        tests.append(f"not {known(surroundings.array_changed)}()")
    return " and ".join(tests) or "True"


def is_name(x: str) -> bool:
    """Whether a text can stand after a dot."""
    return x.isidentifier() and not iskeyword(x)

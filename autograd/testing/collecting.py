"""Find what in a package has derivatives to test: ops, functions and classes of modules."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from inspect import isclass, isfunction, signature
from pkgutil import walk_packages
from typing import Any

import numpy as np

from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.testing import guesses
from autograd.testing.code import as_code
from autograd.testing.functional import functional
from autograd.testing.subjects import (
    OnDomain,
    OnSamples,
    Sample,
    Subject,
    Untested,
    Unusable,
    listed,
)

Home = tuple[str, str]  # (module, attribute)


def subjects_of(package: str) -> list[Subject]:
    """Return what has derivatives in the modules of a package, in order of name.

    These are its ops, its functions made by `primitive`, its public subclasses of `nn.Module`, and
    its functions with an attribute `domain` or `samples`. What it imports from other packages is
    left out.

    Raises:
        ImportError: there is no such package.
    """
    before = set(PRIMITIVES)
    found: dict[int, Subject | None] = {}  # by identity: a name may be bound twice
    for name in names_in(package):
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if name == package or (error.name or "").partition(".")[0] == package.partition(".")[0]:
                raise
            found[id(error)] = Untested(name, None, f"it needs {error.name}, which is missing")
            continue
        except Exception as error:
            why = f"importing it raises {type(error).__name__}: {error}"
            if name == package:
                raise ImportError(why) from error
            found[id(error)] = Unusable(name, None, why)
            continue
        for attribute, thing in vars(module).items():
            if id(thing) not in found:
                found[id(thing)] = subject_of(thing, (name, attribute), package)
    subjects = [subject for subject in found.values() if subject]
    known = {subject.name for subject in subjects}
    added = [op for name, op in PRIMITIVES.items() if name not in before | known]
    subjects += [of_op(op, None) for op in added if op.vjps]
    times = Counter(subject.name for subject in subjects)
    for subject in subjects:
        if times[subject.name] > 1 and subject.home:
            subject.name = ".".join(subject.home)
    return sorted(subjects, key=lambda subject: subject.name)


def names_in(package: str) -> Iterator[str]:
    """Yield the names of a package and of every module in it."""
    yield package
    inside = walk_packages(getattr(sys.modules[package], "__path__", []), f"{package}.")
    yield from (info.name for info in inside if not info.name.endswith("__main__"))


def subject_of(thing: Any, home: Home, package: str) -> Subject | None:
    """Return the subject for something in a package, None if it is not to be tested."""
    if isinstance(thing, Primitive):
        op: Primitive | None = thing
    else:
        op = PRIMITIVES.get(thing.__name__) if isfunction(thing) else None
    if op is not None and (thing is op or thing is op.call):
        return of_op(op, home) if op.vjps and not borrowed(thing, package) else None
    made_in = getattr(thing, "__module__", None) or ""
    if home[1].startswith("_") or not f"{made_in}.".startswith(f"{package}."):
        return None
    if is_network(thing):
        return of_network(thing, home)
    if isfunction(thing) and any(hasattr(thing, name) for name in ("domain", "samples")):
        return of_function(thing, home)
    return of_function(thing, home) if hasattr(thing, "_is_autograd_primitive") else None


def borrowed(op: Any, package: str) -> bool:
    """Whether an op in a package is one of autograd's own."""
    if package.partition(".")[0] == "autograd":
        return False
    tables = [module for name, module in sys.modules.items() if name.startswith("autograd.")]
    return any(op is thing for table in tables for thing in vars(table).values())


def is_network(thing: Any) -> bool:
    """Whether this is a subclass of `nn.Module`."""
    base = getattr(sys.modules.get("nn"), "Module", ())
    return (
        isclass(thing)
        and issubclass(thing, base)
        and thing is not base
        and hasattr(thing, "__call__")  # noqa: B004
    )


# -- each as a subject ---------------------------------------------------------------------------


def of_op(op: Primitive, home: Home | None) -> Subject:
    """Return an op as a subject, tested on its domain, its samples, or points that it takes."""
    f = of_symmetric(op) if op.symmetric else op.call
    subject: Subject
    if op.elementwise:
        subject = OnDomain(op.name, home, f, tuple(op.domain))
    elif op.samples is not None:
        subject = OnSamples(op.name, home, partial(samples_of, op.samples, f, home))
    else:
        rules = list(range(len(op.vjps))) if isinstance(op.vjps, tuple) else None
        subject = on_guess(op.name, home, f, op.forward, rules, "give it samples=")
    subject.real_only = op.real_only
    return subject


def of_symmetric(op: Primitive) -> Callable[..., Any]:
    """Return an op of symmetric matrices, which may read only one triangle, for any matrices."""

    def f(a: Any, *args: Any, **params: Any) -> Any:
        return op(a + np.conj(np.swapaxes(a, -1, -2)), *args, **params)

    return named(f, op.name)


def of_function(f: Any, home: Home) -> Subject:
    """Return a function as a subject, tested on its samples, its domain, or points it takes."""
    name = home[1]
    if hasattr(f, "samples"):
        return OnSamples(name, home, partial(samples_of, f.samples, f, home))
    if hasattr(f, "domain"):
        if not fits(f.domain, f):
            ends = ", ".join(["(low, high)"] * guesses.required(f))
            why = f"its domain is {f.domain!r:.60}; write (low, high) for each argument: [{ends}]"
            return Unusable(name, home, why)
        return OnDomain(name, home, f, tuple(f.domain))
    write = (
        f"write {name}.domain = [(low, high), ...] or {name}.samples = lambda rng: [(args, {{}})]"
    )
    return on_guess(name, home, f, f, None, write)


def fits(domain: Any, f: Callable[..., Any]) -> bool:
    """Whether a domain is two ends for each argument of a function."""
    try:
        signature(f).bind(*domain)
        return all(len(ends) == 2 for ends in domain)
    except TypeError:
        return False


def on_guess(
    name: str, home: Home | None, f: Any, form: Any, wrt: list[int] | None, write: str
) -> Subject:
    """Return a function as a subject, tested on points that suit the signature of `form`."""
    found = guesses.points(f, form)
    if found is None:
        return Untested(
            name,
            home,
            f"it is not defined at the points tried, with entries from -3 to 3 or 0 to 1: {write}",
        )
    domain, shape = found
    count = guesses.required(form)
    if wrt is None:
        wrt = guesses.with_rule(f, [np.full(shape, (domain[0] + 2 * domain[1]) / 3)] * count)
    return OnDomain(name, home, f, (domain,) * count, shape, wrt)


def samples_of(samples: Any, f: Any, home: Home | None, rng: np.random.Generator) -> list[Sample]:
    """Return the samples of an op or function, pairs `(args, params)`, as samples of a subject."""
    name = home[1] if home else f.__name__
    found = samples(rng)
    try:
        pairs = [(tuple(args), dict(params)) for args, params in found]
    except (TypeError, ValueError):
        raise TypeError(
            f"let the samples(rng) of {name} return pairs of arguments and keyword arguments, such "
            f"as [((1.0, 2.0), {{}})], not {found!r:.60}"
        ) from None
    return [
        (named(partial(f, **params), f.__name__), args, partial(written, name, params))
        if params
        else (f, args, partial(written, name, params))
        for args, params in pairs
    ]


def named(f: Any, name: str) -> Any:
    """Return a function with a name for messages."""
    f.__name__ = name
    return f


def written(name: str, params: dict[str, Any], args: tuple) -> str:
    """Return the code of a function with its keyword arguments filled in, and of its arguments."""
    if params:
        keywords = ", ".join(f"{key}={as_code(x)}" for key, x in params.items())
        name = f"lambda *args: {name}(*args, {keywords})"
    return f"{name}, {listed(args)}"


def of_network(cls: Any, home: Home) -> Subject:
    """Return a class of networks as a subject, tested on its samples or on networks built here."""
    name = home[1]
    for samples in (getattr(cls, "samples", None), partial(guessed, cls)):
        made = samples(np.random.default_rng(0)) if samples else []
        if made and all(isinstance(module, cls) for module, *_ in made):
            return OnSamples(name, home, partial(networks_as_functions, name, samples))
    return Untested(
        name,
        home,
        "its signature does not say how to build and call it: write in the class\n"
        f"    @staticmethod\n    def samples(rng): return [({name}(...), (inputs, ...)), ...]",
    )


def guessed(cls: Any, rng: np.random.Generator) -> list[tuple[Any, tuple, str]]:
    """Return samples (module, inputs, code that builds it) of a class that has none of its own."""
    made, found = guesses.modules(cls, rng) or ({}, [])
    keywords = ", ".join(f"{key}={x!r}" for key, x in made.items())
    return [(module, inputs, f"{cls.__name__}({keywords})") for module, inputs in found]


def networks_as_functions(name: str, samples: Any, rng: np.random.Generator) -> list[Sample]:
    """Return networks as functions of their inputs and parameters."""
    found: list[Sample] = []
    for i, (module, inputs, *made) in enumerate(samples(rng)):
        f, parameters = functional(module)
        args = inputs if isinstance(inputs, tuple) else (inputs,)
        how = made[0] if made else f"{name}.samples(np.random.default_rng(0))[{i}][0]"
        found.append((f, (*args, parameters), partial(written, f"functional({how})[0]", {})))
    return found

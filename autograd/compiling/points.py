"""A function is recorded at two points: what differs between them is no constant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import RLock
from typing import Any

from autograd.compiling import inside as _inside  # noqa: F401  recordings run loops by it
from autograd.compiling.effects import refused
from autograd.compiling.errors import TracingError
from autograd.compiling.forms import elsewhere
from autograd.compiling.node import Attribute
from autograd.compiling.program import Program, differences, program_of
from autograd.compiling.recording import is_number, record
from autograd.compiling.state import Place, untouched
from autograd.compiling.surroundings import Surroundings, places_of_state
from autograd.engine.silence import silence
from autograd.engine.trees import filled, leaves

# Held by one thread at a time: others would find what stands for buffers and generators meanwhile.
RECORDING = RLock()


def recorded_twice(
    f: Callable[..., Any],
    name: str,
    args: tuple,
    kwargs: dict[str, Any],
    rules_as_steps: Callable[[Any], bool] | None = None,
) -> tuple[Program, Surroundings, list[Place]]:
    """Return the program of a call, what it holds for, and where it finds buffers and generators.

    Args:
        rules_as_steps: see `Pulling`.

    Raises:
        TracingError: one recording cannot repeat what the function does.
        NotHereError: that of this call cannot.
    """
    roots = [f, *(x for _, x in leaves((args, kwargs)) if not is_number(x))]
    with RECORDING:
        places, others = places_of_state(roots)
        with untouched(others), refused():
            record_at = partial(recorded, f, places=places, rules_as_steps=rules_as_steps)
            program, attributes = record_at(args, kwargs)
            followed = {id(x) for x in (*roots, *(place.thing for place in places))}
            surroundings = Surroundings(roots, attributes, lambda array: id(array) in followed)
            compare_elsewhere(record_at, program, name, args, kwargs)
            changed = surroundings.changed()
    if changed:
        raise TracingError(
            f"return what {name} computes instead of changing {changed}, or keep numbers that it "
            "changes in an nn.Buffer: a compiled function would change this while it is recorded, "
            "and not when it is called"
        )
    return program, surroundings, places


@silence()  # numbers there need not make sense
def compare_elsewhere(
    record_at: Callable[..., Any], program: Program, name: str, args: tuple, kwargs: dict[str, Any]
) -> None:
    """Record the function at another point, and refuse constants that differ there."""
    given = iter([elsewhere(x) if is_number(x) else x for _, x in leaves((args, kwargs))])
    other_args, other_kwargs = filled((args, kwargs), given)
    try:
        other, _ = record_at(other_args, other_kwargs)
    except TracingError:
        raise
    except Exception:
        return  # the other point is none of this function's
    if list(map(str, other.expected)) != list(map(str, program.expected)):
        return
    if found := differences(program, other):
        raise TracingError(
            f"give {name} as an argument whatever else changes from call to call, such as the "
            "time, keep a counter in an nn.Buffer, and draw random numbers from a generator, "
            "rng = np.random.default_rng(), in an attribute or a variable that it names: recorded "
            f"twice, {found}"
        )


def recorded(
    f: Callable[..., Any],
    args: tuple,
    kwargs: dict[str, Any],
    places: Sequence[Place],
    rules_as_steps: Callable[[Any], bool] | None = None,
) -> tuple[Program, list[Attribute]]:
    """Return the program of a call, and the attributes that it reads anew."""
    recording, result = record(f, args, kwargs, places, rules_as_steps)
    return program_of(recording, result), [a for a, _ in recording.attributes.values()]

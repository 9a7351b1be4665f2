"""Interrupts: Ctrl-C at any moment leaves no trace.

A program runs and is interrupted, by a signal at a random moment or by an exception at each place
at which Python may handle a signal. Afterwards its state has to be as it was before or as it is
after the whole program; no mode, no setting of NumPy's and no watch may be left behind; and the
program, run again, has to give what it gives without an interrupt.
"""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dis import opmap
from time import perf_counter
from types import FrameType
from typing import Any

import numpy as np

import nn
from autograd import Value, checkpoint, debug, grad, hessian, no_grad
from autograd.engine.differentiating import entered
from autograd.engine.modes import modes, watches
from autograd.graphs.calls import WATCHES
from benchmarks.harness import Row

X = np.linspace(-1.0, 1.0, 6).reshape(3, 2)
T = np.array([0.5, -0.5, 0.25])


@dataclass
class Program:
    """Something to interrupt.

    Attributes:
        run: does it once.
        state: returns what it changes, as a list of numbers; [] if it changes nothing.
    """

    run: Callable[[], object]
    state: Callable[[], list[Any]] = list


def network() -> tuple[nn.MLP, nn.SGD, Callable[[], list[Any]]]:
    """Return a small network, its optimiser, and a function that returns their numbers."""
    model = nn.MLP(2, [3, 1], seed=0)
    optimiser = nn.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01, clip=1.0)
    train(model, optimiser)

    def state() -> list[Any]:
        held = [*model.parameters(), *[v for slots in optimiser.state for v in slots.values()]]
        return [v.numpy().tolist() for v in held]

    return model, optimiser, state


def train(model: nn.MLP, optimiser: nn.SGD) -> None:
    optimiser.zero_grad()
    nn.squared_error(model(X)[:, 0], T).backward()
    optimiser.step()


def a_step() -> Program:
    model, optimiser, state = network()
    return Program(lambda: train(model, optimiser), state)


def a_step_in_debug() -> Program:
    model, optimiser, state = network()

    def run() -> None:
        with debug():
            train(model, optimiser)

    return Program(run, state)


def a_step_with_a_monitor() -> Program:
    model, optimiser, state = network()

    def run() -> None:
        with nn.monitor(model) as watch:
            train(model, optimiser)
            watch.step()
        assert watch.history["layers.0"]["gradients"].shape == (1,)

    return Program(run, state)


def loading() -> Program:
    model, _, state = network()
    new = {path: -numbers for path, numbers in model.state_dict().items()}
    return Program(lambda: model.load_state_dict(new), state)


def accumulating() -> Program:
    model, _, _ = network()
    model.zero_grad()
    loss = nn.squared_error(model(X)[:, 0], T)
    parameters = model.parameters()

    def state() -> list[Any]:
        return [None if p.grad is None else np.asarray(p.grad).tolist() for p in parameters]

    return Program(loss.backward, state)


def predictions() -> Program:
    model, _, _ = network()
    decorated = no_grad()(model)

    def lazily() -> Iterator[Any]:
        for row in X:
            with no_grad():
                yield model(row)

    def run() -> None:
        with no_grad():
            model(X)
        decorated(X)
        for y in lazily():
            y * 2.0

    return Program(run)


def derivatives() -> Program:
    def f(x: Any) -> Any:
        return np.sum(np.log(x * x) * np.sin(x))

    x = np.array([0.5, 1.5])

    def run() -> None:
        assert grad(f)(x).tolist() == grad(f)(x + 0.0).tolist()
        assert hessian(f)(x).shape == (2, 2)
        with no_grad():
            grad(grad(lambda v: v**3))(2.0)

    return Program(run)


def a_checkpoint_with_state() -> Program:
    model = nn.Sequential(nn.Linear(2, 2, seed=0), nn.BatchNorm(2), nn.Dropout(0.5, seed=1))
    loss = np.sum(checkpoint(model)(X) ** 2)
    weight, rng = model[0].weight, model[2].rng

    def state() -> list[Any]:
        slopes = None if weight.grad is None else np.asarray(weight.grad).tolist()
        buffers = [np.asarray(x).tolist() for x in model.buffers()]
        return [slopes, buffers, str(rng.bit_generator.state)]

    return Program(loss.backward, state)


def checkpoints() -> Program:
    w = Value([1.0, 2.0])

    def run() -> None:
        w.zero_grad()
        checkpoint(lambda x: np.sin(x * w) * w)(X).sum().backward()

    return Program(run)


def changes_in_place() -> Program:
    w = Value([1.0, 2.0, 3.0])

    def run() -> None:
        v = 2.0 * w
        v[0] = 5.0
        v[1:] *= w[1:]
        v += w
        w.zero_grad()
        (v * v).sum().backward()
        assert w.grad.tolist() == [12.0, 180.0, 546.0]

    return Program(run)


def a_change_of_a_leaf() -> Program:
    w = Value([1.0, 2.0, 3.0])

    def run() -> None:
        w.data += 1.0

    return Program(run, lambda: w.numpy().tolist())


def a_value_that_is_changed() -> Program:
    w = Value([1.0, 2.0, 3.0])
    view = w[1:]
    w[0] = 4.0

    def run() -> None:
        view[...] = view * 2.0

    def state() -> list[Any]:
        w.zero_grad()
        (w * view[0]).sum().backward()
        return [w.numpy().tolist(), view.numpy().tolist(), w.grad.tolist()]

    return Program(run, state)


PROGRAMS: dict[str, Callable[[], Program]] = {
    "a step": a_step,
    "a step in debug()": a_step_in_debug,
    "a step with a monitor": a_step_with_a_monitor,
    "load_state_dict": loading,
    "backward, adding up": accumulating,
    "no_grad": predictions,
    "grad and hessian": derivatives,
    "checkpoint": checkpoints,
    "a checkpoint with state": a_checkpoint_with_state,
    "changes in place": changes_in_place,
    "a change of a leaf": a_change_of_a_leaf,
    "a change of a view": a_value_that_is_changed,
}


# -- what is left behind ---------------------------------------------------------------------------


class Interrupted:
    """One interrupt of a program that `make` makes anew.

    Args:
        make: returns the program.
        interrupted: runs a function, and returns the interrupt that stopped it, or None.
    """

    def __init__(
        self,
        make: Callable[[], Program],
        interrupted: Callable[[Callable[[], object]], BaseException | None],
    ) -> None:
        reference, program = make(), make()
        states = [reference.state()]
        for _ in range(2):
            reference.run()
            states.append(reference.state())
        settings = np.geterr()
        error = interrupted(program.run)  # kept for a while, as Python's prompt keeps it
        self.hit = error is not None
        self.traces: list[str] = []
        self.check("settings of NumPy's", np.geterr() == settings)
        self.check("a mode", not modes and not watches)
        self.check("no graph", (Value(1.0) * 2.0).op is not None)
        self.check("a function that is differentiated", not entered)
        del error  # a monitor watches as long as anything holds it
        self.check("a watch", not WATCHES and not hasattr(nn.MLP.__call__, "__wrapped__"))
        self.check("a state in between", program.state() in states[:2])
        done = program.state() == states[1]
        program.run()
        self.check("a wrong result", program.state() == states[1 + done])

    def check(self, trace: str, right: bool) -> None:
        """Note a trace that was left."""
        if not right:
            self.traces.append(trace)


class Alarm:
    """Runs functions and sends each a signal at a random moment, which interrupts nothing else.

    Under load a signal may be heard when the function has ended; then it is passed over. So the
    handler stays when all is done, as Python's own would end the process.

    Args:
        rng: draws the moments.
        longest: the longest time before a signal, in seconds.
    """

    def __init__(self, rng: random.Random, longest: float) -> None:
        self.rng, self.longest, self.on = rng, longest, False

    def __call__(self, run: Callable[[], object]) -> BaseException | None:
        """Run a function; return the interrupt that stopped it, None if none did."""
        signal.signal(signal.SIGALRM, self.heard)
        try:
            self.on = True
            signal.setitimer(signal.ITIMER_REAL, self.rng.uniform(1e-6, self.longest))
            run()
            self.on = False
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        except KeyboardInterrupt as error:
            self.on = False
            return error
        return None

    def heard(self, *_: object) -> None:
        """Interrupt what runs."""
        if self.on:
            raise KeyboardInterrupt


class Place:
    """Runs a function and interrupts it at one place; `engine/blocks.py` says at which Python may.

    Args:
        number: which of the places that a program comes to.
    """

    def __init__(self, number: int) -> None:
        self.left = number
        self.last: dict[FrameType, int] = {}  # the instruction that each frame ran last
        self.after_c = False  # that was a call, and no function of Python's has run since

    def __call__(self, run: Callable[[], object]) -> BaseException | None:
        before = sys.gettrace()
        try:
            sys.settrace(self.trace)
            run()
        except KeyboardInterrupt as error:
            return error
        finally:
            sys.settrace(before)
        return None

    @property
    def beyond(self) -> bool:
        """Whether the function has fewer places."""
        return self.left >= 0

    def trace(self, frame: FrameType, event: str, arg: object) -> Any:
        """See each instruction before it runs."""
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        op = frame.f_code.co_code[frame.f_lasti]
        if event == "call" and op in BEGINNINGS:
            self.come_by()
            self.after_c = False
        elif event == "opcode":
            last = self.last.get(frame)
            if op in JUMPS or last in ALWAYS or (last in CALLS and self.after_c):
                self.come_by()
            self.last[frame], self.after_c = op, op in CALLS
        elif event == "return":
            self.last.pop(frame, None)
            self.after_c = frame.f_code.co_name == "__init__"
        return self.trace

    def come_by(self) -> None:
        """Raise the interrupt if this is the place."""
        self.left -= 1
        if self.left == -1:
            self.last.clear()  # hold no frame
            raise KeyboardInterrupt


BEGINNINGS = {opmap["RESUME"]}
JUMPS = {code for name, code in opmap.items() if "JUMP_BACKWARD" in name}
ALWAYS = {opmap["CALL_FUNCTION_EX"]}  # f(*args), whatever f is written in
CALLS = {code for name, code in opmap.items() if name.startswith("CALL")}


def interrupts(hips_folder: str | None, signals: int = 1000) -> list[Row]:
    """1,000 signals at random moments, and how many of them left a trace."""
    rng, share = random.Random(0), -(-signals // len(PROGRAMS))
    found = [len(signalled(make, rng, share)) for make in PROGRAMS.values()]
    return [Row(f"{signals:,} interrupts: traces left", "none", sum(found), 1.0, 0.0, "")]


def signalled(make: Callable[[], Program], rng: random.Random, signals: int) -> list[list[str]]:
    """Return the traces that some of so many signals leave of a program."""
    program = make()
    started = perf_counter()
    program.run()
    alarm = Alarm(rng, 1.2 * (perf_counter() - started))
    traces = []
    while signals:
        one = Interrupted(make, alarm)
        signals -= one.hit
        traces += [one.traces] if one.traces else []
    return traces

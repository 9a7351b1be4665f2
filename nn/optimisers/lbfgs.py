"""L-BFGS: an optimiser that computes the loss several times in a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd import Value, set_data
from nn.arguments import positive_int
from nn.elsewhere import refuse_options
from nn.optimisers.curvature import Memory
from nn.optimisers.gradients import gradient_of
from nn.optimisers.line_search import Point, strong_wolfe
from nn.optimisers.mistakes import refuse_kinds
from nn.optimisers.optimiser import ExplodedError, Optimiser
from nn.optimisers.state import Names, refuse_names, refuse_no_dict


class LBFGS(Optimiser):
    """L-BFGS: for a smooth loss of all data at once, a few steps to many digits.

    Each step is up to `max_iter` iterations along −H g, with an H made of the last
    `history_size` changes of the gradient (Liu and Nocedal, "On the limited memory BFGS method",
    1989), and computes the loss several times; so it takes a function that does.

    Args:
        parameters: the Values to change; one group.
        lr: the distance along the direction, or the first to try.
        max_iter: the number of iterations in a step.
        max_eval: the number of losses in a step after which to stop; 1.25 times `max_iter` if
            left out.
        tolerance_grad: no entry of the gradient above this ends a step.
        tolerance_change: no larger change of a parameter or of the loss ends a step.
        history_size: how many changes of the gradient to remember.
        line_search_fn: "strong_wolfe" for a line search, or None for steps of `lr`.

    Raises:
        ValueError: there are no parameters, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value([3.0, -1.0])
        >>> optimiser = LBFGS([w], line_search_fn="strong_wolfe")
        >>> loss = optimiser.step(lambda: np.cosh(w - np.array([1.0, 2.0])).sum())
        >>> print(w.data.round(5))
        [1. 2.]
    """

    evaluates = True
    remembers = Names(("iterations", "step", "gradient", "steps", "changes", "scale"))

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        super().__init__(parameters, lr)
        if len(self.groups) > 1:
            raise ValueError("LBFGS takes all parameters as one vector: give them as one list")
        if line_search_fn not in (None, "strong_wolfe"):
            raise ValueError(
                f'line_search_fn should be "strong_wolfe" or None, not {line_search_fn!r}'
            )
        positive_int(max_iter, "max_iter")
        positive_int(history_size, "history_size")
        tolerances = {"tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change}
        refuse_kinds(LBFGS, tolerances)
        self.max_iter = max_iter
        self.max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        self.tolerance_grad = tolerance_grad
        self.tolerance_change = tolerance_change
        self.history_size = history_size
        self.line_search_fn = line_search_fn
        numbers = self.numbers()
        if numbers.dtype.kind != "f":
            raise ValueError(f"LBFGS is for real parameters, not for {numbers.dtype}")
        self.memory = Memory.of_size(numbers.size, numbers.dtype)

    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        """Lower the loss; after an error or an interrupt all is as before.

        Args:
            closure: computes the loss and returns it. It may clear the gradients and call
                `loss.backward()` itself, as closures for PyTorch do, and need not.

        Returns:
            the loss before the step.

        Raises:
            ExplodedError: a weight would become infinite or NaN; nothing is changed.
            TypeError: there is no closure.
        """
        if not callable(closure):
            raise TypeError(
                "LBFGS computes the loss several times: write optimiser.step(closure), where "
                "closure() returns the loss"
            )
        before, memory = [np.copy(p.numpy()) for p in self.parameters], self.memory
        try:
            return self.iterate(closure)
        except BaseException:
            set_data(self.parameters, before)
            self.memory = memory
            raise

    def iterate(self, closure: Callable[[], Any]) -> Any:
        """Go along one direction after the other, until a limit or a tolerance is reached."""
        x, evaluated = self.numbers(), 1
        first = self.evaluated(closure)
        loss, gradient = plain(first), self.gradient()
        for iteration in range(1, self.max_iter + 1):
            if np.abs(gradient).max() <= self.tolerance_grad:
                break
            self.memory = self.memory.with_gradient(gradient, self.history_size)
            direction = self.memory.direction() * self.movable()
            slope, before = float(gradient @ direction), loss
            if slope > -self.tolerance_change:
                self.memory = replace(self.memory, step=np.zeros_like(x))
                break
            t = self.lr
            if self.memory.iterations == 1:
                t *= min(1.0, 1 / float(np.abs(gradient).sum()))
            if self.line_search_fn:
                start, tries = Point(0.0, loss, slope, gradient), self.max_eval - evaluated
                found, asked = self.search(closure, x, direction, start, t, tries)
                (t, loss, _, gradient), evaluated = found, evaluated + asked
            step = t * direction
            x = x + step
            self.place(x)
            self.memory = replace(self.memory, step=step)
            if not self.line_search_fn and iteration < self.max_iter:
                loss, gradient = plain(self.evaluated(closure)), self.gradient()
                evaluated += 1
            small = np.abs(step).max() <= self.tolerance_change
            if evaluated >= self.max_eval or small or abs(loss - before) < self.tolerance_change:
                break
        return first

    def search(
        self,
        closure: Callable[[], Any],
        x: np.ndarray,
        direction: np.ndarray,
        start: Point,
        t: float,
        tries: int,
    ) -> tuple[Point, int]:
        """Return the point of a line search from x, and how often it computed the loss."""
        asked = 0

        def at(t: float) -> Point:
            nonlocal asked
            asked += 1
            self.place(x + t * direction)
            loss = plain(self.evaluated(closure))
            gradient = self.gradient()
            return Point(t, loss, float(gradient @ direction), gradient)

        length = float(np.abs(direction).max())
        return strong_wolfe(at, start, t, length, self.tolerance_change, tries), asked

    def evaluated(self, closure: Callable[[], Any]) -> Any:
        """Return the loss, and leave the gradients in the parameters."""
        self.zero_grad()
        loss = closure()
        if isinstance(loss, Value):
            if not loss.grad:  # which it has if the closure has called its backward
                loss.backward()
        elif not any(p.has_grad for p in self.parameters):
            raise TypeError(
                "the closure of LBFGS should return the loss, a Value that depends on the "
                f"parameters, not {loss!r:.60}"
            )
        return loss

    def numbers(self) -> np.ndarray:
        """Return all parameters as one long vector."""
        return np.concatenate([np.ravel(p.numpy()) for p in self.parameters])

    def gradient(self) -> np.ndarray:
        """Return the gradients as one long vector, with zeros where there are none."""
        gradients = [(p, gradient_of(p)) for p in self.parameters]
        return np.concatenate(
            [np.zeros(p.size, p.dtype) if g is None else np.ravel(g) for p, g in gradients]
        )

    def movable(self) -> np.ndarray:
        """Return which entries of the long vector may be changed."""
        return np.concatenate(
            [np.full(p.size, getattr(p, "trainable", True)) for p in self.parameters]
        )

    def place(self, x: np.ndarray) -> None:
        """Set all parameters from one long vector."""
        if not np.isfinite(x).all():
            raise ExplodedError(
                "the step would make a parameter infinite or NaN, so nothing was changed; use "
                'line_search_fn="strong_wolfe", a smaller learning rate or normalised inputs'
            )
        ends = np.cumsum([p.size for p in self.parameters])[:-1]
        parts = zip(self.parameters, np.split(x, ends), strict=True)
        set_data(self.parameters, [part.reshape(p.shape) for p, part in parts])

    def state_dict(self) -> dict[str, Any]:
        """Return the learning rate and the memory, as plain numbers."""
        pairs = {
            name: np.reshape(getattr(self.memory, name), (-1, self.memory.step.size))
            for name in ("steps", "changes")
        }
        return {"lr": self.lr} | {
            k: np.array(x)[()] for k, x in (vars(self.memory) | pairs).items()
        }

    def load_state_dict(self, state: dict[str, Any], **other: Any) -> None:
        """Go on from what `state_dict` returned, for the same parameters in the same order.

        Raises:
            TypeError: the state is no dict.
            ValueError: it is of other parameters, or of another kind of optimiser. Nothing is
                changed then.
        """
        refuse_options(other)
        refuse_no_dict(state)
        refuse_names("LBFGS", self.remembers, state.keys() - {"lr"} or {"nothing"})
        numbers = self.numbers()
        shapes = {
            "iterations": (),
            "step": numbers.shape,
            "gradient": numbers.shape,
            "steps": (len(state.get("steps", ())), *numbers.shape),
            "changes": (len(state.get("steps", ())), *numbers.shape),
            "scale": (),
        }
        for name, shape in shapes.items():
            if np.shape(state[name]) != shape:
                raise ValueError(
                    f"this state does not fit the LBFGS: {name} has another shape than {shape}; "
                    "build it with the same parameters as when it was saved"
                )
        self.memory = Memory(
            int(state["iterations"]),
            np.array(state["step"], numbers.dtype),
            np.array(state["gradient"], numbers.dtype),
            tuple(np.array(state["steps"], numbers.dtype)),
            tuple(np.array(state["changes"], numbers.dtype)),
            float(state["scale"]),
        )
        self.lr = float(state.get("lr", self.lr))


def plain(loss: Any) -> float:
    """Return a loss as a float."""
    return float(loss.data if isinstance(loss, Value) else loss)

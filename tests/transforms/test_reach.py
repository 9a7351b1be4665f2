"""What runs again in a backward pass finds buffers and generators as they were, moved on once."""

import tracemalloc
from functools import partial, wraps
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, checkpoint, fori_loop, grad, hessian, scan, while_loop
from autograd.graphs.replay import Replay

X = np.array([0.3, 0.5])
GLOBAL = SimpleNamespace(state=None)


class Noisy(nn.Module):
    """Draws a number, counts calls, and moves a mean, whose numbers it uses."""

    def __init__(self):
        self.rng = np.random.default_rng(0)
        self.calls, self.mean = nn.Buffer(0), nn.Buffer(np.ones(2))

    def __call__(self, x):
        y = np.sin(x) * self.rng.random(2) / (1.0 + self.calls) * self.mean
        self.calls = self.calls + 1
        self.mean[:1] += 0.25
        self.mean *= 0.75
        return y

    def left(self):
        """Return what says how often it has run."""
        return [int(self.calls), *np.asarray(self.mean).tolist(), self.rng.random()]


class Slotted:
    __slots__ = ("__inner",)

    def __init__(self, inner):
        self.__inner = inner

    def __call__(self, x):
        return self.__inner(x)


class Holder:
    inner = None

    def method(self, x):
        return type(self).inner(x)


def held_by_class(m):
    kind = type("Own", (Holder,), {"inner": m})
    return kind().method


def by_global(m):
    GLOBAL.state = m
    return lambda x: GLOBAL.state(x)


def decorated(m):
    @wraps(m.__call__)
    def f(*args):
        return m(*args)

    return f


WAYS = {
    "itself": lambda m: m,
    "a closure": lambda m: lambda x: m(x),
    "a method": lambda m: m.__call__,
    "inside a network": lambda m: nn.Sequential(nn.Tanh(), nn.Sequential(m)),
    "a default": lambda m: lambda x, m=m: m(x),
    "a default by name": lambda m: lambda x, *, m=m: m(x),
    "a list in a dict": lambda m: partial(lambda d, x: d["a"][0](x), {"a": [m]}),
    "partial": lambda m: partial(lambda x, m: m(x), m=m),
    "a slot": Slotted,
    "a class": held_by_class,
    "a global": by_global,
    "decorated": decorated,
    "a function of ours": lambda m: grad(lambda x: np.sum(m(x) ** 2)),
    "compiled": lambda m: autograd.compile(lambda x: m(x)),
}

PLAIN = {
    "checkpoint": lambda f, x: f(x),
    "nested": lambda f, x: f(f(x)) + x,
    "scan": lambda f, x: f(f(x) + 1.0) + 2.0,
    "fori_loop": lambda f, x: f(f(f(x))),
    "while_loop": lambda f, x: f(f(f(x))),
}
AGAIN = {
    "checkpoint": lambda f, x: checkpoint(f)(x),
    "nested": lambda f, x: checkpoint(lambda x: checkpoint(f)(f(x)) + x)(x),
    "scan": lambda f, x: scan(lambda h, a: (f(h) + a, None), x, np.array([1.0, 2.0]))[0],
    "fori_loop": lambda f, x: fori_loop(0, 3, lambda i, h: f(h), x),
    "while_loop": lambda f, x: while_loop(
        lambda s: s[0] < 3, lambda s: (s[0] + 1, f(s[1])), (0, x)
    )[1],
}


@pytest.mark.parametrize("how", AGAIN)
@pytest.mark.parametrize("way", WAYS)
def test_state_is_as_it_was_and_moves_on_once(way, how):
    found = []
    for loops in (PLAIN, AGAIN):
        noisy, x = Noisy(), Value(X)
        f = WAYS[way](noisy)
        for _ in range(2):
            y = np.sum(loops[how](f, x))
            other = np.sum(noisy(X))  # moves on before the backward pass
            y.backward()
        found.append([*x.grad, other, *noisy.left()])
    np.testing.assert_allclose(*found, rtol=1e-13)


@pytest.mark.parametrize("how", AGAIN)
def test_derivatives_of_higher_order(how):
    found = []
    for loops in (PLAIN, AGAIN):
        noisy = Noisy()
        second = hessian(lambda x, loops=loops, f=noisy: np.sum(loops[how](f, x) ** 2))(X)
        found.append([*second.ravel(), *noisy.left()])
    np.testing.assert_allclose(*found, rtol=1e-13)


@pytest.mark.parametrize("target", [None, "numpy", "auto"])
def test_a_network_with_dropout_and_batch_norm(target):
    data = np.random.default_rng(0).normal(size=(8, 3))
    found = []
    for transform in (lambda f: f, checkpoint):
        layers = nn.Linear(3, 4, seed=0), nn.BatchNorm(4), nn.Dropout(0.3, seed=2)
        model = nn.Sequential(*layers, nn.Linear(4, 2, seed=1))
        optimiser, forward = nn.Adam(model.parameters(), lr=0.01), transform(model)

        def step(x, optimiser=optimiser, forward=forward):
            optimiser.zero_grad()
            loss = np.sum(forward(x) ** 2)
            loss.backward()
            optimiser.step()
            return loss

        run = step if target is None else autograd.compile(step, target=target)
        losses = [run(data * (1 + i)).item() for i in range(5)]
        found.append([losses, *(np.asarray(x).tolist() for x in model.state_dict().values())])
    assert found[0] == found[1]


def test_what_does_not_move_is_not_kept():
    class Masked(nn.Module):
        def __init__(self):
            self.mask, self.calls = nn.Buffer(np.ones(20_000)), nn.Buffer(0)

        def __call__(self, x):
            self.calls += 1
            return x * self.mask[0]

    model, x = Masked(), Value(X)
    tracemalloc.start()
    y = scan(lambda h, _: (model(h), None), checkpoint(model)(x), length=100)[0]
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 10 * model.mask.nbytes
    np.sum(y).backward()
    assert int(model.calls) == 101 and x.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("how", AGAIN)
def test_new_numbers_for_a_graph(how):
    noisy, x = Noisy(), Value(X)
    again = Replay([AGAIN[how](noisy, x)], [x])
    found = again([2 * X])[0]
    other = Noisy()
    np.testing.assert_allclose(found, PLAIN[how](other, 2 * X), rtol=1e-13)
    assert noisy.left() == other.left()


def test_after_an_error_state_is_what_it_was():
    noisy, fails = Noisy(), []

    def f(x):
        y = noisy(x)
        if fails:
            raise KeyError("asked for")
        return y

    y = np.sum(checkpoint(f)(Value(X)))
    fails.append(True)
    with pytest.raises(KeyError):
        y.backward()
    other = Noisy()
    other(X)
    assert noisy.left() == other.left()

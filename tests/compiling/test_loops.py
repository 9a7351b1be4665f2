"""Long loops in compiled functions: one step, whose body is recorded once."""

import numpy as np
import pytest

import autograd
from autograd import Value, fori_loop, grad, hessian, no_grad, scan, value_and_grad, while_loop
from autograd.compiling import inside
from autograd.compiling.program import body_of
from autograd.engine.trees import leaves

RNG = np.random.default_rng(0)
W, XS, H = RNG.normal(size=(3, 3)) / 2, RNG.normal(size=(9, 3)), RNG.normal(size=3)


@pytest.fixture(autouse=True)
def nine_turns_are_many(monkeypatch):
    monkeypatch.setattr(inside, "MANY", 5)


def rnn(w, xs, h, reverse=False):
    def step(h, x):
        h = np.tanh(w @ h + x)
        return h, (np.sum(h), None, h[:2])

    return scan(step, h, xs, reverse=reverse)


def loss(w, xs, h, reverse=False):
    last, (sums, _, firsts) = rnn(w, xs, h, reverse)
    return np.sum(last**2) + np.sum(sums**3) + np.sum(np.sin(firsts))


def on_tree(s, x):
    return {"a": np.sin(s["a"] + x * s["b"]), "b": s["b"] / 2}, None


PROGRAMS = {
    "results": rnn,
    "gradient": grad(loss, (0, 1, 2)),
    "backwards": grad(lambda w, xs, h: loss(w, xs, h, True), (0, 1, 2)),
    "second": hessian(loss, 2),
    "fori_loop": grad(
        lambda w, xs, h: np.sum(fori_loop(0, 9, lambda i, y: np.sin(w @ y + xs[i]), h)), (0, 1)
    ),
    "number": lambda w, xs, h: scan(lambda s, x: (s * 0.9 + np.sum(w @ x * h), s), 0.0, xs),
    "constants": value_and_grad(
        lambda w, xs, h: fori_loop(0, 9, lambda i, x: (x + np.sum(h**2) / x) / 2, 1.0), 2
    ),
    "tree": grad(lambda w, xs, h: np.sum(scan(on_tree, {"a": h, "b": 1.0}, xs)[0]["a"]), (1, 2)),
    "rows of ints": lambda w, xs, h: scan(
        lambda h, i: (np.tanh(w @ h + xs[i]), h), h, np.arange(9)[::-1]
    ),
    "rows that are constants": grad(lambda w, xs, h: np.sum(rnn(w, XS, H)[0])),
    "nested": grad(
        lambda w, xs, h: np.sum(
            scan(lambda h, x: (fori_loop(0, 6, lambda i, h: np.cos(w @ h + x), h), h), h, xs)[1]
        )
    ),
    "saturated": grad(lambda w, xs, h: np.sum(rnn(20 * w, 5 * xs, h)[1][0])),
}
ELSEWHERE = W * 0.7, XS[::-1] * 1.5, H + 0.1


def assert_same(found, expected, bound=0.0):
    for (_, a), (_, b) in zip(leaves(found), leaves(expected), strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_allclose(a, b, rtol=bound, atol=bound)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_long_loop_is_one_step_with_the_bits_of_eager(name):
    f = PROGRAMS[name]
    compiled = autograd.compile(f)
    for args in [(W, XS, H)] * 3 + [ELSEWHERE]:
        # gradients of gradients are added up in another order
        found = compiled(*args)
        assert_same(found, f(*args), 1e-14 if name in ("second", "nested") else 0.0)
        assert not any(isinstance(x, Value) for _, x in leaves(found))
    ((variant,),) = compiled.variants.values()
    assert any(body_of(node) for node in variant.recorded.nodes)


def test_it_takes_as_many_steps_for_more_turns():
    sizes = []
    for n in (20, 40):
        compiled = autograd.compile(grad(loss))
        compiled(W, RNG.normal(size=(n, 3)), H)
        ((variant,),) = compiled.variants.values()
        sizes.append(len(variant.recorded.nodes))
    assert sizes[0] == sizes[1]


def test_values_from_outside_are_read_anew():
    w = Value(W)
    compiled = autograd.compile(lambda xs, h: loss(w, xs, h))
    for scale in (1.0, 1.0, 1.0, 0.5):
        w.data = scale * W
        assert_same(compiled(XS, H).data, loss(w, XS, H).data)


def counting(s, x):
    return (s[0] + 1, x * s[0]), None


def in_two_precisions(s, x):
    return s + x, x.astype(np.float32)


def until_nine(s):
    return s[0] + 1, s[1] * 0.9


UNROLLED = {
    "an int in the state": lambda xs: scan(counting, (0, XS[0]), xs)[0][1],
    "a condition": lambda xs: while_loop(lambda s: s[0] < 9.0, until_nine, (0.0, xs))[1],
    "two precisions": lambda xs: scan(in_two_precisions, 0 * H, xs)[1],
}


@pytest.mark.parametrize("name", UNROLLED)
def test_what_is_no_such_loop_is_recorded_turn_by_turn(name):
    f = UNROLLED[name]
    compiled = autograd.compile(f)
    for _ in range(3):
        assert_same(compiled(XS), f(XS))


class Noisy:
    """A loop whose turns draw, and one whose turns move a parameter."""

    def __init__(self):
        self.rng, self.w = np.random.default_rng(0), Value(W)

    def drawing(self, xs):
        return scan(lambda s, x: (s + x * self.rng.normal(), None), H, xs)[0]

    def moving(self, xs):
        def step(s, x):
            with no_grad():
                self.w.data = self.w.data * 0.9
            return np.tanh(self.w @ s + x), None

        return scan(step, H, xs)[0]


@pytest.mark.parametrize("name", ["drawing", "moving"])
def test_turns_with_effects_are_recorded_one_by_one(name):
    ours, theirs = Noisy(), Noisy()
    compiled, f = autograd.compile(getattr(ours, name)), getattr(theirs, name)
    for _ in range(4):
        found, expected = compiled(XS), f(XS)
        assert_same(*[x.data if isinstance(x, Value) else x for x in (found, expected)])
    np.testing.assert_array_equal(ours.w.data, theirs.w.data)


@pytest.mark.slow
def test_it_is_a_loop_of_jax():
    pytest.importorskip("jax", reason="the target jax needs JAX")
    compiled = autograd.compile(grad(loss), target="jax")
    for _ in range(3):
        assert_same(compiled(W, XS, H), grad(loss)(W, XS, H), 1e-13)
    assert "scan[" in str(compiled.show())

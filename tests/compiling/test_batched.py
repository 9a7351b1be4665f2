"""vmap in compiled functions: one step for all samples, where there is one."""

import numpy as np
import pytest

import autograd
from autograd import Value, grad, hessian, jacobian, logsumexp, no_grad, scan, value_and_grad, vmap
from autograd.engine.trees import leaves

RNG = np.random.default_rng(0)
W, XS, H = RNG.normal(size=(3, 3)) / 2, RNG.normal(size=(9, 3)), RNG.normal(size=3)


def loss(w, x):
    return np.sum(np.tanh(w @ x) ** 2)


def products(x, y):
    """All ranks of two factors."""
    xx, yy = np.outer(x, x), np.outer(y, y)
    return x @ y, xx @ y, x @ yy, xx @ yy, np.stack([xx, xx]) @ yy, np.stack([xx, xx]) @ y


def parts(x, h):
    wide = np.outer(x, h)
    return {
        "sums": (np.max(wide, axis=0), np.sum(wide, axis=(0, -1)), np.sum(wide), np.min(x)),
        "logs": logsumexp(wide, axis=1),
        "shapes": (x[::-1], x[1:], wide.T[0], wide[..., None], np.reshape(wide, 9)),
        "others": (np.linalg.solve(wide + np.eye(3), h), np.sort(x), np.cumsum(x), x[[0, 2]]),
        "chosen": (np.where(x > 0, x, h), x[np.argmax(x)]),
        "same": (h * 2, None),
        "scalars": (x[0] * 2.0 + 1.0, np.float32(2.0) * x.astype(np.float32)),
    }


PROGRAMS = {
    "each gradient": lambda w, xs, h: vmap(grad(loss), in_axes=(None, 0))(w, xs),
    "value and gradient": lambda w, xs, h: vmap(value_and_grad(loss), in_axes=(None, 0))(w, xs),
    "second": lambda w, xs, h: vmap(hessian(loss, 1), in_axes=(None, 0))(w, xs),
    "jacobian": lambda w, xs, h: vmap(jacobian(lambda x: np.tanh(w @ x) * x))(xs),
    "gradient of it": grad(lambda w, xs, h: np.mean(vmap(loss, in_axes=(None, 0))(w, xs)), (0, 1)),
    "second of it": hessian(lambda w, xs, h: np.mean(vmap(lambda x: loss(w, x * h))(xs)), 2),
    "nested": lambda w, xs, h: vmap(vmap(lambda a, b: a @ w @ b, (None, 0)), (0, None))(xs, xs),
    "axes": lambda w, xs, h: vmap(
        lambda x, y: {"a": np.outer(x, y["b"]), "c": h},
        in_axes=(1, {"b": 0}),
        out_axes={"a": -1, "c": None},
    )(xs.T, {"b": xs}),
    "products": lambda w, xs, h: [
        vmap(products, axes)(*xy)
        for axes, xy in (((0, 0), (xs, xs)), ((0, None), (xs, h)), ((None, 0), (h, xs)))
    ],
    "parts": lambda w, xs, h: vmap(parts, in_axes=(0, None))(xs, h),
    "a loop in it": lambda w, xs, h: vmap(
        lambda x: scan(lambda s, r: (np.tanh(w @ s + r), s[0]), x, xs)[1]
    )(xs),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_gives_what_the_loop_gives(name):
    f = PROGRAMS[name]
    compiled = autograd.compile(f)
    for args in [(W, XS, H)] * 3 + [(W * 0.7, XS[::-1] * 1.5, H + 0.1)]:
        for (_, a), (_, b) in zip(leaves(compiled(*args)), leaves(f(*args)), strict=True):
            assert (a is None) == (b is None)
            if a is not None:
                np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)
                assert type(a) is type(b)
                assert a.dtype == b.dtype
    assert sum(map(len, compiled.variants.values())) == 1


def test_more_samples_take_no_more_steps():
    sizes = []
    for n in (20, 40):
        compiled = autograd.compile(PROGRAMS["each gradient"])
        compiled(W, RNG.normal(size=(n, 3)), H)
        ((variant,),) = compiled.variants.values()
        sizes.append(len(variant.recorded.nodes))
    assert sizes[0] == sizes[1] < 40


class Counted:
    """Functions whose samples do more than compute."""

    def __init__(self):
        self.rng, self.w = np.random.default_rng(0), Value(H)

    def drawing(self, xs):
        return vmap(lambda x: x * self.rng.normal())(xs)

    def moving(self, xs):
        def one(x):
            with no_grad():
                self.w.data = self.w.data * 0.9
            return np.sum(self.w * x)

        return vmap(one)(xs)


@pytest.mark.parametrize("name", ["drawing", "moving"])
def test_samples_with_effects_are_recorded_one_by_one(name):
    ours, theirs = Counted(), Counted()
    compiled, f = autograd.compile(getattr(ours, name)), getattr(theirs, name)
    for _ in range(4):
        found, expected = compiled(XS), f(XS)
        found, expected = (x.data if isinstance(x, Value) else x for x in (found, expected))
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(ours.w.data, theirs.w.data)


def test_a_branch_on_a_sample_is_refused():
    compiled = autograd.compile(lambda xs: vmap(lambda x: x if x[0] > 0 else -x)(xs))
    with pytest.raises(TypeError, match=r"np\.where"):
        compiled(XS)


def test_a_nan_in_one_sample_takes_the_careful_walk():
    f = grad(lambda xs: np.sum(vmap(lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0))(xs)))
    compiled = autograd.compile(f)
    bad = XS.copy()
    bad[4] = 0.0
    for xs in (XS, XS, XS, bad, XS):
        np.testing.assert_allclose(compiled(xs), f(xs), rtol=1e-13)

"""to_jax: the forward functions of ops run on JAX's arrays; what cannot run there is an error."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import (
    Value,
    checkpoint,
    erf,
    fori_loop,
    gelu,
    grad,
    hessian,
    log_softmax,
    logsumexp,
    relu,
    scan,
    softmax,
    softplus,
    to_jax,
    value_and_grad,
    vmap,
)
from autograd.engine.primitive import PRIMITIVES
from autograd.jax.arrays import JaxArray, unwrapped

jax = pytest.importorskip("jax", reason="to_jax needs JAX, which is not installed")

TOP = Path(__file__).parents[2]
RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4))


@pytest.fixture(autouse=True)
def double_precision():
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


# -- ops -------------------------------------------------------------------------------------------

# Ops whose forward function does something that JAX's arrays cannot do.
NOT_ON_JAX = {
    "on_diagonal": "writes through a view",
    "part_of": "reads strides, as do other changes in place through views",
    "setitem": "the same, if it writes through a view",
    "partition": "JAX orders the other entries differently, as it may",
}
WITHOUT_SAMPLES = {
    "full_like": [((X, 2.0), {})],
    "argsort": [((X, 0), {})],
    "argpartition": [((X, 2, 1), {})],
    "source": [((X, np.maximum.accumulate(X, 1), 1), {})],
}


def samples(name, op):
    rng = np.random.default_rng(0)
    if op.elementwise:
        return [(tuple(rng.uniform(*ends, (2, 3)) for ends in op.domain), {})]
    return op.samples(rng) if op.samples else WITHOUT_SAMPLES[name]


def on_jax(ops):
    """Return "equal", "differs" or "refused" by name: what JAX makes of forward functions."""
    found, runs = {}, []
    for name, op in ops.items():
        for args, params in samples(name, op):
            numbers = [i for i, x in enumerate(args) if isinstance(x, (float, complex, np.ndarray))]
            floats = [i for i in numbers if np.result_type(args[i]).kind in "fc"]

            def forward(*xs, op=op, args=args, params=params, floats=floats):
                known = dict(zip(floats, map(JaxArray, xs), strict=True))
                all_args = [known.get(i, x) for i, x in enumerate(args)]
                return unwrapped(op.forward(*all_args, **params))

            given_args = [args[i] for i in floats]
            try:
                jax.eval_shape(forward, *given_args)
            except (TypeError, AttributeError):
                found[name] = "refused"
            else:
                runs.append((name, forward, given_args, op.forward(*args, **params)))
    forwards = [forward for _, forward, _, _ in runs]
    together = jax.jit(lambda given: [f(*xs) for f, xs in zip(forwards, given, strict=True)])
    results = together([given_args for _, _, given_args, _ in runs])
    for (name, _, _, expected), y in zip(runs, results, strict=True):
        same = np.allclose(y, expected, rtol=1e-12, atol=1e-13, equal_nan=True)
        if not same or name not in found:
            found[name] = "equal" if same else "differs"
    return found


@pytest.mark.slow
def test_the_forward_functions_of_ops_run_unchanged():
    program = "import autograd.engine.primitive as p, autograd; print(*p.PRIMITIVES, sep=chr(10))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    ours = ran.stdout.split("\n")[:-1]  # SciPy's rows are defined on import
    found = on_jax({name: PRIMITIVES[name] for name in ours})
    assert {name for name, result in found.items() if result != "equal"} == NOT_ON_JAX.keys()
    assert len(found) - len(NOT_ON_JAX) >= 133
    page = " ".join((TOP / "docs" / "loops_and_batches.md").read_text("utf-8").split())
    assert f"{len(found) - len(NOT_ON_JAX)} of the package's {len(found)} ops" in page
    assert all(f"`{name}`" in page for name in NOT_ON_JAX)


@pytest.mark.slow
def test_scipy_functions_are_equal_or_refused():
    found = on_jax(PRIMITIVES)
    assert {name for name, result in found.items() if result == "differs"} <= NOT_ON_JAX.keys()


# -- programs --------------------------------------------------------------------------------------

MODEL = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))
CONVNET = nn.Sequential(
    nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)
)


def weights(model):
    return {name: np.asarray(x) for name, x in model.state_dict().items()}


def in_place(x, w):
    h = np.zeros_like(x)
    h[0] = x[1] * w
    h[1:, ::2] += x[1:, ::2] ** 2
    np.add.at(h, np.array([0, 2, 0]), x)
    return np.sum(np.sin(h))


def by_backward(w, xs):
    weights = Value(w)
    loss = np.mean(np.tanh(xs @ weights) ** 2)
    loss.backward()
    return loss, weights.grad


PROGRAMS = {
    "arithmetic": (lambda x, w: np.sum((x @ w - 1.0) ** 2 / (2 + x[:, 0]) ** 2), (X, X[0])),
    "methods": (lambda x, w: (x.T.reshape(-1).sum() * w.mean() + x.var()) ** 2, (X, X[0])),
    "ops": (
        lambda x, w: np.sum(relu(x) * gelu(w) + erf(x) * softplus(x)) + logsumexp(x @ w),
        (X, X[0]),
    ),
    "softmax": (
        lambda x, w: -np.sum(log_softmax(x * w, axis=1)[np.arange(3), [0, 2, 1]] * softmax(w)[0]),
        (X, X[0]),
    ),
    "selection": (lambda x, w: np.sum(np.where(x > w, np.maximum(x, 0.3), x * w)), (X, X[0])),
    "indices": (
        lambda x, w: np.sum(x[[0, 2, 0]] * w) + np.sum(np.sort(x, axis=1)[:, -2]),
        (X, X[0]),
    ),
    "in place": (in_place, (X, X[0])),
    "linear algebra": (
        lambda x, w: (
            np.linalg.slogdet(x @ x.T + np.eye(3))[1]
            + np.sum(np.linalg.solve(x @ x.T + np.eye(3), x) @ w)
            + np.linalg.norm(x)
        ),
        (X, X[0]),
    ),
    "einsum": (lambda x, w: np.einsum("ij,j,ik->k", x, w, x)[0], (X, X[0])),
    "joining": (
        lambda x, w: np.sum(np.concatenate([x, np.stack([w, w * 2])], 0)[::2] ** 3),
        (X, X[0]),
    ),
    "scan": (
        lambda x, w: np.sum(scan(lambda h, row: (np.tanh(h * w + row), h @ w), w, x)[1]),
        (X, X[0]),
    ),
    "fori_loop": (
        lambda x, w: np.sum(fori_loop(0, 3, lambda i, h: np.sin(h + x[i]), w)),
        (X, X[0]),
    ),
    "vmap": (lambda x, w: np.sum(vmap(lambda row: np.tanh(row @ w))(x) ** 2), (X, X[0])),
    "trees": (lambda p, w: np.sum(p["a"][0] * w) * p["b"], ({"a": [X], "b": np.array(2.0)}, X[0])),
    "network": (
        lambda p, x: nn.cross_entropy(nn.functional_call(MODEL, p, x), np.array([0, 1, 1])),
        (weights(MODEL), X),
    ),
    "convolutions": (
        lambda p, x: nn.cross_entropy(nn.functional_call(CONVNET, p, x), np.array([0, 2])),
        (weights(CONVNET), RNG.normal(size=(2, 1, 4, 4))),
    ),
}


def flat(tree):
    if isinstance(tree, dict):
        return [y for key in sorted(tree) for y in flat(tree[key])]
    return [y for x in tree for y in flat(x)] if isinstance(tree, (list, tuple)) else [tree]


def assert_equal(found, expected):
    for a, b in zip(flat(found), flat(expected), strict=True):
        b = b.data if isinstance(b, Value) else b
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)


SLOW = pytest.mark.slow
DAILY = "arithmetic", "methods", "indices", "in place", "trees"  # JAX compiles the others long


@pytest.mark.parametrize(
    "name", [x if x in DAILY else pytest.param(x, marks=pytest.mark.slow) for x in PROGRAMS]
)
def test_values_and_gradients_are_those_of_eager(name):
    f, args = PROGRAMS[name]
    g = to_jax(f)
    value, gradients = jax.jit(jax.value_and_grad(g, (0, 1)))(*args)
    assert_equal(value, f(*args))
    assert_equal(gradients, grad(f, (0, 1))(*args))


def rnn(w, xs):
    """A loop in a loop, a gradient in it, and Values from outside of the bodies."""

    def step(h, x):
        h = fori_loop(0, 2, lambda i, h: np.tanh(w @ h + x * i), h)
        slope = grad(lambda h: np.sum(np.cos(w @ h)))(h)
        return h - 0.1 * slope, (np.sum(h), None, h[:2])

    last, (sums, _, firsts) = scan(step, np.zeros(3), xs, reverse=True)
    total = scan(lambda s, y: (s + y * y, None), 0.0, sums)[0]
    return np.sum(last**2) + total + np.sum(firsts**3)


def maps(w, xs):
    """A map in a loop, a gradient in a map, a map in a map, and trees of axes."""

    def loss(w, x):
        return np.sum(np.tanh(w @ x) ** 2)

    def step(h, x):
        return np.tanh(vmap(lambda row: np.sum(row * h))(w) + x), None

    each = vmap(grad(loss), in_axes=(None, 0), out_axes=-1)(w, xs)
    pairs = vmap(vmap(lambda a, b: np.sin(a @ w @ b), in_axes=(None, 0)), in_axes=(0, None))
    axes = vmap(
        lambda x, y: {"a": np.outer(x, y["b"]), "none": None, "same": w[0] * 2},
        in_axes=(1, {"b": 0}),
        out_axes={"a": -1, "none": 0, "same": None},
    )(xs.T, {"b": xs})
    total = np.sum(each * np.arange(4.0)) + np.sum(pairs(xs, xs) ** 2)
    total = total + np.sum(axes["a"] * np.arange(4.0)) + np.sum(axes["same"] ** 3)
    return total + np.sum(scan(step, np.zeros(3), xs)[0])


def edges(w, xs):
    """Where our rules look at numbers: slopes that have lost their digits, powers, ties."""
    y = np.tanh(10 * w) + np.expm1(-40 * w * w) + np.abs(w) ** (1 + w) + np.cumprod(w, 0)
    y = y + np.linalg.det(w) + np.linalg.svd(w, full_matrices=False)[1] + np.sort(w, axis=1)
    y = y + np.linalg.norm(w, 2) + np.take(w, [0, 2, 1], axis=1) + np.linalg.lstsq(w, w)[0]
    y = y + checkpoint(lambda w: np.sin(w @ w))(w)
    return np.sum(y) + np.sum(np.maximum(xs, xs) * w[0])


OURS = {
    "loops": (rnn, grad),
    "maps": (maps, grad),
    "rules": (edges, grad),
    "pair": (lambda w, xs: np.sum(np.sin(w @ xs.T)), value_and_grad),
    "inside": (lambda w, xs: grad(lambda w: np.sum(np.exp(w @ xs[0])))(w) @ xs[1], None),
    "backward": (by_backward, None),
    "hessian": (
        lambda w, xs: scan(lambda h, x: (np.sin(w[0] * h + x), h), xs[0], xs)[0][0],
        hessian,
    ),
    "labels": (lambda w, xs: nn.cross_entropy(xs @ w, np.array([0, 2, 1, 1])), grad),
}


@pytest.mark.parametrize(
    "name",
    [
        x if x in ("loops", "maps", "rules", "backward") else pytest.param(x, marks=SLOW)
        for x in OURS
    ],
)
def test_our_own_gradients_run_on_jax(name):
    f, transform = OURS[name]
    f = f if transform is None else transform(f)
    rng = np.random.default_rng(5)
    args = rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    assert_equal(jax.jit(to_jax(f))(*args), f(*args))
    if name == "loops":
        assert str(jax.make_jaxpr(to_jax(f))(*args)).count("length=4") >= 2  # no turn by turn


LOSSES = {
    "classes": (nn.cross_entropy, np.array([0, 2, 1, 1])),
    "weights": (
        lambda z, y: nn.cross_entropy(z, y, weights=np.arange(1.0, 4.0), ignore=1, smoothing=0.1),
        np.array([0, 2, 1, 1]),
    ),
    "shares": (nn.cross_entropy, np.eye(3)[[0, 2, 1, 1]]),
    "margins": (nn.multiclass_hinge, np.array([0, 2, 1, 1])),
    "signs": (nn.hinge, np.sign(X.T)),
    "yes or no": (nn.binary_cross_entropy, np.sign(X.T) > 0),
    "distributions": (nn.kl_divergence, np.eye(3)[[0, 2, 1, 1]]),
}


def test_labels_may_be_arguments():
    losses = [to_jax(f) for f, _ in LOSSES.values()]
    labels = [y for _, y in LOSSES.values()]
    every = jax.jit(lambda z, labels: [f(z, y) for f, y in zip(losses, labels, strict=True)])
    assert_equal(every(X.T, labels), [f(X.T, y) for f, y in LOSSES.values()])


def test_outside_of_jit_it_is_a_function_of_arrays():
    f, args = PROGRAMS["arithmetic"]
    y = to_jax(f)(*args)
    assert isinstance(y, jax.Array)
    assert_equal(y, f(*args))


@pytest.mark.parametrize(
    "name",
    ["arithmetic", *[pytest.param(x, marks=pytest.mark.slow) for x in ("in place", "network")]],
)
def test_vmap_of_jax_is_vmap(name):
    f, (first, second) = PROGRAMS[name]
    many = np.stack([second, second * 2, second - 1])
    gradients = jax.vmap(jax.grad(to_jax(f)), in_axes=(None, 0))(first, many)
    assert_equal(gradients, vmap(grad(f), in_axes=(None, 0))(first, many))


def test_second_derivatives():
    x = X[0]

    def f(x):
        return np.sum(np.tanh(np.outer(x, x)) * np.exp(-(x**2)))

    found = jax.jit(jax.hessian(to_jax(f)))(x)
    np.testing.assert_allclose(found, hessian(f)(x), atol=1e-13)


def test_two_devices():
    """The batch is cut in two, in a process of its own: JAX counts its devices once."""
    program = """if True:
        import numpy as np, jax, nn, autograd
        from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
        jax.config.update("jax_enable_x64", True)
        assert len(jax.devices()) == 2
        model = nn.MLP(4, [8, 3], activation=nn.tanh)
        weights = {name: np.asarray(x) for name, x in model.state_dict().items()}
        rng = np.random.default_rng(1)
        x, labels = rng.normal(size=(6, 4)), np.eye(3)[rng.integers(0, 3, 6)]
        def loss(weights, x, labels):
            logits = nn.functional_call(model, weights, x)
            return -np.mean(np.sum(labels * autograd.log_softmax(logits, axis=1), axis=1))
        mesh = Mesh(np.array(jax.devices()), ("data",))
        cut, whole = (NamedSharding(mesh, P(*axes)) for axes in (["data"], []))
        step = jax.jit(jax.grad(autograd.to_jax(loss)), in_shardings=(whole, cut, cut))
        found = step(weights, x, labels)
        expected = autograd.grad(loss)(weights, x, labels)
        mean = autograd.to_jax(lambda w, x: np.mean(np.tanh(x @ w)))
        one = jax.jit(jax.shard_map(
            lambda w, x: jax.lax.pmean(mean(w, x), "data"),
            mesh=mesh, in_specs=(P(), P("data")), out_specs=P(),
        ))
        w = rng.normal(size=4)
        print(max(np.abs(np.asarray(found[k]) - expected[k]).max() for k in expected))
        print(abs(float(one(w, x)) - np.mean(np.tanh(x @ w))))
    """
    env = os.environ | {
        "XLA_FLAGS": "--xla_force_host_platform_device_count=2",
        "JAX_PLATFORMS": "cpu",
    }
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=TOP,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert all(float(line) < 1e-13 for line in ran.stdout.split())


# -- what JAX cannot follow ------------------------------------------------------------------------

W = Value(X[0], "weights")


def shared(x):
    h = np.zeros_like(x)
    rows = h.reshape(-1)
    h[0] = 1.0
    return np.sum(rows)


REFUSED = {
    "branch": (lambda x: x if np.sum(x) > 0 else -x, TypeError, "write np.where"),
    "float": (lambda x: float(x[0, 0]) * x, TypeError, "np.sin for math.sin"),
    "index": (lambda x: list(range(5))[np.argmax(x)] * x, TypeError, "static"),
    "item": (lambda x: x[0, 0].item() * x, TypeError, "keep it an array"),
    "asarray": (lambda x: np.asarray(x) * 2, TypeError, "leave np.asarray out"),
    "array of arrays": (lambda x: np.array([x, x]), TypeError, "write np.stack"),
    "mask": (lambda x: np.sum(x[x > 0]), TypeError, r"write np\.where"),
    "nonzero": (lambda x: np.nonzero(x)[0], TypeError, "not known yet"),
    "value": (lambda x: x * W, TypeError, r"uses a Value \(weights\) that is not an argument"),
    "value first": (
        lambda x: W * x,
        TypeError,
        r"uses a Value \(weights\) that is not an argument",
    ),
    "value in op": (lambda x: relu(W) @ x.T, TypeError, "a Value"),
    "value returned": (lambda x: W, TypeError, "a Value"),
    "argument in place": (lambda x: x.__iadd__(1.0), ValueError, "do not change in place"),
    "argument entry": (lambda x: x.__setitem__(0, 1.0), ValueError, "do not change in place"),
    "seen by a view": (shared, ValueError, "do not change in place"),
    "into numpy": (lambda x: np.add(x, 1, out=np.zeros((3, 4))), TypeError, "into one of NumPy's"),
    "at numpy": (lambda x: np.add.at(np.zeros((3, 4)), 0, x[0]), TypeError, "into one of NumPy's"),
    "out of range": (lambda x: x[5], IndexError, "out of bounds"),
    "no counterpart": (lambda x: np.busday_count(x, x), TypeError, "JAX has no busday_count"),
    "method": (lambda x: x.sort(), AttributeError, "has no sort"),
    "random": (lambda x: x * np.random.random(), RuntimeError, "draws random numbers"),
    "python's random": (lambda x: x * random.random(), RuntimeError, "draws random numbers"),
    "dtype": (lambda x: np.zeros_like(x, int).__iadd__(x), TypeError, "cannot be written into"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_jax_cannot_follow_is_an_error_that_says_what_to_write(name):
    f, error, message = REFUSED[name]
    with pytest.raises(error, match=message) as caught:
        jax.jit(to_jax(f))(X)
    if error is TypeError:
        assert Path(__file__).name in str(caught.value)


def test_numbers_that_are_known_may_be_asked_for():
    f = to_jax(lambda x: x * 2 if np.sum(x) > 0 else x)
    np.testing.assert_array_equal(f(np.ones(2)), [2.0, 2.0])
    assert float(to_jax(lambda x: float(x[0]))(np.ones(2))) == 1.0


def test_parts_of_a_new_array_share_its_memory():
    def f(x):
        h = np.zeros_like(x)
        row, column = h[1], h[:, 0]
        row += 1.0
        column[...] = x[0, 0]
        h[1, 1] = 5.0
        return np.sum(row * np.arange(4.0)) + np.sum(h**2) + np.sum(column)

    assert float(jax.jit(to_jax(f))(X)) == pytest.approx(f(X), rel=1e-14)


def test_without_jax_the_error_names_the_extra():
    program = """if True:
        import sys
        sys.modules["jax"] = None
        import autograd
        try:
            autograd.to_jax(lambda x: x)
        except ImportError as error:
            print(error)
    """
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert "pip install 'chainrule[jax]'" in ran.stdout

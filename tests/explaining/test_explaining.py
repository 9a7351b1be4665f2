"""explain: its numbers are those of a backward pass, its words say what was done."""

from ast import literal_eval
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import FreedGraphError, Primitive, Value, explain, tanh
from autograd.engine.value import held_grad
from autograd.explaining.differences import differences
from autograd.explaining.trails import along, ways
from autograd.testing import strategies


def lines_of(text):
    return [line.strip() for line in str(text).splitlines()]


# -- numbers -------------------------------------------------------------------------------------


@given(strategies.expressions("x", "w"))
def test_paths_add_up_to_the_gradient(f):
    x, w = Value(0.75), Value(-1.25)
    y = f(x, w)
    if not isinstance(y, Value) or y.op is None:
        return
    y.backward()
    found = ways(y, None, 1000)
    for leaf in (x, w):
        if leaf.serial in found:
            way = found[leaf.serial]
            assert way.count == len(way.trails)
            total = sum(along(y, path) for path in way.paths)
            np.testing.assert_allclose(total, leaf.grad, rtol=1e-9, atol=1e-12)


@st.composite
def ladders(draw):
    """A chain of scalars in which each rung has several ways up, and the slopes of all paths."""
    slopes = draw(
        st.lists(
            st.lists(st.floats(-3, 3).filter(lambda s: abs(s) > 0.1), min_size=1, max_size=3),
            min_size=1,
            max_size=5,
        )
    )
    return slopes


@given(ladders(), st.integers(1, 6))
def test_the_strongest_paths_are_found_among_all(slopes, most):
    x = y = Value(1.0)
    for rung in slopes:
        y = sum((s * y for s in rung), start=Value(0.0))
    way = ways(y, {x.serial}, most)[x.serial]
    every = sorted((abs(prod(path)) for path in product(*slopes)), reverse=True)
    assert way.count == len(every)
    found = [abs(along(y, path)) for path in way.paths]
    np.testing.assert_allclose(found, every[:most], rtol=1e-9)


def test_contributions_of_paths_through_arrays():
    x, w = Value(np.ones((4, 2))), Value([[1.0, 2.0], [3.0, 4.0]])
    h = x @ w
    y = (tanh(h) * h).sum()
    way = ways(y, {w.serial}, 5)[w.serial]
    y.backward()
    assert way.count == 2
    np.testing.assert_allclose(sum(along(y, path) for path in way.paths), w.grad)


def test_more_paths_than_atoms():
    y = Value(1.0, name="x")
    for _ in range(1000):
        y = y + y * 1e-3
    text = lines_of(explain(y, paths=2))
    assert "∂y/∂x = 2.717, the sum over about 10^301 paths, strongest first" in text
    assert any(line.startswith("… about 10^301 more paths") for line in text)


@pytest.mark.slow
def test_a_long_chain():
    y = Value(0.5, name="x")
    for n in range(20_000):
        y = np.sin(y) if n % 2 else 1.0001 * y
    text = str(explain(y))
    assert "… 19,976 more steps …" in text and "… 19,994 more …" in text
    assert "≈ 1.873e-05 ✓" in text
    assert len(text) < 3000


def test_a_path_whose_product_is_zero_or_overflows():
    x = Value(0.0, name="x")
    y = 1e300 * (1e300 * x) + x * x
    assert "∂y/∂x = ∞, the sum over 3 paths" in lines_of(explain(y))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("shape", [(), (3,), (30,)])
def test_differences_confirm_what_is_right_and_not_what_is_wrong(dtype, shape):
    rng = np.random.default_rng(0)
    numbers = rng.uniform(1.0, 2.0, shape) + (1j if dtype is np.complex128 else 0)
    x = Value(np.asarray(numbers).astype(dtype))
    y = (np.abs(np.log(x) * x) ** 2).sum()
    y.backward()
    found = differences(y, x, x.grad)
    assert found.agree and found.direction == (shape == (30,))
    np.testing.assert_allclose(found.slopes, found.expected, rtol=1e-3)
    assert not differences(y, x, x.grad * 1.01).agree


@given(
    st.lists(
        st.sampled_from(
            [np.exp, np.sin, np.square, np.conj, np.abs, np.real, lambda z: np.conj(z) * z]
        ),
        min_size=1,
        max_size=4,
    ),
    st.complex_numbers(min_magnitude=0.1, max_magnitude=1.0),
)
def test_complex_numbers_also_where_nothing_is_holomorphic(functions, start):
    z = y = Value(start)
    for f in functions:
        y = f(y)
    if isinstance(y, Value) and y.op is not None:
        text = str(explain(y, wrt=z))
        assert text.endswith("✓"), text


def test_a_conjugate_is_no_factor():
    z = Value(1 + 2j, name="z")
    text = str(explain(np.conj(z) * z, wrt=z))
    assert "z ← conjugate(g)" in text and "∂v1/∂z = 1" not in text
    assert r"z \leftarrow \operatorname{conjugate}" in explain(np.conj(z) * z).latex()


def test_near_the_edge_of_a_domain_steps_are_short():
    x = Value([1e-4, 2.0])
    y = np.log(x).sum()
    assert differences(y, x, 1 / x.data).agree
    assert not differences(y, x, 1.001 / x.data).agree


def test_a_kink_is_not_confirmed():
    x = Value(0.0, name="x")
    text = str(explain(nn.relu(x)))
    assert "∂y/∂x = 1 if y ≠ 0 else 0 = 0" in text
    assert "≈ 0.5 ✗ they do not agree: a kink, a jump, or a wrong rule" in text


def test_a_kink_that_central_differences_cannot_see():
    assert "≈ 0 ✗ a kink: the slopes of the two sides differ" in str(explain(abs(Value(0.0))))
    ties = np.maximum(Value([0.0, 1.0]), Value([0.0, 2.0]))
    assert "✗ a kink" in str(explain(ties.sum()))
    assert "✗" not in str(explain(np.sum(Value([1e-9, 1.0]) ** 2)))  # bent, but no kink


def test_an_infinite_derivative_is_not_confirmed():
    with np.errstate(all="ignore"):
        y = 1.0 / Value(0.0)
    assert "✓" not in str(explain(y))


def test_what_is_zero_but_for_rounding_is_confirmed():
    x = Value(np.random.default_rng(0).normal(size=(2, 3)))
    y = x / (np.linalg.norm(x) + 1.0)
    assert str(explain(np.sum(y - y.mean()), wrt=x)).endswith("✓")


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_wrong_rule_is_seen_in_low_precision(dtype):
    wrong = Primitive("wrong", lambda x: x**2, vjps=[lambda g, y, x: g * x * dtype(2.3)])
    x = Value(np.array([3.0, 2.0], dtype))
    assert "✗ they do not agree" in str(explain(wrong(x).sum()))
    assert "✗" not in str(explain((x**2).sum()))


def test_a_slope_too_steep_for_differences():
    x = y = Value(0.1)
    for _ in range(60):  # a population in chaos
        y = 4 * y * (1 - y)
    assert "✗ they do not agree: too steep for differences" in str(explain(y, wrt=x))


def test_numbers_are_those_of_the_graph_also_after_a_step_of_training():
    w = nn.Parameter([2.0, 1.0])
    loss = np.sum((w * 3.0 - 1.0) ** 2)
    loss.backward()
    nn.SGD([w], lr=0.1).step()
    assert "finite differences         ≈ [30, 12] ✓" in lines_of(explain(loss, wrt=w))[-1]


def test_numbers_that_changed_between_two_uses():
    x = Value(2.0)
    y = x**2
    x.data = 7.0
    text = str(explain(y * x, wrt=x))
    assert "∂y′/∂x = 32" in text
    assert "cannot be run again (ValueError: its numbers were changed between two uses" in text
    x.data = 2.0
    assert "✓" in str(explain(y * x, wrt=x))


def test_a_wrong_rule_is_seen():
    wrong = Primitive("wrong", lambda x: x**2, vjps=[lambda g, y, x: g * x])
    assert "≈ 6 ✗" in str(explain(wrong(Value(3.0, name="x"))))


def test_an_op_that_cannot_run_again():
    class Once:
        ran = False

        def __call__(self, x):
            assert not self.ran, "only once"
            self.ran = True
            return x * 2.0

    op = Primitive("once", Once(), vjps=[lambda g, y, x: 2.0 * g])
    found = explain(op(Value(3.0, name="x")))
    assert "the graph cannot be run again (AssertionError: only once" in str(found)
    assert "cannot be run again" in found.markdown()


# -- words ---------------------------------------------------------------------------------------


def neuron():
    x, w, b = Value(2.0, name="x"), Value(-3.0, name="w"), Value(6.88, name="b")
    return tanh(x * w + b)


def test_a_neuron_step_by_step():
    assert lines_of(explain(neuron(), wrt="x")) == [
        "y = tanh(x·w + b) = 0.7064",
        "",
        "v1 = x·w         = −6        ∂v1/∂x = w = −3",
        "v2 = v1 + b      = 0.88      ∂v2/∂v1 = 1",
        "y  = tanh(v2)    = 0.7064    ∂y/∂v2 = 1 − y² = 0.501",
        "",
        "from y back, each gradient as it grows:",
        "∂y/∂y     1                  = 1",
        "∂y/∂v2    + 0.501 from y     = 0.501",
        "∂y/∂v1    + 0.501 from v2    = 0.501",
        "∂y/∂x     − 1.503 from v1    = −1.503",
        "",
        "∂y/∂x = −1.503",
        "y → v2 → v1 → x       0.501 · 1 · (−3)    = −1.503",
        "finite differences                        ≈ −1.503 ✓",
    ]


def test_latex_and_markdown_of_a_neuron():
    found = explain(neuron(), wrt="x")
    assert (
        r"v_{1} &= x \cdot w = -6 & \frac{\partial v_{1}}{\partial x} = w = -3 \\" in found.latex()
    )
    assert found.latex().count(r"\begin{align*}") == found.latex().count(r"\end{align*}") == 2
    page = found.markdown()
    assert "| $y = \\tanh\\left(v_{2}\\right)$ | $0.7064$ |" in page
    assert (
        r"| $y \to v_{2} \to v_{1} \to x$ | $0.501 \cdot 1 \cdot \left(-3\right) = -1.503$ |"
        in page
    )
    assert "Finite differences: $-1.503$ ✓" in page
    assert found._repr_markdown_() == page


def test_names_are_the_variables_of_the_caller():
    rate, weights = Value(2.0), [Value(1.0), Value(4.0)]
    loss = rate * weights[1]
    text = str(explain(loss))
    assert "loss = rate·weights[1] = 8" in text and "∂loss/∂rate = 4" in text
    assert held_grad(weights[0]) is None


def test_the_gradient_that_a_second_derivative_began_with_has_a_name():
    x = Value(1.5)
    y = x**3
    y.backward(create_graph=True)
    assert str(explain(x.grad, wrt=x)).startswith("y = seed·3·x² = 6.75")


def test_broadcast_sums_and_shapes_are_seen():
    x = np.arange(10.0).reshape(5, 2)
    w, b = Value(np.ones((2, 3))), Value(np.zeros(3))
    h = x @ w + b
    loss = (h * h).mean()
    text = lines_of(explain(loss, wrt=[w, b]))
    assert any(line.endswith("w ← xᵀ @ g  (5×3 → 2×3)") for line in text)
    assert any(line.endswith("∂h/∂b = 1, summed over axis 0  (5×3 → 3)") for line in text)
    assert any(line.endswith("v2 ← g/15  (1 → 5×3)") for line in text)
    assert "∂loss/∂b = [6, 6, 6], the sum over 2 paths" in text
    assert any(line.startswith("loss → v2 → h → b") for line in text)


def test_networks_are_summed_up_by_module():
    model = nn.MLP(2, [4, 4, 1], activation=nn.tanh, seed=0)
    points = np.random.default_rng(0).normal(size=(8, 2))
    loss = nn.squared_error(model(points)[:, 0], np.ones(8))
    loss.backward()
    text = lines_of(explain(loss))
    at = text.index("norm of the gradient at the parameters of each module:")
    norms = {
        str(i): np.sqrt(sum(np.sum(p.grad**2) for p in layer.parameters()))
        for i, layer in enumerate(model.layers)
    }
    expected = [f"layers.{i}    {norms[i]:.4g}" for i in sorted(norms, key=lambda i: -norms[i])]
    assert text[at + 1 : at + 4] == expected
    assert any("[layers.1] → [layers.0] → layers.0.bias" in line for line in text)
    assert len(explain(loss, wrt=model).derivations) == 6


def test_a_value_that_stands_in_an_op_several_times():
    x = Value([1.0, 2.0])
    assert ", twice" in str(explain(np.einsum("i,i->", x, x)))
    assert ", 3 times" in str(explain(np.einsum("i,i,i->", x, x, x)))


def test_what_was_changed_in_place_is_what_it_was():
    x = Value([1.0, 2.0])
    y = x * 2
    z = y * 3
    y += 1.0
    text = lines_of(explain((z * y).sum(), wrt=x))
    assert (
        text[0] == "y′ = sum(3·2·x·(2·x + 1)) = 78".replace("y′", "v3") or "x·(2·x + 1)" in text[0]
    )
    assert "≈ [30, 54] ✓" in text[-1]


def test_many_leaves_the_largest_first():
    xs = [Value(float(n), name=f"a{n}") for n in range(20)]
    text = str(explain(sum(x * x for x in xs)))
    assert text.index("∂y/∂a19 = 38") < text.index("∂y/∂a12 = 24")
    assert "∂y/∂a11 " not in text and "… and 12 more leaves" in text


def test_two_values_of_one_name_are_told_apart():
    a, b = Value(1.0, name="w"), Value(5.0, name="w")
    assert str(explain(a * b)).startswith("y = w·w′ = 5\n")
    assert r"y = w \cdot w' = 5" in explain(a * b).latex()


def test_names_cannot_break_a_page():
    x = Value(2.0, name="a|b\n<script>$")
    page = explain(x * x).markdown()
    assert "<script>" not in page and "a|b" not in page
    assert "\n<" not in str(explain(x * x))


# -- entries, constants, the backward pass, equal lines, passes ------------------------------------


def numbers_in_full(text):
    """Return the arrays and numbers that an explanation writes in full, by name."""
    found, name = {}, ""
    block = str(text).partition("in full:\n")[2].partition("\n\n")[0]
    for line in block.replace("−", "-").splitlines():
        head, equals, rest = line.partition(" = ")
        name = head.strip() if equals else name
        found[name] = found.get(name, "") + (rest if equals else line).strip()
    return {name: np.array(literal_eval(numbers)) for name, numbers in found.items()}


def test_a_network_can_be_recomputed_from_what_is_written():
    X, target = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 0.0])
    rng = np.random.default_rng(0)
    W1, b1 = Value(rng.normal(size=(2, 3)).round(2)), Value(rng.normal(size=3).round(2))
    W2, b2 = Value(rng.normal(size=(3, 1)).round(2)), Value([0.25])
    hidden = np.tanh(X @ W1 + b1)
    loss = (((hidden @ W2 + b2)[:, 0] - target) ** 2).mean()
    text = str(explain(loss, wrt=[W1, b1, W2, b2]))
    assert text.startswith("loss = mean(((tanh(X @ W1 + b1) @ W2 + b2)[:, 0] − target)²) = ")
    n = numbers_in_full(text)
    np.testing.assert_allclose(n["hidden"], np.tanh(n["X"] @ n["W1"] + n["b1"]), rtol=1e-3)
    error = (n["hidden"] @ n["W2"] + n["b2"])[:, 0] - n["target"]
    g_out = (2 * error / 2)[:, None]
    g_sum = g_out @ n["W2"].T * (1 - n["hidden"] ** 2)
    loss.backward()
    for name, g, value in (
        ("W2", n["hidden"].T @ g_out, W2),
        ("W1", n["X"].T @ g_sum, W1),
    ):
        np.testing.assert_allclose(n[f"∂loss/∂{name}"], g, rtol=5e-3)
        np.testing.assert_allclose(n[f"∂loss/∂{name}"], value.grad, rtol=1e-3)
    page = explain(loss, wrt=W1).markdown()
    assert "| $W_{1}$ | `[[" in page.replace("mathrm{W1}", "W_{1}")


def test_what_is_written_in_full():
    assert "in full" not in str(explain(neuron()))  # single numbers are in the table
    assert "in full" not in str(explain(np.sum(Value(np.arange(50.0)) * 2.0)))
    x = Value(np.arange(12.0))
    assert "in full" in str(explain(np.sum(x * 2.0)))


def test_constants_have_the_names_of_their_variables():
    X, y = np.arange(8.0).reshape(4, 2), np.array([1.0, 0.0, 1.0, 1.0])
    w = Value([0.5, -1.0])
    assert "mean((X @ w − y)²)" in str(explain((((X @ w) - y) ** 2).mean()))
    h = w * 0.0
    for row in range(2):
        h = h + w * X[row]
    assert "w·X[1]" in str(explain(h.sum()))
    assert "w·X[:, 0]" in str(explain((Value(np.ones(4), name="w") * X[:, 0]).sum()))


def test_constants_without_a_name_are_told_apart():
    def product(w):
        a, b = np.arange(6.0).reshape(2, 3), np.ones((3, 3))
        return np.sum((a @ w) @ b) + np.sum(a @ w)

    text = str(explain(product(Value(np.ones((3, 3)), name="w"))))
    assert "sum(c1 @ w @ c2) + sum(c1 @ w)" in text
    assert "c1" in numbers_in_full(text)


def test_a_constant_takes_no_name_of_a_value():
    y = np.array([1.0, 0.0])
    result = [np.sum(Value([2.0, 3.0], name="x") * y)]
    assert str(explain(result[0], wrt="x")).startswith("result[0] = sum(x·y)")
    text = str(explain(np.sum(Value([2.0, 3.0], name="x") * y)))
    assert text.startswith("z = sum(x·y)")


@given(strategies.expressions("x", "w"))
def test_the_gradients_grow_to_what_they_are(f):
    x, w = Value(0.75), Value(-1.25)
    y = f(x, w)
    if not isinstance(y, Value) or y.op is None:
        return
    found = explain(y).receipts
    y.backward()
    for leaf in (x, w):
        mine = [one for one in found if one.node is leaf]
        if mine and np.isfinite(leaf.grad):
            assert mine[-1].total == pytest.approx(leaf.grad, rel=1e-9, abs=1e-12)
            assert [one.last for one in mine] == [False] * (len(mine) - 1) + [True]
            sums = np.cumsum([one.added for one in mine])
            np.testing.assert_allclose([one.total for one in mine], sums, rtol=1e-9, atol=1e-12)


def test_the_gradients_that_do_not_matter_are_left_out():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    text = str(explain(x * w + np.sin(w), wrt=x))
    assert "∂y/∂w" not in text and "∂y/∂x     + 3 from v1    = 3" in text


def test_equal_steps_and_equal_paths_are_one_line():
    x = Value(1.5, name="x")
    y = tanh(x) * x
    y.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward(create_graph=True)
    text = lines_of(explain(x.grad, wrt=x))
    assert any(line.startswith("v8, v9 = v7·v1") for line in text)
    assert any("v10 → v9 → v7" in line and line.endswith("= −0.1636, twice") for line in text)
    cube = lines_of(explain(x * x * x, wrt=x))
    assert any(line.endswith("= 9, 3 times") or line.endswith("twice") for line in cube)
    assert r",\ \text{twice}" in explain(x * x, wrt=x).latex()


def test_the_passes_are_told_apart():
    x = Value(1.5, name="x")
    assert "forward pass" not in str(explain(tanh(x) * x))
    y = tanh(x) * x
    y.backward(create_graph=True)
    once = lines_of(explain(x.grad, wrt=x))
    forward = once.index("the forward pass:")
    backward = once.index("the backward pass, and what was computed from its gradients:")
    assert [line.split(" = ")[1].strip() for line in once[forward + 1 : backward]] == ["tanh(x)"]
    assert "seed" in "".join(once[backward + 1 :])
    slope = x.grad
    x.zero_grad()
    slope.backward(create_graph=True)
    found = explain(x.grad, wrt=x)
    for heading in ("the forward pass", "the first backward pass", "the second backward pass"):
        assert str(found).count(f"  {heading}") == 1
        assert heading in found.markdown() and heading.replace(" ", " ") in found.latex()


# -- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "y, wrt, kind, message",
    [
        (3.0, None, TypeError, "explain takes a Value that was computed from others, not float"),
        (np.sin, None, TypeError, "for a function write explain"),
        (Value([1.0, 2.0]) * 2, None, ValueError, r"write explain\(y\[0\]\) for one entry or"),
        (Value(np.ones((2, 2))) * 2, None, ValueError, r"explain\(y\[0, 0\]\)"),
        (
            Value(2.0),
            None,
            ValueError,
            "nothing to explain: .* was not computed",
        ),
        (Value([1.0]).astype(int).sum(), None, TypeError, "compute in floats .* int64 has none"),
        (Value(np.arange(3)).sum() * 1.0, None, ValueError, "depends on no Value with a gradient"),
        (neuron(), "q", ValueError, "depends on no Value called 'q'; choose from"),
        (neuron(), "v9", ValueError, "depends on no Value called 'v9'; choose from x, w, b"),
        (neuron(), 2.0, TypeError, r"wrt should be a Value or its name, not float \(2.0\)"),
        (neuron(), Value(np.arange(3)), TypeError, "of dtype int64 has no derivative"),
    ],
)
def test_what_cannot_be_explained(y, wrt, kind, message):
    with pytest.raises(kind, match=message):
        explain(y, wrt=wrt)


@pytest.mark.parametrize("paths", [0, -1, 2.5, None])
def test_no_paths_to_show(paths):
    with pytest.raises(ValueError, match="number of paths to show, should be at least 1, not"):
        explain(neuron(), paths=paths)


def test_no_dependence_is_said():
    y, z = neuron(), Value(1.0)
    assert "∂y/∂z = 0: y does not depend on z" in lines_of(explain(y, wrt=z))
    assert "∂y/∂y = 1: it is the same Value" in lines_of(explain(y, wrt=y))
    assert str(explain(z, wrt=z)) == "z = 1\n\n∂z/∂z = 1: it is the same Value"
    for found in (explain(y, wrt=z), explain(y, wrt=y)):
        assert found.markdown() and found.latex()


def test_a_graph_that_was_let_go():
    y = neuron()
    y.backward(free=True)
    with pytest.raises(FreedGraphError):
        explain(y)


def test_explaining_leaves_no_gradients():
    x = Value(2.0)
    y = x * x
    str(explain(y)), explain(y).markdown()
    assert held_grad(x) is None and held_grad(y) is None

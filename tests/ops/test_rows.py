"""What a row tells those who ask: it is so, and a user's own op is spoken of like ours."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import NonFiniteError, Primitive, Value, debug
from autograd.debugging.causes import of_result, stated
from autograd.drawing.page.facts import facts
from autograd.drawing.picture import picture_of
from autograd.engine.primitive import PRIMITIVES
from autograd.notation.formulas import derivative, formula
from autograd.testing.collecting import of_op

# -- an op of a user's -----------------------------------------------------------------------------

soft = Primitive(  # x / (1 + |x|), from −1 to 1
    "softsign",
    lambda x: x / (1 + np.abs(x)),
    vjps=[lambda g, y, x: g / np.square(1 + np.abs(x))],
    elementwise=True,
    domain=[(-3.0, 3.0)],
    written=lambda w, y, x: w.quotient(x, w.sum(w.number(1.0), w.call("abs", [x], r"|%s|"))),
    saturates=(-1.0, 1.0),
)
hard = Primitive(
    "hard",
    lambda x: np.clip(x, 0.0, 6.0),
    vjps=[lambda g, y, x: g * ((x > 0) & (x < 6))],
    elementwise=True,
    domain=[(-3.0, 9.0)],
    latex=r"\operatorname{hard}_{6}",
    dead_at_zero=True,
    breaks="kink",
)
odds = Primitive(
    "odds",
    lambda p: np.sqrt(p) / np.asarray(1 - p),
    vjps=[lambda g, y, p: g * (0.5 / np.sqrt(p) / (1 - p) + y / (1 - p))],
    elementwise=True,
    domain=[(0.1, 0.9)],
    outside=[
        (lambda y, p: p == 1, "the odds of what is sure; write odds(p - {small})"),
        (lambda y, p: p < 0, "{x!r} is no probability, the largest is {sizes[0]}"),
    ],
    steep=[(lambda y, p: p == 0, "the slope of the odds of nothing is infinite, as {dtype}")],
)


def test_it_is_written():
    x = Value(2.0, name="x")
    assert formula(soft(x) * 3) == "3·x/(1 + abs(x))"
    assert formula(soft(x), latex=True) == r"\frac{x}{1 + |x|}"
    assert formula(hard(x), latex=True) == r"\operatorname{hard}_{6}\left(x\right)"
    assert derivative(soft(x), 0) == "1/(1 + absolute(x))²"
    assert "y = x/(1 + abs(x))" in str(autograd.explain(soft(x)))


def test_it_is_drawn():
    told = facts(picture_of(soft(Value(2.0, name="x"))), "")["nodes"]
    assert told[-1]["made"] == "x/(1 + abs(x))" and told[-1]["symbol"] == "softsign"


@np.errstate(all="ignore")
@pytest.mark.parametrize(
    "start, phase, says",
    [
        ([0.5, 1.0], "forward", "the odds of what is sure; write odds(p - 1e-12)"),
        (np.float16([1.0]), "forward", "write odds(p - 1e-7)"),
        ([0.5, -0.25], "forward", "-0.25 is no probability, the largest is 0.5"),
        ([0.5, 0.0], "backward", "the slope of the odds of nothing is infinite, as float64"),
        (0.0, "backward", "the slope of the odds of nothing"),
    ],
)
def test_it_is_diagnosed(start, phase, says):
    with pytest.raises(NonFiniteError) as caught, debug():
        odds(Value(start)).sum().backward()
    assert (caught.value.op, caught.value.phase) == ("odds", phase)
    assert says in caught.value.cause


@pytest.mark.parametrize("op, kind, size", [(soft, "saturated", 1e4), (hard, "dead", -1e4)])
def test_it_is_monitored(op, kind, size):
    model = nn.MLP(2, [4, 1], activation=op, seed=0)
    model.layers[0].bias.data = np.full(4, size)
    with nn.monitor(model) as watch:
        for _ in range(10):
            model(np.ones((100, 2))).sum().backward()
            watch.step()
    assert [(p.layer, p.kind) for p in watch.problems][:1] == [("layers.0", kind)]


def test_it_is_tested_where_it_can_be():
    symmetric = Primitive(
        "lower",
        np.linalg.cholesky,
        vjps=PRIMITIVES["cholesky"].vjps,
        samples=lambda rng: [((rng.normal(size=(2, 2)) / 2 + 3 * np.eye(2),), {})],
        symmetric=True,
        real_only="it is for this test",
    )
    subject = of_op(symmetric, None)
    assert {dtype.kind for dtype in subject.dtypes(1)} == {"f"}
    subject.check(np.dtype(float), 1, {"seed": 0})


# -- what our rows say is so -----------------------------------------------------------------------

ROWS = [op for op in PRIMITIVES.values() if op.elementwise and op.vjps]
NUMBERS = [0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 800.0, 1e308, -1e308, 1e-320]


@pytest.mark.parametrize("op", [op for op in ROWS if op.outside], ids=lambda op: op.name)
@np.errstate(all="ignore")
def test_every_number_that_is_not_finite_has_a_cause(op):
    for numbers in product(NUMBERS, repeat=len(op.domain)):
        args = [np.array(x) for x in numbers]
        y = np.asarray(op(*args))
        assert np.isfinite(y) or of_result(op, args, y), numbers
        assert not np.isnan(y) or stated(op.outside, op, args, y, True), numbers
        for place, rule in enumerate(op.vjps if op.steep and np.isfinite(y) else ()):
            gx = np.asarray(rule(np.array(1.0), y, *args))
            assert not np.isnan(gx) or stated(op.steep, op, args, y, True, place), numbers


@pytest.mark.parametrize("op", [op for op in ROWS if op.saturates], ids=lambda op: op.name)
@given(x=st.floats(-1e6, 1e6))
def test_what_saturates_lies_in_its_bounds_and_comes_near(op, x):
    low, high = op.saturates
    assert low <= op(x) <= high
    for bound, far in ((low, -1e6), (high, 1e6)):
        v = Value(far)
        y = op(v)
        y.backward()
        assert abs(y.data - bound) < 1e-5 and abs(v.grad) < 1e-5


@pytest.mark.parametrize("op", [op for op in ROWS if op.dead_at_zero], ids=lambda op: op.name)
@given(x=st.floats(max_value=0.0, exclude_max=True))
def test_a_unit_that_gives_0_has_no_slope(op, x):
    v = Value(x)
    y = op(v, *[0.0] * (len(op.domain) - 1))
    y.backward()
    assert (y.data, v.grad) == (0.0, 0.0)


@pytest.mark.parametrize("op", [op for op in ROWS if op.breaks == "kink"], ids=lambda op: op.name)
@given(data=st.data())
def test_what_has_a_kink_does_not_jump(op, data):
    args = [data.draw(st.floats(low, high)) for low, high in op.domain]
    assert abs(op(*[x + 1e-9 for x in args]) - op(*args)) < 1e-6
    assert op.breaks in ("kink", "jump")

"""numpy and autograd.numpy: the same functions on Values; and all of NumPy sorted into classes."""

import pickle
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd.numpy
from autograd import Value
from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES
from autograd.testing import check_gradients
from tests.numpy import catalogue
from tests.numpy.examples import EXAMPLES, LISTS_AND_MAKERS
from tests.ops.points import derivatives

HERE = {"numpy": numpy, "autograd.numpy": autograd.numpy}
BOTH = pytest.mark.parametrize("np", HERE.values(), ids=HERE)
SORTED = dict(catalogue.callables())
DIFFERENTIABLE = catalogue.sorting()[catalogue.DIFFERENTIABLE]


def elementwise_examples():
    """Calls of the functions that are elementwise rows, on entries of `x` moved to their domain."""
    rows = {op.call: op for op in PRIMITIVES.values() if op.elementwise and op.domain}

    def example(name, domain):
        def call(np, x):
            share = x / 5 + 0.5  # from 0 to 1
            args = [lo + (hi - lo) * np.roll(share, i) for i, (lo, hi) in enumerate(domain)]
            return getattr(np, name)(*args)

        return call

    return {
        name: [example(name, rows[ours].domain)]
        for name in DIFFERENTIABLE
        if (ours := NUMPY[SORTED[name]]) in rows and name not in EXAMPLES
    }


ALL_EXAMPLES = EXAMPLES | elementwise_examples()
RUN = [(name, e) for name in DIFFERENTIABLE for e in ALL_EXAMPLES.get(name, ())]
ONLY_HERE = [(name, example) for name, examples in LISTS_AND_MAKERS.items() for example in examples]
MATRICES = st.integers(0, 2**32 - 1).map(
    lambda seed: _away_from_zero(numpy.random.default_rng(seed))
)


def _away_from_zero(rng):
    return rng.uniform(0.3, 2.5, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3))


def label(case):
    return case if isinstance(case, str) else ""


def parts(y):
    """The arrays in a result, which may be a list or tuple of them."""
    return [p for item in y for p in parts(item)] if isinstance(y, (list, tuple)) else [y]


def same(found, expected, rtol):
    """Assert that numbers, shapes and dtypes are what NumPy gives."""
    for ours, theirs in zip(parts(found), parts(expected), strict=True):
        theirs = numpy.asarray(theirs)
        raw = ours.numpy() if isinstance(ours, Value) else numpy.asarray(ours)
        assert raw.shape == theirs.shape
        assert raw.dtype == theirs.dtype
        numpy.testing.assert_allclose(raw, theirs, rtol, rtol)


def flattened(np, example):
    """The example as a function to one axis, with the parts of its result joined."""

    def function(x):
        found = [p for p in parts(example(np, x)) if numpy.result_type(p).kind in "fc"]
        if not isinstance(x, Value):
            return numpy.concatenate([numpy.ravel(p) for p in found])
        return numpy.concatenate([numpy.ravel(p) for p in found])

    return function


@pytest.mark.slow
@pytest.mark.parametrize(("name", "example"), RUN, ids=label)
@settings(max_examples=3)
@given(x=MATRICES)
def test_numbers_shapes_and_dtypes(name, example, x):
    for numbers, rtol in ((x, 1e-9), (x.astype(numpy.float32), 2e-4)):
        expected = example(numpy, numbers)
        for np in HERE.values():
            same(example(np, Value(numbers)), expected, rtol)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "example"), RUN, ids=label)
def test_gradients_and_second_derivatives(name, example):
    """Those of numpy are checked; those of autograd.numpy are the same to the bit."""
    x = _away_from_zero(numpy.random.default_rng(0))
    for np in HERE.values():
        assert any(isinstance(p, Value) for p in parts(example(np, Value(x))))
    check_gradients(flattened(numpy, example), x, modes=("reverse",))
    ours, theirs = (derivatives(flattened(np, example), [x]) for np in HERE.values())
    for a, b in zip(ours, theirs, strict=True):
        numpy.testing.assert_array_equal(a, b)


REAL_ONLY = ["nanmedian"]  # NumPy orders complex numbers there, in small arrays alone


@pytest.mark.slow
@pytest.mark.parametrize(("name", "example"), RUN, ids=label)
def test_complex_numbers(name, example):
    rng = numpy.random.default_rng(0)
    x = _away_from_zero(rng) + 1j * _away_from_zero(rng)
    if name in REAL_ONLY:
        pytest.skip("for real numbers")
    try:
        expected = example(numpy, x)
    except (TypeError, numpy.linalg.LinAlgError, numpy.exceptions.ComplexWarning):
        pytest.skip("NumPy does not take complex numbers here")
    same(example(numpy, Value(x)), expected, 1e-9)
    check_gradients(flattened(numpy, example), x, order=1, modes=("reverse",))


@pytest.mark.parametrize(("name", "example"), ONLY_HERE, ids=label)
def test_lists_and_makers(name, example):
    rng = numpy.random.default_rng(0)
    x = _away_from_zero(rng)
    np = autograd.numpy
    found = example(np, Value(x))
    assert any(isinstance(p, Value) for p in parts(found))
    same(found, example(numpy, x), 1e-12)
    check_gradients(flattened(np, example), x, modes=("reverse",))


# -- the namespace -------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["", "linalg.", "fft.", "random."])
def test_every_public_name_is_there(module):
    theirs = catalogue.MODULES[module]
    ours = getattr(autograd.numpy, module[:-1]) if module else autograd.numpy
    assert set(theirs.__all__) <= set(ours.__all__)
    for name in dir(theirs):
        if not name.startswith("_"):
            assert hasattr(ours, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n, f in SORTED.items() if catalogue.known(f)])
def test_numbers_go_to_numpy_itself(name):
    module, _, name = name.rpartition(".")
    ours = getattr(getattr(autograd.numpy, module) if module else autograd.numpy, name)
    theirs = getattr(getattr(numpy, module) if module else numpy, name)
    if not isinstance(theirs, type):
        assert ours.__wrapped__ is theirs
        assert pickle.loads(pickle.dumps(ours)) is ours


def test_numbers_keep_their_types():
    np = autograd.numpy
    assert type(np.exp(1.0)) is numpy.float64
    assert type(np.sum([1, 2])) is numpy.int64
    assert np.exp(numpy.float32(1)).dtype == numpy.float32
    out = numpy.zeros(2)
    assert np.add([1.0, 2.0], 1.0, out=out) is out
    assert np.multiply.outer([1, 2], [3]).tolist() == [[3], [6]]
    assert np.add.reduce([Value(2.0), 3.0]).data == 5.0
    assert (np.exp.nin, np.add.identity) == (1, 0)


@BOTH
def test_values_by_name(np):
    v = Value([[1.0, 2.0], [3.0, 5.0]])
    assert np.flip(m=v, axis=1).numpy().tolist() == [[2.0, 1.0], [5.0, 3.0]]
    assert np.real(val=v).shape == (2, 2)
    np.sum(np.average(a=v, weights=v, axis=0)).backward()
    assert v.grad.shape == (2, 2)
    with pytest.raises(TypeError, match="pad has no derivative with respect to constant_values"):
        np.pad(v, 1, constant_values=Value(1.0))


def test_arrays_of_values_are_copies_where_numpy_copies():
    np = autograd.numpy
    v = Value([1.0, 2.0])
    w = np.array(v)
    w[0] = 5.0
    assert v.numpy().tolist() == [1.0, 2.0]
    assert np.asarray(v) is v
    assert np.array(v, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="infs or NaNs"):
        np.asarray_chkfinite(Value([1.0, numpy.inf]))


@pytest.mark.parametrize("name", ["mean", "array", "exp", "dot"])
def test_plain_numpy_says_what_to_write_for_a_list_of_values(name):
    items = [Value(1.0), Value(2.0)]
    args = (items, items) if name == "dot" else (items,)
    says = r"write autograd.array\(\[...\]\) for a list of Values, or use .*autograd.numpy"
    with pytest.raises(TypeError, match=says):
        getattr(numpy, name)(*args)


def test_errors_of_the_namespace_name_the_function():
    np = autograd.numpy
    with pytest.raises(TypeError, match=r"np.exp cannot write a Value into a plain array"):
        np.exp(Value([1.0]), out=numpy.zeros(1))
    with pytest.raises(TypeError, match=r"np.unique has no derivative rule"):
        np.unique(Value([1.0]))
    with pytest.raises(TypeError, match=r"signature cannot take a Value"):
        np.vectorize(numpy.sum, signature="(n)->()")(Value([1.0]))


# -- the sorting ---------------------------------------------------------------------------------


def test_every_callable_of_numpy_is_in_one_class():
    faults = {n: found for n, f in SORTED.items() if len(found := catalogue.classes(n, f)) != 1}
    assert not faults, f"sort these in tests/numpy/catalogue.py: {faults}"


def test_no_name_is_listed_twice():
    listed = [*catalogue.CONSTANTS, *catalogue.STEPS]
    listed += [name for names in catalogue.REASONS.values() for name in names.split()]
    assert len(listed) == len(set(listed))


def test_every_differentiable_function_is_checked():
    missing = {*DIFFERENTIABLE} - {name for name, _ in RUN + ONLY_HERE}
    assert not missing, f"write an example of each in tests/numpy/examples.py: {missing}"


@pytest.mark.parametrize("name", catalogue.STEPS)
def test_steps_are_flat(name):
    function = SORTED.get(name)
    if function is None or "bit" in name or name == "invert":
        pytest.skip("not there, or for integers")
    args = [numpy.array([0.3, 1.6]), numpy.array([0.7, 0.9])]
    check_gradients(function, *args[: getattr(function, "nin", 1)])


def test_the_page_is_up_to_date():
    written = (Path(__file__).parents[2] / "docs" / "numpy.md").read_text()
    if f"from NumPy {numpy.__version__}" not in written:
        pytest.skip("the page was written from another NumPy")
    assert written == catalogue.page() + "\n"

"""Programs that change arrays in place, on Values as on NumPy's arrays.

`python -m benchmarks.differential` runs many more, and prints the short form of each that differs.
"""

import pytest

from autograd import Value
from benchmarks.differential import differences, first_difference
from benchmarks.lines import COPIES


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_random_programs_do_on_values_what_they_do_on_arrays(first):
    found, _ = differences(50, first)
    assert not found, "\n".join(
        f"{difference.kind}:\n" + "\n".join(p) for _, p, difference in found
    )


def test_a_difference_is_found_and_shrunk():
    def wrong(self):
        return Value(self.numpy()) * 1.0

    right = Value.T
    try:
        Value.T = property(wrong)
        assert first_difference(["v1 = V(np.ones((2, 3)))", "v2 = v1.T"]).kind == "shape of v2"
        found, _ = differences(300)
        assert any(len(program) == 2 and ".T" in program[-1] for _, program, _ in found)
    finally:
        Value.T = right


@pytest.mark.parametrize(
    "lines",
    [
        "v1 = V(np.ones((2, 3))); v2 = np.sum(v1); v3 = np.mean(v2, axis=0)",
        "v1 = V(np.array([-2.25 + 3j, 2.75 - 2j, -1.75 - 3j], 'complex64'));"
        "v2 = np.mean(v1, axis=0, keepdims=True)",
        "v1 = V(np.full((3, 1), 6e4, 'float16')); v2 = np.mean(v1, axis=0); v3 = np.mean(v1)",
        "v1 = V(np.full(2, 2**62)); v2 = np.mean(v1); v3 = np.mean(v1, axis=0, keepdims=True)",
        "v1 = V(np.array([[-2.25 + 3j, 2.75 - 2j, -1.75 - 3j, 1]], 'complex64'));"
        "v2 = np.mean(v1, axis=1, where=[[True, True, True, False]])",
        "v1 = V(np.array([1, 2, 3, 5], 'int8')); v2 = np.var(v1, where=[True, True, False, True])",
        "v1 = V(np.arange(3.0)); v2 = np.broadcast_to(v1, (2, 3)); v3 = v2.ravel(order='K')",
        "v1 = V(np.ones(3)); v1[0] = 5; v2 = np.broadcast_to(v1, (2, 3)); v3 = v2 + 1",
        "v1 = V(np.ones(4)); v1[0] = 5; v2 = np.broadcast_to(v1, (2, 4));"
        "v3 = np.where(v2 > 0, v2, 3.0); v4 = np.meshgrid(v3, v3, copy=False)[0]; v3[...] = 23",
        "v1 = V(np.ones((2, 3), order='F')); v1[0] = 5; v2 = np.fliplr(v1);"
        "v3 = v2.astype('float32', order='A')",
        "v1 = V(np.ones((2, 3), order='F')); v1[0] = 5; v2 = np.fliplr(v1);"
        "v3 = v2.copy(order='A'); v4 = np.copy(v2, order='A')",
        "v1 = V(np.ones((2, 3), order='F')); v1[0] = 5; v2 = np.fliplr(v1);"
        "v3 = np.full_like(v2, 1, order='A'); v4 = np.array(v2, order='A')",
        "v1 = V(np.ones(3)); v2 = np.meshgrid(v1, v1)[0]; v3 = np.nan_to_num(v2)",
        "v1 = V(np.ones((1, 4), int)); v2 = np.broadcast_to(v1, (2, 3, 4));"
        "v3 = np.divide.accumulate(v2, axis=1)",
        "v1 = V(np.ones((1, 4), int)); v2 = np.broadcast_to(v1, (2, 3, 4));"
        "v3 = np.minimum.reduceat(v2, [0, 1], axis=0)",
        "v1 = V(np.array([[1, 3, 7], [2, 5, 9], [1, 1, 4]], 'float32') / 3);"
        "v2 = np.add.reduceat(v1, [0], axis=0)",
        "v1 = V(np.ones(3)); v2 = v1[0, ...]; v2[...] = 5; v1[0] = 6; v2 += 1; v3 = v2[...];"
        "v3[()] = 9; v2 *= v2",
        "v1 = V(np.ones((1, 1))); v2 = np.squeeze(v1); v1[0] = 7; v3 = v2 * 2; v2.fill(3.0)",
        "v1 = V(np.ones(3)); v2 = v1[:1].reshape(()); data(v1)[...] = 4; v3 = v2 + 1",
        "v1 = V(np.ones(3)); v2 = np.median(v1); v3 = np.quantile(v1, 0.5); v2 += 1; v3 += 1",
        "v1 = V(np.ones(3)); v2 = v1[1:]; v1 //= 2; v1 %= 3",
        "v1 = V(np.ones((2, 2))); v2 = v1[1:]; v1 @= np.eye(2) * 2",
        "v1 = V(np.array([True, False])); v2 = v1[1:]; v1 &= True; v1 |= v1 > 0; v1 ^= v1[::-1]",
        "v1 = V(np.ones(3)); v2 = np.add(v1, 1, out=(v1,))",
        "v1 = V(np.ones((2, 3))); v2 = np.require(v1.T, requirements='W'); v2[0] = 9",
        "v1 = V(np.ones((2, 3))); v2 = v1.T; v3 = np.gradient(v2, axis=0)",
        "v1 = V(np.arange(24.0).reshape(3, 8) / 7); v2 = np.sum(v1, axis=0, initial=0.7);"
        "v3 = np.add.reduce(v1, initial=0.7)",
        "v1 = V(np.array([6.8, 1.6, 2.0, 4.1])); v2 = np.gradient(v1)",
        *["v1 = V(np.ones((2, 3))); v2 = np.reshape(v1.T, (3, 2), copy=True)"] * COPIES,
        "v1 = V(np.ones((2, 3))); v2 = np.select([v1.T > 0], [v1.T])",
        "v1 = V(np.ones((2, 3))); v2 = np.vectorize(lambda x: x)(v1.T)",
        "v1 = V(np.ones((2, 3))); v2 = np.piecewise(v1.T, [v1.T > 0], [lambda x: -x, 2])",
    ],
)
def test_programs_that_once_differed(lines):
    program = [line.strip() for line in lines.split(";")]
    assert first_difference(program) is None


@pytest.mark.parametrize(
    "line",
    [
        "np.put(v1, [0, 100], 1)",
        "v1.put([-5], 1)",
        "v1.fill(np.ones(1))",
        "v1[::2].reshape(2, 1).reshape(-1, copy=False)[:] = v1.T.reshape(-1, copy=False)",
        "v2 = np.asarray(v1, dtype='float32', copy=False)",
        "v2 = np.rot90(v1[0], 4)",
        "v2 = np.interp(v1 * 1j, [0, 1], [0, 1])",
        "v2 = np.gradient(v1 > 0)",
        "v2 = np.vectorize(lambda x: x)(v1[:0])",
        "v1 @= np.ones((2, 3))",
    ],
)
def test_what_numpy_refuses_is_refused(line):
    lines = ["v1 = V(np.arange(4.0).reshape(2, 2))", line]
    assert first_difference(lines) is None

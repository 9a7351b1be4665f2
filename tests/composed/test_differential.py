"""Programs that change arrays in place, on Values as on NumPy's arrays.

`python -m benchmarks.differential` runs many more, and prints the short form of each that differs.
"""

import pytest

from autograd import Value
from benchmarks.differential import differences, first_difference


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

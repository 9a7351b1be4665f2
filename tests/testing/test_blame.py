"""Blame: which op of a function is wrong, by which argument, and on which line it was called."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Primitive, grad
from autograd.extend import defvjp, getval, primitive
from autograd.testing import GradientError, check_gradients

pytestmark = pytest.mark.slow

X, Y = np.array([0.5, 2.0]), np.array([1.5, -1.0])
TOP = Path(__file__).parents[2]
wrong = Primitive("wrong", lambda x: x * x, vjps=[lambda g, y, x: -g * 2 * x])


@primitive
def scaled(factor, x, power=2):
    return factor * x**power


defvjp(
    scaled,
    lambda ans, factor, x, power=2: lambda g: g * x**power,
    lambda ans, factor, x, power=2: lambda g: g * factor * x ** (power - 1),
)


def twice(x):
    return x + x


def complaint(f, *args, **options):
    with pytest.raises(GradientError) as error:
        check_gradients(f, *args, **options)
    return str(error.value)


def line_of(f, text):
    """Where a piece of a function's source stands."""
    lines, start = inspect.getsourcelines(f)
    return f"{__file__}, line {start + next(i for i, line in enumerate(lines) if text in line)}"


def test_all_that_a_message_says():
    def f(x):
        y = np.exp(x)
        z = wrong(y)
        return np.sum(np.sin(z))

    said = complaint(f, X, order=1)
    _, _, blamed = said.partition("the rule of ")
    assert blamed.startswith(f"wrong is wrong ({line_of(f, 'wrong(y)')}):\n")
    assert "with respect to argument 0 (x)[0], of result[0]:" in blamed
    found, expected, error = re.search(r"found +(\S+)\n +expected +(\S+) ± (\S+),", blamed).groups()
    assert float(found) == pytest.approx(-float(expected))
    assert float(expected) == pytest.approx(2 * np.exp(0.5))
    assert float(error) < 1e-10
    assert "it looks as if its sign is wrong" in blamed


def test_the_line_is_the_callers_after_a_function_has_returned():
    def f(x):
        y = np.sin(x)
        return wrong(twice(y))

    assert line_of(f, "return wrong") in complaint(f, X)


def test_the_line_inside_a_helper():
    def helper(x):
        y = np.sin(x)
        return wrong(y)

    def f(x):
        return helper(x) + 1.0

    assert line_of(helper, "return wrong") in complaint(f, X)


def test_the_line_of_a_call_over_several_lines():
    def f(x):
        return np.sum(
            np.cos(
                wrong(x),
            )
        )

    assert line_of(f, "wrong(x)") in complaint(f, X)


def test_functions_made_by_primitive_and_the_argument_of_several():
    def f(x, y):
        z = np.exp(x)
        return np.sum(scaled(3.0, z) * y)

    said = complaint(f, X, Y)
    assert f"the rule of scaled is wrong ({line_of(f, 'scaled(')})" in said
    assert "argument 1 (x)[0], of result[0]" in said
    assert "it is 1/2 of what it should be" in said


def test_an_op_alone_is_not_blamed_twice():
    for op in (wrong, lambda x: wrong(x)):
        said = complaint(op, X, order=1)
        assert said.count("the gradient of") == 1 + ("lambda" in said)
    assert "the rule of" not in complaint(wrong, X)
    assert "the rule of" not in complaint(scaled, 2.0, X)


def test_inside_networks():
    class Net(nn.Module):
        def __init__(self):
            self.first = nn.Layer(2, 2, activation=lambda x: wrong(x), seed=0)

        def __call__(self, x):
            return self.first(x)

    said = complaint(Net(), X)
    assert "the gradient of Net is wrong" in said
    assert f"the rule of wrong is wrong ({line_of(Net, 'activation=')})" in said

    class Direct(Net):
        def __init__(self):
            self.first = nn.Layer(2, 2, activation=wrong, seed=0)

        def __call__(self, x):
            return self.first(x)

    assert line_of(Direct, "return self.first") in complaint(Direct(), X)


def test_inside_a_gradient():
    def f(x):
        return grad(lambda x: np.sum(wrong(x) ** 3))(x)

    assert f"the rule of wrong is wrong ({line_of(f, 'wrong(x)')})" in complaint(f, X)


def test_the_first_wrong_op_is_blamed():
    late = Primitive("late", lambda x: x * x, vjps=[lambda g, y, x: g * x])
    assert "the rule of wrong is wrong" in complaint(lambda x: late(wrong(x)), X)


def test_a_second_derivative_alone():
    tilted = Primitive("tilted", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * getval(x) ** 2])

    def f(x):
        return np.sum(tilted(np.sin(x)))

    assert f"the rule of tilted is wrong ({line_of(f, 'tilted(')})" in complaint(f, X)


def test_nobody_is_blamed_where_each_rule_is_right():
    def f(x):
        return x * (x.data if hasattr(x, "dtype") and hasattr(x, "backward") else x)

    assert "the rule of" not in complaint(f, X)


def test_the_line_in_another_file_under_pytest(tmp_path):
    tmp_path.joinpath("my_ops.py").write_text(
        "from autograd import Primitive\n"
        "wrong = Primitive('wrong', lambda x: x * x, vjps=[lambda g, y, x: -g * 2 * x])\n"
        "def helper(x):\n"
        "    return wrong(x)\n"
    )
    test = tmp_path / "test_mine.py"
    test.write_text(
        "import numpy as np\n"
        "from autograd.testing import check_gradients\n"
        "from my_ops import helper, wrong\n"
        "def test_helper():\n"
        "    check_gradients(lambda x: np.sum(helper(x)), np.ones(2))\n"
        "def test_here():\n"
        "    check_gradients(lambda x: np.sum(wrong(np.sin(x))), np.ones(2))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(test)],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{TOP}:{tmp_path}"},
        capture_output=True,
        text=True,
    )
    assert f"the rule of wrong is wrong ({tmp_path / 'my_ops.py'}, line 4)" in ran.stdout
    assert f"the rule of wrong is wrong ({test}, line 7)" in ran.stdout

"""given_gradients: finds what is wrong, shrinks it, prints it as code, and can be repeated."""

import inspect
import math
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st

import nn
from autograd import Primitive
from autograd.testing import GradientError, given_gradients, strategies
from autograd.testing.report import OutsideDomainError, Report
from autograd.testing.search import search

pytestmark = pytest.mark.slow

SEEDED = {"examples": 100, "seed": 0}


def wrong_beyond(limit):
    """x², whose rule is wrong beyond a limit."""
    return Primitive(
        "wrong square",
        lambda x: x * x,
        vjps=[lambda g, y, x: g * np.where(np.abs(x) > limit, 2.1, 2.0) * x],
    )


def message(error):
    return "\n".join([str(error.value), *error.value.__notes__])


def test_a_right_gradient_passes():
    @given_gradients(x=(0, 4), y=(-3, 3), examples=20, seed=0)
    def product(x, y):
        return np.log(x) * y

    assert product() is None


def test_a_wrong_gradient_is_found_and_shrunk_to_the_smallest_input():
    square = wrong_beyond(3.0)

    @given_gradients(x=(-9, 9), order=1, **SEEDED)
    def test_square(x):
        return square(x)

    with pytest.raises(GradientError) as error:
        test_square()
    assert "smallest input found that fails" in message(error)
    code = program_in(error).splitlines()
    assert code[0] == "import numpy as np"
    x = eval(code[1].removeprefix("test_square(x=").removesuffix(")"), {"np": np})
    assert x.shape == ()
    assert abs(x) in (4.0, 9.0)  # or the end of the range


def test_the_printed_code_fails_in_the_same_way():
    square = wrong_beyond(3.0)

    @given_gradients(x=(-9, 9), y=strategies.arrays((2,)), order=1, **SEEDED)
    def test_square(x, y):
        return square(x) + y

    with pytest.raises(GradientError) as error:
        test_square()
    program = program_in(error)
    with pytest.raises(GradientError) as again:
        exec(program, {"test_square": test_square})
    assert str(again.value) == str(error.value)


def test_a_fault_that_only_some_shapes_show():
    lazy = Primitive(
        "lazy",
        lambda x: np.sum(x, axis=0),
        vjps=[lambda g, y, x: np.broadcast_to(g * (1.0 if x.shape[0] < 3 else 0.5), x.shape)],
    )

    @given_gradients(x=strategies.arrays((strategies.st.integers(1, 4)).map(lambda n: (n,))),
                     order=1, **SEEDED)  # fmt: skip
    def test_sum(x):
        return lazy(x)

    with pytest.raises(GradientError) as error:
        test_sum()
    assert program_in(error).splitlines()[-1].count(",") == 2


def test_the_ends_of_a_range_are_points_too():
    cube = Primitive(
        "cube", lambda x: x**3, vjps=[lambda g, y, x: 3 * g * x**2 * np.where(x == 2, 1.1, 1.0)]
    )
    with pytest.raises(GradientError, match="at a special point"):
        given_gradients(x=(1, 2), order=1, **SEEDED)(lambda x: cube(x))()

    seen = set()

    def slope(x):
        seen.add(x.min() if x.size else None)
        return np.array([0.5 / math.sqrt(each) for each in x.flat]).reshape(x.shape)

    @given_gradients(x=(0, 1), options={"grad": slope}, **SEEDED)
    def test_root(x):
        return np.sum(np.sqrt(x))

    test_root()  # although the slope raises an error at 0
    assert 0.0 in seen


def test_the_same_points_in_every_run():
    def draw(seed):
        points = []

        @given_gradients(x=..., y=(0, 1), examples=10, seed=seed, order=1)
        def product(x, y):
            if isinstance(x, np.ndarray):
                points.append((x.tolist(), y.tolist()))
            return x * y

        product()
        return points

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_arguments_that_are_not_given_are_fixtures_and_defaults_stay():
    @given_gradients(y=(0, 1), x=(1, 2), examples=5, seed=0)
    def test_both(tmp_path, x, n=2, *, y):
        assert tmp_path == "here"
        assert n == 2
        assert np.all(np.asarray(x if isinstance(x, np.ndarray) else x.data) > y - 1)
        return x**n * y

    assert list(inspect.signature(test_both).parameters) == ["tmp_path"]
    test_both(tmp_path="here")
    test_both(tmp_path="here", x=np.array([1.5]), y=np.array(0.5))


def test_dtypes():
    seen = set()

    @given_gradients(x=(-1, 1), dtype=st.sampled_from([np.float64, np.float32]), order=1, **SEEDED)
    def sine(x):
        seen.add(x.dtype.name)
        return np.sin(x)

    sine()
    assert seen == {"float64", "float32"}


def test_functions_of_numpy():
    given_gradients(x=(0.1, 4), examples=10, seed=0)(np.log)()


class TestMethods:
    @given_gradients(x=(-1, 1), y=(1, 2), examples=5, seed=0)
    def test_a_method_is_a_test(self, x, *, y):
        assert isinstance(self, TestMethods)
        return np.sin(x) * y

    def test_the_code_of_a_method(self):
        class Wrong:
            @given_gradients(x=(-9, 9), order=1, **SEEDED)
            def test(self, x):
                return wrong_beyond(3.0)(x)

        with pytest.raises(GradientError) as error:
            Wrong().test()
        program = program_in(error)
        assert program.startswith("import numpy as np\nWrong().test(x=np.array(")
        with pytest.raises(GradientError) as again:
            exec(program, {"Wrong": Wrong})
        assert str(again.value) == str(error.value)


def test_a_point_may_be_given_by_place_too():
    square = wrong_beyond(3.0)

    @given_gradients(x=..., y=..., **SEEDED)
    def test_square(x, y):
        return square(x) * y

    test_square(np.array([1.0, 2.0]), 0.5)
    with pytest.raises(GradientError):
        test_square(4.0, y=0.5)


@pytest.mark.usefixtures("nobody_blamed")
def test_nested_containers_and_their_code():
    square = wrong_beyond(3.0)

    @given_gradients(
        model=st.fixed_dictionaries(
            {"w": st.lists(strategies.arrays((2,), domain=(-9, 9)), min_size=1, max_size=2)}
        ),
        pair=st.tuples(st.floats(0, 1), st.integers(0, 3)),
        order=1,
        **SEEDED,
    )
    def test_model(model, pair):
        return sum(np.sum(square(w)) for w in model["w"]) * pair[0] + pair[1]

    with pytest.raises(GradientError) as error:
        test_model()
    program = program_in(error)
    assert "test_model(model={'w': [np.array([" in program
    with pytest.raises(GradientError) as again:
        exec(program, {"test_model": test_model})
    assert str(again.value) == str(error.value)


@pytest.mark.usefixtures("nobody_blamed")
def test_a_network_is_a_function():
    wrong = wrong_beyond(3.0)
    good = nn.Layer(2, 1, activation=nn.tanh, seed=0)
    bad = nn.Layer(2, 1, activation=wrong, init=[[4.0], [4.0]])
    inputs = strategies.arrays((3, 2), domain=(-2, 2))
    given_gradients(inputs=inputs, order=1, examples=5, seed=0)(good)()
    with pytest.raises(GradientError):
        settings(phases=[Phase.generate])(given_gradients(inputs=inputs, order=1, **SEEDED)(bad))()


def program_in(error):
    """The code to paste that a failure prints."""
    return textwrap.dedent(message(error).partition("alone:\n\n")[2].partition("\n\n")[0])


@given_gradients(x=(-1, 1), examples=5)
def test_it_is_a_test_that_pytest_runs(x):
    return np.sin(x)


def test_a_fault_of_the_function_itself_names_the_point():
    @given_gradients(x=(-1, 1), **SEEDED)
    def broken(x):
        raise KeyError("no")

    with pytest.raises(KeyError, match="no") as error:
        broken()
    assert "broken(x=np.array(0.0))" in message(error)


def test_points_where_the_function_is_not_defined_count_for_nothing():
    tried = []

    @given_gradients(x=strategies.arrays((), domain=(-1, 1)), order=1, **SEEDED)
    def logarithm(x):
        tried.append(float(x if isinstance(x, np.ndarray) else x.data))
        return np.log(x) if tried[-1] > 0 else 1.0 / 0.0

    logarithm()
    assert min(tried) < 0 < max(tried)


def test_points_outside_are_made_up_for():
    inside = []

    def check(x):
        if x < 0:
            raise OutsideDomainError
        inside.append(x)
        return Report("f", compared=1)

    search(check, st.floats(-1, 1), str, examples=30, seed=0)
    assert len(inside) == 30


def test_a_function_that_is_defined_at_none_of_the_points():
    @given_gradients(x=(-2, -1), **SEEDED)
    def logarithm(x):
        return np.log(x + np.zeros(1))

    with pytest.raises(OutsideDomainError) as error:
        logarithm()
    assert "none of the" in str(error.value)
    assert "points drawn lies in the function's domain" in str(error.value)
    assert "not finite at" in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, TypeError, "given_gradients(x=(low, high))"),
        ({"x": 3}, TypeError, "x=3: write the ends"),
        ({"x": (1, 2, 3)}, TypeError, "x=(1, 2, 3): write the ends"),
        ({"x": ("a", "b")}, TypeError, "write the ends"),
        ({"x": (2, 1)}, ValueError, "x: no float64 number lies between 2.0 and 1.0"),
        ({"x": (1, 1)}, ValueError, "x: no float64 number lies between 1.0 and 1.0"),
        ({"x": (0, 1), "dtype": int}, TypeError, "write a float dtype"),
        ({"y": (0, 1)}, TypeError, "f has no argument y; choose from ['x']"),
    ],
)
def test_bad_input(arguments, error, words):
    def f(x):
        return x

    with pytest.raises(error) as caught:
        given_gradients(**arguments)(f)
    assert words in str(caught.value)


def test_without_hypothesis_the_message_names_the_extra():
    program = """if True:
        import sys
        sys.modules["hypothesis"] = None
        import autograd.testing
        for name in "given_gradients", "strategies":
            try:
                getattr(autograd.testing, name)
            except ModuleNotFoundError as error:
                print(error)
        autograd.testing.check_gradients
    """
    top = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=top, capture_output=True, text=True, check=True
    )
    assert ran.stdout.count("pip install 'chainrule[testing]'") == 2

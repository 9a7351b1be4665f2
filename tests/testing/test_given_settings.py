"""given_gradients behaves as a test of Hypothesis does: settings, examples, seeds, fixtures."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import HealthCheck, example, reproduce_failure, seed, settings

from autograd.testing import GradientError, given_gradients, strategies
from autograd.testing.search import adapted

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]
TOP = str(Path(__file__).parents[2])


def points_of(*above, below=lambda f: f, **options):
    """The points at which a test with these decorators is called."""
    seen = []

    @given_gradients(x=strategies.arrays((), domain=(0, 1)), order=1, **options)
    @below
    def test(x):
        if isinstance(x, (float, np.ndarray)) and len(seen) < 10_000:
            seen.append(float(x))
        return x

    for decorator in above:
        test = decorator(test)
    calls = []
    inner = test.hypothesis.inner_test

    def counted(*args, **kwargs):
        calls.append(float(kwargs["x"]))
        return inner(*args, **kwargs)

    test.hypothesis.inner_test = counted
    test()
    return calls


@pytest.mark.parametrize("place", ["above", "below"])
def test_settings_hold_above_and_below(place):
    asked = settings(max_examples=3)
    found = points_of(asked) if place == "above" else points_of(below=asked)
    assert len(found) == 3


def test_the_number_of_examples_is_that_of_settings_then_ours_then_the_profiles():
    assert len(points_of(settings(max_examples=3), examples=7)) == 3
    assert len(points_of(settings(deadline=10_000), examples=7)) == 7
    assert len(points_of()) == settings.default.max_examples


@pytest.mark.parametrize("place", ["above", "below"])
def test_examples_come_first_even_outside_the_ends(place):
    given = example(x=7.0)
    found = points_of(given) if place == "above" else points_of(below=given)
    assert found[0] == 7.0


def test_a_seed_of_hypothesis_wins_over_ours():
    assert points_of(seed(5), seed=0) == points_of(seed(5), seed=1) == points_of(seed=5)
    assert points_of(seed(6)) != points_of(seed(5))


def wrong_from(limit):
    """A test whose gradient is wrong beyond a limit."""

    def slope(x):
        return np.where(x > limit, 2.1, 2.0) * x

    @given_gradients(x=(0, 9), examples=60, seed=0, options={"grad": slope})
    def test(x):
        return np.sum(x * x)

    return test


def test_a_failure_can_be_reproduced_from_its_blob():
    with pytest.raises(GradientError) as error:
        settings(print_blob=True, max_examples=60)(wrong_from(3.0))()
    notes = "\n".join(error.value.__notes__)
    version, blob = re.search(r"@reproduce_failure\('(.+)', (b'.+')\)", notes).groups()
    repeat = reproduce_failure(version, eval(blob))
    with pytest.raises(GradientError) as again:
        repeat(wrong_from(3.0))()
    assert str(again.value) == str(error.value)
    with pytest.raises(hypothesis.errors.DidNotReproduce):
        repeat(wrong_from(99.0))()


def test_settings_twice_are_an_error_as_everywhere():
    with pytest.raises(hypothesis.errors.InvalidArgument, match="already been decorated"):
        points_of(settings(max_examples=3), settings(max_examples=4))


def test_what_does_not_suit_a_check_of_gradients_is_left_out():
    plain = adapted(settings.get_profile("default"))
    assert plain.deadline is None
    assert HealthCheck.too_slow in plain.suppress_health_check
    asked = settings(deadline=50, suppress_health_check=[HealthCheck.nested_given])
    assert adapted(asked).deadline.total_seconds() == 0.05
    assert HealthCheck.nested_given in adapted(asked).suppress_health_check


@pytest.fixture
def run(pytester, known_constants, monkeypatch):
    """Run pytest in a process of its own, with a profile of few examples."""
    pytester.makeconftest(
        "from hypothesis import settings\n"
        "settings.register_profile('few', max_examples=20, print_blob=True)\n"
    )
    monkeypatch.setenv("PYTHONPATH", TOP)
    options = "-p", "no:xdist", "--hypothesis-profile=few"
    return lambda *args: pytester.runpytest_subprocess(*options, *args)


def test_a_gradient_by_hand_gets_fixtures_and_parameters(run, pytester):
    pytester.makepyfile(
        """
        import numpy as np
        import pytest
        from autograd.testing import given_gradients

        @pytest.fixture
        def shift():
            return 0.5

        def slope(x, power, shift):
            return power * (x + shift) ** (power - 1)

        def same_form(shift, x, power):
            return slope(x, power, shift)

        @pytest.mark.parametrize("power", [1, 2, 3])
        @pytest.mark.parametrize("by_hand", [slope, same_form])
        def test_plain(power, by_hand): pass

        @pytest.mark.parametrize("power", [1, 2, 3])
        @given_gradients(x=(0, 2), examples=5, options={"grad": slope})
        def test_power(shift, x, power):
            return np.sum((x + shift) ** power)

        class TestMethods:
            @pytest.mark.parametrize("power", [1, 2])
            @given_gradients(x=(0, 2), examples=5, options={"grad": same_form})
            def test_power(self, shift, x, power):
                return np.sum((x + shift) ** power)

            @given_gradients(x=(0, 2), examples=5, options={"grad": lambda x: 2 * x})
            def test_no_parameters(self, shift, x):
                return np.sum(x * x)
        """
    )
    run().assert_outcomes(passed=12)


FAILING = """
import numpy as np
import pytest
from autograd.testing import given_gradients

@pytest.mark.parametrize("factor", [3.0])
@given_gradients(x=(0, 2), options={"grad": lambda x, factor: 2 * x + factor})
def test_square(x, factor):
    return np.sum(x * x)

class TestMethods:
    @given_gradients(x=(0, 2), options={"grad": lambda x: x})
    def test_method(self, x):
        return np.sum(x * x)

@given_gradients(x=(0, 2), options={"grad": lambda x: x})
def test_fixture(tmp_path, x):
    return np.sum(x * x)
"""


def test_a_failure_shows_the_line_and_a_program_that_runs(run, pytester, tmp_path):
    path = pytester.mkpydir("package").joinpath("test_failing.py")
    path.write_text(FAILING)
    result = run()
    result.assert_outcomes(failed=3)
    said = result.stdout.str()
    for name, line in (("test_square", 6), ("test_method", 12), ("test_fixture", 16)):
        assert f"fails, in {name} ({path}, line {line})." in said
    programs = re.findall(r"To check it alone:\n *\n((?:      .*\n)+)", said)
    programs = {textwrap.dedent(program) for program in programs}
    assert len(programs) == 2
    for program in programs:
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
        )
        assert "GradientError: the gradient of test_" in ran.stderr
    (line,) = set(re.findall(r" (@hypothesis.example\(x=.*\))\n", said))
    (command,) = set(re.findall(r" python -m pytest (.*) -k test_fixture\n", said))
    text = FAILING.replace("import pytest", "import hypothesis, pytest")
    at = text.rindex("@given_gradients")
    path.write_text(f"{text[:at]}{line}\n{text[at:]}")
    result = run(command, "-k", "test_fixture", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1, deselected=2)


def test_the_statistics_and_seed_of_the_command_line(run, pytester):
    pytester.makepyfile(re.sub('"grad": lambda.*}', '"order": 1}', FAILING))
    options = "--hypothesis-show-statistics", "--hypothesis-seed=3"
    result = run(*options)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*Stopped because settings.max_examples=20*"])

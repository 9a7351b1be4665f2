"""The pytest plugin, run as its users run it."""

import re
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from autograd.testing import plugin
from autograd.testing.report import OutsideDomainError
from autograd.testing.subjects import OnDomain

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]
TOP = str(Path(__file__).parents[2])

OPS = """
import numpy as np
from autograd import Primitive

cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: g * {factor} * x**2],
                 elementwise=True, domain=[(-2, 2)])
flip = Primitive("my flip", lambda x, axis: np.flip(x, axis),
                 vjps=[lambda g, y, x, axis: np.flip(g, axis)],
                 samples=lambda rng: [((rng.normal(size=(2, 3)), 1), {{}})])
pick = Primitive("pick", lambda x, index: x[index],
                 vjps=[lambda g, y, x, index: np.array([0.0, 1.0, 0.0]) * g],
                 samples=lambda rng: [((rng.normal(size=3), (1, ...)), {{}})])
bare = Primitive("bare", lambda a, b: np.outer(a, b), vjps=[lambda g, y, a, b: g @ b])
nowhere = Primitive("nowhere", lambda x: x[4], vjps=[lambda g, y, x: g])
"""
NETWORKS = """
import numpy as np
import nn
from autograd.extend import defvjp, primitive

class Scale(nn.Module):
    def __init__(self, outputs: int):
        self.factors = nn.Parameter(np.ones(outputs))
    def __call__(self, x):
        return self.factors * x

class Mixer(nn.Module):
    def __init__(self, inner: nn.Module):
        self.inner = inner
    def __call__(self, x):
        return self.inner(x)

class Wrapper(Mixer):
    @staticmethod
    def samples(rng):
        return [(Wrapper(Scale(2)), rng.normal(size=2)), (Wrapper(Scale(1)), (2.0,))]

class _Hidden(Scale):
    pass

@primitive
def logarithm(x, base):
    return np.log(x) / np.log(base)

defvjp(logarithm, lambda ans, x, base: lambda g: {sign}g / x / np.log(base), None)
defvjp(logarithm, lambda ans, x, base: lambda g: {sign}g / x / np.log(base))

@primitive
def picky(x):
    raise TypeError("never")

def loss(x, y):
    return (x - y) ** 2

loss.samples = lambda rng: [((rng.normal(size=3), rng.normal(size=3)), {{}})]
"""


@pytest.fixture
def run(pytester, known_constants, monkeypatch):
    """Run pytest with the plugin in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", TOP)

    def run(*args):
        plugin = [] if "--help" in args else ["-p", "no:cacheprovider"]
        plugin += [] if "-n" in args else ["-p", "no:xdist"]
        plugin += [] if "--gradients-examples" in args else ["--gradients-examples", "4"]
        return pytester.runpytest_subprocess("-p", "pytest_chainrule", *plugin, *args)

    return run


def test_the_fixture(run, pytester):
    pytester.makepyfile(
        """
        import numpy as np
        from autograd import Primitive

        wrong = Primitive("wrong", lambda x: x * x, vjps=[lambda g, y, x: g * 2.1 * x])

        def test_right(check_gradients):
            assert check_gradients.keywords == {"order": 1, "seed": 7}
            check_gradients(np.sin, 0.5)

        def test_wrong(check_gradients):
            check_gradients(wrong, 0.5)
        """
    )
    result = run("--gradients-order", "1", "--gradients-seed", "7")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*GradientError*"])


def test_each_op_of_a_package_is_a_test(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3)})
    result = run("--gradients", "mine", "--gradients-dtypes", "all", "-v")
    result.assert_outcomes(passed=4, skipped=1)
    for name in "cube", "my flip":
        result.stdout.fnmatch_lines([f"mine::{name} PASSED*"])
    result = run("--gradients", "mine", "--gradients-order", "1", "-k", "cube", "-v")
    result.assert_outcomes(passed=1, deselected=4)


COUNTED = """
from autograd import Primitive
from autograd.engine.value import Value

def forward(x):
    print("seen", x.dtype, x.ndim)
    return x * x

square = Primitive("square", forward, vjps=[lambda g, y, x: g * 2 * x],
                   elementwise=True, domain=[(-2, 2)])
"""


def dtypes_in(result):
    return {line.split()[1] for line in result.outlines if line.startswith("seen ")}


def test_which_dtypes_are_tested(run, pytester):
    pytester.makepyfile(mine=COUNTED)
    options = "--gradients", "mine", "--gradients-order", "1", "-rP"
    assert dtypes_in(run(*options)) == {"float64"}
    single = run(*options, "--gradients-dtypes", "float32,complex64")
    assert {"float32", "complex64"} <= dtypes_in(single)
    assert "float16" not in dtypes_in(single)
    every = dtypes_in(run(*options, "--gradients-dtypes", "all"))
    assert every == {"float64", "float32", "float16", "complex128", "complex64"}
    result = run(*options, "--gradients-dtypes", "int64")
    result.stderr.fnmatch_lines(["*--gradients-dtypes: 'int64' should be all, or some of *"])
    pytester.makepyfile(mine=COUNTED.replace("elementwise", "real_only='no', elementwise"))
    result = run(*options, "--gradients-dtypes", "complex128", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*square takes none of complex128"])


def test_ops_of_this_project_are_tested_in_every_dtype():
    class Session:
        class config:
            @staticmethod
            def getoption(name):
                return None

    asked = {}

    def from_parent(session, *, name, dtypes, **rest):
        asked[name] = dtypes

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugin.GradientsItem, "from_parent", from_parent)
        list(plugin.tests_of("autograd.ops.activations", Session))
    assert set(map(len, asked.values())) == {5}


def test_which_modes_are_tested(run, pytester):
    pytester.makepyfile(mine=OPS.format(factor=3.1))
    options = "--gradients", "mine", "--gradients-order", "1", "-k", "cube"
    result = run(*options, "--gradients-modes", "forward")
    result.stdout.fnmatch_lines(["forward mode, order 1: *", "*modes=('forward',)*"])
    result = run(*options, "--gradients-modes", "sideways")
    result.stderr.fnmatch_lines(["*'sideways' should be reverse, forward or reverse,forward*"])


def test_a_time_limit(run, pytester):
    pytester.makepyfile(mine=OPS.format(factor=3))
    options = "--gradients", "mine", "--gradients-dtypes", "float64,float32"
    result = run(*options, "--gradients-seconds", "1e-9", "--gradients-examples", "7")
    result.assert_outcomes(passed=4, skipped=1)
    result.stdout.fnmatch_lines(
        ["*left out after 1e-09 s each*", "mine::cube: * points, float32", "mine::my flip: float32"]
    )
    assert "left out after" not in run(*options, "--gradients-seconds", "1000").stdout.str()


def test_a_wrong_op_fails_once_and_prints_where(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3.1)})
    options = "--gradients", "mine", "--gradients-dtypes", "all"
    result = run(*options, "-q", "-k", "cube")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the gradient of cube is wrong at *",
            "*reverse mode, order 1: the derivative with respect to args[[]0]*",
            "  found     *",
            "  expected  *",
            "*it is 1.03333 times what it should be",
            "*FAILED mine::cube*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*the rule of cube is wrong*")


def test_the_code_that_a_failure_prints_fails_alone(run, pytester, monkeypatch):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3.1).replace("np.flip(g", "-np.flip(g")})
    options = "--gradients", "mine", "--gradients-order", "1", "--gradients-dtypes", "float32"
    result = run(*options)
    result.assert_outcomes(failed=2, passed=2, skipped=1)
    programs = re.findall(r"To check it alone:\n\n((?:    .*\n)+)", result.stdout.str())
    # On a CI machine pytest's summary repeats the whole message.
    programs = set(programs)
    assert len(programs) == 2
    for program in programs:
        ran = pytester.run(sys.executable, "-c", textwrap.dedent(program))
        assert "GradientError: the gradient of" in ran.stderr.str()


def test_failures_read_alike_with_xdist(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3.1)})
    result = run("-n", "1", "--gradients", "mine", "--gradients-order", "1", "-m", "gradients")
    result.assert_outcomes(failed=1, passed=3, skipped=1)
    result.stdout.fnmatch_lines(["the gradient of cube is wrong at *"])


def test_networks_and_functions_of_a_package(run, pytester):
    pytester.makepyfile(mine=NETWORKS.format(sign=""))
    result = run("--gradients", "mine", "--gradients-order", "1", "-rs")
    result.assert_outcomes(passed=4, skipped=2)
    result.stdout.fnmatch_lines_random(
        [
            "*Mixer is not tested: its signature does not say how to build and call it: *",
            "*picky is not tested: it is not defined at the points tried*picky.domain = *",
        ]
    )
    collected = run("--gradients", "mine", "--gradients-order", "1", "--co", "-q").outlines
    names = {line for line in collected if line.startswith("mine::")}
    assert names == {f"mine::{n}" for n in "Mixer Scale Wrapper logarithm loss picky".split()}
    tests = sum(line.startswith("mine::") for line in collected)
    assert collected[-1].startswith(f"{tests} tests collected")


def test_a_wrong_rule_of_a_function_and_the_options(run, pytester):
    pytester.makepyfile(mine=NETWORKS.format(sign="-"))
    options = "--gradients", "mine", "--gradients-order", "1", "--gradients-examples", "3"
    result = run(*options, "-k", "logarithm", "--gradients-seed", "5")
    result.assert_outcomes(failed=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(
        [
            "*it looks as if its sign is wrong*",
            "    from mine import logarithm",
            "    check_gradients(logarithm, *, wrt=[[]0], modes=('reverse', 'forward'), *",
        ]
    )


def test_a_wrong_network_names_the_parameter(run, pytester):
    pytester.makepyfile(
        mine="""
        import nn
        from autograd import Primitive

        halve = Primitive("halve", lambda x: x / 2, vjps=[lambda g, y, x: g * 2])

        class Halved(nn.Module):
            def __init__(self, inputs: int):
                self.neuron = nn.Neuron(inputs)
            def __call__(self, x):
                return halve(self.neuron.weights) @ x
        """
    )
    options = "--gradients", "mine", "--gradients-order", "1"
    result = run(*options, "-k", "Halved")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*with respect to args[[]1][[]'neuron.weights'][[]0], of result:",
            "*it is 4 times what it should be",
            "the rule of halve is wrong (*mine.py, line 10):",
            "    check_gradients(functional(Halved(inputs=4))[[]0], *",
        ]
    )


def test_a_module_that_lacks_a_package_is_skipped(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(
        **{"mine/ops": OPS.format(factor=3), "mine/fast": "import not_installed_anywhere"}
    )
    result = run("--gradients", "mine", "--gradients-order", "1", "-rs")
    result.assert_outcomes(passed=4, skipped=2)
    result.stdout.fnmatch_lines(["*mine.fast is not tested: it needs not_installed_anywhere*"])


def test_a_package_that_is_not_there_or_has_no_ops(run, pytester):
    pytester.mkpydir("empty")
    assert run("--gradients", "absent").ret == pytest.ExitCode.USAGE_ERROR
    result = run("--gradients", "empty")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*none of its modules holds a Primitive*"])
    assert "Traceback" not in result.stderr.str()
    result = run("-n", "1", "--gradients", "absent", "--gradients-order", "1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["absent cannot be tested: No module named 'absent'"])


MISTAKES = """
import numpy as np
from autograd.extend import defvjp, primitive

@primitive
def power(x, n):
    return x ** n

defvjp(power, lambda ans, x, n: lambda g: g * n * x ** (n - 1), None)

def square(x):
    return x * x

def product(x, y):
    return x * y

def double(x):
    return 2 * x

square.domain = (0, 1)
product.domain = [(0, 1)]
double.samples = lambda rng: 3
"""


def test_mistakes_of_a_package_are_told_in_a_line(run, pytester):
    pytester.mkpydir("mine")
    broken = "raise RuntimeError('never on mondays')"
    pytester.makepyfile(**{"mine/ops": MISTAKES, "mine/broken": broken})
    result = run("--gradients", "mine", "--gradients-order", "1")
    result.assert_outcomes(passed=1, failed=4)
    lines = [
        "square cannot be tested: its domain is (0, 1); write (low, high) for each argument: "
        "[(low, high)]",
        "product cannot be tested: its domain is [(0, 1)]; write * argument: [(low, high), *",
        "mine.broken cannot be tested: importing it raises RuntimeError: never on mondays",
        "E *let the samples(rng) of double return pairs*not 3*",
    ]
    for line in lines:
        result.stdout.fnmatch_lines([line.replace("[", "[[]")])
    result.stdout.no_fnmatch_line("*from_call*")
    pytester.makepyfile(**{"mine/__init__": broken})
    result = run("--gradients", "mine")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--gradients mine: importing it raises RuntimeError: never*"])
    result = run("--gradients", "mine", "--gradients-order", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--gradients-order: '0' should be a whole number, 1 or more*"])


def test_failures_are_shown_without_our_own_code(run, pytester):
    pytester.makepyfile(
        """
        import numpy as np
        from autograd.testing import check_gradients, given_gradients

        def test_by_hand():
            check_gradients(lambda x: x * x, 3.0, grad=lambda x: x)

        @given_gradients(x=(1, 2), seed=0, options={"grad": lambda x: x})
        def test_drawn(x):
            return np.sum(x * x)
        """
    )
    result = run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([">*check_gradients(lambda x: x * x, 3.0, grad=lambda x: x)"])
    result.stdout.fnmatch_lines(["*This is the smallest input found*"])
    for word in ("raise GradientError", "__tracebackhide__", "testing/given.py"):
        assert word not in result.stdout.str()


def calls(f, examples, seed):
    """The numbers at which a function is called while it is tested on its domain."""
    called = []

    def noted(x):
        called.append(float(x if isinstance(x, np.ndarray) else x.data))
        return f(x)

    subject = OnDomain("f", None, noted, ((-1.0, 1.0),), shape=())
    options = {"seed": seed, "order": 1, "modes": ("reverse",)}
    with suppress(OutsideDomainError):
        subject.check(np.dtype(float), examples, options)
    return called


def test_the_seed_chooses_the_points():
    def nowhere(x):
        raise ValueError

    assert calls(nowhere, 8, 1) == calls(nowhere, 8, 1) != calls(nowhere, 8, 2)


def test_the_number_of_examples():
    assert len(calls(np.sin, 2, 1)) < len(calls(np.sin, 8, 1))


def test_the_door_is_light():
    program = "import sys, pytest_chainrule; print('autograd' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_the_options_are_explained(run):
    run("--help").stdout.fnmatch_lines(["*--gradients=PACKAGE*", "*--gradients-order=N*"])

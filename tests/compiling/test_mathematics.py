"""Native functions of mathematics against mpmath, over all doubles, in vectorised loops."""

import ctypes
import math

import mpmath
import numpy as np
import pytest

from autograd.compiling.llvm import (
    error_functions,
    exponentials,
    in_floats,
    inverses,
    of_two,
    trigonometry,
)
from autograd.compiling.llvm.mathematics import MATHEMATICS, define_math

binding = pytest.importorskip("llvmlite.binding", reason="llvmlite compiles what is tested here")

BOUND = {"exp": 1.5, "log": 1.5}  # in ulp; 3 for the others
EXACT = {  # what mpmath calls by another name than NumPy
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "erfc": lambda x: mpmath.erfc(max(-100, min(x, 100))),
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "log2": lambda x: mpmath.log(x, 2),
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "arcsinh": mpmath.asinh,
    "arccosh": mpmath.acosh,
    "arctanh": mpmath.atanh,
}
SPECIAL = [0.0, 5e-324, 1e-310, 2.0**-1022, 1e-17, 1.0, 2.0**53, 2.0**1023, math.inf, math.nan]
ANGLES = [  # near multiples of π/2, the last the nearest of all doubles; where far ones begin
    *(k * math.pi / 2 for k in (1, 2, 3, 4, 11, 22, 355, 1001, 20000, 500001)),
    *(1.6e6, 1e7, 1e22, 1e200, 6381956970095103.0 * 2.0**797),
]
EDGES = {  # where a result overflows or underflows, or a formula changes
    **dict.fromkeys(["sin", "cos", "tan"], ANGLES),
    "exp": [709.782712893384, 709.7827128933841, -708.4, -745.13, -745.14],
    "exp2": [1023.5, 1024.0, -1022.0, -1074.0, -1075.0, -1076.0],
    "expm1": [0.3465, 37.5, 38.0, 40.0, 700.0, 709.782712893384],
    "log": [2.0**-0.5, 2.0**0.5],
    "log1p": [2.0**-0.5 - 1.0, 2.0**0.5 - 1.0, -0.999999999999, 2.0**52],
    "sinh": [2.0**-28, 41.6, 709.79, 710.4758600739439],
    "cosh": [19.0, 709.79, 710.4758600739439],
    "tanh": [0.5, 19.06, 19.07, 20.0],
    "cbrt": [8.0, 27.0, 1e300],
    "erf": [1.0, 5.9, 6.0],
    "erfc": [0.875, 5.9, 26.5, 26.6, 27.2, 27.5],
    "arcsin": [0.5],
    "arccos": [0.5],
    "arctan": [math.tan(math.pi / 8), math.tan(3 * math.pi / 8), 1e16, 1e300],
    "arcsinh": [2.0**28, 2.0**-28],
    "arccosh": [2.0**28, 1.0000001],
}
DOMAIN = {  # from where numbers are drawn, (−4, 4) unless given
    "exp": (-745.0, 710.0),
    **dict.fromkeys(["log", "log2", "log10"], (0.5, 2.0)),
    "log1p": (-1.0, 1.0),
    "sinh": (-20.0, 20.0),
    "cosh": (-20.0, 20.0),
    **dict.fromkeys(["arcsin", "arccos", "arctanh"], (-1.0, 1.0)),
    "arccosh": (1.0, 4.0),
    "erfc": (-4.0, 27.0),
    **dict.fromkeys(["sin", "cos", "tan"], (-1000.0, 1000.0)),
}


OF_TWO = {"arctan2": mpmath.atan2, "hypot": mpmath.hypot, "power": mpmath.power}
OF_ONE = [name for name in MATHEMATICS if name not in OF_TWO]
FLOATS = "exp", "log", "tanh", "sin", "expm1"  # of each way in which functions are written


def loop(name, kind, suffix=""):
    """Return the text of a loop that calls a function for each number of one array or two."""
    second = name in OF_TWO
    given = f"{kind} %number" + f", {kind} %other" * second
    return f"""
define void @loop_{name}{suffix}(ptr noalias %x, ptr noalias %y, ptr noalias %z, i64 %n) {{
entry:
  br label %body
body:
  %i = phi i64 [0, %entry], [%next, %body]
  %from = getelementptr {kind}, ptr %x, i64 %i
  %from_too = getelementptr {kind}, ptr %y, i64 %i
  %to = getelementptr {kind}, ptr %z, i64 %i
  %number = load {kind}, ptr %from
  %other = load {kind}, ptr %from_too
  %result = call {kind} @{MATHEMATICS[name]}{suffix}({given})
  store {kind} %result, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %body, label %done
done:
  ret void
}}"""


def compiled(fused):
    """Return the functions on arrays, by name, and the vectorised text."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    text = define_math(MATHEMATICS, fused=fused) + define_math(FLOATS, float32=True, fused=fused)
    text += "".join(loop(name, "double") for name in MATHEMATICS)
    text += "".join(loop(name, "float", "_f32") for name in FLOATS)
    module = binding.parse_assembly(text)
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
    )
    options = binding.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    passes = binding.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    text = str(module)
    engine = binding.create_mcjit_compiler(module, machine)
    signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64)

    def on_arrays(name, suffix="", engine=engine):  # holds the engine
        call = signature(engine.get_function_address(f"loop_{name}{suffix}"))

        def run(x, y=None):
            z = np.empty_like(x)
            call(x.ctypes.data, (x if y is None else y).ctypes.data, z.ctypes.data, x.size)
            return z

        return run

    return on_arrays, text


@pytest.fixture(scope="module", params=[False, True], ids=["rounded twice", "fused"])
def native(request):
    if request.param and not binding.get_host_cpu_features().get("fma"):
        pytest.skip("this machine has no fused multiply-add")
    return compiled(request.param)


def numbers(name):
    """Return doubles of every size, and more from where the function is used and where it bends."""
    rng = np.random.default_rng(0)
    low, high = DOMAIN.get(name, (-4.0, 4.0))
    edges = np.array(SPECIAL + EDGES.get(name, []))
    near = [edges, np.nextafter(edges, 0.0), np.nextafter(edges, math.inf)]
    with np.errstate(over="ignore", under="ignore"):
        sized = rng.uniform(-1.0, 1.0, 150) * 2.0 ** rng.integers(-60, 11, 150)
        middle = (low + high) / 2 + (high - low) / 2 * sized
    x = np.concatenate(
        [
            *near,
            rng.integers(0, 2**64, 250, dtype=np.uint64).view(np.float64),
            rng.uniform(low, high, 350),
            sized,
            middle,
        ]
    )
    return np.concatenate([x, -x[:80]])


def error(y, exact):
    """Return by how many ulp a double differs from the exact result."""
    nearest = float(exact)
    if math.isinf(nearest) or math.isinf(y):
        return 0.0 if y == nearest else math.inf
    return float(abs(mpmath.mpf(y) - exact) / math.ulp(nearest))


@pytest.mark.parametrize("name", OF_ONE)
def test_within_its_ulps_of_the_exact_result(name, native):
    x = numbers(name)
    y = native[0](name)(x)
    with np.errstate(all="ignore"):
        expected = (getattr(np, name, None) or np.vectorize(getattr(math, name)))(x)
    special = ~np.isfinite(x) | np.isnan(expected) | (x == 0)
    np.testing.assert_array_equal(y[special], expected[special])
    np.testing.assert_array_equal(np.signbit(y[y == 0]), np.signbit(expected[y == 0]))
    with mpmath.workprec(160):
        f = EXACT.get(name) or getattr(mpmath, name)
        errors = [error(b, f(mpmath.mpf(a))) for a, b in zip(x[~special], y[~special], strict=True)]
    worst = int(np.argmax(errors))
    assert errors[worst] <= BOUND.get(name, 3.0), x[~special][worst]


def pairs(name):
    """Return pairs of numbers: special ones, of every size, and where both matter."""
    rng = np.random.default_rng(0)
    special = [*SPECIAL, 1e-323, 2e-323, 2.0, 3.0, 0.5, 2.0**53 + 2, 1 - 2.0**-53]
    special = [*special, *(-x for x in special)]
    x, y = (a.ravel() for a in np.meshgrid(special, special))
    sizes = 2.0 ** rng.uniform(-1074.0, 1023.0, 250)
    others = [  # the like of it; x^y of every size; numbers near 1; small ones
        (sizes, sizes * rng.uniform(-0.9, 0.9, 250)),
        (sizes, rng.uniform(-745.0, 709.0, 250) / np.log(sizes)),
        (1 + 2.0 ** rng.uniform(-50, -1, 250), 2.0 ** rng.uniform(0, 52, 250)),
        (rng.uniform(-3.0, 3.0, 250), rng.integers(-9, 10, 250)),
    ]
    return tuple(np.concatenate(a) for a in zip((x, y), *others, strict=True))


@pytest.mark.parametrize("name", OF_TWO)
def test_of_two_numbers(name, native):
    x, y = pairs(name)
    z = native[0](name)(x, y)
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(x, y)
    usual = np.isfinite(x) & np.isfinite(y) & np.isfinite(expected) & (x != 0) & (y != 0)
    np.testing.assert_array_equal(z[~usual], expected[~usual])
    np.testing.assert_array_equal(np.signbit(z[z == 0]), np.signbit(expected[z == 0]))
    with mpmath.workprec(160):
        errors = [
            error(c, OF_TWO[name](mpmath.mpf(a), mpmath.mpf(b)))
            for a, b, c in zip(x[usual], y[usual], z[usual], strict=True)
        ]
    worst = int(np.argmax(errors))
    assert errors[worst] <= 3.0, (x[usual][worst], y[usual][worst])


@pytest.mark.parametrize("name", FLOATS)
def test_floats_are_the_doubles_rounded_or_next_to_them(name, native):
    with np.errstate(all="ignore"):
        x = numbers(name).astype(np.float32)
        exact = native[0](name)(x.astype(np.float64))
        y, expected = native[0](name, "_f32")(x), exact.astype(np.float32)
        finite = np.isfinite(expected)
        error = np.abs(y - exact)[finite] / np.spacing(np.abs(expected[finite]))
    np.testing.assert_array_equal(y[~finite], expected[~finite])
    assert error.max() < 0.55
    np.testing.assert_array_equal(np.signbit(y[y == 0]), np.signbit(expected[y == 0]))


def test_alone_and_in_a_vector_they_are_the_same(native):
    for name in OF_ONE:
        run, x = native[0](name), numbers(name)
        np.testing.assert_array_equal(run(x)[:100], [run(x[i : i + 1])[0] for i in range(100)])


@pytest.mark.parametrize("name", MATHEMATICS)
def test_loops_are_vectorised(name, native):
    body = native[1].partition(f"@loop_{name}(")[2].partition("\n}")[0]
    assert " x double> " in body


def erfcx(q):
    x = error_functions.MIDDLE * (1 + q) / (1 - q)
    return (1 + 2 * x) * mpmath.exp(x * x) * mpmath.erfc(x)


def odd(p, x):
    return x + x**3 * p(x * x)


POLYNOMIALS = {  # a formula with the polynomial p, its function, the interval, the bits that agree
    "EXP": (lambda p, r: r + r * r * p(r), mpmath.expm1, (-0.3466, 0.3466), 57),
    "LOG": (lambda p, s: s + odd(p, s), lambda s: 2 * mpmath.atanh(s), (0.0, 0.1716), 58),
    "CBRT": (lambda p, m: p(m), lambda m: 1 / mpmath.cbrt(m), (0.7071, 1.4143), 14),
    "SIN": (odd, mpmath.sin, (0.0, 0.7854), 57),
    "COS": (lambda p, x: 1 - x**2 / 2 + x**4 * p(x * x), mpmath.cos, (0.0, 0.7854), 58),
    "ARCTAN": (odd, mpmath.atan, (0.0, 0.4143), 58),
    "ARCSIN": (odd, mpmath.asin, (0.0, 0.5), 58),
    "ERF": (
        lambda p, x: odd(p, x) + x * (2 / mpmath.sqrt(mpmath.pi) - 1),
        mpmath.erf,
        (0.0, 1.0),
        55,
    ),
    "LONG_LOG": (
        lambda p, s: 2 * s + 2 * s**3 / 3 + s**5 * p(s * s),
        lambda s: 2 * mpmath.atanh(s),
        (0.0, 0.1716),
        65,
    ),
    "SHORT_EXP": (lambda p, r: r * p(r), mpmath.expm1, (-0.3466, 0.3466), 31),
    "SHORT_LOG": (lambda p, f: f * p(f), mpmath.log1p, (-0.2929, 0.4143), 30),
    "ERFC": (lambda p, q: p(q), erfcx, (-0.6267, 0.7565), 55),
}


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials_are_close_to_their_functions(name):
    formula, exact, (low, high), digits = POLYNOMIALS[name]
    homes = (error_functions, exponentials, in_floats, inverses, of_two, trigonometry)
    coefficients = next(getattr(home, name) for home in homes if hasattr(home, name))

    def p(t):
        return sum(c * t**i for i, c in enumerate(coefficients))

    with mpmath.workprec(200):
        points = [(low + high) / 2 + (high - low) / 2 * mpmath.cos(i / 64) for i in range(201)]
        assert max(abs(formula(p, x) / exact(x) - 1) for x in points) < 2.0**-digits


def test_an_unknown_name_is_an_error():
    with pytest.raises(ValueError, match="no formula for gamma; there are: exp"):
        define_math(["exp", "gamma"])

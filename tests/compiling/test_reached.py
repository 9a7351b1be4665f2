"""What a compiled function can reach, however it does: what changes there, changes the results."""

import array
import contextvars
import ctypes
import functools
import io
import itertools
import linecache
import logging
import os
import subprocess
import sys
import threading
import types
import warnings
import weakref
from collections import ChainMap, OrderedDict, UserDict, UserList
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.interpolate

import autograd
import autograd.numpy as anp
from autograd.compiling import surroundings
from autograd.compiling.errors import TracingError
from autograd.compiling.unchanged import same_as_before
from autograd.engine.owners import is_users, is_users_class

A, B, C = np.array([1.0, -2.0, 3.0]), np.array([-0.5, 4.0, 0.25]), np.array([2.0, 0.5, -1.0])
SCALE = 2.0


class Base:
    scale = 2.0


class Sub(Base):
    pass


class Made:
    def __init__(self):
        self.scale = SCALE

    @staticmethod
    def by(x):
        return x * SCALE

    @classmethod
    def of(cls, x):
        return x * SCALE

    def __matmul__(self, x):
        return x * SCALE

    def __iter__(self):
        yield SCALE

    def __enter__(self):
        return SCALE

    def __exit__(self, *_):
        pass


class Read:
    def __get__(self, owner, kind=None):
        return SCALE


class Kind(type):
    @property
    def scale(cls):
        return SCALE


class Described(metaclass=Kind):
    read = Read()

    @functools.cached_property
    def kept(self):
        return SCALE


def larger():
    global SCALE
    SCALE = 3.0


def module(name, **held):
    made = types.ModuleType(name)
    made.__file__ = f"/of/the/program/{name}.py"
    vars(made).update(held)
    return made


def imports(x):
    import of_the_program

    return x * of_the_program.inner.scale


def iterated(x):
    with Made() as scale:
        return sum(x * scale for scale in Made()) * scale


def of_options(options, read=lambda c: c.scale):
    return (lambda x: x * read(options)), lambda: setattr(
        getattr(options, "inner", options), "scale", 3.0
    )


def of_entries(held, read=lambda c: c["scale"]):
    return (lambda x: x * read(held)), lambda: held.update(scale=3.0)


def a_list(held, new=3.0):
    return (lambda x: x * held[0]), lambda: held.__setitem__(0, new)


def attribute_of_a_function():
    def f(x):
        return x * f.scale

    f.scale = 2.0
    return f, lambda: setattr(f, "scale", 3.0)


def keyword_default():
    def f(x, *, scale=2.0):
        return x * scale

    return f, lambda: f.__kwdefaults__.update(scale=3.0)


def a_class_of_its_own():
    class Options:
        scale = 2.0

    return of_options(Options)


def an_attribute_of_a_subclass():
    class One(Base):
        pass

    one = One()
    return (lambda x: x * one.scale), lambda: setattr(One, "scale", 3.0)


def another_class():
    class One(Base):
        scale = 3.0

    held = Sub()
    return (lambda x: x * held.scale), lambda: setattr(held, "__class__", One)


def order_of_a_dict():
    held = {"a": 2.0, "b": 3.0}
    return (
        lambda x: functools.reduce(lambda y, scale: y * scale + 1, held.values(), x)
    ), lambda: held.update(a=held.pop("a"))


def sign_of_zero():
    held = {"zero": 0.0}
    return (lambda x: anp.copysign(x, held["zero"])), lambda: held.update(zero=-0.0)


def shape_of_an_array():
    held = np.arange(6.0)
    return (lambda x: x[0] * held), lambda: setattr(held, "shape", (2, 3))


def context_variable():
    held = contextvars.ContextVar("scale", default=2.0)
    return (lambda x: x * held.get()), lambda: held.set(3.0)


def weak_reference():
    owner = Sub()
    owner.scale = 2.0
    held = weakref.ref(owner)

    def f(x):
        return x * held().scale

    f.owner = owner
    return f, lambda: setattr(owner, "scale", 3.0)


def cache():
    @functools.lru_cache
    def scale(times):
        return times * SCALE

    return (lambda x: x * scale(2)), lambda: (larger(), scale.cache_clear())


def hidden_name():
    return (lambda x: x * max(1.0, 2.0)), lambda: globals().update(max=lambda *_: 3.0)


def a_module():
    inner = module("of_the_program.inner", scale=2.0)
    sys.modules["of_the_program"] = module("of_the_program", inner=inner)
    return imports, lambda: setattr(inner, "scale", 3.0)


def a_series():
    held = pytest.importorskip("pandas").Series([1.0, 2.0, 3.0])
    return (lambda x: x * held.to_numpy()), lambda: held.__setitem__(0, 5.0)


def a_sparse_array():
    held = pytest.importorskip("scipy.sparse").csr_array(np.diag(A))
    return (lambda x: x * held.diagonal()), lambda: held.data.__setitem__(0, 5.0)


def of_a_kind(kind, *given):
    """Return a program with an attribute of an object that is also a container."""

    class Own(kind):
        pass

    held = np.ones(3).view(Own) if kind is np.ndarray else Own(*given)
    held.scale = 2.0
    return of_options(held)


def a_private_slot():
    class Own:
        __slots__ = ("__scale",)

        def set(self, scale):
            self.__scale = scale
            return self

        def get(self):
            return self.__scale

    held = Own().set(2.0)
    return (lambda x: x * held.get()), lambda: held.set(3.0)


def a_missing_entry():
    class Own(dict):
        def __missing__(self, key):
            return SCALE

    held = Own()
    return (lambda x: x * held["scale"]), larger


def a_class_by_exec():
    scope = {}
    exec("class Own: scale = 2.0", scope)
    held = scope["Own"]()
    return (lambda x: x * held.scale), lambda: setattr(scope["Own"], "scale", 3.0)


def the_dtype_of_an_array():
    held = np.array([1.0, 2.0, 3.0])
    return (lambda x: x * held), lambda: setattr(held, "dtype", np.int64)


def an_array_that_was_read_only():
    held = np.array([1.0, 2.0, 3.0])
    held.setflags(write=False)
    return (lambda x: x * held), lambda: (held.setflags(write=True), held.__setitem__(0, 9.0))


def a_bound_builtin():
    held = [2.0]
    get = held.__getitem__
    return (lambda x: x * get(0)), lambda: held.__setitem__(0, 3.0)


class InC(ctypes.Structure):
    _fields_ = (("scale", ctypes.c_double),)


def of_an_attribute(thing, shown=lambda thing: thing):
    seen = shown(thing)
    scale = (lambda: seen.contents.scale) if shown is ctypes.pointer else lambda: seen.scale
    return (lambda x: x * scale()), lambda: setattr(thing, "scale", 3.0)


def name_of_a_value():
    value = autograd.Value(1.0, name="one")
    return (lambda x: x * len(value.name)), lambda: setattr(value, "name", "three")


def a_slot_of_a_library():
    spline = scipy.interpolate.CubicSpline([0.0, 1.0, 2.0], [0.0, 1.0, 4.0])

    def change():
        spline.c[...] = 1.0

    return (lambda x: x * float(spline(1.5))), change


PROGRAMS = {
    "namespace": lambda: of_options(types.SimpleNamespace(scale=2.0)),
    "namespace inside": lambda: of_options(
        types.SimpleNamespace(inner=Sub()), lambda c: c.inner.scale
    ),
    "thread's own": lambda: of_options(threading.local(), lambda c: getattr(c, "scale", 2.0)),
    "class in a closure": a_class_of_its_own,
    "class of a class": lambda: ((lambda x: x * Sub.scale), lambda: setattr(Base, "scale", 3.0)),
    "subclass": an_attribute_of_a_subclass,
    "another class": another_class,
    "static method": lambda: ((lambda x: Made.by(x)), larger),
    "class method": lambda: ((lambda x: Made().of(x)), larger),
    "operator": lambda: (functools.partial(lambda made, x: made @ x, Made()), larger),
    "object made inside": lambda: ((lambda x: x * Made().scale), larger),
    "iteration, with": lambda: (iterated, larger),
    "descriptor": lambda: ((lambda x: x * Described().read), larger),
    "metaclass": lambda: ((lambda x: x * Described.scale), larger),
    "cached property": lambda: ((lambda x: x * Described().kept), larger),
    "cache": cache,
    "attribute of a function": attribute_of_a_function,
    "keyword default": keyword_default,
    "globals()": lambda: ((lambda x: x * globals()["SCALE"]), larger),
    "eval": lambda: ((lambda x: x * eval("SCALE + 0.0")), larger),
    "hidden name": hidden_name,
    "module": a_module,
    "order of a dict": order_of_a_dict,
    "sign of zero": sign_of_zero,
    "shape of an array": shape_of_an_array,
    "context variable": context_variable,
    "weak reference": weak_reference,
    "user's dict": lambda: of_entries(UserDict(scale=2.0)),
    "chain of dicts": lambda: of_entries(ChainMap({"scale": 2.0})),
    "view of a dict": lambda: (
        lambda held: ((lambda x, at=types.MappingProxyType(held): x * at["scale"]),
                      lambda: held.update(scale=3.0))
    )({"scale": 2.0}),
    "user's list": lambda: a_list(UserList([2.0])),
    "array of Python": lambda: a_list(array.array("d", [2.0])),
    "bytes": lambda: a_list(bytearray([2]), 3),
    "array of C": lambda: a_list((ctypes.c_double * 2)(2.0)),
    "structure of C": lambda: of_an_attribute(InC(2.0)),
    "what a pointer points at": lambda: of_an_attribute(InC(2.0), ctypes.pointer),
    "proxy": lambda: of_an_attribute(Made(), weakref.proxy),
    "name of a Value": name_of_a_value,
    "slot of a library": a_slot_of_a_library,
    "series": a_series,
    "sparse array": a_sparse_array,
    "bound builtin": a_bound_builtin,
    "own list": lambda: of_a_kind(list, [1.0]),
    "own dict": lambda: of_a_kind(dict, {"a": 1.0}),
    "own tuple": lambda: of_a_kind(tuple, [1.0]),
    "own array": lambda: of_a_kind(np.ndarray),
    "missing entry": a_missing_entry,
    "private slot": a_private_slot,
    "class by exec": a_class_by_exec,
    "dtype of an array": the_dtype_of_an_array,
    "array that was read-only": an_array_that_was_read_only,
}  # fmt: skip


def holds(expression, scope):
    try:
        return eval(expression, scope)
    except Exception:
        return False


@pytest.fixture(autouse=True)
def as_before():
    yield
    global SCALE
    SCALE, Base.scale = 2.0, 2.0
    globals().pop("max", None)
    sys.modules.pop("of_the_program", None)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_change_of_what_is_reached_is_seen(name):
    f, change = PROGRAMS[name]()
    compiled = autograd.compile(f, target="numpy")
    before = [f(x) for x in (A, B, C, A)]
    assert np.array_equal([compiled(x) for x in (A, B, C, A)], before)
    assert compiled.recorded == 1
    ((variant,),) = compiled.variants.values()
    scope = {}
    expression = same_as_before(variant.surroundings, scope)
    assert holds(expression, scope)
    change()
    assert not holds(expression, scope)
    after = [f(x) for x in (A, B, C, A)]
    assert np.array_equal([compiled(x) for x in (A, B, C, A)], after)
    assert compiled.recorded == 2
    assert before[0].tobytes() != after[0].tobytes() or before[0].shape != after[0].shape


@dataclass
class Pair:
    a: object


class Text(str):
    scale = 2.0


NAMED = Text("a")
NAMED.scale = 5.0


@pytest.mark.parametrize(
    ("f", "one", "other"),
    [
        (lambda p: p[0] * (2 if type(p) is list else 3), ([A],), ((A,),)),
        (lambda p: p[0][0] * (2 if type(p[0]) is list else 3), ([[A], 1.0],), ([(A,), 1.0],)),
        (lambda p: p["a"] * (2 if type(p) is dict else 3), ({"a": A},), (OrderedDict(a=A),)),
        (lambda p: sum(x * (2 if type(k) is bool else 3) for k, x in p.items()),
         ({1: A},), ({True: A},)),
        (lambda p: p.a if type(p) is Pair else p["a"] * 2, ({"a": A},), (Pair(A),)),
        (lambda x, s: x * s.scale, (A, Text("a")), (A, NAMED)),
        (lambda x, s: x if s == "a" else -x, (A, np.str_("a")), (A, np.str_("b"))),
        (lambda x, t: x * (t - np.datetime64("2020-01-01")).astype(float),
         (A, np.datetime64("2020-01-03")), (A, np.datetime64("2020-01-05"))),
        (lambda x, y: x if id(x) == id(y) else x * y, (A, B), (A, A)),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*op by op")
def test_arguments_of_another_form_have_another_program(f, one, other):
    compiled = autograd.compile(f, target="numpy")
    for args in [one] * 4 + [other] * 4 + [one]:
        assert np.array_equal(compiled(*args), f(*args))


def advances(x, it=itertools.cycle([2.0])):  # noqa: B008
    return x * next(it)


def writes(x, stream=io.StringIO()):  # noqa: B008
    stream.write("x")
    return x


def logs(x):
    logging.getLogger("of the program").error("here")
    return x


def catches(x):
    with suppress(TypeError):
        print("here")
    return x


def opens(x):
    with open(__file__) as file:
        return x * len(file.read())


def reads_a_table(x):
    return x * np.genfromtxt(__file__, dtype=str, max_rows=1).size


def reads_in_c(x):
    return x * len(io.FileIO(__file__).read())


def looks(x):
    return x * len(os.listdir())


def runs(x):
    return x * len(subprocess.check_output([sys.executable, "-c", "print(1)"]))


def imports_late(x):
    from importlib.metadata import version

    return x * len(version("numpy"))


def test_a_module_may_be_imported_while_a_function_is_recorded():
    assert np.array_equal(autograd.compile(imports_late)(A), imports_late(A))


def loads(x):
    return x * np.load("scale.npy")


def calls_back(x, count=types.SimpleNamespace(times=0)):  # noqa: B008
    count.times += 1
    return x


def adds(p):
    p["b"] = p["a"] * 2
    return p["a"]


@pytest.mark.parametrize(
    ("f", "x", "says"),
    [
        (advances, A, r"^give what next\(\) yields as an argument"),
        (writes, A, "^return what writes computes instead of changing a default"),
        (logs, A, rf"^log after the call: .*{__file__}, line \d+"),
        (catches, A, rf"^print after the call: .*{__file__}, line \d+"),
        (opens, A, r"^read files before the call, and give what is in them: .*line \d+"),
        (reads_a_table, A, r"^read files before the call, and give what is in them: .*line \d+"),
        (reads_in_c, A, r"^read files before the call, and give what is in them: .*line \d+"),
        (looks, A, r"^look at files and folders before the call: .*line \d+"),
        (runs, A, r"^(run other programs|read files) before the call"),
        (loads, A, r"^read files before the call, and give what is in them: .*line \d+"),
        (calls_back, A, "^return what calls_back computes instead of changing .*times"),
        (adds, {"a": A}, r"changing an argument, args\[0\]\['b'\]"),
        (lambda p: p.pop(), [A, B], r"changing an argument, args\[0\]\[1\]"),
        (lambda p: setattr(p, "a", p.a * 2), Pair(A), r"changing an argument, args\[0\]\.a"),
    ],
)
def test_what_does_more_than_compute_is_refused(f, x, says):
    out = sys.stdout
    with pytest.raises(TracingError, match=says):
        autograd.compile(f)(x)
    assert sys.stdout is out and open is io.open
    print("here", file=io.StringIO())


def test_a_warning_may_show_its_line(monkeypatch):
    def warns(x):
        warnings.warn("mine", stacklevel=1)
        return x * 2.0

    shown = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        show = lambda *told: shown.append(warnings.formatwarning(*told[:4]))  # noqa: E731
        monkeypatch.setattr(warnings, "showwarning", show)
        linecache.clearcache()
        assert autograd.compile(warns)(2.0) == 4.0
    assert any("warnings.warn" in text for text in shown)


def test_other_threads_print_while_a_function_is_recorded():
    said = io.StringIO()

    def f(x):
        thread = threading.Thread(target=print, args=("here",), kwargs={"file": None})
        thread.start()
        thread.join()
        return x * 2

    out, sys.stdout = sys.stdout, said
    try:
        assert np.array_equal(autograd.compile(f)(A), A * 2)
    finally:
        sys.stdout = out
    assert "here" in said.getvalue()


def test_a_program_may_lie_below_the_folder_of_python(monkeypatch):
    for prefix in ("prefix", "base_prefix"):
        monkeypatch.setattr(sys, prefix, "/")
    assert is_users(__file__) and not is_users(surroundings.__file__)
    assert not is_users(np.__file__) and not is_users(functools.__file__)


def test_what_is_typed_at_a_prompt_is_the_programs(monkeypatch):
    kinds = [type("Own", (), {"__module__": name}) for name in ("__main__", "of_no_file")]
    monkeypatch.setattr(sys.modules["__main__"], "__file__", np.__file__, raising=False)
    assert all(map(is_users_class, kinds)) and not is_users_class(np.ndarray)
    assert not is_users_class(dict) and not is_users_class(threading.Thread)

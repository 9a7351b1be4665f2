"""The house: imports go one way, what is optional stays optional, what is public is explained."""

import ast
import doctest
import inspect
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd.engine.primitive import PRIMITIVES

TOP = Path(__file__).parents[1]
FILES = {
    ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("autograd", "nn")
    for path in sorted((TOP / package).rglob("*.py"))
}

# A room of `autograd` is a file or a folder in it.  It may import rooms of lines above, and itself,
# never those beside it or below, and never in a circle.
LINES = """
    engine
    ops
    composed
    notation transforms
    graphs jax
    compiling
    hips scipy
    numpy
    drawing debugging testing
    explaining
    commands
    __main__
"""
# HIPS autograd's names for what lies in `hips`: a docstring and one import each.
DOORS = """
    builtins core differential_operators extend misc test_util tracer util wrap_util
""".split()
RANKS = {room: n for n, line in enumerate(LINES.strip().splitlines()) for room in line.split()}

# What these rooms are for cannot be had without another package: they may import it at once.
NEEDS = {
    "autograd.scipy": {"scipy"},
    "autograd.testing": {"hypothesis", "pytest"},
    "nn.sklearn": {"sklearn"},
}
OPEN_TO_NN = {
    "compiling",
    "graphs",
    "notation",
    "numpy",
    "scipy",
    "testing",
}  # rooms that `nn` may import from


@cache
def parsed(path):
    return ast.parse(path.read_text("utf-8"))


def imports(tree, at_once=False):
    """Yield (module, name or None) for each import that runs, or that runs `at_once` on import."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: write the whole name of the module"
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        elif not (at_once and isinstance(node, (ast.FunctionDef, ast.Lambda))):
            yield from imports(node, at_once)


def targets(module, at_once=False):
    """Return the modules of ours that a module imports."""
    found = set()
    for source, name in imports(parsed(FILES[module]), at_once):
        if source.split(".")[0] in ("autograd", "nn"):
            inner = f"{source}.{name}"
            found.add(inner if inner in FILES else source)
    return found


def room(module):
    return module.split(".")[1] if "." in module else module


def inside(package):
    return [name for name in FILES if name.split(".")[0] == package]


def test_every_room_has_its_place():
    rooms = {room(module) for module in inside("autograd")} - {"autograd", *DOORS}
    assert rooms == RANKS.keys(), "LINES of this file lists each room of autograd, and no other"


def test_few_files_stand_at_the_top():
    files = [p for p in (TOP / "autograd").glob("*.py") if len(p.read_text().splitlines()) > 5]
    assert {p.stem for p in files} <= {"__init__", "__main__", "commands"}


@pytest.mark.parametrize("door", [m for m in FILES if room(m) in DOORS])
def test_a_door_leads_to_one_module(door):
    _, *door_imports = parsed(FILES[door]).body
    behind = (f"{door}.", door.replace("autograd.", "autograd.hips.", 1))
    assert all(one.module.startswith(behind) for one in door_imports)
    assert len({one.module for one in door_imports}) == 1 or door == "autograd.misc"


ROOMS_OF_AUTOGRAD = [m for m in inside("autograd") if room(m) not in ("autograd", *DOORS)]


def test_imports_go_one_way():
    for module, target in [(m, t) for m in ROOMS_OF_AUTOGRAD for t in targets(m)]:
        here = room(module)
        assert target.split(".")[0] != "nn", f"{module} imports nn, which stands on autograd"
        assert target != "autograd", f"{module} imports from the package: name the room instead"
        there = room(target)
        assert there not in DOORS, f"{module} imports {target}: name the room in hips instead"
        assert there == here or RANKS[there] < RANKS[here], (
            f"{module} imports {target}, which does not stand above it in LINES of this file"
        )


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_no_imports_in_a_circle(package):
    edges = {
        module: {t for t in targets(module) if t in FILES and t != module}
        for module in inside(package)
    }
    edges[package] = edges.get(package, set())
    for module in edges:  # a table may ask its own package, which is only half full by then
        edges[module] -= {".".join(module.split(".")[:n]) for n in range(1, module.count(".") + 1)}
    try:
        tuple(TopologicalSorter(edges).static_order())
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_nn_uses_public_names_only():
    for module, source, name in [(m, *i) for m in inside("nn") for i in imports(parsed(FILES[m]))]:
        if source == "autograd":
            public = name is None or name in autograd.__all__
            assert public, f"{module} imports autograd.{name}, which is not public"
        elif source.startswith("autograd."):
            assert room(source) in OPEN_TO_NN, f"{module} imports {source}, which nn may not"


def test_what_is_optional_is_imported_where_it_is_used():
    for module, path in FILES.items():
        allowed = {"autograd", "chainrule_files", "nn", "numpy"}.union(
            *(names for where, names in NEEDS.items() if f"{module}.".startswith(f"{where}."))
        )
        for source, _ in imports(parsed(path), at_once=True):
            package = source.split(".")[0]
            assert package in allowed or package in sys.stdlib_module_names, (
                f"{module} imports {package} for everybody: import it in the function that needs it"
            )


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_importing_loads_numpy_and_nothing_else(package):
    program = f"""if True:
        import sys
        before = set(sys.modules)
        import autograd, {package}
        print(*{{name.split(".")[0] for name in set(sys.modules) - before}})
    """
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    loaded = {name for name in ran.stdout.split() if "cython" not in name}  # NumPy brings it
    loaded -= {*sys.stdlib_module_names, "chainrule_files"}
    assert loaded == {"numpy", "autograd", package}


def test_importing_does_not_wait_for_random_numbers():
    """np.random takes as long to import as a third of the package."""
    program = "import sys, autograd, nn; sys.exit('numpy.random' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=TOP, check=True)


def test_what_nn_imports_on_first_use_are_the_names_of_its_rooms():
    assert not {name for name in nn.__all__ if not hasattr(nn, name)}
    for room, names in nn._ROOMS.items():
        public = getattr(import_module(f"nn.{room}"), "__all__", names.split())
        assert sorted(public) == sorted(names.split())
    assert {*nn.__all__} <= {*dir(nn)}


# In each of these folders a public name means one thing.  `scipy.stats` is a folder of its own, as
# the names are SciPy's: `scipy.special.gamma` is not `scipy.stats.gamma`.
FOLDERS = """
    autograd.engine autograd.ops autograd.composed autograd.transforms autograd.notation
    autograd.graphs autograd.compiling autograd.hips autograd.scipy autograd.scipy.stats
    autograd.numpy
    autograd.drawing autograd.explaining autograd.debugging autograd.testing nn
""".split()


def folder(module):
    return max((f for f in FOLDERS if f"{module}.".startswith(f"{f}.")), key=len, default=None)


def defined(statements):
    """Yield the public names that a module defines itself, at the top level."""
    for node in statements:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [x.id for target in targets for x in ast.walk(target) if is_stored(x)]
        elif isinstance(node, ast.If):
            names = defined([*node.body, *node.orelse])
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def is_stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def test_folders_exist():
    assert {folder(module) for module in FILES} - {None} == set(FOLDERS)


@pytest.mark.parametrize("here", FOLDERS)
def test_in_a_folder_a_name_means_one_thing(here):
    homes = {}
    for module in FILES:
        if folder(module) == here:
            for name in set(defined(parsed(FILES[module]).body)):
                homes.setdefault(name, []).append(module)
    assert not {name: modules for name, modules in homes.items() if len(modules) > 1}


# -- an op is a row ------------------------------------------------------------------------------

OPS = frozenset(PRIMITIVES)
NO_OPS = "mode", "approximate", "ast.unparse("  # what these are compared with is no op


def asked(tree):
    """Yield the nodes that ask whether an op is this one or that: of its name, or by its name."""
    nodes = list(ast.walk(tree))
    names = {  # variables that hold the name of an op
        node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and is_name_of_op(node.value, ())
    }
    for node in nodes:
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if not any(ast.unparse(side).startswith(NO_OPS) for side in sides):
                    yield from (node for side in sides if names_op(side))
                yield from (node for side in sides if is_name_of_op(side, names))
            case ast.Subscript(value=table, slice=key):
                if is_name_of_op(key, names) or (is_table(table) and names_op(key)):
                    yield node
            case ast.Call(func=ast.Attribute(value=of, attr=attr), args=[key, *_]):
                if attr == "get" and (
                    is_name_of_op(key, names) or (is_table(of) and names_op(key))
                ):
                    yield node
                if attr in ("startswith", "endswith") and is_name_of_op(of, names):
                    yield node
            case ast.MatchValue(value=value):
                if names_op(value):
                    yield node


def is_name_of_op(node, names):
    """Whether an expression is `op.name`, `node.op.symbol`, …, or one of these variables."""
    if isinstance(node, ast.Name):
        return node.id in names
    text = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
    return text.endswith(("op.name", "op.symbol"))


def names_op(node):
    """Whether an expression is the name of an op, or a display that holds one."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return any(map(names_op, node.elts))
    return isinstance(node, ast.Constant) and node.value in OPS


def is_table(node):
    return isinstance(node, ast.Name) and node.id == "PRIMITIVES"


def test_nobody_asks_for_the_name_of_an_op():
    found = [
        f"{module}, line {node.lineno}: {ast.unparse(node)}"
        for module, path in FILES.items()
        if path.relative_to(TOP).parts[1] != "ops"
        for node in asked(parsed(path))
    ]
    assert not found, "what you need to know is a field of the row, see Primitive"


def test_tests_name_ops_in_what_they_assert_only():
    found = []
    for path in sorted((TOP / "tests").rglob("*.py")):
        tree = parsed(path)
        asserted = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assert)
            for part in ast.walk(node)
        }
        found += [
            f"{path.stem}, line {node.lineno}: {ast.unparse(node)}"
            for node in asked(tree)
            if id(node) not in asserted and "op." in ast.unparse(node)
        ]
    assert not found, "what a test needs to know of an op is a field of its row, see Primitive"


@pytest.mark.parametrize(
    "program",
    [
        "op.name == 'tanh'",
        "'exp' != node.op.name",
        "name = op.name\nif name in LOGARITHMS: pass",
        "node.op.symbol in '+−'",
        "x in ('sqrt', 'cbrt')",
        "SLOPES[node.op.name]",
        "SLOPES.get(op.name)",
        "PRIMITIVES['getitem']",
        "PRIMITIVES.get('getitem')",
        "op.name.startswith('log')",
        "match name:\n    case 'where': pass",
    ],
)
def test_who_asks_for_a_name_is_found(program):
    assert [*asked(ast.parse(program))]


def test_no_folder_of_tests_stands_in_for_a_package():
    """pytest makes it importable: `import jax` would find a folder jax where JAX is missing."""
    folders = {path.name for path in (TOP / "tests").iterdir() if path.is_dir()}
    assert not folders & {"jax", "torch", "onnx", "onnxruntime", "safetensors", "sklearn", "pandas"}


def test_each_file_of_tests_has_a_name_of_its_own():
    """Pytest imports them by it, whatever folder they lie in."""
    names = sorted(path.name for path in (TOP / "tests").rglob("test_*.py"))
    assert names == sorted(set(names))


def test_no_drawer_for_odds_and_ends():
    assert not [m for m in FILES if m.rpartition(".")[2] in ("utils", "helpers", "misc_utils")]


def test_files_are_short():
    for path in FILES.values():
        here = path.relative_to(TOP)
        if here.parts[1] not in ("ops", "scipy"):  # a table is as long as it has rows
            lines = len(path.read_text().splitlines())
            assert lines <= 300, f"{here} has {lines} lines"


def test_the_core_is_read_in_half_an_hour():
    core = [FILES[f"autograd.engine.{name}"] for name in ("value", "primitive", "backward")]
    assert sum(len(path.read_text().splitlines()) for path in core) <= 600


def test_the_slots_of_a_value_are_the_engines():
    private = ("_data", "_grad")
    others = [m for m in FILES if room(m) != "engine"]
    for module, node in [(m, node) for m in others for node in ast.walk(parsed(FILES[m]))]:
        name = getattr(node, "attr", None) if isinstance(node, ast.Attribute) else None
        name = node.value if isinstance(node, ast.Constant) else name
        assert name not in private, f"{module}, line {node.lineno}: write held(v) or held_grad(v)"


@pytest.mark.slow
def test_type_checkers_see_what_is_imported_later():
    (block,) = [n for n in parsed(FILES["autograd"]).body if isinstance(n, ast.If)]
    seen = {alias.name: n.module for n in block.body for alias in n.names}
    modules = {name for name, module in seen.items() if module == "autograd"}
    assert modules == {*DOORS, "debugging", "numpy", "scipy", "testing"}
    functions = {name: f"autograd.{room}" for name, room in autograd._LATER.items()}
    assert seen == functions | dict.fromkeys(modules, "autograd")


def test_what_is_imported_later_is_there():
    program = """if True:
        import autograd
        assert {"draw", "Value", "grad"} <= set(dir(autograd))
        assert autograd.scipy.special.gammaln and autograd.draw and autograd.core
        assert not hasattr(autograd, "no_such_name")
    """
    subprocess.run([sys.executable, "-c", program], cwd=TOP, check=True)


def test_a_module_that_cannot_be_imported_is_no_missing_name():
    program = """if True:
        import sys
        import autograd
        sys.modules["autograd.hips.extend"] = None
        try:
            autograd.extend
        except ModuleNotFoundError as error:
            assert error.name == "autograd.hips.extend"
    """
    subprocess.run([sys.executable, "-c", program], cwd=TOP, check=True)


# -- what is public is explained -----------------------------------------------------------------

ROWS = {id(op.call): op for op in PRIMITIVES.values()}


ROOMS = """
    autograd autograd.extend autograd.testing autograd.misc.fixed_points autograd.misc.flatten
    autograd.misc.optimizers autograd.misc.tracers
    nn nn.data nn.initialisers nn.schedules nn.sklearn
""".split()


def public():
    """Yield (name, thing) for every public function and class."""
    for package in map(import_module, ROOMS):
        names = getattr(package, "__all__", None) or [
            name
            for name, thing in vars(package).items()
            if inspect.isfunction(thing)
            and thing.__module__ == package.__name__
            and not name.startswith("_")
        ]
        for name in names:
            thing = getattr(package, name)
            if callable(thing):
                yield f"{package.__name__}.{name}", thing


PUBLIC = dict(public())


def test_public_names_are_explained():
    for name, thing in PUBLIC.items():
        text = inspect.getdoc(thing) or ""
        assert text, f"{name} has no docstring"
        assert ">>> " in text, f"{name} has no example"
        if not (inspect.isclass(thing) and issubclass(thing, BaseException)) and parameters(thing):
            assert "Args:" in text or "Attributes:" in text, (
                f"{name} takes {parameters(thing)} and does not say what they are"
            )


def parameters(thing):
    if id(thing) in ROWS:
        return []  # NumPy's
    return [name for name in inspect.signature(thing).parameters if name not in ("args", "kwargs")]


def test_public_methods_have_docstrings():
    classes = [(name, thing) for name, thing in PUBLIC.items() if inspect.isclass(thing)]
    for name, method, thing in [(n, m, f) for n, cls in classes for m, f in vars(cls).items()]:
        if inspect.isfunction(thing) and not method.startswith("_") and id(thing) not in ROWS:
            assert thing.__doc__ or thing.__name__ == "<lambda>", f"{name}.{method}"


@pytest.mark.parametrize("name", [name for name, thing in PUBLIC.items() if id(thing) in ROWS])
def test_the_examples_of_rows_run(name):
    """The doctest plugin does not see them: their functions are made in `engine/fast.py`."""
    examples = doctest.DocTestParser().get_doctest(
        inspect.getdoc(PUBLIC[name]),
        vars(autograd) | {"np": np},
        name,
        None,
        0,
    )
    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0

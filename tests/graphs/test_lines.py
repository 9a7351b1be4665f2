"""Lines: each op has the line that called it, and no op has another's."""

import gc
import weakref
from collections import deque
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Value, debug, grad
from autograd.engine.graph import history
from autograd.engine.modes import watched
from autograd.graphs import lines
from autograd.graphs.lines import Places, lines_of, shown_file


def told(y, noted=None):
    """Return each computed node with the text of its line, None if that is not known."""
    nodes = [node for node in history([y], {})[0] if node.op is not None]
    found = lines_of(nodes, noted)
    return [
        (node, found[node.serial].text.strip() if node.serial in found else None) for node in nodes
    ]


def test_each_op_has_its_line_also_in_place_and_through_views():
    noted = Places(None)
    with watched(noted):
        x = Value(np.ones((3, 3)))
        z = x * 2  # multiply
        z[0] = 5 + x[1]  # getitem add setitem
        v = z[1]  # getitem
        v *= 3  # multiply setitem
        z[1:][0] = np.sin(x[0])  # getitem getitem sin setitem
        y = z.mean()  # mean
    for node, text in told(y, noted):
        assert node.op.name in text.partition("#")[2].split()


def test_inside_debug_and_after_it():
    x = Value([2.0, 1.0])
    before = x * 3.0
    with debug():
        inside = np.exp(before)
        assert dict(told(inside)) == {inside: "inside = np.exp(before)", before: None}
    after = inside[:1] + inside
    assert dict(told(after)) == {
        after: None,
        after.parents[0]: None,
        inside: "inside = np.exp(before)",
        before: None,
    }


def test_a_node_of_a_backward_pass_has_the_line_of_the_op():
    noted = Places(None)
    x = Value(0.5)
    with watched(noted):
        y = np.sin(x)
        y = y**3
        y.backward(create_graph=True)
    texts = {node.op.name: text for node, text in told(x.grad, noted)}
    assert texts["cos"] == "y = np.sin(x)"
    assert "backward" not in "".join(texts.values())


def test_what_only_the_library_called_has_no_line():
    model = nn.MLP(2, [3, 1], seed=0)
    noted = Places(None)
    with watched(noted):
        y = model(np.ones((5, 2)))
    assert {text for _, text in told(y, noted)} == {"y = model(np.ones((5, 2)))"}


def test_a_library_function_that_calls_the_users():
    def f(x):
        return np.tanh(x) ** 2

    noted = Places(None)
    with watched(noted):
        y = grad(f)(Value(1.0))
    assert {text for _, text in told(y, noted)} <= {
        "return np.tanh(x) ** 2",
        "y = grad(f)(Value(1.0))",
    }


def test_blocks_that_are_over_are_bounded(monkeypatch):
    monkeypatch.setattr(lines, "EARLIER", deque(maxlen=3))
    monkeypatch.setattr(lines, "LIMIT", 10)
    x = Value(1.0)
    for _ in range(5):
        with debug():
            for _ in range(3):
                x = x * 1.0
    assert 0 < sum(map(len, lines.EARLIER)) <= 10
    with debug():
        pass
    assert len(lines.EARLIER) <= 3


def test_the_graph_is_not_kept_alive():
    class Array(np.ndarray):
        pass

    with debug():
        x = Value(np.ones(3))
        kept = weakref.ref(x.numpy())
        np.sum(x * x)
    del x
    gc.collect()
    assert kept() is None


def test_files_elsewhere_are_shown_by_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    shown_file.cache_clear()
    assert shown_file(str(tmp_path / "models" / "net.py")) == str(Path("models", "net.py"))
    assert shown_file(str(tmp_path.parent / "other.py")) == "other.py"
    assert shown_file("<stdin>") == "<stdin>"
    shown_file.cache_clear()


@pytest.mark.parametrize("file", ["<string>", "<ipython-input-3>"])
def test_code_without_a_file(file):
    noted = Places(None)
    scope = {"np": np, "x": Value(2.0)}
    with watched(noted):
        exec(compile("y = np.exp(x)", file, "exec"), scope)
    (line,) = lines_of([scope["y"]], noted).values()
    assert (line.file, line.number, line.text) == (file, 1, "")

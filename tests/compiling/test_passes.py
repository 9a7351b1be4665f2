"""Each pass: what it makes of a small graph."""

import operator

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad, value_and_grad
from autograd.compiling.blocks import function_of, in_blocks
from autograd.compiling.checks import with_needed_checks
from autograd.compiling.liveness import freeing_first, overwritten, peak
from autograd.compiling.node import Node, in_order
from autograd.compiling.passes import regions as regions_of
from autograd.compiling.passes.common import common_once, key_of
from autograd.compiling.passes.constants import constants_away
from autograd.compiling.passes.finite import all_finite, finite_at_once
from autograd.compiling.passes.identities import identities_away
from autograd.compiling.passes.regions import Region
from autograd.compiling.passes.scattered import scattered_at_once
from autograd.compiling.passes.uniform import uniform_as_numbers
from autograd.compiling.passes.unroll import unrolled
from autograd.compiling.program import differences, program_of
from autograd.compiling.recording import record
from autograd.compiling.scalars import on_scalars
from autograd.compiling.text import OtherwiseError


def recorded(f, *args):
    return program_of(*record(f, args, {}))


def steps(program):
    return [node.op.name for node in program.nodes if node.op is not None]


def test_what_depends_on_no_argument_is_computed_once():
    program = recorded(lambda x: x * (Value(2.0) * 3.0), 1.0)
    assert len(steps(program)) == 2
    after = program.after(constants_away)
    assert len(steps(after)) == 1
    assert 6.0 in after.results[0].args


def test_the_same_step_is_made_once():
    program = recorded(lambda x: np.sin(x) * np.sin(x), np.ones(3))
    assert len(steps(program)) == 3
    assert len(steps(program.after(common_once))) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [(0.0, -0.0), (1.0, 1), (1.0, np.float64(1.0)), (np.ones(2), np.ones(2, np.float32))],
)
def test_constants_that_differ_in_a_bit_or_a_type_are_two(one, other):
    assert key_of(one) != key_of(other)


def test_steps_that_change_no_bit_are_left_out():
    program = recorded(lambda x: 1.0 * (+x) * 1.0 / 1 + -1.0 * x, np.arange(3.0))
    after = program.after(identities_away)
    assert len(steps(program)) == 6
    assert len(steps(after)) == 1
    (last,) = after.results
    assert last.op.forward is operator.sub


def test_one_times_an_integer_stays():
    program = recorded(lambda x: 1.0 * x, np.arange(3))
    assert len(steps(program.after(identities_away))) == 1


def test_an_array_of_ones_is_a_number():
    program = recorded(lambda x: x * np.ones(3), np.arange(3.0))
    (last,) = program.after(uniform_as_numbers).results
    assert np.float64(1.0) in last.args
    wide = recorded(lambda x: x * np.ones((2, 3)), np.arange(3.0))
    (last,) = wide.after(uniform_as_numbers).results
    assert not any(type(x) is np.float64 for x in last.args)


def test_zeros_of_two_signs_are_no_number():
    program = recorded(lambda x: x * np.array([0.0, -0.0]), np.arange(2.0))
    (last,) = program.after(uniform_as_numbers).results
    assert not any(type(x) is np.float64 for x in last.args)


def run(program, *args):
    sources = [node for node in program.nodes if node.source is not None]
    return function_of(program.nodes, sources, [], list(program.results))[0](*args)


def test_parts_of_a_gradient_are_added_to_one_array():
    def f(x):
        return np.sum(x[0] ** 3) + np.sum(x[1:] ** 2) + np.sum(x[:, 1] * x[2, :3]) + x[0, 0] ** 2

    x = np.array(np.random.default_rng(0).normal(size=(3, 5)))
    program = recorded(grad(f), x)
    after = program.after(scattered_at_once)
    assert steps(program).count("scatter") > 1
    assert "scatter" not in steps(after)
    assert steps(after).count("parts_in_place") == 1
    assert run(after, x)[0].tobytes() == run(program, x)[0].tobytes()


def test_parts_that_name_an_entry_twice_stay_sums():
    twice = np.array([0, 1, 1])
    program = recorded(grad(lambda x: np.sum(x[twice] ** 2) + np.sum(x[1:] ** 3)), np.ones(3))
    assert steps(program.after(scattered_at_once)) == steps(program)


def test_small_arrays_are_unrolled():
    program = recorded(lambda x: np.sum((x * 2.0 - 1.0)[::-1]), np.arange(3.0))
    after = program.after(unrolled)
    assert all(np.ndim(node.sample) == 0 or node.source for node in after.nodes)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.exp(x),  # NumPy's exponential of arrays has bits of its own
        lambda x: np.sort(x) * 2.0,
        lambda x: x * np.count_nonzero(x > 0),
        lambda x: np.sum(np.concatenate([x] * 3)),  # NumPy adds nine numbers in another order
    ],
)
def test_what_has_other_bits_is_not_unrolled(f):
    program = recorded(f, np.arange(3.0))
    assert program.after(unrolled).results == program.results


@pytest.fixture
def blocks(monkeypatch):
    """Let arrays of 60,000 entries run in blocks."""
    monkeypatch.setattr(regions_of, "LARGE", 60_000)


def test_large_elementwise_steps_make_a_region(blocks):
    x = np.linspace(-1.0, 1.0, 60_000)
    program = recorded(lambda x: np.sum(np.sin(x) * x + np.cos(x)), x)
    regions = [r for r in in_blocks(program.nodes, program.ends) if isinstance(r, Region)]
    assert [len(region.nodes) for region in regions] == [4]
    assert len(regions[0].outputs) == 1


def test_regions_run_in_an_order_that_gives_each_what_it_takes(blocks):
    x = np.linspace(-1.0, 1.0, 60_000)

    def f(x):
        y = np.sin(x) * x + x
        return np.sum(y * np.mean(y) + np.cumsum(y) * y)

    program = recorded(grad(f), x)
    done = set()
    for step in in_blocks(program.nodes, program.ends):
        takes = step.inputs if isinstance(step, Region) else step.parents
        assert set(takes) <= done
        done |= set(step.nodes if isinstance(step, Region) else [step])
    assert done == set(program.nodes)


def test_a_guard_inside_a_region_is_checked(blocks):
    x = np.linspace(-1.0, 1.0, 60_000)
    program = recorded(lambda x: np.sin(x) * x + 1.0, x)
    (last,) = program.results
    guards = [(last.parents[0], last.parents[0].sample)]
    sources = [node for node in program.nodes if node.source is not None]
    function, text = function_of(program.nodes, sources, guards, [last])
    assert "for i in range" in text
    function(x)
    with pytest.raises(OtherwiseError):
        function(x + 1.0)


def test_what_nothing_needs_is_no_part_of_a_program():
    def f(x):
        np.exp(x) * 3.0
        return x + 1.0

    assert steps(recorded(f, 1.0)) == ["add"]


def exploding(w, x):
    """A step in which new weights must be finite, and their gradient no NaN."""

    def step(x):
        loss = np.sum(np.exp(w * x))
        w.zero_grad()
        loss.backward()
        nn.SGD([w], lr=0.1).step()

    return program_of(*record(step, (x,), {}))


def test_numbers_are_looked_at_for_infinities_in_one_step():
    """A gradient that goes into what must be finite needs no look of its own."""
    program = exploding(Value(np.zeros(30)), np.ones(30))
    assert [x.op.name for x in program.guards] == ["has_nan", "equal", "all"]
    program = with_needed_checks(program.after(finite_at_once))
    assert [x.op.name for x in program.guards] == ["equal", "all_finite"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf, 1e30, None])
def test_huge_numbers_are_finite(dtype, strange):
    x = np.ones((4, 5), dtype)
    x[2, 3] = 1.0 if strange is None else strange
    with np.errstate(all="ignore"):
        assert all_finite(x.T) == np.all(np.isfinite(x))


def test_two_recordings_of_one_function_are_the_same():
    f = autograd.grad(lambda x: np.sum(np.tanh(x) ** 2))
    assert not differences(recorded(f, np.ones(3)), recorded(f, np.zeros(3)))


def test_constants_that_differ_are_found():
    numbers = iter([1.0, 2.0])
    programs = [recorded(lambda x: x * next(numbers), np.ones(3)) for _ in range(2)]
    assert "the constant 1.0" in differences(*programs)


def test_a_long_chain_is_listed_without_recursion():
    x = node = Node(None, sample=1.0)
    for _ in range(50_000):
        node = Node(None, (node,), sample=1.0)
    assert in_order([node])[0] is x


def test_text_of_infinities_and_signed_zeros():
    program = recorded(lambda x: (x * -0.0, x + np.inf, x - 1e308 * 10, x * -2.5), 3.0)
    found = run(program, 3.0)
    assert str(found[0]) == "-0.0"
    assert found[1:] == (np.inf, -np.inf, -7.5)


def any_op(op):
    return True


def gelus(x):
    return np.sum(autograd.gelu(x) * np.tanh(x))


def test_a_rule_that_looks_at_large_arrays_is_one_step_with_the_bits_of_eager():
    x = np.linspace(-30.0, 30.0, 500)
    program = program_of(*record(grad(gelus), (x,), {}, rules_as_steps=any_op))
    assert {"gelu_vjp", "tanh_vjp"} <= set(steps(program))
    assert [node.op.name for node in program.guards] == ["has_nan"]
    assert run(program, x)[0].tobytes() == grad(gelus)(x).tobytes()
    assert "tanh_vjp" not in steps(
        program_of(*record(grad(gelus), (x[:9],), {}, rules_as_steps=any_op))
    )


def test_a_rule_that_is_differentiated_is_recorded_op_by_op():
    x = np.linspace(-3.0, 3.0, 500)
    program = program_of(
        *record(grad(lambda x: np.sum(grad(gelus)(x))), (x,), {}, rules_as_steps=any_op)
    )
    assert not any(name.endswith("_vjp") for name in steps(program))


def test_arrays_are_let_go_when_nothing_takes_them_any_more():
    x = np.linspace(-1.0, 1.0, 1_000)
    program = recorded(lambda x: np.cumsum(np.cumsum(x)[::-1])[::-1] + 1.0, x)
    sources = [node for node in program.nodes if node.source is not None]
    _, text = function_of(program.nodes, sources, [], list(program.results))
    assert text.count("del ") == 4
    assert "del v0" not in text
    assert peak(in_blocks(program.nodes, program.ends), program.ends) == 2 * x.nbytes


def test_steps_that_free_memory_come_first():
    def f(x, w, row):
        y = x @ w
        return np.exp(y) @ w @ w, y.T @ row

    x, w = np.random.default_rng(0).normal(size=(2, 40, 40))
    program = recorded(f, x, w, w[0])
    steps, ends = program.nodes, list(program.results)
    in_turn = freeing_first(steps, ends)
    assert sorted(map(id, in_turn)) == sorted(map(id, steps))
    there = set()
    for node in in_turn:
        assert there.issuperset(node.parents)
        there.add(node)
    assert peak(steps, ends) == 3 * x.nbytes
    assert peak(in_turn, ends) == 2 * x.nbytes + x[0].nbytes


def test_a_condition_counts_as_a_number_in_a_product_of_floats():
    slope = value_and_grad(lambda x: autograd.relu(x * 2.0) * 3.0)
    program = recorded(slope, 1.5).after(identities_away)
    assert all(on_scalars(node) for node in program.nodes if node.op is not None)
    compiled = autograd.compile(slope)
    for x in (1.5, -1.5, 0.0, -0.0, np.nan):
        assert str(compiled(x)) == str(slope(x))


def test_results_are_written_over_what_nothing_takes_any_more():
    def f(x, w):
        y = x * 2.0
        back = y[::-1]  # y is needed as long as its view
        return np.cumsum(y - w) + 1.0, (x @ w) * back, back

    x, w = np.random.default_rng(0).normal(size=(2, 40, 40))
    program = recorded(f, x, w)
    over = overwritten(program.nodes, program.results)
    assert [(new.op.name, old.op.name) for new, old in over.items()] == [("multiply", "matmul")]
    for mine, theirs in zip(run(program, x, w), f(x, w), strict=True):
        assert mine.tobytes() == theirs.tobytes()

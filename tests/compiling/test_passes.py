"""Each pass: what it makes of a small graph."""

import operator

import numpy as np
import pytest

import autograd
from autograd import Value, grad
from autograd.compiling.blocks import function_of, in_blocks
from autograd.compiling.node import Node, in_order
from autograd.compiling.passes.common import common_once, key_of
from autograd.compiling.passes.constants import constants_away
from autograd.compiling.passes.identities import identities_away
from autograd.compiling.passes.regions import Region
from autograd.compiling.passes.uniform import uniform_as_numbers
from autograd.compiling.passes.unroll import unrolled
from autograd.compiling.program import differences, program_of
from autograd.compiling.recording import record


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


def test_large_elementwise_steps_make_a_region():
    x = np.linspace(-1.0, 1.0, 60_000)
    program = recorded(lambda x: np.sum(np.sin(x) * x + np.cos(x)), x)
    regions = [r for r in in_blocks(program.nodes, program.ends) if isinstance(r, Region)]
    assert [len(region.nodes) for region in regions] == [4]
    assert len(regions[0].outputs) == 1


def test_regions_run_in_an_order_that_gives_each_what_it_takes():
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


def test_what_nothing_needs_is_no_part_of_a_program():
    def f(x):
        np.exp(x) * 3.0
        return x + 1.0

    assert steps(recorded(f, 1.0)) == ["add"]


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
    sources = [node for node in program.nodes if node.source is not None]
    function, _ = function_of(program.nodes, sources, [], list(program.results))
    found = function(3.0)
    assert str(found[0]) == "-0.0"
    assert found[1:] == (np.inf, -np.inf, -7.5)

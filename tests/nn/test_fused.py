"""A parameter is changed by one native loop after a while, and nothing but time shows it."""

import copy
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.compiling import unasked
from nn.optimisers import fused

pytest.importorskip("llvmlite")

RULES = [
    ("SGD", dict(momentum=0.9)),
    ("SGD", dict(momentum=0.9, nesterov=True, weight_decay=0.1)),
    ("Adam", dict(clip=1.0)),
    ("Adam", dict(amsgrad=True, weight_decay=0.1)),
    ("AdamW", {}),
    ("Adamax", {}),
    ("NAdam", {}),
    ("RAdam", {}),
    ("RAdam", dict(weight_decay=0.1, decoupled_weight_decay=True)),
    ("RMSprop", dict(centered=True, momentum=0.9)),
    ("Adagrad", {}),
    ("Adadelta", {}),
    ("Lion", dict(weight_decay=0)),
]


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Let parameters become native after a few steps."""
    monkeypatch.setattr(unasked, "ENOUGH", 60_000)


def weights(dtype, order="C"):
    """Return parameters: two of one form, and one of another."""
    rng = np.random.default_rng(0)
    shapes = (50, 80), (50, 80), (7,)
    return [nn.Parameter(np.asarray(rng.normal(size=s), dtype, order=order)) for s in shapes]


def steps(optimiser, count, seed=1):
    """Take steps along drawn gradients, while the rate changes."""
    rng = np.random.default_rng(seed)
    for i in range(count):
        for p in optimiser.parameters:
            p.grad = rng.normal(size=p.shape, scale=10.0 ** rng.integers(-3, 2)).astype(p.dtype)
        optimiser.lr = 1e-2 / (1 + i)
        optimiser.step()


def numbers(optimiser):
    """Return the bits of all that steps change."""
    held = [x for slots in optimiser.state for x in slots.values()]
    return [x.numpy().tobytes() for x in (*optimiser.parameters, *held)]


def natives(optimiser):
    """Return how many rules have become native code."""
    return sum(rule.native is not None for rule in optimiser.natives.values())


@pytest.mark.parametrize(("kind", "settings"), RULES)
def test_steps_give_the_same_bits(kind, settings):
    for dtype, order in ((np.float32, "C"), (np.float64, "F")):
        found = []
        for native in (True, False):
            optimiser = getattr(nn, kind)(weights(dtype, order), 1e-2, **settings)
            optimiser.fused = native
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                steps(optimiser, 12)
                if "betas" in optimiser.groups[0].options:
                    optimiser.momentum = 0.8
                steps(optimiser, 4, seed=2)
            assert natives(optimiser) == 2 * native
            assert all(p.data.flags[f"{order}_CONTIGUOUS"] for p in optimiser.parameters)
            found.append(numbers(optimiser))
        assert found[0] == found[1]


@pytest.mark.parametrize(("kind", "settings"), RULES)
def test_parameters_of_any_shape(kind, settings):
    found = []
    for native in (True, False):
        rng = np.random.default_rng(0)
        shapes = (), (1,), (9,), (2, 0), (1, 1), (1, 7), (3, 1), (2, 3, 4)
        arrays = [rng.normal(size=shape) for shape in shapes]
        arrays += [
            rng.normal(size=(6, 4))[::2, ::-1],
            rng.normal(size=(2, 3, 4)).transpose(1, 2, 0),
        ]
        optimiser = getattr(nn, kind)([autograd.Value(x) for x in arrays], 1e-2, **settings)
        optimiser.fused = native
        steps(optimiser, 12)
        found.append(numbers(optimiser))
    assert found[0] == found[1]


def test_an_old_array_stays_as_it_was():
    optimiser = nn.Adam(weights(np.float32))
    steps(optimiser, 12)
    old = [p.numpy() for p in optimiser.parameters]
    then = [x.tobytes() for x in old]
    steps(optimiser, 3)
    assert natives(optimiser)
    assert [x.tobytes() for x in old] == then


@pytest.mark.parametrize("place", [(0, 0), (3, 4), (49, 79)])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_that_explodes_changes_nothing(dtype, bad, place):
    optimiser = nn.SGD(weights(dtype), 1e-2, momentum=0.9)
    steps(optimiser, 12)
    before = numbers(optimiser)
    optimiser.parameters[1].grad[place] = bad
    with pytest.raises(nn.ExplodedError, match="parameter 1 of shape"):
        optimiser.step()
    assert natives(optimiser)
    assert numbers(optimiser) == before
    optimiser.parameters[1].grad[place] = 1.0
    optimiser.step()
    assert numbers(optimiser) != before


def test_the_loop_itself_finds_out_whether_all_is_finite():
    optimiser = nn.Adam(weights(np.float32))
    steps(optimiser, 12)
    rule = next(rule for rule in optimiser.natives.values() if rule.native is not None)
    given = [p.numpy() for p in optimiser.parameters[:2]]
    slots = [x.data for x in optimiser.state[0].values()]
    assert rule.native([*given, 1e-3, 0.0, 0.9, 0.999, *slots]) is not None
    assert rule.native([given[0], given[1] * np.inf, 1e-3, 0.0, 0.9, 0.999, *slots]) is None


def test_a_copy_of_an_optimiser_goes_on():
    optimiser = nn.AdamW(weights(np.float64))
    steps(optimiser, 12)
    for other in (copy.deepcopy(optimiser), pickle.loads(pickle.dumps(optimiser))):
        assert numbers(other) == numbers(optimiser)
        steps(other, 12, seed=2)
        assert natives(other)
        fresh = nn.AdamW(weights(np.float64))
        steps(fresh, 12)
        steps(fresh, 12, seed=2)
        assert numbers(other) == numbers(fresh)


def check_change(kind, change):
    """Take steps before and after a change of the optimiser, natively and in NumPy."""
    optimiser, other = kind(weights(np.float32)), kind(weights(np.float32))
    other.fused = False
    for one in (optimiser, other):
        steps(one, 12)
        change(one)
        steps(one, 12)
    assert natives(optimiser) == 4
    assert numbers(optimiser) == numbers(other)


def test_a_changed_setting_is_followed():
    def change(optimiser):
        optimiser.groups[0].options["eps"] = 0.5
        optimiser.groups[0].weight_decay = 0.25
        optimiser.parameters[1].trainable = False

    check_change(nn.Adam, change)


STATES = {
    "in float64": lambda x: x.astype(float),
    "in float16": lambda x: x.astype(np.float16),
    "in lists": lambda x: x.tolist(),
    "in Fortran's order": np.asfortranarray,
    "in part of an array": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
}


@pytest.mark.parametrize(("kind", "settings"), RULES)
@pytest.mark.parametrize("form", STATES)
def test_a_state_of_another_form_is_followed(form, kind, settings):
    """Native code takes the addresses of arrays, and reads on in the dtype that they had."""

    def changed(x):
        if isinstance(x, dict):
            return {key: changed(y) for key, y in x.items()}
        if isinstance(x, list):
            return list(map(changed, x))
        return STATES[form](x) if np.ndim(x) else x

    found = []
    for native in (True, False):
        optimiser = getattr(nn, kind)(weights(np.float32), 1e-3, **settings)
        optimiser.fused = native
        steps(optimiser, 12)
        optimiser.load_state_dict(changed(optimiser.state_dict()))
        steps(optimiser, 3, seed=2)
        found.append(numbers(optimiser))
    assert found[0] == found[1]


def test_a_setting_that_is_always_another_is_followed(monkeypatch):
    monkeypatch.setattr(fused, "MOST_FORMS", 4)
    found = []
    for native in (True, False):
        optimiser = nn.Adam(weights(np.float32))
        optimiser.fused = native
        for i in range(8):
            optimiser.groups[0].options["eps"] = 10.0 ** -(i + 1)
            steps(optimiser, 2, seed=i)
        assert len(optimiser.natives) <= 4
        found.append(numbers(optimiser))
    assert found[0] == found[1]


def test_a_rule_may_begin_to_remember_more():
    check_change(nn.RMSprop, lambda optimiser: setattr(optimiser, "momentum", 0.5))


class Own(nn.Adam):
    """Adam that counts."""

    calls = 0

    def update(self, *args, **settings):
        type(self).calls += 1
        return super().update(*args, **settings)


class Branching(nn.Optimiser):
    """A rule that says it may be fused, and that a loop cannot be made of."""

    fused = True

    def update(self, gradient, state, lr):
        state["m"] = state["m"] + gradient
        return lr * (gradient if float(state["m"].sum()) > 0 else state["m"])


def test_rules_of_ones_own():
    assert nn.Adam.fused and not Own.fused and not nn.Muon.fused
    optimiser = Own(weights(np.float32))
    steps(optimiser, 12)
    assert not optimiser.natives and Own.calls == 36
    found = []
    for native in (True, False):
        optimiser = Branching(weights(np.float64), 1e-2)
        optimiser.fused = native
        steps(optimiser, 12)
        found.append(numbers(optimiser))
    assert found[0] == found[1]


class Overwriting(nn.Optimiser):
    """A rule that writes over what it remembers, which no rule may."""

    fused = True

    def update(self, gradient, state, lr):
        state["m"] += gradient
        return lr * state["m"]


def test_a_rule_that_writes_over_its_state_changes_nothing():
    optimiser = Overwriting(weights(np.float64), 1e-2)
    steps(optimiser, 1)
    before = numbers(optimiser)
    with pytest.raises(ValueError, match="read-only"):
        steps(optimiser, 1)
    assert numbers(optimiser) == before


def test_inside_blocks_and_compiled_functions():
    found = []
    for native in (True, False):
        optimiser = nn.Adam(weights(np.float32))
        optimiser.fused = native
        steps(optimiser, 3)
        with autograd.no_grad():
            steps(optimiser, 5)
        with autograd.debug():
            steps(optimiser, 5)
        compiled = autograd.compile(optimiser.step)
        for _ in range(5):
            compiled()
        steps(optimiser, 3)
        found.append(numbers(optimiser))
    assert found[0] == found[1]


def test_a_program_that_compiles_nothing_itself():
    program = """if True:
        import nn, numpy as np
        from autograd.compiling import unasked
        unasked.ENOUGH = 1
        w = nn.Parameter(np.ones((80, 80)))
        optimiser = nn.Adam([w])
        for _ in range(3):
            w.grad = np.ones((80, 80))
            optimiser.step()
        print(sum(rule.native is not None for rule in optimiser.natives.values()))
    """
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1\n"


def test_without_llvm_numpy_goes_on(monkeypatch):
    monkeypatch.setattr(unasked, "has_llvm", lambda: False)
    optimiser = nn.Adam(weights(np.float32))
    steps(optimiser, 12)
    assert optimiser.natives and not natives(optimiser)


def test_a_compiled_step_does_not_watch_what_became_of_the_rule():
    w = autograd.Value(np.ones((40, 60)))
    rule = nn.SGD([w], 1e-3, momentum=0.9)

    @autograd.compile
    def step(x):
        rule.zero_grad()
        np.sum(w * x).backward()
        rule.step()

    for x in range(6):
        step(1.0 + x)
    assert rule.natives
    assert step.recorded == 1

"""Every optimiser: saved states, frozen parameters, groups, mistakes; averages of weights."""

import copy
import inspect
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value
from nn.schedules import OnPlateau, Schedule, constant, cosine, linear

SETTINGS = {
    nn.SGD: dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
    nn.Adam: dict(lr=0.1, amsgrad=True, weight_decay=0.1),
    nn.AdamW: dict(lr=0.1),
    nn.Adamax: dict(lr=0.1),
    nn.NAdam: dict(lr=0.1, decoupled_weight_decay=True, weight_decay=0.1),
    nn.RAdam: dict(lr=0.1, betas=(0.9, 0.99)),
    nn.RMSprop: dict(lr=0.05, centered=True, momentum=0.5),
    nn.Adagrad: dict(lr=0.5, lr_decay=0.1, initial_accumulator_value=0.5),
    nn.Adadelta: dict(lr=2.0),
    nn.Lion: dict(lr=0.05, weight_decay=0.1),
    nn.Muon: dict(lr=0.1),
    nn.LBFGS: dict(lr=0.5, max_iter=3, history_size=2, line_search_fn="strong_wolfe"),
}
STEPWISE = [kind for kind in SETTINGS if kind is not nn.LBFGS]
ENTRY_BY_ENTRY = [kind for kind in STEPWISE if kind is not nn.Muon]
KINDS = pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.__name__)
BY_STEPS = pytest.mark.parametrize("kind", STEPWISE, ids=lambda kind: kind.__name__)
BY_ENTRIES = pytest.mark.parametrize("kind", ENTRY_BY_ENTRY, ids=lambda kind: kind.__name__)
SEEDS = st.integers(0, 2**32 - 1)


def matrices(seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    return [nn.Parameter(rng.normal(size=shape).astype(dtype)) for shape in [(3, 2), (2, 2)]]


def loss(parameters):
    return sum(np.sum(p * p / 2 + np.sin(3 * p)) for p in parameters)


def train(optimiser, parameters, steps):
    for _ in range(steps):
        if isinstance(optimiser, nn.LBFGS):
            optimiser.step(lambda: loss(parameters))
        else:
            optimiser.zero_grad()
            loss(parameters).backward()
            optimiser.step()
    return [p.data.copy() for p in parameters]


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_every_optimiser_is_here():
    public = {getattr(nn, name) for name in nn.optimisers.__all__}
    kinds = {k for k in public if isinstance(k, type) and issubclass(k, nn.Optimiser)}
    assert kinds == {*SETTINGS, nn.Optimiser}


# -- states ---------------------------------------------------------------------------------------


@KINDS
@given(seed=SEEDS, before=st.integers(0, 7), after=st.integers(1, 7))
def test_going_on_from_a_saved_state_is_as_if_never_stopped(kind, seed, before, after):
    first, settings = matrices(seed), SETTINGS[kind]
    optimiser = kind(first, **settings)
    train(optimiser, first, before)
    second = [nn.Parameter(p.data) for p in first]
    again = kind(second, **(settings | {"lr": 9.0}))
    state = optimiser.state_dict()
    again.load_state_dict(state)
    assert same(train(again, second, after), train(optimiser, first, after))
    assert all(isinstance(x, (int, float, np.generic, np.ndarray)) for x in state.values())


@KINDS
def test_the_state_of_other_parameters_is_refused(kind):
    trained = kind(matrices(), **SETTINGS[kind])
    train(trained, trained.parameters, 3)
    other = kind([nn.Parameter(np.ones((2, 4)))], **SETTINGS[kind])
    before = other.state_dict()
    with pytest.raises(ValueError, match="build it with the same parameters"):
        other.load_state_dict(trained.state_dict())
    assert repr(other.state_dict()) == repr(before)


def settings_beside(kind):
    """Settings with which a kind remembers as much as it can, and as little."""
    return {
        nn.SGD: [{"momentum": 0.9}, {"momentum": 0.0}],
        nn.Adam: [{"amsgrad": True}, {}],
        nn.AdamW: [{"amsgrad": True}, {}],
        nn.RMSprop: [{"centered": True, "momentum": 0.5}, {}],
    }.get(kind, [{}, {}])


def remembered_by(kind, settings):
    optimiser = kind(matrices(), lr=0.1, **settings)
    train(optimiser, optimiser.parameters, 2)
    return optimiser.state_dict()


def names_in(state):
    return {key.rpartition(".")[2] for key in state} - {"lr"}


@KINDS
def test_what_a_kind_says_it_remembers_is_what_it_does(kind):
    most, least = (names_in(remembered_by(kind, s)) for s in settings_beside(kind))
    assert most == {*kind.remembers.each, *kind.remembers.more}
    assert least == {*kind.remembers.each}


@KINDS
def test_a_setting_that_remembers_more_may_come_later(kind):
    most, least = settings_beside(kind)
    for before, after in [(most, least), (least, most)]:
        optimiser = kind(matrices(), lr=0.1, **after)
        optimiser.load_state_dict(remembered_by(kind, before))
        train(optimiser, optimiser.parameters, 1)
    optimiser = kind(matrices(), lr=0.1)
    optimiser.load_state_dict(kind(matrices(), lr=0.5).state_dict())  # before the first step
    assert optimiser.lr == 0.5


@KINDS
@pytest.mark.parametrize("other", SETTINGS, ids=lambda kind: kind.__name__)
def test_the_state_of_another_kind_is_refused(kind, other):
    state = remembered_by(other, settings_beside(other)[0])
    optimiser = kind(matrices(), **SETTINGS[kind])
    train(optimiser, optimiser.parameters, 1)
    before = repr(optimiser.state_dict())
    if kind.remembers.fit(names_in(state)):  # they remember the same things
        optimiser.load_state_dict(state)
        train(optimiser, optimiser.parameters, 1)
    else:
        with pytest.raises(ValueError, match=r"^give this state to the kind of opt") as error:
            optimiser.load_state_dict(state)
        for name in names_in(state) | {*kind.remembers.each}:
            assert name in str(error.value).partition("holds")[2]
        assert repr(optimiser.state_dict()) == before


@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam, nn.LBFGS, nn.Muon])
@pytest.mark.parametrize("wrong", [None, [], 3, "state", [("lr", 0.1)]])
def test_a_state_of_an_optimiser_is_a_dict(kind, wrong):
    with pytest.raises(TypeError, match=r"takes the dict that state_dict\(\) returned, not"):
        kind(matrices(), lr=0.1).load_state_dict(wrong)


def test_the_weights_of_a_model_are_no_state_of_an_optimiser():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    for kind in SETTINGS:
        with pytest.raises(ValueError, match=r"holds .*weight.* remembers"):
            kind([p for p in model.parameters() if p.ndim == 2], lr=0.1).load_state_dict(
                model.state_dict()
            )


def test_a_rule_of_ones_own_remembers_what_it_likes():
    class Own(nn.Adam):
        def update(self, gradient, state, lr, **options):
            state["own"] = gradient
            return super().update(gradient, state, lr, **options)

    first, second = (Own(matrices(), lr=0.1) for _ in range(2))
    train(first, first.parameters, 2)
    second.load_state_dict(first.state_dict())
    assert repr(second.state_dict()) == repr(first.state_dict())


@KINDS
def test_single_precision_holds(kind):
    single, double = matrices(dtype=np.float32), matrices()
    found = train(kind(single, **SETTINGS[kind]), single, 5)
    assert all(x.dtype == np.float32 for x in found)
    for x, y in zip(found, train(kind(double, **SETTINGS[kind]), double, 5), strict=True):
        np.testing.assert_allclose(x, y, atol=1e-3)


# -- which parameters move ------------------------------------------------------------------------


@KINDS
@given(seed=SEEDS, frozen=st.integers(0, 1), when=st.integers(0, 3))
def test_frozen_parameters_do_not_move(kind, seed, frozen, when):
    parameters = matrices(seed)
    optimiser = kind(parameters, **SETTINGS[kind])
    train(optimiser, parameters, when)
    parameters[frozen].trainable = False
    before = [p.data.copy() for p in parameters]
    after = train(optimiser, parameters, 2)
    assert np.array_equal(before[frozen], after[frozen])
    assert not np.array_equal(before[1 - frozen], after[1 - frozen])


@KINDS
def test_parameters_without_gradients_stay(kind):
    parameters, unused = matrices(), nn.Parameter(np.ones((2, 2)))
    optimiser = kind([*parameters, unused], **SETTINGS[kind])
    train(optimiser, parameters, 2)
    assert unused.data.tolist() == [[1, 1], [1, 1]]


@BY_STEPS
def test_a_step_without_any_gradient_changes_nothing(kind):
    parameters = matrices()
    optimiser = kind(parameters, **SETTINGS[kind])
    before = [p.data.copy() for p in parameters]
    optimiser.step()
    assert same(before, [p.data for p in parameters])


@BY_STEPS
@given(seed=SEEDS, factor=st.floats(0.0, 3.0))
def test_groups_are_optimisers_of_their_own(kind, seed, factor):
    settings = SETTINGS[kind]
    (a, b), (c, d) = matrices(seed), matrices(seed)
    own = settings | {"lr": factor * settings["lr"]}
    together = train(
        kind([{"parameters": [a]}, {"parameters": [b], "lr": own["lr"]}], **settings), [a, b], 4
    )
    train(kind([c], **settings), [c], 4)
    train(kind([d], **own), [d], 4)
    for x, y in zip(together, [c.data, d.data], strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12)


@BY_ENTRIES
@given(seed=SEEDS, cut=st.integers(0, 6))
def test_parts_move_as_the_whole_does(kind, seed, cut):
    whole = np.random.default_rng(seed).normal(size=6)
    one, parts = [nn.Parameter(whole)], [nn.Parameter(whole[:cut]), nn.Parameter(whole[cut:])]
    train(kind(one, **SETTINGS[kind]), one, 4)
    train(kind(parts, **SETTINGS[kind]), parts, 4)
    np.testing.assert_allclose(np.concatenate([p.data for p in parts]), one[0].data, rtol=1e-12)


@BY_ENTRIES
def test_complex_parameters_learn(kind):
    z, target = nn.Parameter(np.array([1.0 + 2.0j, -0.5j])), np.array([1.0, 1.0j])
    optimiser = kind([z], **SETTINGS[kind])
    losses = []
    for _ in range(100):
        optimiser.zero_grad()
        value = np.sum(np.abs(z - target) ** 2)
        value.backward()
        optimiser.step()
        losses.append(value.data)
    assert losses[-1] < 0.5 * losses[0]


# -- Lion, from its paper; PyTorch has none -------------------------------------------------------


@given(seed=SEEDS, decay=st.floats(0, 0.5), first=st.floats(0, 0.99), second=st.floats(0, 0.99))
def test_lion_is_its_papers(seed, decay, first, second):
    (p, _), lr = matrices(seed), 0.05
    optimiser = nn.Lion([p], lr, betas=(first, second), weight_decay=decay)
    w, m = p.data.copy(), np.zeros((3, 2))
    for _ in range(10):
        g = w + 3 * np.cos(3 * w)
        c = first * m + (1 - first) * g
        w, m = w - lr * (np.sign(c) + decay * w), second * m + (1 - second) * g
    np.testing.assert_allclose(train(optimiser, [p], 10)[0], w, rtol=1e-9, atol=1e-12)


# -- L-BFGS ---------------------------------------------------------------------------------------


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_lbfgs_solves_a_hard_problem():
    x = nn.Parameter(np.full(6, -1.0))
    optimiser = nn.LBFGS([x], max_iter=200, line_search_fn="strong_wolfe")
    optimiser.step(lambda: rosenbrock(x))
    np.testing.assert_allclose(x.data, np.ones(6), atol=1e-5)


def test_a_closure_may_call_backward_itself():
    by_itself, by_us = nn.Parameter(np.full(3, 0.5)), nn.Parameter(np.full(3, 0.5))
    optimiser = nn.LBFGS([by_itself])

    def closure():
        optimiser.zero_grad()
        value = rosenbrock(by_itself)
        value.backward()
        return value

    first = optimiser.step(closure)
    assert first.data == nn.LBFGS([by_us]).step(lambda: rosenbrock(by_us)).data
    assert np.array_equal(by_itself.data, by_us.data)


@pytest.mark.parametrize("fails_at", range(1, 9))
@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_an_error_or_interrupt_leaves_all_as_it_was(search, fails_at):
    x, calls = nn.Parameter(np.full(3, 0.5)), []
    optimiser = nn.LBFGS([x], lr=1e-3, line_search_fn=search)
    optimiser.step(lambda: rosenbrock(x))
    before, state = x.data.copy(), repr(optimiser.state_dict())

    def closure():
        calls.append(1)
        if len(calls) == fails_at:
            raise KeyboardInterrupt
        return rosenbrock(x)

    with pytest.raises(KeyboardInterrupt):
        optimiser.step(closure)
    assert np.array_equal(x.data, before) and repr(optimiser.state_dict()) == state


def test_a_line_search_comes_back_from_where_the_loss_is_infinite_or_nan():
    for wall in (np.inf, np.nan):
        x = nn.Parameter([0.1])
        optimiser = nn.LBFGS([x], lr=1e3, line_search_fn="strong_wolfe")

        def f(x=x, wall=wall):
            return np.sum((x - 1) ** 2) * (1.0 if abs(x.data[0]) < 5 else wall)

        with np.errstate(invalid="ignore"):
            optimiser.step(f)
        assert x.data[0] == pytest.approx(1.0)


def test_steps_that_explode_are_taken_back():
    x = nn.Parameter([1.0])
    with pytest.raises(nn.ExplodedError, match="strong_wolfe"), np.errstate(all="ignore"):
        nn.LBFGS([x], lr=1e200, max_iter=40).step(lambda: np.sum(x**4))
    assert x.data.tolist() == [1.0]


# -- mistakes -------------------------------------------------------------------------------------

MODEL, W = nn.MLP(2, [3, 1], seed=0), nn.Parameter([1.0, 2.0])


class Holds(nn.Module):
    def __init__(self):
        vars(self)["w"] = Value(1.0)


@pytest.mark.parametrize(
    ("build", "error", "says"),
    [
        (lambda: nn.SGD(MODEL.parameters, lr=0.1), ValueError, r"write parameters\(\), with the"),
        (lambda: nn.SGD(MODEL, lr=0.1), ValueError, r"write \.parameters\(\) after this MLP"),
        (lambda: nn.SGD(MODEL.layers, lr=0.1), ValueError, r"\.parameters\(\) after this Layer"),
        (lambda: nn.SGD(W, lr=0.1), ValueError, r"write \[w\], a list"),
        (lambda: nn.SGD(Value(1.0), lr=0.1), ValueError, r"write \[w\], a list"),
        (lambda: nn.Adam(MODEL.named_parameters()), ValueError, r"not named_parameters\(\)"),
        (lambda: nn.Adam([np.ones(2)]), ValueError, r"needs a list of Values to change.*, not arr"),
        (lambda: nn.Adam(None), ValueError, "not None"),
        (lambda: nn.Adam(Holds().parameters()), ValueError, "as nn.Parameter, not as Value"),
        (lambda: nn.Adam([{"params": [W]}]), ValueError, 'write "parameters" for "params"'),
        (lambda: nn.Adam([W], learning_rate=0.1), TypeError, "no learning_rate: write lr"),
        (lambda: nn.Adam([W], beta1=0.8), TypeError, r"write betas=\(β₁, β₂\)"),
        (lambda: nn.SGD([W], 0.1, maximize=True), TypeError, "the backward of −loss"),
        (lambda: nn.SGD([W], 0.1, momentun=0.9), TypeError, "momentun"),
        (lambda: nn.SGD([W], -0.1), ValueError, "lr should be at least 0.*the backward of −loss"),
        (lambda: nn.SGD([W], "0.1"), ValueError, "lr should be at least 0"),
        (lambda: nn.SGD([W], cosine(0.1, 5)), TypeError, r"set optimiser\.lr = schedule\(epoch\)"),
        (lambda: nn.Muon([W]), ValueError, r"if p\.ndim == 2\]"),
        (lambda: nn.Muon([np.ones((2, 2))]), ValueError, "needs a list of Values"),
        (lambda: nn.Muon(matrices(), adjust_lr_fn="none"), ValueError, "one of 'original'"),
        (lambda: nn.Muon(matrices(), momentum=1.0), ValueError, r"momentum should be in \[0, 1\)"),
        (lambda: nn.Muon(matrices(), ns_coefficients=(1, 2)), ValueError, "three numbers"),
        (lambda: nn.RMSprop([W], alpha=1.5), ValueError, r"alpha should be in \[0, 1\]"),
        (lambda: nn.Adagrad([W], lr_decay=-1.0), ValueError, "lr_decay should be at least 0"),
        (lambda: nn.Adadelta([W], rho=-0.1), ValueError, r"rho should be in \[0, 1\]"),
        (lambda: nn.NAdam([W], momentum_decay=-1.0), ValueError, "momentum_decay should be"),
        (lambda: nn.Lion([W], betas=(0.9,)), ValueError, "two of them"),
        (lambda: nn.LBFGS([W]).step(), TypeError, "closure"),
        (lambda: nn.LBFGS([W]).step(None), TypeError, r"write optimiser\.step\(closure\)"),
        (lambda: nn.LBFGS([W]).step(lambda: 3.0), TypeError, "should return the loss"),
        (lambda: nn.LBFGS([W], line_search_fn="wolfe"), ValueError, '"strong_wolfe" or None'),
        (lambda: nn.LBFGS([W], max_iter=0), ValueError, "max_iter should be an int"),
        (lambda: nn.LBFGS([nn.Parameter(1j)]), ValueError, "real parameters"),
        (lambda: nn.LBFGS([{"parameters": [p]} for p in matrices()]), ValueError, "one list"),
        (
            lambda: nn.clip_gradient_values([W], 0.0),
            ValueError,
            "max_value should be a positive number",
        ),
        (
            lambda: nn.clip_gradient_values([W], None),
            TypeError,
            "max_value should be a positive number",
        ),
        (lambda: nn.clip_gradients([W], "a"), TypeError, "max_norm should be a positive number"),
        (
            lambda: nn.clip_gradients([W], np.ones(2)),
            TypeError,
            "max_norm should be a positive number",
        ),
        (lambda: nn.ExponentialAverage(MODEL, None), TypeError, r"decay should be in \[0, 1\)"),
        (lambda: nn.ExponentialAverage(MODEL, "a"), TypeError, r"decay should be in \[0, 1\)"),
        (lambda: OnPlateau(None), TypeError, r"^lr should be a number, not None"),
        (lambda: OnPlateau(0.1, patience="a"), TypeError, r"^patience should be a number, not 'a'"),
        (lambda: OnPlateau(0.1)(None), TypeError, r"on_plateau\(loss\) takes one number"),
        (lambda: OnPlateau(0.1)(np.ones(2)), TypeError, r"on_plateau\(loss\) takes one number"),
        (lambda: OnPlateau(0.1).step(1.0), AttributeError, r"optimiser\.lr = on_plateau\(loss\)"),
        (lambda: nn.ExponentialAverage([W]), TypeError, "averages the weights of an nn.Module"),
        (lambda: nn.ExponentialAverage(MODEL, 1.0), ValueError, r"decay should be in \[0, 1\)"),
    ],
)
def test_mistakes_are_answered(build, error, says):
    with pytest.raises(error, match=says):
        build()


# What is no number to be set, and what is none in the range of any setting.
NO_NUMBERS = ["a", None, 1j, [], {}, np.ones(3), np.array(0.1), Value(0.1), np.sin, object]
OUTSIDE = [np.nan, -np.inf, np.float32("nan")]
ANSWER = "should be|is a number|needs a list of Values"


def settings_of(kind):
    """The settings of a kind that are numbers, by how to set them afterwards."""
    options = kind(matrices(), lr=0.1).groups[0].options
    return [name for name, x in options.items() if isinstance(x, float)]


@KINDS
def test_a_setting_that_cannot_be_is_refused_where_it_is_set(kind):
    def refused(make, bad):
        with pytest.raises((TypeError, ValueError), match=ANSWER) as error:
            make()
        assert str(error.value).endswith("is None") or len(str(error.value)) > 20, bad

    optimiser = kind(matrices(), lr=0.1)
    train(optimiser, optimiser.parameters, 1)
    group = optimiser.groups[0]
    before = repr((optimiser.state_dict(), vars(group), optimiser.clip))
    for bad in [*NO_NUMBERS, *OUTSIDE]:
        refused(lambda bad=bad: setattr(optimiser, "lr", bad), bad)
        refused(lambda bad=bad: setattr(group, "lr", bad), bad)
        refused(lambda bad=bad: setattr(group, "weight_decay", bad), bad)
        refused(lambda bad=bad: kind(matrices(), lr=bad), bad)
        refused(lambda bad=bad: kind([{"parameters": matrices(), "lr": bad}], lr=0.1), bad)
        if bad is not None:
            refused(lambda bad=bad: setattr(optimiser, "clip", bad), bad)
        for name in settings_of(kind):
            refused(lambda bad=bad, name=name: kind(matrices(), lr=0.1, **{name: bad}), bad)
            refused(lambda bad=bad, name=name: group.options.update({name: bad}), bad)
            refused(lambda bad=bad, name=name: group.options.__setitem__(name, bad), bad)
            refused(lambda bad=bad, name=name: setattr(group, "options", {name: bad}), bad)
            refused(lambda bad=bad, name=name: group.options.__ior__({name: bad}), bad)
        for name in ("momentum", "betas"):
            if name in group.options:
                refused(lambda bad=bad: setattr(optimiser, "momentum", bad), bad)
        if "betas" in group.options:
            refused(lambda bad=bad: kind(matrices(), betas=bad), bad)
            refused(lambda bad=bad: kind(matrices(), betas=(bad, 0.9)), bad)
    assert repr((optimiser.state_dict(), vars(group), optimiser.clip)) == before


@BY_STEPS
def test_groups_take_what_they_have(kind):
    optimiser = kind(matrices(), lr=0.1)
    group = optimiser.groups[0]
    with pytest.raises(ValueError, match=rf"^a group of {kind.__name__} has the settings"):
        group.options["momentun"] = 0.5
    with pytest.raises(AttributeError, match=r"^write group\.options\['eps'\] = …"):
        group.eps = 1.0
    for use in (lambda: group["lr"], lambda: group.__setitem__("lr", 0.5)):
        with pytest.raises(TypeError, match=r"^write group\.lr .*group\.options\["):
            use()
    group.lr, group.weight_decay = 0.5, 0.25
    again = copy.deepcopy(pickle.loads(pickle.dumps(optimiser)))
    assert again.groups[0].options == group.options and again.groups[0].lr == 0.5
    assert again.groups[0].options.optimiser() is again
    train(again, again.parameters, 2)


class Faulty(nn.Optimiser):
    """Returns, and remembers, what it is told to; from the step on in which it is."""

    def __init__(self, parameters, lr, **options):
        super().__init__(parameters, lr, **{"step": 0.0, "memory": 0.0} | options)

    def update(self, gradient, state, lr, step, memory):
        state["memory"] = gradient + memory if isinstance(memory, float) else memory
        return lr * gradient + step if isinstance(step, float) else step


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("where", ["step", "memory"])
@pytest.mark.parametrize("bad", ["a", None, np.ones(5), np.ones((2, 3, 2)), {}, object()])
def test_what_a_rule_of_ones_own_returns_wrongly_is_told(bad, where, first):
    parameters = matrices()
    optimiser = Faulty(parameters, lr=0.1)
    if not first:
        train(optimiser, parameters, 1)
    before = repr((parameters, optimiser.state_dict()))
    optimiser.groups[0].options[where] = bad
    if where == "memory" and first and isinstance(bad, np.ndarray):
        train(optimiser, parameters, 1)  # what it remembers may have a shape of its own
        again = Faulty(matrices(), lr=0.1)
        again.load_state_dict(optimiser.state_dict())
        return
    with pytest.raises((TypeError, ValueError), match=r"^(return from Faulty\.update|put numbers)"):
        train(optimiser, parameters, 1)
    for p in parameters:
        p.zero_grad()
    assert repr((parameters, optimiser.state_dict())) == before


def test_an_explosion_leaves_the_state_as_it_was():
    parameters = [nn.Parameter(1.0), nn.Parameter(1e300)]
    optimiser = nn.SGD(parameters, lr=1e10, momentum=0.5)
    parameters[0].grad, parameters[1].grad = 1.0, 1e300
    with pytest.raises(ArithmeticError):
        optimiser.step()
    assert optimiser.state_dict() == {"lr": 1e10}


def test_a_rule_of_ones_own_may_spell_its_settings():
    class Own(nn.Optimiser):
        def update(self, gradient, state, lr, decay):
            return lr * decay * gradient

    w = nn.Parameter([1.0])
    w.grad = [1.0]
    Own([w], 0.5, decay=0.5).step()
    assert w.data.tolist() == [0.75]
    with pytest.raises(TypeError, match="Own has no learning_rate: write lr"):
        Own([w], learning_rate=0.5, decay=0.5)


def test_a_loss_that_is_nan_is_no_minimum():
    x = nn.Parameter([1.0])
    for search in (None, "strong_wolfe"):
        with pytest.raises(nn.ExplodedError), np.errstate(all="ignore"):
            nn.LBFGS([x], line_search_fn=search).step(lambda: np.sum(x * np.nan))
    assert x.data.tolist() == [1.0]


# -- averages -------------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self):
        self.layer, self.norm = nn.Linear(2, 3, seed=0), nn.BatchNorm(3)

    def __call__(self, x):
        return self.norm(self.layer(x))


AVERAGES = {
    "exponential": (lambda net, **b: nn.ExponentialAverage(net, 0.8, **b), [0.64, 0.16, 0.2]),
    "stochastic": (lambda net, **b: nn.StochasticAverage(net, **b), [1 / 3, 1 / 3, 1 / 3]),
}


@pytest.mark.parametrize("buffers", [False, True])
@pytest.mark.parametrize("name", AVERAGES)
def test_averages_of_weights(name, buffers):
    build, shares = AVERAGES[name]
    net, rng, states = Net(), np.random.default_rng(0), []
    average = build(net, buffers=buffers)
    for i in range(3):
        for p in net.parameters():
            p.data += rng.normal(size=p.shape)
        net(rng.normal(size=(5, 2)))
        states.append(net.state_dict())
        average.update()
        if i == 1:  # as if stopped in between
            state, average = average.state_dict(), build(net, buffers=buffers)
            average.load_state_dict(state)
    last = net.state_dict()
    with average.in_use() as used:
        assert used is net
        found = net.state_dict()
        net(rng.normal(size=(5, 2)))  # statistics for the averaged weights
    for path, x in found.items():
        mean = sum(share * state[path] for share, state in zip(shares, states, strict=True))
        averaged = path in dict(net.named_parameters()) or (buffers and x.dtype.kind == "f")
        np.testing.assert_allclose(x, mean if averaged else last[path], rtol=1e-12, err_msg=path)
    assert all(np.array_equal(x, last[path]) for path, x in net.state_dict().items())


def test_the_weights_come_back_after_an_error():
    net = Net()
    average, before = nn.StochasticAverage(net), net.state_dict()
    average.update()
    net.layer.weight.data += 1
    with pytest.raises(KeyError), average.in_use():
        raise KeyError
    assert np.array_equal(net.layer.weight.data, before["layer.weight"] + 1)


def test_an_average_of_another_model_is_refused():
    average = nn.StochasticAverage(Net())
    for wrong in ({}, {"updates": 3}, average.state_dict() | {"average.layer.weight": np.ones(2)}):
        with pytest.raises(ValueError, match="build it with the same model"):
            average.load_state_dict(wrong)
    assert average.updates == 0


def test_the_average_of_another_kind_is_refused():
    averages = [nn.StochasticAverage(Net()), nn.ExponentialAverage(Net())]
    for own, other in (averages, averages[::-1]):
        other.update()
        with pytest.raises(ValueError, match=f"^give .* of {type(other).__name__}, and this is"):
            own.load_state_dict(other.state_dict())
        earlier = {key: x for key, x in other.state_dict().items() if "kind" not in key}
        own.load_state_dict(earlier)  # as a version wrote it that did not tell
        assert own.updates == other.updates


def test_a_layer_may_be_replaced_by_one_of_its_shapes():
    net = Net()
    average = nn.StochasticAverage(net)
    net.layer = nn.Linear(2, 3, init=[[1.0, 2.0]] * 3)
    average.update()
    net.layer.weight = np.zeros((3, 2))
    with average.in_use():
        assert net.layer.weight.data.tolist() == [[1, 2]] * 3
    net.layer = nn.Linear(2, 4)
    with pytest.raises(ValueError, match=r"layer\.weight of the model .*make a new Stochastic"):
        average.update()


def test_accumulated_gradients_are_those_of_the_whole_batch():
    x, y = np.random.default_rng(0).normal(size=(2, 12))
    whole, parts = (nn.Linear(1, 1, seed=0) for _ in range(2))
    nn.squared_error(whole(x[:, None])[:, 0], y).backward()
    for i in range(0, 12, 4):
        (nn.squared_error(parts(x[i : i + 4, None])[:, 0], y[i : i + 4]) / 3).backward()
    np.testing.assert_allclose(parts.weight.grad, whole.weight.grad, rtol=1e-12)


# -- momentum -------------------------------------------------------------------------------------


def test_the_momentum_of_all_groups_is_set_or_of_none():
    a, b = Value(1.0), Value(2.0)
    sgd = nn.SGD([{"parameters": [a]}, {"parameters": [b], "momentum": 0.5}], lr=0.1, momentum=0.9)
    assert sgd.momentum == 0.9
    sgd.momentum = 0.7
    assert [group.options["momentum"] for group in sgd.groups] == [0.7, 0.7]
    adam = nn.AdamW([a], betas=(0.9, 0.99))
    adam.momentum = 0.8
    assert adam.momentum == 0.8 and adam.groups[0].options["betas"] == (0.8, 0.99)
    for optimiser in (sgd, adam):
        with pytest.raises(ValueError, match=r"\[0, 1\)"):
            optimiser.momentum = 1.0
    assert sgd.momentum == 0.7 and adam.momentum == 0.8
    with pytest.raises(AttributeError, match="Adagrad has no momentum"):
        nn.Adagrad([a]).momentum = 0.5


def test_a_step_takes_the_momentum_that_was_set():
    ends = []
    for set_late in (False, True):
        w = nn.Parameter([1.0, -2.0])
        optimiser = nn.SGD([w], lr=0.1, momentum=0.3 if set_late else 0.8)
        optimiser.momentum = 0.8
        for _ in range(3):
            optimiser.zero_grad()
            np.sum(w**4).backward()
            optimiser.step()
        ends.append(w.data.tolist())
    assert ends[0] == ends[1]


# -- schedules ------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 80))
def test_schedules_follow_one_another(first, second, epoch):
    a, b, c = linear(0.1, 1.0, first), cosine(1.0, second), constant(3.0)
    chain = a.then(b).then(c)
    expected = a(epoch) if epoch < first else b(epoch - first)
    assert chain(epoch) == (expected if epoch < first + second else 3.0)
    assert a.then(b.then(c))(epoch) == chain(epoch)
    assert a.then(b).epochs == first + second and chain.epochs is None


def test_a_schedule_may_be_any_function():
    chain = Schedule(lambda epoch: 2.0 - epoch, 2).then(lambda epoch: 10.0 + epoch)
    assert [chain(epoch) for epoch in range(4)] == [2.0, 1.0, 10.0, 11.0]
    assert [(2 * chain)(3), (chain * 0.5)(3), (chain * chain)(1)] == [22.0, 5.5, 1.0]


NUMBERS_OF_SCHEDULES = [
    (getattr(nn.schedules, name), parameter.name)
    for name in nn.schedules.__all__
    if not isinstance(getattr(nn.schedules, name), type)
    for parameter in inspect.signature(getattr(nn.schedules, name)).parameters.values()
    if parameter.annotation in ("float", "int")
]


@pytest.mark.parametrize(("make", "name"), NUMBERS_OF_SCHEDULES)
def test_schedules_are_made_of_numbers(make, name):
    needed = [p.name for p in inspect.signature(make).parameters.values() if p.default is p.empty]
    for bad in ["a", None, np.ones(2), np.nan, Value(0.1), []]:
        kind = ValueError if bad is np.nan else TypeError
        with pytest.raises(kind, match=rf"^{name} should be a number, not "):
            make(**(dict.fromkeys(needed, 3.0) | {name: bad}))


def test_the_state_of_something_else_is_no_plateaus():
    plateau = OnPlateau(0.1)
    before = plateau.state_dict()
    for wrong in ({}, {"lr": 0.5}, nn.SGD(matrices(), lr=0.5).state_dict(), before | {"t": 1}):
        with pytest.raises(ValueError, match="OnPlateau remembers lr, best, bad, cooling"):
            plateau.load_state_dict(wrong)
    assert plateau.state_dict() == before


def test_a_plateau_takes_values_and_nans():
    on_plateau = OnPlateau(1.0, patience=1)
    found = [on_plateau(x) for x in [Value(1.0), np.float32(0.5), np.nan, np.nan, np.nan]]
    np.testing.assert_allclose(found, [1.0, 1.0, 1.0, 0.1, 0.1])


@pytest.mark.parametrize(
    ("build", "error", "says"),
    [
        (lambda s: s.constant(1.0).then(s.constant(2.0)), ValueError, r"has no end: .*at=10"),
        (lambda s: s.constant(1.0) * np.ones(2), TypeError, "to get a rate, call it"),
        (lambda s: s.linear(0, 1, 0), ValueError, "epochs should be at least 1"),
        (lambda s: s.polynomial(1, 0), ValueError, "epochs should be at least 1"),
        (lambda s: s.cosine_restarts(1, 0), ValueError, "epochs should be at least 1"),
        (lambda s: s.cosine_restarts(1, 5, 0.5), ValueError, "factor should be at least 1"),
        (lambda s: s.multi_step(1, [5, 3]), ValueError, "in order"),
        (lambda s: s.inverse_time(1, -1), ValueError, "decay should be at least 0"),
        (lambda s: s.inverse_square_root(1, 0), ValueError, "scale is a number of epochs"),
        (lambda s: s.one_cycle(1, 10, 1.5), ValueError, "pct_start between 0 and 1"),
        (lambda s: s.one_cycle(1, 10, anneal_strategy="poly"), ValueError, '"cos" or "linear"'),
        (lambda s: s.one_cycle_momentum(10, 0.0), ValueError, "pct_start between 0 and 1"),
        (lambda s: s.cyclic(0.1, 0.2, 0), ValueError, "should be positive, not 0 and 0"),
        (lambda s: s.cyclic(0.1, 0.2, 5, -1), ValueError, "should be positive, not 5 and -1"),
        (lambda s: s.cyclic(0.1, 0.2, 5, mode="square"), ValueError, "not 'square'"),
        (lambda s: s.OnPlateau(1, mode="least"), ValueError, '"min" or "max"'),
        (lambda s: s.OnPlateau(1, factor=1.0), ValueError, r"factor should be in \[0, 1\)"),
    ],
)
def test_schedules_that_cannot_be(build, error, says):
    with pytest.raises(error, match=says):
        build(nn.schedules)

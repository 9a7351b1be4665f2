"""Losses against their formulas, for logits and labels of every shape they take."""

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value
from tests.nn.pytorch_losses import CTC, FILE

SEEDS = st.integers(0, 99)
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])


def over(losses, reduction):
    return losses if reduction == "none" else getattr(np, reduction)(losses)


def log_softmax(x, axis):
    x = x - x.max(axis=axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


def cross_entropy(logits, labels, weights, smoothing, ignore, reduction):
    """Loop over the samples, classes last."""
    classes = logits.shape[-1]
    rows, labels = log_softmax(logits, -1).reshape(-1, classes), labels.ravel()
    losses, counts = np.zeros(labels.size), np.zeros(labels.size)
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if label != ignore:
            shares = (1 - smoothing) * np.eye(classes)[label] + smoothing / classes
            losses[i], counts[i] = -np.sum(shares * weights * row), weights[label]
    return losses.sum() / counts.sum() if reduction == "mean" else over(losses, reduction)


@given(
    SEEDS,
    REDUCTIONS,
    st.sampled_from([(), (5,), (3, 3), (2, 3, 2)]),
    st.booleans(),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([None, 2]),
)
def test_cross_entropy_of_logits_of_any_shape(seed, reduction, batch, weighted, smoothing, ignore):
    rng = np.random.default_rng(seed)
    logits, labels = 3 * rng.normal(size=(*batch, 3)), rng.integers(0, 3, batch)
    labels = np.where(np.all(labels == 2), 0, labels)  # some count
    weights = rng.uniform(0.1, 1, 3) if weighted else None
    options = {"weights": weights, "smoothing": smoothing, "ignore": ignore, "reduction": reduction}
    found = nn.cross_entropy(logits, labels, **options)
    expected = cross_entropy(logits, labels, *({"weights": np.ones(3)} | {
        k: v for k, v in options.items() if v is not None or k == "ignore"
    }).values())  # fmt: skip
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=1e-9)
    for axis in range(logits.ndim):
        moved = np.moveaxis(logits, -1, axis)
        np.testing.assert_allclose(nn.cross_entropy(moved, labels, axis, **options), found)


def test_cross_entropy_of_a_batch_is_four_ops():
    node, ops = nn.cross_entropy(Value(np.zeros((2, 3))), [0, 2]), []
    while node.op is not None:
        ops.append(node.op.name)
        node = node.parents[0]
    assert ops == ["mean", "negative", "take_along_axis", "log_softmax"]


def test_labels_of_the_length_of_the_classes_are_not_mistaken_for_them():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(2, 3, 3)), rng.integers(0, 3, (2, 3))
    rows = [
        nn.cross_entropy(x, i) for x, i in zip(logits.reshape(-1, 3), labels.ravel(), strict=True)
    ]
    assert nn.cross_entropy(logits, labels) == pytest.approx(np.mean(rows))


def test_labels_may_be_probabilities_or_one_hot():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    expected = nn.cross_entropy(logits, labels)
    one_hot = np.eye(3)[labels]
    kinds = one_hot == 1, Value(one_hot), one_hot.astype(np.float32), one_hot.astype(int)
    for given_ in (one_hot, *kinds):
        found = nn.cross_entropy(logits, given_)
        assert getattr(found, "data", found) == pytest.approx(expected)
    soft = rng.dirichlet(np.ones(3), 4)
    by_hand = -np.mean(np.sum(soft * log_softmax(logits, -1), axis=-1))
    assert nn.cross_entropy(logits, soft) == pytest.approx(by_hand)


def test_a_class_that_cannot_be_costs_nothing_where_it_is_not_expected():
    logits = Value([[0.0, -np.inf], [1.0, 1.0]])
    loss = nn.cross_entropy(logits, [[1.0, 0.0], [0.5, 0.5]])
    assert loss.data == pytest.approx(np.log(2) / 2)


@pytest.mark.parametrize(
    ("logits", "labels", "says"),
    [
        (np.ones((4, 3)), np.ones((4, 3)), "add up to 1 .* between 3 and 3; are logits and labels"),
        (np.ones((4, 3)), np.zeros((4, 3)), "add up to between 0 and 0"),
        (np.ones((4, 3)), np.arange(12).reshape(4, 3), "add up to between 3 and 30"),
        (np.eye(3), np.array([[0.3, -2.0, 2.7]] * 3), "at least 0"),
        (np.ones((4, 3)), np.zeros(3, int), r"ints of shape \(4,\)"),
        (np.ones((4, 3)), np.zeros((4, 1), int), r"ints of shape \(4,\)"),
        (np.ones((4, 3)), np.array([0, 1, 2, 3]), "between 0 and 2, not between 0 and 3"),
    ],
)
def test_labels_that_do_not_fit(logits, labels, says):
    with pytest.raises(ValueError, match=says):
        nn.cross_entropy(logits, labels)


@given(SEEDS, REDUCTIONS, st.sampled_from([(4,), (4, 3)]))
def test_losses_of_numbers(seed, reduction, shape):
    rng = np.random.default_rng(seed)
    o, t = rng.normal(size=shape), rng.normal(size=shape)
    axes = tuple(range(1, len(shape)))
    for loss, by_hand in {
        nn.squared_error: (o - t) ** 2,
        nn.absolute_error: np.abs(o - t),
        nn.huber: np.where(np.abs(o - t) <= 1, (o - t) ** 2 / 2, np.abs(o - t) - 0.5),
    }.items():
        expected = over(by_hand.sum(axis=axes), reduction)
        np.testing.assert_allclose(loss(o, t, reduction=reduction), expected)
    v = rng.uniform(0.1, 2, shape)
    expected = over((np.log(v) + (o - t) ** 2 / v) / 2, reduction)
    np.testing.assert_allclose(nn.gaussian_nll(o, t, v, reduction=reduction), expected)
    low, eps = Value(v), 1.5 * v.max()
    nn.gaussian_nll(o, t, low, eps, "sum").backward()  # all are raised to eps, and keep a slope
    np.testing.assert_allclose(low.grad, (1 / eps - (o - t) ** 2 / eps**2) / 2, rtol=1e-12)


@given(SEEDS, REDUCTIONS)
def test_losses_of_classes(seed, reduction):
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
    y = rng.integers(0, 2, (4, 3))
    p = 1 / (1 + np.exp(-x))
    by_hand = -2.0 * y * np.log(p) - (1 - y) * np.log(1 - p)
    found = nn.binary_cross_entropy(x, y, positive_weight=2.0, reduction=reduction)
    np.testing.assert_allclose(found, over(by_hand, reduction))
    by_hand = np.maximum(0, 1 - (2 * y - 1) * x)
    np.testing.assert_allclose(nn.hinge(x, 2 * y - 1, reduction), over(by_hand, reduction))
    by_hand = [
        sum(max(0, 1 - row[i] + row[j]) for j in range(3) if j != i) / 3
        for row, i in zip(x, labels, strict=True)
    ]
    found = nn.multiclass_hinge(x, labels, reduction=reduction)
    np.testing.assert_allclose(found, over(np.array(by_hand), reduction))
    q, p = rng.dirichlet(np.ones(3), 4), rng.dirichlet(np.ones(3), 4)
    by_hand = np.sum(p * np.log(p / q), axis=-1)
    found = nn.kl_divergence(np.log(q), p, reduction)
    np.testing.assert_allclose(found, over(by_hand, reduction), atol=1e-12)


def test_binary_cross_entropy_of_sure_outputs():
    logits = Value([800.0, -800.0])
    loss = nn.binary_cross_entropy(logits, [0, 1], reduction="sum")
    loss.backward()
    assert loss.data == 1600.0 and logits.grad.tolist() == [1.0, -1.0]


def test_losses_of_vectors():
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 4, 2))
    cosines = np.sum(a * b, -1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    np.testing.assert_allclose(nn.cosine_distance(a, b, reduction="none"), 1 - cosines)
    near, far = np.linalg.norm(a - b, axis=-1), np.linalg.norm(a - c, axis=-1)
    expected = np.maximum(0, near - far + 0.5)
    np.testing.assert_allclose(nn.triplet(a, b, c, 0.5, "none"), expected)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: nn.squared_error([1.0], [1.0], "average"),
            "one of mean, sum, none, not 'average'",
        ),
        (lambda: nn.huber([1.0], [1.0], 0.0), "delta should be positive"),
        (lambda: nn.binary_cross_entropy([0.5], [2]), "labels from 0 to 1"),
        (lambda: nn.triplet([[1.0]], [[1.0]], [[1.0, 2.0]]), "triplet got outputs of shape"),
        (lambda: nn.cross_entropy([1.0, 2.0], 1, smoothing=1.0), "from 0 to below 1"),
        (lambda: nn.cross_entropy([1.0, 2.0], 1, weights=[1.0]), "a weight for each of 2 classes"),
    ],
)
def test_what_losses_refuse(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy"])
def test_single_precision_holds(name):
    x = Value(np.float32([[0.5, 0.5], [0.25, 0.75]]))
    assert getattr(nn, name)(x, np.array([[1.0, 0.0], [0.0, 1.0]])).dtype == np.float32


# -- CTC ------------------------------------------------------------------------------------------

KNOWN = np.load(FILE)


@pytest.mark.parametrize("name", CTC)
def test_ctc_is_pytorchs(name):
    case = {key.partition("/")[2]: KNOWN[key] for key in KNOWN.files if key.startswith(f"{name}/")}
    x = Value(case["x"])
    given = case["labels"], case["steps"], case["sizes"], CTC[name][-1]
    for reduction in ("none", "sum", "mean"):
        y = nn.ctc_loss(x, *given, reduction=reduction)
        np.testing.assert_allclose(y.data, case[reduction], atol=1e-11)
    nn.ctc_loss(x, *given, reduction="none").backward(case["g"])
    np.testing.assert_allclose(x.grad, case["slope"], atol=1e-11)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_ctc_is_the_sum_over_all_ways(seed):
    rng = np.random.default_rng(seed)
    steps, classes, blank = rng.integers(1, 6), rng.integers(2, 4), 0
    logs = np.log(rng.dirichlet(np.ones(classes), steps))
    ways = {}
    for way in product(range(classes), repeat=int(steps)):
        text = tuple(label for label, _ in groupby(way) if label != blank)
        p = np.exp(sum(logs[t, label] for t, label in enumerate(way)))
        ways[text] = ways.get(text, 0.0) + p
    for text, p in ways.items():
        found = nn.ctc_loss(logs, np.array(text, int), blank=blank, reduction="sum")
        np.testing.assert_allclose(found, -np.log(p), atol=1e-10)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((np.zeros((2, 3)), [1, 1, 2]), "3 steps, and its 3 labels need 4|2 steps"),
        ((np.zeros((4, 3)), [1, 0]), r"but for the blank, 0, not \[0\]"),
        ((np.zeros((4, 3)), [1, 3]), r"not \[3\]"),
        ((np.zeros((4, 3)), [1.0, 2.0]), "not float64"),
        ((np.zeros((2, 4, 3)), [1, 2]), "labels of shape"),
        ((np.zeros((2, 4, 3)), [[1, 2]] * 2, [4]), "input_lengths should be 2 ints"),
        ((np.zeros((2, 4, 3)), [[1, 2]] * 2, [4, 5]), "from 0 to 4"),
        ((np.zeros((2, 4, 3)), [[1, 2]] * 2, None, [2, 3]), "label_lengths should be from 0 to 2"),
    ],
)
def test_what_ctc_cannot_take(args, says):
    with pytest.raises(ValueError, match=says):
        nn.ctc_loss(*args)


def test_ctc_of_single_precision():
    x = Value(np.zeros((2, 5, 3), np.float32))
    y = nn.ctc_loss(x, [[1, 2], [1, 1]], label_lengths=[2, 1])
    y.backward()
    assert y.dtype == x.grad.dtype == np.float32 and np.isfinite(x.grad).all()


# -- what is no number of the kind that a loss takes

Z, ONES = np.ones((2, 3)) * (1 + 1j), np.ones((2, 3))


@pytest.mark.parametrize(
    "call",
    [
        lambda z: nn.squared_error(z, ONES),
        lambda z: nn.gaussian_nll(z, ONES, ONES),
        lambda z: nn.cosine_distance(z, ONES),
        lambda z: nn.cross_entropy(z, [0, 1]),
        lambda z: nn.binary_cross_entropy(z, ONES),
        lambda z: nn.hinge(z, ONES),
        lambda z: nn.multiclass_hinge(z, [0, 1]),
        lambda z: nn.kl_divergence(z, ONES),
        lambda z: nn.ctc_loss(z, [1]),
    ],
)
def test_complex_numbers_are_refused_where_the_loss_would_be_complex(call):
    for z in (Z, Value(Z)):
        with pytest.raises(TypeError, match=r"^write np\.mean\(np\.abs\(output - target\) \*\* 2"):
            call(z)
    with pytest.raises(TypeError, match="squared_error takes real ones"):
        nn.squared_error(Value(ONES), Z)


def test_losses_of_distances_take_complex_numbers():
    for loss in (nn.absolute_error, nn.huber):
        assert loss(Value(Z), ONES).dtype == float
        np.testing.assert_allclose(loss(Z, ONES), loss(Z.imag, 0 * ONES))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v: nn.binary_cross_entropy(nn.sigmoid(v), ONES), "the sigmoid before binary_cross"),
        (lambda v: nn.binary_cross_entropy(nn.softmax(v), ONES), "the softmax before binary_cross"),
        (lambda v: nn.cross_entropy(nn.Softmax()(v), [0, 1]), "the softmax before cross_entropy"),
        (lambda v: nn.cross_entropy(nn.sigmoid(v), [0, 1]), "leave out the sigmoid before cross_e"),
        (lambda v: nn.ctc_loss(v.softmax(), [1]), "leave out the softmax before ctc_loss"),
    ],
)
def test_probabilities_are_not_squashed_again(call, says):
    with pytest.raises(TypeError, match=says):
        call(Value(ONES))


def test_logarithms_of_probabilities_are_logits():
    v = Value(np.random.default_rng(0).normal(size=(2, 3)))
    found = nn.cross_entropy(nn.log_softmax(v), [0, 1])
    assert found.item() == pytest.approx(nn.cross_entropy(v, [0, 1]).item(), rel=1e-12)

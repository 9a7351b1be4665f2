"""Networks as estimators of scikit-learn, for its pipelines, searches and scores.

>>> from sklearn.datasets import load_iris
>>> from sklearn.model_selection import cross_val_score
>>> from sklearn.pipeline import make_pipeline
>>> from sklearn.preprocessing import StandardScaler
>>> model = make_pipeline(StandardScaler(), Classifier(hidden=(8,), epochs=30, random_state=0))
>>> bool(cross_val_score(model, *load_iris(return_X_y=True), cv=3).mean() > 0.9)
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import no_grad, softmax
from nn.answers import answering
from nn.arguments import checked_function
from nn.data import batches, split
from nn.losses import cross_entropy, squared_error
from nn.module import Module
from nn.neuron import MLP
from nn.optimisers import Adam
from nn.training import fit

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, check_random_state, validate_data
except ImportError as error:
    raise ImportError(
        "nn.sklearn needs scikit-learn 1.6 or later: pip install 'chainrule[sklearn]'",
        name="sklearn",
    ) from error

__all__ = ["Classifier", "Regressor"]


# Arguments of scikit-learn's own networks, and of Keras's wrappers.
OF_ESTIMATORS = {
    "activation": "write network=, a function that builds another network",
    "alpha": "write optimiser=functools.partial(nn.AdamW, weight_decay=alpha)",
    "build_fn": "write network=, a function (inputs, outputs, rng) that returns a Module",
    "hidden_layer_sizes": "write hidden= for it",
    "learning_rate": "write lr= for it",
    "learning_rate_init": "write lr= for it",
    "loss": "leave it out: it is the cross-entropy, or the squared error",
    "max_iter": "write epochs= for it",
    "model": "write network=, a function (inputs, outputs, rng) that returns a Module",
    "module": "write network=, a function (inputs, outputs, rng) that returns a Module",
    "n_iter_no_change": "write early_stopping= for it",
    "optimizer": "write optimiser= for it",
    "solver": "write optimiser=, such as nn.Adam",
    "validation_fraction": "write validation= for it",
    "verbose": "write progress=True for a bar",
    "warm_start": "leave it out: model_ can be trained on with nn.fit",
}


class Network(BaseEstimator):
    """What both estimators share."""

    @answering(OF_ESTIMATORS)
    def __init__(
        self,
        hidden: Sequence[int] = (32,),
        *,
        network: Callable[[int, int, np.random.Generator], Module] | None = None,
        optimiser: Callable[..., Any] = Adam,
        lr: float = 0.01,
        epochs: int = 100,
        batch_size: int = 32,
        validation: float = 0.0,
        early_stopping: int | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.hidden = hidden
        self.network = network
        self.optimiser = optimiser
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.validation = validation
        self.early_stopping = early_stopping
        self.random_state = random_state
        self.progress = progress

    def trained(
        self, X: np.ndarray, y: np.ndarray, outputs: int, loss: Any, stratify: Any = None
    ) -> None:
        """Build the network and train it."""
        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        inputs = X.shape[1]
        checked_function(self.optimiser, "optimiser", "nn.Adam")
        if isinstance(self.network, Module):
            raise TypeError(
                "write network=lambda inputs, outputs, rng: …, a function that builds the network: "
                "each fit builds another one"
            )
        if self.network is None:
            self.model_: Any = MLP(inputs, [*np.atleast_1d(self.hidden), outputs], seed=rng)
        else:
            self.model_ = self.network(inputs, outputs, rng)
        training, held_out = (X, y), None
        if self.validation:
            training, held_out = split(X, y, self.validation, seed=rng, stratify=stratify)
        self.history_ = fit(
            self.model_,
            loss,
            batches(*training, self.batch_size, seed=rng),
            self.optimiser(self.model_.parameters(), lr=self.lr),
            self.epochs,
            validation=held_out,
            early_stopping=self.early_stopping,
            progress=self.progress,
        )

    def outputs(self, X: Any) -> np.ndarray:
        """Return what the network gives, as an array."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        with no_grad():
            return self.model_(X).numpy()


class Classifier(ClassifierMixin, Network):
    """A network that tells classes apart, trained with the cross-entropy.

    Args:
        hidden: how many neurons each inner layer of the MLP has.
        network: a function (inputs, outputs, rng) that returns another Module; its outputs are
            logits of shape (samples, classes). None for the MLP.
        optimiser: a function (parameters, lr=...) that returns an optimiser.
        lr, epochs, progress: as in `nn.fit`.
        batch_size: how many samples a step sees.
        validation: the share of the samples that is held out to choose the best epoch.
        early_stopping: as in `nn.fit`.
        random_state: an int, NumPy's RandomState, or None.

    Attributes:
        classes_: the classes, in order.
        model_: the network.
        history_: that of the training.

    Example:
        >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), ["low", "low", "high", "high"]
        >>> Classifier(random_state=0).fit(X, y).predict([[0.5], [2.5]])
        array(['low', 'high'], dtype='<U4')
    """

    def fit(self, X: Any, y: Any) -> Classifier:
        """Train on X of shape (samples, inputs) and a class for each sample; return self."""
        X, y = validate_data(self, X, y, dtype=float)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.trained(X, labels, len(self.classes_), cross_entropy, labels)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class, of shape (samples, classes)."""
        return softmax(self.outputs(X), axis=-1)

    def predict(self, X: Any) -> np.ndarray:
        """Return the most likely class of each sample."""
        outputs = self.outputs(X)
        return self.classes_[np.argmax(outputs, axis=-1)]


class Regressor(RegressorMixin, Network):
    """A network that predicts numbers, trained with the squared error.

    It learns best where inputs and targets are of about the size of 1: see scikit-learn's
    `StandardScaler` and `TransformedTargetRegressor`.

    Args:
        hidden, lr, epochs, progress, batch_size, validation, early_stopping, random_state: as in
            `Classifier`.
        network: as there, with one output, or as many as there are targets.
        optimiser: as there.

    Attributes:
        model_: the network.
        history_: that of the training.

    Example:
        >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
        >>> bool(Regressor(random_state=0).fit(X, X[:, 0] ** 2).score(X, X[:, 0] ** 2) > 0.9)
        True
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any) -> Regressor:
        """Train on X of shape (samples, inputs) and targets (samples) or (samples, n)."""
        X, y = validate_data(self, X, y, dtype=float, multi_output=True, y_numeric=True)
        self.targets_ = y.shape[1:]
        y = y.reshape(len(y), -1).astype(float)
        self.trained(X, y, y.shape[1], squared_error)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the targets of each sample, in the shape of those in training."""
        outputs = self.outputs(X)
        return outputs.reshape(len(outputs), *self.targets_)

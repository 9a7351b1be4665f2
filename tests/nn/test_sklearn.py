"""The estimators: scikit-learn's own checks, and its pipelines and searches."""

import functools
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from nn.sklearn import OF_ESTIMATORS, Classifier, Regressor


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([Classifier(epochs=40), Regressor(epochs=40)])
def test_what_scikit_learn_asks_of_an_estimator(estimator, check):
    check(estimator)


def test_in_a_search():
    X, y = load_iris(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), Classifier(epochs=20, random_state=0))
    search = GridSearchCV(pipeline, {"classifier__hidden": [(), (8,)]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.9


def test_names_of_classes_and_probabilities():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = Classifier(
        epochs=30, random_state=0, validation=0.2, early_stopping=5,
        optimiser=functools.partial(nn.SGD, momentum=0.9),
    ).fit(X, names)  # fmt: skip
    assert set(model.predict(X)) <= set(names)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    assert "validation_loss" in model.history_


def test_a_network_of_your_own_and_several_targets():
    X = np.random.default_rng(0).normal(size=(100, 3))
    y = X @ [[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]]
    model = Regressor(
        network=lambda inputs, outputs, rng: nn.Linear(inputs, outputs, seed=rng), lr=0.1
    ).fit(X, y)
    assert model.predict(X).shape == (100, 2) and model.score(X, y) > 0.99
    assert model.predict(X[:1]).shape == (1, 2)
    assert model.fit(X, y[:, 0]).predict(X).shape == (100,)


@pytest.mark.parametrize("name", OF_ESTIMATORS)
def test_settings_of_other_estimators_are_answered(name):
    for kind in (Classifier, Regressor):
        with pytest.raises(TypeError, match=f"^there is no {name}= here: "):
            kind(**{name: 1})


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"optimiser": "adam"}, "optimiser should be a function such as nn.Adam, not 'adam'"),
        ({"network": nn.MLP(2, [1])}, "^write network=lambda inputs, outputs, rng: "),
        ({"early_stopping": True}, "^write early_stopping=5, or another number"),
    ],
)
def test_settings_of_another_kind_are_told(settings, says):
    X = np.ones((4, 2))
    with pytest.raises(TypeError, match=says):
        Regressor(**settings).fit(X, X[:, 0])
    assert Regressor(hidden=3, epochs=1).fit(X, X[:, 0]).model_.layers[0].weights.shape[1] == 3


def test_it_is_imported_when_it_is_asked_for():
    program = """if True:
        import sys, nn
        assert "sklearn" not in sys.modules
        assert nn.sklearn.Classifier and "sklearn" in sys.modules
        del sys.modules["nn.sklearn"]
        sys.modules["sklearn.base"] = None
        try:
            import nn.sklearn
        except ImportError as error:
            assert "pip install 'chainrule[sklearn]'" in str(error)
        assert not hasattr(nn, "no_such_name")
    """
    subprocess.run([sys.executable, "-c", program], check=True)

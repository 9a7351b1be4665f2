"""Find the wrong labels in a data set by the gradient of each sample.

A classifier is trained on points of which some carry the wrong label. `vmap(grad(loss))` is then
the gradient of each sample by itself: a sample that pulls much harder at the weights than the
others is likely to be one of the wrong ones.
"""

import numpy as np

from autograd import grad, value_and_grad, vmap


def loss(weights, point, label):
    """Logistic regression, for one point of shape (2,) with label -1 or +1."""
    score = np.dot(weights["slopes"], point) + weights["offset"]
    return np.logaddexp(0.0, -label * score)


def main() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice([-1.0, 1.0], 200)
    points = rng.normal(size=(200, 2)) + 1.5 * labels[:, None]
    wrong = rng.choice(200, 10, replace=False)
    labels[wrong] *= -1

    each = vmap(loss, in_axes=(None, 0, 0))
    weights = {"slopes": np.zeros(2), "offset": 0.0}
    for _ in range(100):
        mean, slope = value_and_grad(lambda w: np.mean(each(w, points, labels)))(weights)
        weights = {name: weights[name] - 0.5 * slope[name] for name in weights}
    print(f"mean loss after 100 steps: {mean:.3f}")

    gradients = vmap(grad(loss), in_axes=(None, 0, 0))(weights, points, labels)
    pulls = np.hypot(np.linalg.norm(gradients["slopes"], axis=1), gradients["offset"])
    suspects = np.argsort(pulls)[::-1][:10]
    found = np.isin(suspects, wrong).sum()
    print(f"of the 10 samples with the largest gradients, {found} have a wrong label")
    print(f"their gradients are {pulls[suspects].mean() / np.median(pulls):.0f} × the median")


if __name__ == "__main__":
    main()

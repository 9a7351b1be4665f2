"""Networks of the shapes that are hard to draw."""

import numpy as np

import nn
from autograd import softmax, tanh


class Twice(nn.Module):
    """A part before and after another one, and twice in a row."""

    def __init__(self, part):
        self.part, self.middle = part, nn.Linear(4, 4, seed=1)

    def __call__(self, x):
        x = self.part(self.middle(np.sin(self.part(x))))
        return self.part(x * 2.0)


class Attention(nn.Module):
    """Attention between two layers, whose softmax is no layer's."""

    def __init__(self, size):
        self.head = Head(size)
        self.last = nn.Linear(size, size, seed=4)

    def __call__(self, x):
        return self.last(np.sin(self.head(x)))


class Head(nn.Module):
    """One head, and what joins it."""

    def __init__(self, size):
        self.query, self.key, self.value, self.joined = (
            nn.Linear(size, size, seed=seed) for seed in range(4)
        )

    def __call__(self, x):
        weights = softmax(self.query(x) @ self.key(x).T / 2.0)
        return self.joined(weights @ self.value(x))


class Unet(nn.Module):
    """Layers down and up again, with a skip from each to its fellow."""

    def __init__(self, skips):
        self.down = [nn.Linear(4, 4, seed=n) for n in range(skips)]
        self.middle = nn.Linear(4, 4, seed=skips)
        self.up = [nn.Linear(8, 4, seed=n) for n in range(skips)]

    def __call__(self, x):
        kept = []
        for layer in self.down:
            x = nn.relu(layer(x))
            kept.append(x)
        x = tanh(self.middle(x))
        for layer in self.up:
            x = nn.relu(layer(np.concatenate([x, kept.pop()], axis=1)))
        return x


class Deep(nn.Module):
    """The same small network again and again, around which its input is led."""

    def __init__(self):
        self.part = nn.MLP(4, [5, 4], seed=0)

    def __call__(self, x):
        for _ in range(3):
            x = x + self.part(x)
        return x


class Own(nn.Module):
    """A recurrent network with weights of its own."""

    def __init__(self):
        self.inner, self.outer = nn.Parameter(np.eye(4) / 2), nn.Parameter(np.eye(4))

    def __call__(self, x):
        h = np.zeros(4)
        for row in x:
            h = np.tanh(row @ self.outer + h @ self.inner)
        return h


class Tied(nn.Module):
    """An embedding whose weights are those of the last layer, too."""

    def __init__(self):
        self.embedding, self.layer = nn.Embedding(3, 4, seed=0), nn.Linear(4, 4, seed=0)

    def __call__(self, ids):
        return self.layer(self.embedding(ids)) @ self.embedding.weight.T

"""Training runs that are killed at random moments and resumed, for `test_fit.py`.

`python -m tests.nn.killed 100 0` kills 100 times with SIGKILL, at moments drawn from the seed 0,
and prints how many runs ended with other weights than one that was left alone. A moment is the
beginning or the end of a call, in Python or in C, one of some 200,000 in a run; half of them are
drawn from those in which a checkpoint is written.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

import numpy as np

import nn


class Noisy(nn.Module):
    """A network with generators, running statistics and shared weights."""

    def __init__(self):
        self.first = nn.Linear(4, 6, seed=0)
        self.norm = nn.BatchNorm(6)
        self.dropout = nn.Dropout(0.3, seed=1)
        self.second = nn.Linear(6, 6, seed=2)
        self.third = nn.Linear(6, 6, seed=6)
        self.third.weight = self.second.weight
        self.last = nn.Linear(6, 3, seed=3)

    def __call__(self, x):
        x = self.dropout(nn.relu(self.norm(self.first(x))))
        return self.last(nn.tanh(self.third(nn.tanh(self.second(x)))))


def noise(x, y, rng):
    """Move the inputs at random, also by NumPy's own generator."""
    return x + 0.1 * rng.normal(size=x.shape) + 0.01 * np.random.normal(size=x.shape), y


def train(path, epochs=5):
    """Train, or go on training, with a checkpoint; return the final state and the history."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 4))
    y = (X.sum(axis=1) > 0) + (X[:, 0] > 1).astype(int)
    np.random.seed(3)
    model = Noisy()
    average = nn.ExponentialAverage(model, 0.9)
    history = nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(X, y, 8, seed=4, transform=noise),
        nn.Adam(model.parameters(), lr=0.05),
        epochs,
        validation=(X[:9], y[:9]),
        schedule=nn.schedules.OnPlateau(0.05, factor=0.5, patience=0),
        callbacks=[average],
        metrics=[nn.accuracy],
        checkpoint=path,
        resume=True,
        progress=False,
    )
    return model.state_dict() | average.state_dict(), history


def in_a_child(run):
    """Run a function in a process of its own; return whether it was killed."""
    child = os.fork()
    if not child:
        status = 1
        try:
            run()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, status
    return killed


class Moments:
    """Counts calls, and kills the process at one of them.

    Attributes:
        writing: the numbers of those in which a checkpoint is written.
    """

    def __init__(self, last=None):
        self.count, self.last, self.writing, self.inside = 0, last, [], 0

    def __call__(self, frame, event, arg):
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        if event in ("call", "return") and frame.f_code.co_name == "save":
            self.inside += 1 if event == "call" else -1
        if self.inside:
            self.writing.append(self.count)


def counted(path, last=None):
    moments = Moments(last)
    sys.setprofile(moments)
    try:
        found = train(path)
    finally:
        sys.setprofile(None)
    return moments, found


def same(a, b):
    return all(np.asarray(a[k]).tobytes() == np.asarray(b[k]).tobytes() for k in a | b)


def main(kills, seed):
    """Kill so many times; return how many runs ended with other weights or another history."""
    rng, runs, failed = np.random.default_rng(seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        train(Path(folder) / "first.npz")  # what is imported later has been imported now
        moments, (state, history) = counted(Path(folder) / "alone.npz")
        left = kills
        while left:
            runs += 1
            path = Path(folder) / f"{runs}.npz"
            while left:  # killed again and again, until a moment lies behind the end
                places = moments.writing if rng.random() < 0.5 else range(1, moments.count)
                moment = int(rng.choice(places))
                if not in_a_child(lambda p=path, n=moment: counted(p, n)):
                    break
                left -= 1
            again, found = train(path)
            failed += not (same(state, again) and found == history)
    print(f"killed {kills} times in {runs} runs: {failed} ended with other weights")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]))))

"""`v.flat`: all entries of a Value one after another, to read, to write and to go through."""

import numpy as np

from autograd.composed.creation import array
from autograd.composed.methods import give
from autograd.engine.dispatch import answer


class Flat:
    """The entries of a Value in the order of its indices, as NumPy's flatiter.

    What is read from it is a copy; what is written to it changes the Value.

    Example:
        >>> from autograd import Value
        >>> v = Value([[1.0, 2.0], [3.0, 4.0]])
        >>> v.flat[1:3]
        Value([2., 3.])
        >>> v.flat[0] = 5.0
        >>> v
        Value([[5., 2.],
               [3., 4.]])
    """

    def __init__(self, base):
        self.base = base

    def copy(self):
        """Return the entries as a Value of one axis."""
        return self.base.flatten()

    def __len__(self):
        return self.base.size

    def __iter__(self):
        return iter(self.copy()) if self.base.ndim else iter([self.base])

    def __getitem__(self, index):
        found = self.copy()[index]
        return found.copy() if found.is_view() else found

    def __setitem__(self, index, new):
        """Write the entries of `new` to those at an index, from the start again if there are more.

        Raises:
            ValueError: `new` is empty, or is an array where there is one entry to write.
        """
        base = self.base
        if isinstance(index, (int, np.integer)) and np.ndim(new):
            raise ValueError(
                f"v.flat[{index}] is a single number, and cannot be set to an array of shape "
                f"{np.shape(new)}; write v.flat[{index}:] for several"
            )
        places = np.ravel(np.arange(base.size)[index])
        new = np.ravel(array(new))
        if places.size and not new.size:
            raise ValueError("there is nothing to write in an empty array; give a number or more")
        if places.size:
            base[np.unravel_index(places, base.shape)] = new[np.arange(places.size) % new.size]

    def __array_function__(self, function, types, args, params):
        entries = [_read(x) for x in args]
        named = {name: _read(x) for name, x in params.items()}
        return answer(function, function.__name__, tuple(entries), named)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.copy(), dtype)


def _read(x):
    """Return what a Flat shows; also those in a list."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(_read, x))
    return x.copy() if isinstance(x, Flat) else x


def _write(self, new):
    Flat(self)[:] = new


give(flat=property(Flat, _write, doc="All entries one after another; it can be assigned to."))

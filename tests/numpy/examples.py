"""Calls of NumPy's functions on an array `x` of shape (2, 3), for NumPy or autograd.numpy as `np`.

One line or more for each differentiable function but the elementwise rows, whose domains say how
to call them.  tests/numpy/test_namespace.py runs them all.
"""

import warnings

import numpy

C = numpy.array([0.5, -1.5, 2.5])


def symmetric(np, x):
    """A positive definite matrix of shape (3, 3)."""
    return np.matmul(np.transpose(x), x) + 3 * np.eye(3, dtype=x.dtype)


def square(np, x):
    """An invertible matrix of shape (2, 2)."""
    return x[:, :2] + 3 * np.eye(2, dtype=x.dtype)


def changed(change):
    """An example of a function that changes an array in place."""

    def of_copy(np, x):
        y = np.copy(x)
        change(np, y)
        return y

    return of_copy


def quiet(function):
    """A function by a name that NumPy is giving up, without the warning."""

    def call(*args):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return function(*args)

    return call


def grown(x):
    """The entries of `x` in order, so that sorting is smooth."""
    return x + numpy.arange(6.0, dtype=x.dtype).reshape(2, 3) * 5


EXAMPLES = {
    "amax": [lambda np, x: np.amax(x, axis=1)],
    "amin": [lambda np, x: np.amin(x, axis=0, keepdims=True)],
    "angle": [lambda np, x: np.angle(x + 2j)],
    "append": [
        lambda np, x: np.append(x, [[1.0, 2.0, 3.0]], axis=0).astype(x.dtype),
        lambda np, x: np.append(x, x[0]),
    ],
    "apply_along_axis": [
        lambda np, x: np.apply_along_axis(lambda v: v[:2] * v[1], 1, x),
        lambda np, x: np.apply_along_axis(lambda v: np.sum(v * v), 0, x),
        lambda np, x: np.apply_along_axis(np.diag, -1, x),
    ],
    "apply_over_axes": [
        lambda np, x: np.apply_over_axes(np.sum, x, (0, 1)),
        lambda np, x: np.apply_over_axes(np.cumsum, x, [0]),
    ],
    "astype": [lambda np, x: np.astype(x, numpy.float64)],
    "array_split": [lambda np, x: np.array_split(x, 2, axis=1)],
    "atleast_1d": [lambda np, x: np.atleast_1d(x[0, 0], x)],
    "atleast_2d": [lambda np, x: np.atleast_2d(x[0])],
    "atleast_3d": [
        lambda np, x: np.atleast_3d(x),
        lambda np, x: np.atleast_3d(x[0], x[0, 0]),
    ],
    "average": [
        lambda np, x: np.average(x),
        lambda np, x: np.average(x, axis=0, weights=x * x),
    ],
    "bincount": [lambda np, x: np.bincount([0, 2, 0, 1, 2, 2], weights=np.ravel(x))],
    "block": [
        lambda np, x: np.block([[x, x[:, :1]], [x[:1], x[:1, :1]]]),
        lambda np, x: np.block([x[0], x[1]]),
        lambda np, x: np.block(x),
    ],
    "broadcast_arrays": [
        lambda np, x: np.broadcast_arrays(x, np.ones((4, 1, 1), x.dtype), x[0]),
    ],
    "broadcast_to": [lambda np, x: np.broadcast_to(x, (4, 2, 3))],
    "clip": [
        lambda np, x: np.clip(x, -0.9, 0.9),
        lambda np, x: np.clip(x, None, x[0] + 0.1),
    ],
    "column_stack": [
        lambda np, x: np.column_stack([x[0], x[1]]),
        lambda np, x: np.column_stack((x, x[:, 0])),
    ],
    "compress": [lambda np, x: np.compress([True, False, True], x, axis=1)],
    "concat": [lambda np, x: np.concat([x, 2 * x])],
    "concatenate": [
        lambda np, x: np.concatenate([x, x[:1]]),
        lambda np, x: np.concatenate((x, x[0, :, None].T), axis=None),
        lambda np, x: np.concatenate([x, x], dtype=numpy.float64),
    ],
    "convolve": [
        lambda np, x: np.convolve(x[0], x[1]),
        lambda np, x: np.convolve(x[0], x[1, :2], mode="valid"),
    ],
    "copy": [lambda np, x: np.copy(x), lambda np, x: np.copy(x, order="F")],
    "copyto": [changed(lambda np, y: np.copyto(y, 2.0, where=[True, False, False]))],
    "corrcoef": [lambda np, x: np.corrcoef(x)],
    "correlate": [
        lambda np, x: np.correlate(x[0], x[1, :2]),
        lambda np, x: np.correlate(x[0], x[1], mode="full"),
    ],
    "cov": [
        lambda np, x: np.cov(x),
        lambda np, x: np.cov(x, rowvar=False, bias=True),
    ],
    "cross": [lambda np, x: np.cross(x[0], x[1])],
    "cumprod": [lambda np, x: np.cumprod(x, axis=1), lambda np, x: np.cumprod(x)],
    "cumsum": [lambda np, x: np.cumsum(x, axis=0), lambda np, x: np.cumsum(x, dtype=numpy.float64)],
    "cumulative_prod": [lambda np, x: np.cumulative_prod(x, axis=1)],
    "cumulative_sum": [
        lambda np, x: np.cumulative_sum(x, axis=0),
        lambda np, x: np.cumulative_sum(x, axis=1, include_initial=True),
    ],
    "choose": [lambda np, x: np.choose([0, 1, 0], [x[0], x[1]])],
    "delete": [
        lambda np, x: np.delete(x, 1),
        lambda np, x: np.delete(x, [0, 2], axis=1),
        lambda np, x: np.delete(x, slice(1), axis=0),
    ],
    "diag": [lambda np, x: np.diag(x[0], -1), lambda np, x: np.diag(x)],
    "diagflat": [lambda np, x: np.diagflat(x, 1)],
    "diagonal": [lambda np, x: np.diagonal(x, 1)],
    "diff": [
        lambda np, x: np.diff(x),
        lambda np, x: np.diff(x, n=2, axis=1),
        lambda np, x: np.diff(x, axis=0, prepend=x[:1]),
    ],
    "divmod": [lambda np, x: np.divmod(x, 7.0)[1].astype(x.dtype)],
    "dot": [
        lambda np, x: np.dot(x, x[0]),
        lambda np, x: np.dot(x, x.T),
        lambda np, x: np.dot(x[0, 0], x),
    ],
    "dsplit": [lambda np, x: np.dsplit(x[None], 3)],
    "dstack": [lambda np, x: np.dstack([x, x]), lambda np, x: np.dstack([x[0], x[1]])],
    "ediff1d": [lambda np, x: np.ediff1d(x), lambda np, x: np.ediff1d(x[0], to_begin=x[1, :1])],
    "einsum": [
        lambda np, x: np.einsum("ij,kj->ik", x, x),
        lambda np, x: np.einsum("...j,j", x, x[0]),
    ],
    "expand_dims": [lambda np, x: np.expand_dims(x, (0, 2))],
    "extract": [lambda np, x: np.extract(np.array([True, False, True]), x[0])],
    "fill_diagonal": [changed(lambda np, y: np.fill_diagonal(y, 3.0))],
    "flip": [lambda np, x: np.flip(x), lambda np, x: np.flip(x, 1)],
    "fliplr": [lambda np, x: np.fliplr(x)],
    "flipud": [lambda np, x: np.flipud(x)],
    "float_power": [lambda np, x: np.float_power(abs(x), 1.5)],
    "frexp": [lambda np, x: np.frexp(x)[0]],
    "geomspace": [
        lambda np, x: np.geomspace(abs(x[0]), abs(x[1]), 4),
        lambda np, x: np.geomspace(abs(x[0, 0]), abs(x[0, 1]), 3, endpoint=False),
    ],
    "gradient": [
        lambda np, x: np.gradient(x),
        lambda np, x: np.gradient(x, 2.0, axis=1, edge_order=2),
    ],
    "histogram": [
        lambda np, x: np.histogram(numpy.arange(6.0), 3, weights=np.ravel(x)),
        lambda np, x: np.histogram(C, [0.0, 1.0, 3.0], density=True, weights=abs(x[0])),
    ],
    "histogram2d": [lambda np, x: np.histogram2d(C, C, 2, weights=x[0])[0]],
    "histogramdd": [lambda np, x: np.histogramdd(C[:, None], 2, weights=x[0])[0]],
    "hsplit": [lambda np, x: np.hsplit(x, 3), lambda np, x: np.hsplit(x[0], [1])],
    "hstack": [lambda np, x: np.hstack([x, x[:, :1]]), lambda np, x: np.hstack([x[0], x[1, 0]])],
    "i0": [lambda np, x: np.i0(x)],
    "imag": [lambda np, x: np.imag(x + 1j * x**2) - x, lambda np, x: np.imag(x) + x],
    "inner": [lambda np, x: np.inner(x, x[0])],
    "insert": [
        lambda np, x: np.insert(x, 1, x[0, 0]),
        lambda np, x: np.insert(x, [0, 2], x[:, :2], axis=1),
        lambda np, x: np.insert(x, slice(0, 2), 7.0, axis=0),
    ],
    "interp": [lambda np, x: np.interp(x[0], [-9.0, 0.0, 9.0], C)],
    "kron": [lambda np, x: np.kron(x, x[:, :2])],
    "ldexp": [lambda np, x: np.ldexp(x, [1, 2, 3])],
    "linspace": [
        lambda np, x: np.linspace(x[0], x[1], 5),
        lambda np, x: np.linspace(x[0, 0], 4.0, 4, endpoint=False, retstep=True),
        lambda np, x: np.linspace(0.0, x[0], 3, axis=-1),
        lambda np, x: np.linspace(x[0], x[1], 1),
    ],
    "logspace": [
        lambda np, x: np.logspace(x[0], x[1], 3),
        lambda np, x: np.logspace(x[0, 0], x[0, 1], 3, base=2.0),
    ],
    "matmul": [lambda np, x: np.matmul(x, x.T), lambda np, x: np.matmul(x, x[0])],
    "matrix_transpose": [lambda np, x: np.matrix_transpose(x)],
    "max": [lambda np, x: np.max(x), lambda np, x: np.max(x, axis=0)],
    "mean": [lambda np, x: np.mean(x), lambda np, x: np.mean(x, axis=1, keepdims=True)],
    "matvec": [lambda np, x: np.matvec(x, x[0])],
    "median": [lambda np, x: np.median(grown(x)), lambda np, x: np.median(grown(x), axis=1)],
    "meshgrid": [
        lambda np, x: np.meshgrid(x[0], x[1, :2]),
        lambda np, x: np.meshgrid(x[0], x[1, :2], x[0, :1], sparse=True, indexing="ij"),
        lambda np, x: np.meshgrid(x[0], x[1, 0], x[1]),
    ],
    "min": [lambda np, x: np.min(x), lambda np, x: np.min(x, axis=1, initial=0.5)],
    "modf": [lambda np, x: np.modf(x)],
    "moveaxis": [lambda np, x: np.moveaxis(x, 0, -1)],
    "nan_to_num": [lambda np, x: np.nan_to_num(x)],
    "nancumprod": [lambda np, x: np.nancumprod(x, axis=1)],
    "nancumsum": [lambda np, x: np.nancumsum(x)],
    "nanmax": [lambda np, x: np.nanmax(grown(x), axis=1)],
    "nanmean": [lambda np, x: np.nanmean(x, axis=0)],
    "nanmedian": [lambda np, x: np.nanmedian(grown(x), axis=1)],
    "nanmin": [lambda np, x: np.nanmin(grown(x), axis=1)],
    "nanpercentile": [lambda np, x: np.nanpercentile(grown(x), 30)],
    "nanprod": [lambda np, x: np.nanprod(x, axis=0)],
    "nanquantile": [lambda np, x: np.nanquantile(grown(x), 0.3, axis=1)],
    "nanstd": [lambda np, x: np.nanstd(x, axis=1)],
    "nansum": [lambda np, x: np.nansum(x, axis=1, keepdims=True)],
    "nanvar": [lambda np, x: np.nanvar(x, ddof=1)],
    "outer": [lambda np, x: np.outer(x, x[0])],
    "pad": [
        lambda np, x: np.pad(x, 2),
        lambda np, x: np.pad(x, ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))),
        lambda np, x: np.pad(x, (1, 2), mode="edge"),
        lambda np, x: np.pad(x, ((3, 2), (4, 5)), mode="reflect"),
        lambda np, x: np.pad(x, ((3, 2), (1, 2)), mode="reflect", reflect_type="odd"),
        lambda np, x: np.pad(x, ((2, 1), (3, 2)), mode="symmetric", reflect_type="odd"),
        lambda np, x: np.pad(x[:1], 2, mode="reflect", reflect_type="odd"),
        lambda np, x: np.pad(x, ((3, 2), (4, 5)), mode="symmetric"),
        lambda np, x: np.pad(x, ((3, 2), (4, 5)), mode="wrap"),
        lambda np, x: np.pad(x, ((0, 2), (3, 1)), mode="linear_ramp", end_values=((1, 2), (3, 4))),
        lambda np, x: np.pad(x, 1, mode="maximum"),
        lambda np, x: np.pad(x, 2, mode="minimum", stat_length=2),
        lambda np, x: np.pad(x, (0, 1), mode="median"),
        lambda np, x: np.pad(x, ((1, 0), (2, 2)), mode="mean", stat_length=((1, 1), (2, 3))),
    ],
    "partition": [lambda np, x: np.partition(grown(x)[:, ::-1], 1)],
    "percentile": [lambda np, x: np.percentile(grown(x), [25, 60], axis=1)],
    "permute_dims": [lambda np, x: np.permute_dims(x[None], (2, 0, 1))],
    "piecewise": [lambda np, x: np.piecewise(x, [x < 0], [lambda v: v * v, lambda v: 2 * v])],
    "place": [changed(lambda np, y: np.place(y, np.array([[True] * 3, [False] * 3]), [7.0]))],
    "poly": [lambda np, x: np.poly(x[0])],
    "polyadd": [lambda np, x: np.polyadd(x[0], x[1, :2])],
    "polyder": [lambda np, x: np.polyder(x[0]), lambda np, x: np.polyder(x[0], 2)],
    "polydiv": [lambda np, x: np.polydiv(np.ravel(x), x[0, :2] + 3)],
    "polyfit": [
        lambda np, x: np.polyfit(C, x[0], 1),
        lambda np, x: np.polyfit(grown(x)[0], x[1], 1, w=[1.0, 2.0, 3.0]),
        lambda np, x: np.polyfit(numpy.arange(6.0), np.ravel(x), 1, cov=True)[1],
        lambda np, x: np.polyfit(grown(x)[0], x[1], 1, cov="unscaled")[1],
        lambda np, x: np.polyfit(C, x[0], 1, full=True)[0],
        lambda np, x: np.polyfit(C, x.T, 2),
    ],
    "polyint": [
        lambda np, x: np.polyint(x[0]),
        lambda np, x: np.polyint(x[0], 2, k=[1.0, 2.0]),
    ],
    "polymul": [lambda np, x: np.polymul(x[0], x[1, :2])],
    "polysub": [lambda np, x: np.polysub(x[0, :2], x[1])],
    "polyval": [lambda np, x: np.polyval(x[0], x), lambda np, x: np.polyval([1.0, 2.0, 3.0], x)],
    "prod": [
        lambda np, x: np.prod(x),
        lambda np, x: np.prod(x, axis=1, where=[True, False, True]),
    ],
    "ptp": [lambda np, x: np.ptp(grown(x), axis=1)],
    "put": [changed(lambda np, y: np.put(y, [0, 4], [7.0, 8.0]))],
    "put_along_axis": [
        changed(lambda np, y: np.put_along_axis(y, numpy.array([[1], [0]]), 7.0, axis=1))
    ],
    "putmask": [changed(lambda np, y: np.putmask(y, [[True] * 3, [False] * 3], 7.0))],
    "quantile": [lambda np, x: np.quantile(grown(x), 0.3, axis=1)],
    "ravel": [
        lambda np, x: np.ravel(x),
        lambda np, x: np.ravel(x, order="F"),
        lambda np, x: np.ravel(x.T, order="A"),
        lambda np, x: np.ravel(x.T, order="K"),
    ],
    "real_if_close": [lambda np, x: np.real_if_close(x)],
    "real": [lambda np, x: np.real(x), lambda np, x: np.real((1 + 2j) * x) - x**2],
    "repeat": [lambda np, x: np.repeat(x, 2), lambda np, x: np.repeat(x, [0, 2, 1], axis=1)],
    "reshape": [
        lambda np, x: np.reshape(x, (3, 2)),
        lambda np, x: np.reshape(x, (3, -1), order="F"),
        lambda np, x: np.reshape(x.T, 6, order="A"),
    ],
    "resize": [lambda np, x: np.resize(x, (3, 4)), lambda np, x: np.resize(x, 2)],
    "roll": [lambda np, x: np.roll(x, 1), lambda np, x: np.roll(x, (1, 2), axis=(0, 1))],
    "rollaxis": [
        lambda np, x: np.rollaxis(x[None], 2),
        lambda np, x: np.rollaxis(x[None], 0, 3),
        lambda np, x: np.rollaxis(x[None], -2, -1),
    ],
    "roots": [lambda np, x: np.real(np.roots(np.stack([x[0, 0], x[0, 1], 0 * x[0, 0] - 9])) ** 2)],
    "rot90": [
        lambda np, x: np.rot90(x),
        lambda np, x: np.rot90(x, 2),
        lambda np, x: np.rot90(x, -1),
        lambda np, x: np.rot90(x[None], 5, axes=(2, 0)),
    ],
    "row_stack": [lambda np, x: quiet(np.row_stack)([x, x[0]])],
    "select": [lambda np, x: np.select([x < 0, x > 1], [x * x, 3 * x], 1.0)],
    "sort": [lambda np, x: np.sort(grown(x)[:, ::-1]), lambda np, x: np.sort(grown(x), axis=None)],
    "sort_complex": [lambda np, x: np.sort_complex(grown(x)[:, ::-1])],
    "split": [lambda np, x: np.split(x, 3, axis=1), lambda np, x: np.split(x, [1], axis=-1)],
    "squeeze": [lambda np, x: np.squeeze(x[None])],
    "stack": [
        lambda np, x: np.stack([x, 2 * x], axis=-1),
        lambda np, x: np.stack((x[0, 0], x[0, 1])),
    ],
    "std": [lambda np, x: np.std(x, axis=0), lambda np, x: np.std(x, ddof=1)],
    "sum": [
        lambda np, x: np.sum(x),
        lambda np, x: np.sum(x, axis=0, keepdims=True, initial=2.0),
    ],
    "swapaxes": [lambda np, x: np.swapaxes(x, 0, -1)],
    "take": [lambda np, x: np.take(x, [0, 2], axis=1), lambda np, x: np.take(x, 4)],
    "take_along_axis": [lambda np, x: np.take_along_axis(x, numpy.array([[0, 0], [2, 1]]), axis=1)],
    "tensordot": [
        lambda np, x: np.tensordot(x, x.T, axes=1),
        lambda np, x: np.tensordot(x, x, axes=([0, 1], [0, 1])),
    ],
    "tile": [lambda np, x: np.tile(x, 2), lambda np, x: np.tile(x, (2, 1, 2))],
    "trace": [lambda np, x: np.trace(x)],
    "transpose": [lambda np, x: np.transpose(x), lambda np, x: np.transpose(x, (0, 1))],
    "trapezoid": [
        lambda np, x: np.trapezoid(x),
        lambda np, x: np.trapezoid(x, C, axis=1),
    ],
    "tril": [lambda np, x: np.tril(x, 1)],
    "triu": [lambda np, x: np.triu(x)],
    "trapz": [lambda np, x: quiet(np.trapz)(x, C)],
    "trim_zeros": [
        lambda np, x: np.trim_zeros(np.pad(x[0], (2, 1))),
        lambda np, x: np.trim_zeros(np.pad(x[0], (2, 1)), "b"),
    ],
    "unstack": [lambda np, x: np.unstack(x), lambda np, x: np.unstack(x, axis=1)],
    "unwrap": [lambda np, x: np.unwrap(x * 3)],
    "var": [lambda np, x: np.var(x, axis=1, keepdims=True), lambda np, x: np.var(x, ddof=1)],
    "vander": [
        lambda np, x: np.vander(x[0]),
        lambda np, x: np.vander(x[0], 4, increasing=True),
    ],
    "vdot": [lambda np, x: np.vdot(x, 2 * x)],
    "vecdot": [lambda np, x: np.vecdot(x, x[0])],
    "vecmat": [lambda np, x: np.vecmat(x[:, 0], x)],
    "vsplit": [lambda np, x: np.vsplit(x, 2)],
    "vstack": [lambda np, x: np.vstack([x, x[0]])],
    "where": [lambda np, x: np.where(x > 0, x * x, 2.0)],
    "linalg.cholesky": [lambda np, x: np.linalg.cholesky(symmetric(np, x))],
    "linalg.cond": [lambda np, x: np.linalg.cond(square(np, x))],
    "linalg.cross": [lambda np, x: np.linalg.cross(x[0], x[1])],
    "linalg.det": [lambda np, x: np.linalg.det(square(np, x))],
    "linalg.diagonal": [lambda np, x: np.linalg.diagonal(x)],
    "linalg.eig": [
        lambda np, x: np.abs(np.linalg.eig(symmetric(np, x) + numpy.diag(C))[0]),
    ],
    "linalg.eigh": [lambda np, x: np.abs(np.linalg.eigh(symmetric(np, x) + numpy.diag(C))[1])],
    "linalg.eigvals": [
        lambda np, x: np.abs(np.linalg.eigvals(symmetric(np, x) + numpy.diag(C))),
    ],
    "linalg.eigvalsh": [lambda np, x: np.linalg.eigvalsh(symmetric(np, x))[1:]],
    "linalg.inv": [lambda np, x: np.linalg.inv(symmetric(np, x))],
    "linalg.lstsq": [lambda np, x: np.linalg.lstsq(symmetric(np, x), x[0])[0]],
    "linalg.matmul": [lambda np, x: np.linalg.matmul(x, x.T)],
    "linalg.matrix_norm": [lambda np, x: np.linalg.matrix_norm(x)],
    "linalg.matrix_power": [
        lambda np, x: np.linalg.matrix_power(square(np, x), 3),
        lambda np, x: np.linalg.matrix_power(square(np, x), -2),
    ],
    "linalg.matrix_transpose": [lambda np, x: np.linalg.matrix_transpose(x)],
    "linalg.multi_dot": [lambda np, x: np.linalg.multi_dot([x, x.T, x])],
    "linalg.norm": [lambda np, x: np.linalg.norm(x), lambda np, x: np.linalg.norm(x, axis=1)],
    "linalg.outer": [lambda np, x: np.linalg.outer(x[0], x[1])],
    "linalg.pinv": [lambda np, x: np.linalg.pinv(x)],
    "linalg.qr": [lambda np, x: np.linalg.qr(symmetric(np, x))],
    "linalg.slogdet": [lambda np, x: np.linalg.slogdet(symmetric(np, x))[1]],
    "linalg.solve": [
        lambda np, x: np.linalg.solve(square(np, x), x),
        lambda np, x: np.linalg.solve(symmetric(np, x), x[0]),
    ],
    "linalg.svd": [lambda np, x: np.linalg.svd(x, compute_uv=False)],
    "linalg.svdvals": [lambda np, x: np.linalg.svdvals(x)],
    "linalg.tensordot": [lambda np, x: np.linalg.tensordot(x, x.T, axes=1)],
    "linalg.tensorinv": [lambda np, x: np.linalg.tensorinv(square(np, x), ind=1)],
    "linalg.tensorsolve": [lambda np, x: np.linalg.tensorsolve(square(np, x), x[:, 0])],
    "linalg.trace": [lambda np, x: np.linalg.trace(x)],
    "linalg.vecdot": [lambda np, x: np.linalg.vecdot(x, x[0])],
    "linalg.vector_norm": [lambda np, x: np.linalg.vector_norm(x, axis=1)],
    "fft.fft": [lambda np, x: np.fft.fft(x)],
    "fft.fft2": [lambda np, x: np.fft.fft2(x)],
    "fft.fftn": [lambda np, x: np.fft.fftn(x)],
    "fft.fftshift": [lambda np, x: np.fft.fftshift(x)],
    "fft.hfft": [lambda np, x: np.fft.hfft(x)],
    "fft.ifft": [lambda np, x: np.fft.ifft(x, axis=0)],
    "fft.ifft2": [lambda np, x: np.fft.ifft2(x)],
    "fft.ifftn": [lambda np, x: np.fft.ifftn(x)],
    "fft.ifftshift": [lambda np, x: np.fft.ifftshift(x)],
    "fft.ihfft": [lambda np, x: np.fft.ihfft(x)],
    "fft.irfft": [lambda np, x: np.fft.irfft(x, 5)],
    "fft.irfft2": [lambda np, x: np.fft.irfft2(x)],
    "fft.irfftn": [lambda np, x: np.fft.irfftn(x)],
    "fft.rfft": [lambda np, x: np.fft.rfft(x)],
    "fft.rfft2": [lambda np, x: np.fft.rfft2(x)],
    "fft.rfftn": [lambda np, x: np.fft.rfftn(x)],
}

# What plain NumPy does not hand to a Value: for autograd.numpy only.
LISTS_AND_MAKERS = {
    "array": [
        lambda np, x: np.array([[x[0, 0], 1.0], [x[0, 1], x[0, 2]]]),
        lambda np, x: np.array(x, ndmin=3),
    ],
    "asarray": [lambda np, x: np.asarray([x[0], x[1]]), lambda np, x: np.asarray(x, float)],
    "asanyarray": [lambda np, x: np.asanyarray(x)],
    "ascontiguousarray": [lambda np, x: np.ascontiguousarray(x)],
    "asfortranarray": [lambda np, x: np.asfortranarray(x)],
    "asarray_chkfinite": [lambda np, x: np.asarray_chkfinite(x)],
    "require": [lambda np, x: np.require(x)],
    "full": [
        lambda np, x: np.full((2, 3), x[0]),
        lambda np, x: np.full(2, x[0, 0], dtype=float),
    ],
    "full_like": [lambda np, x: np.full_like(x, x[0])],
    "vectorize": [
        lambda np, x: np.vectorize(lambda a, b: a * b if a > 0 else b)(x, x[0]),
        lambda np, x: np.vectorize(lambda a, k: a**k)(x, k=2),
        lambda np, x: np.vectorize(lambda a: (a, a * a))(x),
    ],
    "mean": [lambda np, x: np.mean([x[0, 0], x[1, 1] * 2])],
    "sum": [lambda np, x: np.sum([[x[0, 0], x[1, 1]], [x[0, 1], 1.0]], axis=0)],
    "dot": [lambda np, x: np.dot([x[0, 0], x[0, 1]], [1.0, 2.0])],
    "exp": [lambda np, x: np.exp([x[0, 0], 1.0])],
    "stack": [lambda np, x: np.stack([[x[0, 0], x[0, 1]], [x[1, 1], 2.0]])],
    "max": [lambda np, x: np.max([x[0, 0], x[0, 0] + 2])],
    "average": [lambda np, x: np.average([x[0, 0], x[0, 1]], weights=[x[1, 0] ** 2, 1.0])],
    "polyval": [lambda np, x: np.polyval([x[0, 0], 2.0], x[1])],
    "hypot": [lambda np, x: np.hypot([x[0, 0], 3.0], x[0, :2])],
}

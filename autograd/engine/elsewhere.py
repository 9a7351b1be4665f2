"""What other libraries call differently, or do not need here: options, and their arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

OPTIONS = {
    "dim": "write axis= for it",
    "keepdim": "write keepdims= for it",
    "unbiased": "write ddof=1 for unbiased=True, and nothing for False",
    "retain_graph": "leave it out; a graph lives as long as its result, and free=True frees it",
    "inputs": "leave it out; for the gradient of some inputs alone write autograd.grad(f, argnum)",
    "grad_tensors": "write gradient= for it",
    "inplace": "leave it out; results are new arrays",
    "requires_grad": "leave it out; every Value of floats has a gradient",
}

# Arguments of functions of functions in torch, jax and HIPS autograd.
OF_TRANSFORMS = {
    "allow_int": "write x.astype(float) for the ints",
    "allow_unused": "leave it out; what does not count has the gradient 0",
    "argnums": "write argnum= for it",
    "backend": "write target= for it",
    "create_graph": "leave it out; the result has a graph where the function uses Values",
    "dynamic": "leave it out; a function is recorded anew for other shapes",
    "fun": "give the function first, without a name",
    "func": "give the function first, without a name",
    "fullgraph": "leave it out; what is not compiled is told by a warning",
    "has_aux": "write autograd.grad_and_aux(f)",
    "holomorphic": "write autograd.holomorphic_grad(f)",
    "in_dims": "write in_axes= for it",
    "init": "write state= for it",
    "mode": "write target= for it",
    "out_dims": "write out_axes= for it",
    "randomness": "leave it out; each sample draws its own numbers",
    "static_argnames": "leave it out; an int, a text or an object is static",
    "static_argnums": "leave it out; an int, a text or an object is static",
    "strategy": "leave it out",
    "unroll": "leave it out",
    "use_reentrant": "leave it out",
    "vectorize": "leave it out",
    "xs": "write data= for it",
}

# Names in torch, tensorflow and jax.
NAMES = {
    "Function": "autograd.primitive, or autograd.Primitive for an op with a gradient of your own",
    "GradientTape": "nothing: every computation with a Value is recorded",
    "Tensor": "autograd.Value(numbers)",
    "Variable": "autograd.Value(numbers)",
    "backward": "the method of a result: loss.backward()",
    "cuda": "nothing: NumPy computes on the CPU; autograd.compile(f, target='jax') has others",
    "custom_jvp": "autograd.Primitive for an op with a gradient of your own",
    "custom_vjp": "autograd.primitive, or autograd.Primitive for an op with a gradient of your own",
    "detect_anomaly": "with autograd.debug()",
    "device": "nothing: NumPy computes on the CPU; autograd.compile(f, target='jax') has others",
    "enable_grad": "nothing: a graph is made but inside autograd.no_grad()",
    "func": "autograd itself: autograd.grad, autograd.vmap; nn.functional_call for networks",
    "functional": "autograd itself: autograd.jacobian, autograd.hessian, autograd.vjp",
    "gradcheck": "autograd.testing.check_gradients(f, x)",
    "from_numpy": "autograd.Value(a)",
    "inference_mode": "autograd.no_grad()",
    "jacfwd": "autograd.jacobian",
    "jacrev": "autograd.jacobian",
    "jit": "autograd.compile(f)",
    "lax": "autograd itself: autograd.scan, autograd.fori_loop, autograd.while_loop",
    "load": "the package beside it: import nn, and nn.load(model, path)",
    "manual_seed": "seed= of a layer, or a generator of NumPy",
    "nn": "the package beside it: import nn",
    "one_hot": "np.eye(classes)[labels]",
    "optim": "the package beside it: import nn, and nn.Adam(model.parameters(), lr=0.001)",
    "pmap": "autograd.compile(f, target='jax', devices=2)",
    "random": "NumPy's: np.random.default_rng(0)",
    "save": "the package beside it: import nn, and nn.save(model, path)",
    "set_grad_enabled": "with autograd.no_grad()",
    "stop_gradient": "the method of a Value: v.detach()",
    "tensor": "autograd.Value(numbers)",
} | {
    name: f"NumPy's: np.{ours}"
    for name, ours in {
        "arange": "arange", "cat": "concatenate", "clamp": "clip", "einsum": "einsum",
        "empty": "empty", "eye": "eye", "linalg": "linalg",
        "float32": "float32", "float64": "float64", "full": "full",
        "linspace": "linspace", "mean": "mean", "ones": "ones", "ones_like": "ones_like",
        "rand": "random.default_rng().random", "randn": "random.default_rng().normal",
        "stack": "stack", "sum": "sum", "where": "where", "zeros": "zeros",
        "zeros_like": "zeros_like",
    }.items()
}  # fmt: skip


def unknown_name(name: str) -> AttributeError:
    """Return the error for a name that `autograd` does not have."""
    if name in NAMES:
        return AttributeError(f"autograd has no {name}: use {NAMES[name]}", name=name)
    return AttributeError(f"module 'autograd' has no attribute {name!r}", name=name)


def refuse_options(given: Iterable[str]) -> None:
    """Raise for options that a function was given and does not take."""
    for option in given:
        if option in OPTIONS:
            raise TypeError(f"there is no {option}= here: {OPTIONS[option]}") from None
        raise TypeError(f"got an unexpected keyword argument {option!r}")


def refuse_other_names(given: Iterable[str]) -> None:
    """Raise for options that have another name here; leave others to the caller."""
    refuse_options(option for option in given if option in OPTIONS)


def not_ours(x: Any) -> str:
    """Return a few words on an object that is not taken; of another library's array, what to do."""
    kind = type(x)
    if not hasattr(kind, "__array__"):
        return f"{kind.__name__} ({x!r:.60})"
    way = "x.detach().cpu().numpy()" if hasattr(kind, "detach") else "np.asarray(x)"
    return f"a {library_of(x)}.{kind.__name__}: write {way}"


def library_of(x: Any) -> str:
    """Return the package that an object's class is from, such as "torch"."""
    return type(x).__module__.partition(".")[0]


def answering(
    answers: Mapping[str, str],
    otherwise: Callable[[Callable[..., Any], str], str] = lambda f, said: said,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: arguments that a function does not take are answered.

    Python finds out that arguments do not fit before a function runs, so its call is the place to
    look.

    Args:
        answers: what to write, by the name of an argument.
        otherwise: returns what to say of others, for the function and what Python said.

    Example:
        >>> @answering({"dim": "write axis= for it"})
        ... def total(x, axis=None):
        ...     return sum(x)
        >>> total([1.0], dim=0)
        Traceback (most recent call last):
        TypeError: there is no dim= here: write axis= for it
    """

    def decorate(f: Callable[P, R]) -> Callable[P, R]:
        @wraps(f)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return f(*args, **kwargs)
            except TypeError as error:
                if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                    raise  # it comes from inside
                taken = signature(f).parameters
                known = [name for name in kwargs if name in answers and name not in taken]
                message = (
                    f"there is no {known[0]}= here: {answers[known[0]]}"
                    if known
                    else otherwise(f, str(error))
                )
            raise TypeError(message)

        return called

    return decorate

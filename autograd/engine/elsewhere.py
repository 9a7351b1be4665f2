"""What other libraries call differently, or do not need here: options, and their arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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

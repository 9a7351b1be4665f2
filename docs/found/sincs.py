"""The slope of JAX's sinc beside mpmath's."""

import jax
import mpmath as mp


def rows():
    """Yield (call, what JAX gives, what is right)."""
    with jax.enable_x64(True):
        found = jax.grad(jax.numpy.sinc)(1e-8)
    right = mp.diff(lambda x: mp.sin(mp.pi * x) / (mp.pi * x), mp.mpf(1e-8))
    yield "jax.grad(jnp.sinc)(1e-8)", found, right

"""Transformations of functions: gradients, products with Jacobians, Jacobians, checkpoints."""

from autograd.transforms.checkpoint import checkpoint
from autograd.transforms.gradients import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    holomorphic_grad,
    multigrad_dict,
    value_and_grad,
)
from autograd.transforms.jacobians import (
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    jacobian,
    make_ggnvp,
    make_hvp,
    tensor_jacobian_product,
    vector_jacobian_product,
)
from autograd.transforms.products import jvp, make_jvp, make_jvp_reversemode, make_vjp, vjp

__all__ = [
    "checkpoint",
    "deriv",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "jvp",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "multigrad_dict",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
]

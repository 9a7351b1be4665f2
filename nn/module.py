"""Module: a plain object whose parameters are found by walking its attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import set_data
from autograd.graphs.costs import parameters_in_words, sizes_of_parameters
from autograd.notation.names import visible
from nn.answers import answering
from nn.containers import PLAIN, is_container, items_in, refuse_hidden, refuse_in_class
from nn.elsewhere import OF_METHODS, Named, refuse_options, refuse_to_set
from nn.parameter import Buffer, Parameter, warn_of_values
from nn.state import STATE, as_array, kept_in, matching, misfits
from nn.summary import Summary, summary


class Module(Named):
    """A part of a network: any object with Parameters, Buffers or Modules among its attributes.

    These may also lie in lists, tuples, dicts and dataclasses, nested in any way. There is no need
    to register anything or to call `super().__init__()`. A module computes its output in
    `__call__`.

    A Parameter stays one when its attribute is set to new numbers, `layer.weights = array`: they
    are written into it. So does a Buffer. To replace either, set a new one.

    Example:
        >>> class Scale(Module):
        ...     def __init__(self):
        ...         self.factor = Parameter(2.0)
        ...     def __call__(self, x):
        ...         return self.factor * x
        >>> scale = Scale()
        >>> scale(3.0)
        Value(6.0)
        >>> scale.named_parameters()
        [('factor', Value(2.0))]
    """

    if TYPE_CHECKING:  # each module has its own
        __call__: Callable[..., Any]

    training: bool = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        refuse_in_class(cls)
        if hasattr(cls, "forward") and "__call__" not in dir(cls):
            raise TypeError(
                f"rename the method forward of {cls.__name__}, def __call__(self, x): a Module "
                "computes its output in __call__, not in forward as in PyTorch"
            )

    def __setattr__(self, name: str, new: Any) -> None:
        old = vars(self).get(name)
        if old is None and name not in vars(self):
            refuse_to_set(self, name)
        if isinstance(old, STATE) and new is not None and new is not old:
            new = kept_in(old, new, name)
        if new is not old and type(new) not in PLAIN:
            warn_of_values(self, name, new)
            refuse_hidden(self, name, new)
        if name in METHODS and (isinstance(new, Module) or not callable(new)):
            raise AttributeError(f"choose another name than {name}, a method of each Module")
        object.__setattr__(self, name, new)

    def contents(self) -> list[tuple[Any, Any]]:
        """Return (name, thing) for what lies directly inside: the attributes, unless overridden."""
        return list(vars(self).items())

    def named_parameters(self, pattern: str = "*") -> list[tuple[str, Parameter]]:
        """Return (path, parameter) pairs, each parameter once, in order of definition.

        Args:
            pattern: which paths, with `*` for any text and `?` for any character.

        Example:
            >>> import nn
            >>> [path for path, _ in nn.MLP(2, [3, 1]).named_parameters("*.bias")]
            ['layers.0.bias', 'layers.1.bias']
        """
        return matching(pattern, named(self, Parameter))

    def named_buffers(self, pattern: str = "*") -> list[tuple[str, Buffer]]:
        """Return (path, buffer) pairs, each buffer once, in order of definition."""
        return matching(pattern, named(self, STATE[1:]))

    def buffers(self) -> list[Buffer]:
        """Return all buffers, each once, in order of definition."""
        return [buffer for _, buffer in self.named_buffers()]

    def parameters(self) -> list[Parameter]:
        """Return all parameters, each once, in order of definition."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """Return (path, module) pairs, each module once, this one first with the path ""."""
        return named(self, Module)

    def modules(self) -> list[Module]:
        """Return this module and all inside it, each once."""
        return [module for _, module in self.named_modules()]

    def zero_grad(self) -> None:
        """Clear the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Module:
        """Set `.training` of this module and all inside it; return self."""
        if not isinstance(mode, (bool, int, np.bool_)):
            raise TypeError(
                "write nn.fit(model, loss, data, optimiser, epochs) to train: model.train() sets a "
                f"mode, True or False, not {mode!r:.40}"
            )
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Set `.training` to False, as `train(False)` does; return self."""
        return self.train(False)

    def freeze(self) -> Module:
        """Keep optimisers from changing any parameter inside this module; return self.

        Example:
            >>> import nn
            >>> model = nn.MLP(2, [3, 1])
            >>> [p.trainable for p in model.layers[0].freeze().parameters()]
            [False, False]
        """
        return self.unfreeze(False)

    def unfreeze(self, trainable: bool = True) -> Module:
        """Let optimisers change the parameters inside this module again; return self."""
        for parameter in self.parameters():
            parameter.trainable = trainable
        return self

    def summary(self, *inputs: Any, dtype: Any = float, depth: int | None = None) -> Summary:
        """Return the table of layers with their shapes, parameters, multiply-adds and memory.

        The network is called once, as in evaluation and without a graph, and stays as it is.

        Args:
            inputs: for each argument of the call its shape, samples included, or an array.
            dtype: the dtype of arguments of which the shape is given, such as int.
            depth: how many levels of inner modules to list; all if left out.

        Example:
            >>> import nn
            >>> nn.MLP(2, [16, 1], seed=0).summary((5, 2))
            layer              input → output  parameters  multiply-adds   memory
            ─────────────────────────────────────────────────────────────────────
            MLP                5×2 → 5×1               65            240     2 kB
              layers.0  Layer  5×2 → 5×16              48            160  1.92 kB
              layers.1  Layer  5×16 → 5×1              17             80     80 B
            ─────────────────────────────────────────────────────────────────────
            65 parameters, 520 B
            240 multiply-adds and 2 kB of results in a forward pass
        """
        return summary(self, *inputs, dtype=dtype, depth=depth)

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of the numbers of each parameter and buffer, by path."""
        return {path: np.array(as_array(x))[()] for path, x in named(self, STATE)}

    def load_state_dict(self, state: dict[str, Any], strict: bool = True) -> None:
        """Set all parameters and buffers to the numbers that `state_dict` returned.

        One that has several paths, since it is shared, may be given by any or all of them.

        Raises:
            TypeError: `state` is no dict, or `strict` is False.
            ValueError: one is missing or unknown, has another shape or a dtype that does not fit.
                Nothing is changed then.
        """
        if not strict:
            refuse_options({"strict": False})
        if not isinstance(state, dict):
            raise TypeError(
                f"load_state_dict takes the dict that state_dict() returned, not {state!r:.60}"
            )
        own = dict(named(self, STATE))
        first = {id(x): path for path, x in own.items()}
        known = {path: first[id(x)] for path, x in walk(self) if id(x) in first}
        given = {path: as_array(numbers) for path, numbers in state.items()}
        found = {known[path]: given[path] for path in reversed(given) if path in known}
        problems = [f"{path} is missing" for path in own if path not in found]
        problems += [f"{path} is not part of it" for path in given if path not in known]
        for path, numbers in given.items():
            if path in known:
                problems += misfits(path, numbers, own[known[path]], found[known[path]])
        if problems:
            raise ValueError(
                f"this state does not fit the {type(self).__name__}: {'; '.join(problems)}; "
                "build the module as it was when the state was saved"
            )
        parameters = [path for path, x in own.items() if isinstance(x, Parameter)]
        set_data([own[path] for path in parameters], [found[path] for path in parameters])
        for path in own.keys() - parameters:
            own[path][...] = found[path]

    def __repr__(self) -> str:
        return "\n".join(parameter_tree(self, type(self).__name__))


METHODS = {name for name, x in vars(Module).items() if callable(x) and name[0] != "_"}
METHODS.remove("contents")  # whose name an attribute may have
for _name in METHODS:
    setattr(Module, _name, answering(OF_METHODS)(vars(Module)[_name]))


def named(module: Module, kind: Any) -> list[tuple[str, Any]]:
    """Return (path, thing) for all things of a kind inside a module, each once."""
    found: dict[int, tuple[str, Any]] = {}
    for path, thing in walk(module):
        if isinstance(thing, kind):
            found.setdefault(id(thing), (path, thing))
    return list(found.values())


def walk(thing: Any, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield (path, item) for all Parameters, Buffers and Modules inside `thing`, and itself.

    A Parameter or Buffer is yielded once for each path that leads to it.
    """
    seen = set() if seen is None else seen
    if isinstance(thing, STATE):
        yield path, thing
    elif (isinstance(thing, Module) or is_container(thing)) and id(thing) not in seen:
        seen.add(id(thing))
        if isinstance(thing, Module):
            yield path, thing
        for name, child in contents_of(thing):
            if type(child) not in PLAIN:
                yield from walk(child, f"{path}.{name}" if path else str(name), seen)


def contents_of(thing: Any) -> list[tuple[Any, Any]]:
    """Return the (name, value) pairs directly inside a module or a container."""
    if isinstance(thing, Module):
        return type(thing).contents(thing)  # an attribute may have the same name
    return items_in(thing)


def parameter_tree(module: Module, title: str, indent: str = "") -> list[str]:
    """Return the lines that print a module as a tree, with parameter counts."""
    lines = [f"{indent}{title}: {parameters_in_words(*sizes_of_parameters(module))}"]
    own = [(n, p) for n, p in contents_of(module) if isinstance(p, Parameter)]
    lines += [f"{indent}  {visible(name)} {parameter.shape}" for name, parameter in own]
    for name, child in inner_modules(module):
        lines += parameter_tree(child, f"{visible(name)} {type(child).__name__}", indent + "  ")
    return lines


def inner_modules(thing: Any, path: str = "") -> Iterator[tuple[str, Module]]:
    """Yield (name, module) for the modules one level inside `thing`, through containers."""
    for name, child in contents_of(thing):
        here = f"{path}.{name}" if path else str(name)
        if isinstance(child, Module):
            yield here, child
        elif is_container(child):
            yield from inner_modules(child, here)

"""What all optimisers share: parameters in groups, state, weight decay, clipping, a safe step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Value, set_data
from autograd.compiling.reading import number_of, settings_with
from autograd.compiling.unasked import Natives
from autograd.notation.names import own_name
from nn.elsewhere import refuse_options
from nn.optimisers.fused import Settings, fused_step
from nn.optimisers.gradients import all_finite, gradient_norm, gradient_of, values_once
from nn.optimisers.groups import MOMENTA, Group, Options, grouped, momentum_in
from nn.optimisers.mistakes import Settable, refuse_kinds, refuse_results
from nn.optimisers.state import Names, State, slots_for, slots_of


class ExplodedError(ArithmeticError):
    """A step would have made parameters infinite or NaN; they keep their values from before it.

    Run the training inside `autograd.debug()` to see which op made the first infinity, or inside
    `nn.monitor(model)` to see which layer grew.

    Example:
        >>> import nn
        >>> w = Value(1e300)
        >>> (w * w).backward(gradient=1e8)
        >>> try:
        ...     nn.SGD([w], lr=10.0).step()
        ... except ExplodedError:
        ...     print(w.data)
        1e+300
    """


class Optimiser(Settable):
    """The base of all optimisers. One of your own is a class with an `update`.

    Args:
        parameters: the Values to change, as from `model.parameters()`; or a list of groups, dicts
            of "parameters" and of settings of their own.
        lr: the learning rate; you may change it at any time, which changes that of groups with a
            rate of their own in proportion.
        weight_decay: how much of the weight to add to its gradient.
        clip: the largest norm that all gradients together may have (Pascanu et al., 2013);
            None for any.
        options: further settings, which `update` gets.

    Raises:
        ValueError: there are no parameters, one is there twice, or a setting is out of range.

    Example:
        >>> class SignDescent(Optimiser):
        ...     def update(self, gradient, state, lr):
        ...         return lr * np.sign(gradient)
        >>> w = Value([3.0, -0.5])
        >>> optimiser = SignDescent([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimiser.step()
        >>> w.data
        array([ 2.9, -0.4])
    """

    fused = False  # whether a parameter may be changed in one native loop, by nothing but
    # the arguments of `update`; each class says so for itself
    remembers: Names | None = None  # what `update` puts into the state; None: anything
    decoupled = False  # whether weights decay by lr · weight_decay themselves, as in AdamW
    evaluates = False  # whether a step computes the loss itself, by a function that it is given

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float,
        *,
        weight_decay: float = 0.0,
        clip: float | None = None,
        **options: Any,
    ) -> None:
        kind = type(self).__name__
        self.lr = lr
        self.clip = clip
        self.groups = grouped(parameters, kind, lr, weight_decay, options)
        self.parameters = values_once([p for g in self.groups for p in g.parameters], kind)
        if not self.parameters:
            raise ValueError(
                f"{kind} needs a list of Values to change, not an empty one; the parameters "
                "of a module are what it holds as nn.Parameter, not as Value"
            )
        for group in self.groups:
            self.refuse(group.options)
            group.options = Options(group.options, self)
        self.state: list[dict[str, Value]] = [{} for _ in self.parameters]
        self.natives = Natives()  # what `fused_step` made of the rule

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.fused = vars(cls).get("fused", False)
        cls.remembers = vars(cls).get("remembers")

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"natives": Natives()}

    def check(self, **options: Any) -> None:
        """Raise ValueError if a setting is out of range."""

    def refuse(self, options: dict[str, Any]) -> None:
        """Raise if a setting is of the wrong sort, or out of range."""
        if type(self).__module__.startswith("nn."):  # a rule of one's own may take what it likes
            refuse_kinds(type(self), options)
        self.check(**options)

    def update(self, gradient: Any, state: State, lr: float, **options: Any) -> Any:
        """Return what to subtract from a parameter, and put what to remember into `state`.

        Args:
            gradient: an array, or a number, of the parameter's shape; not to be written to.
            state: numbers by name, 0.0 where there are none yet; to be replaced, not written to.
            lr: the learning rate of the parameter's group.
            options: its other settings.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update(gradient, state, lr)")

    @property
    def momentum(self) -> float:
        """The momentum, or what is called β₁, of the first group; you may set that of all groups.

        Raises:
            AttributeError: there is none.
            ValueError: it is out of range; nothing is changed.

        Example:
            >>> import nn
            >>> optimiser = nn.Adam([Value(1.0)])
            >>> optimiser.momentum = 0.85
            >>> optimiser.groups[0].options["betas"]
            (0.85, 0.999)
        """
        name, options = momentum_in(self.groups[0], type(self).__name__), self.groups[0].options
        return options[name] if name == "momentum" else options[name][0]

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        changed = []
        for group in self.groups:
            name = momentum_in(group, type(self).__name__)
            betas = (momentum, *group.options.get("betas", ())[1:])
            changed.append(group.options | {name: momentum if name == "momentum" else betas})
            self.refuse(changed[-1])
        for group, options in zip(self.groups, changed, strict=True):
            dict.update(group.options, options)

    def zero_grad(self, **other: Any) -> None:
        """Clear the gradients of all parameters."""
        if other:
            refuse_options(other)
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self, closure: Any = None) -> Any:
        """Change every parameter that has a gradient; an interrupt changes all of them or none.

        Where llvmlite is installed, the step of a parameter becomes one native loop after a
        while: the same bits in less time. `optimiser.fused = False` keeps it in NumPy.

        Args:
            closure: None, but for `LBFGS`, which computes the loss itself.

        Raises:
            TypeError: there is a closure, and this optimiser takes none.
            ExplodedError: a weight would become infinite or NaN; nothing is changed.
            ValueError: a parameter is not a leaf but was computed; nothing is changed.
        """
        if closure is not None:
            refuse_options({"closure": closure})
        changed: list[Value] = []
        new: list[Any] = []
        born: list[tuple[dict[str, Value], str]] = []  # what is remembered for the first time
        try:
            self.collect(changed, new, born)
            set_data(changed, new, copy=False)
        except Exception as error:
            for slots, name in born:
                del slots[name]
            refuse_results(type(self).__name__, changed, new, error)
            raise

    def collect(
        self, changed: list[Value], new: list[Any], born: list[tuple[dict[str, Value], str]]
    ) -> None:
        """Put what a step changes, and its new numbers, into lists."""
        scale = 1.0
        if self.clip is not None:
            scale = min(1.0, self.clip / max(gradient_norm(self.parameters), 1e-300))
        places = iter(range(len(self.parameters)))
        known: dict[int, Settings] = {}  # of the groups, at this step
        for group in self.groups:
            for parameter, place in zip(group.parameters, places, strict=False):
                g = gradient_of(parameter)
                if g is None:
                    continue
                if scale != 1.0:
                    g = g * scale
                slots = self.state[place]
                changed.append(parameter)
                fused = fused_step(self, group, known, parameter, g, slots)
                if fused is not None:
                    changed += slots.values()
                    new += [np.copy(x) if x is g else x for x in fused]
                    continue
                state = self.remembered(place)
                new.append(self.changed(parameter, g, state, group, place))
                if state:
                    changed += slots_for(slots, state, born)
                    new += [np.copy(x) if x is g else x for x in state.values()]

    def changed(self, parameter: Value, g: Any, state: State, group: Group, place: int) -> Any:
        """Return the new numbers of a parameter, and put what to remember into `state`."""
        if parameter.op is not None and not parameter.is_view():
            raise ValueError(
                f"parameter {own_name(parameter) or place} was computed by {parameter.op.name}: "
                f"give {type(self).__name__} leaves, that is, Values made from numbers; nothing "
                "was changed"
            )
        old = parameter.numpy()
        if old.dtype.kind == "c":  # against the conjugate of a complex gradient it goes down
            g = np.conj(g)
        lr, decay = number_of(self, "lr") * group.lr, group.weight_decay
        options = settings_with(group.options, MOMENTA)
        new = self.moved(options, old, g, state, lr, decay, decay != 0)
        if not all_finite(new):
            raise ExplodedError(
                f"the step would make parameter {own_name(parameter) or place} of shape "
                f"{parameter.shape} infinite or NaN, so nothing was changed; use a smaller "
                f"learning rate, normalised inputs, or {type(self).__name__}(..., clip=1.0); "
                "nn.monitor(model) shows which layer grew, and from which step on"
            )
        return new

    def moved(
        self,
        options: dict[str, Any],
        old: Any,
        g: Any,
        state: State,
        lr: float,
        decay: float,
        decays: bool,
    ) -> Any:
        """Return the new numbers of a parameter, from nothing but these and the rule."""
        if decays and not self.decoupled:
            g = g + decay * old
        step = self.update(g, state, lr, **options)
        if decays and self.decoupled:
            old = old * (1 - lr * decay)
        try:
            return old - step
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"return from {type(self).__name__}.update what to subtract from the parameter, "
                f"an array of shape {np.shape(old)}, not {step!r:.60}; nothing was changed"
            ) from error

    def remembered(self, place: int) -> State:
        """Return what is remembered of a parameter."""
        state = State()
        for name, x in self.state[place].items():
            state[name] = x.numpy() if x.ndim else x.data
        return state

    def state_dict(self) -> dict[str, Any]:
        """Return the learning rate and what is remembered of each parameter, as plain numbers.

        The keys are "lr", and "0.momentum" for what is called momentum of parameter 0.
        """
        found = {
            f"{i}.{name}": x for i, slots in enumerate(self.state) for name, x in slots.items()
        }
        return {"lr": self.lr} | {key: np.array(x.numpy())[()] for key, x in found.items()}

    def load_state_dict(self, state: dict[str, Any], **other: Any) -> None:
        """Go on from what `state_dict` returned, for the same parameters in the same order.

        Raises:
            TypeError: the state is no dict.
            ValueError: it is of other parameters, or of another kind. Nothing is changed then.
        """
        if other:
            refuse_options(other)
        slots = slots_of(self, state)
        self.lr = float(state.get("lr", self.lr))
        self.state = slots

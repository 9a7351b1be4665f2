"""What PyTorch and Keras call differently, or need and we do not: each name is answered by ours."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.counterparts import NAMES, OTHER_SCHEDULES

ON_THE_CPU = "leave it out: NumPy computes on the CPU"
DTYPE = "give its layers a dtype instead, such as nn.Linear(2, 1, dtype=np.float32)"
ASSIGN = "an assignment in __init__ is enough"

# Attributes of modules.
ATTRIBUTES = {
    "add": "append to the list of layers, model.layers.append(layer)",
    "add_module": f"{ASSIGN}: self.name = module",
    "append": "write model.layers.append(layer)",
    "apply": "write a loop: for module in model.modules()",
    "bfloat16": DTYPE,
    "build": "call it at once: layers take the number of their inputs, and are ready",
    "call": "call the module itself: model(x)",
    "children": "use modules(), or named_modules() for their paths",
    "compile": "give nn.fit the loss and the optimiser, and compile=True for compiled steps",
    "count_params": "use sum(p.size for p in model.parameters())",
    "cpu": ON_THE_CPU,
    "cuda": ON_THE_CPU,
    "device": ON_THE_CPU,
    "double": DTYPE,
    "evaluate": "use nn.evaluate(model, loss, (x, y))",
    "extend": "write model.layers.extend(layers)",
    "extra_repr": "print(model) shows its parameters, and model.summary(shape) its layers",
    "fit": "use nn.fit(model, loss, nn.data.batches(x, y, 32), optimiser, epochs=10)",
    "float": DTYPE,
    "forward": "call the module itself, model(x); it computes its output in __call__",
    "get_buffer": "use dict(model.named_buffers())[path]",
    "get_config": "use model.state_dict(); the code of a model is the program that builds it",
    "get_layer": "use its attribute, or dict(model.named_modules())[path]",
    "get_parameter": "use dict(model.named_parameters())[path]",
    "get_params": "use model.state_dict(), or nn.sklearn for an estimator with parameters",
    "get_submodule": "use dict(model.named_modules())[path]",
    "get_weights": "use model.state_dict()",
    "half": DTYPE,
    "in_channels": "use .inputs",
    "in_features": "use .inputs",
    "init": "it is ready when it was built; model.state_dict() has its numbers",
    "insert": "write model.layers.insert(i, layer)",
    "load_weights": "use nn.load(model, file)",
    "named_children": "use named_modules()",
    "non_trainable_weights": "use [p for p in model.parameters() if not p.trainable]",
    "num_parameters": "use sum(p.size for p in model.parameters())",
    "out_channels": "use .outputs",
    "out_features": "use .outputs",
    "output_shape": "use model.summary(shape)",
    "partial_fit": "use nn.fit(model, loss, nn.data.batches(x, y, 32), optimiser, epochs=1)",
    "predict": "call the module inside autograd.no_grad(): model(x)",
    "predict_proba": "call the module inside autograd.no_grad(): nn.softmax(model(x))",
    "register_buffer": f"{ASSIGN}: self.name = nn.Buffer(numbers)",
    "register_forward_hook": "call the layer in a module of your own; nn.monitor(model) watches",
    "register_forward_pre_hook": "call the layer in a module of your own",
    "register_full_backward_hook": "use nn.monitor(model), which watches gradients",
    "register_module": f"{ASSIGN}: self.name = module",
    "register_parameter": f"{ASSIGN}: self.name = nn.Parameter(numbers)",
    "requires_grad_": "use model.freeze(), or model.unfreeze()",
    "flatten_parameters": "leave it out",
    "from_pretrained": "write nn.Embedding(words, size, init=numbers), and freeze() if they stay",
    "reset_parameters": "build the layer again, with another seed=",
    "save": "use nn.save(model, file)",
    "save_weights": "use nn.save(model, file)",
    "score": "use nn.evaluate(model, loss, (x, y), metrics=[nn.accuracy])",
    "set_params": "use model.load_state_dict(state)",
    "set_weights": "use model.load_state_dict(state)",
    "share_memory": "leave it out: threads share what they see",
    "to": f"for a device, {ON_THE_CPU}; for a dtype, {DTYPE}",
    "train_on_batch": "write optimiser.zero_grad(), loss.backward() and optimiser.step()",
    "trainable_variables": "use model.parameters()",
    "trainable_weights": "use model.parameters()",
    "transform": "call the module inside autograd.no_grad(): model(x)",
    "type": DTYPE,
    "variables": "use model.parameters()",
    "weights": "use model.parameters(), or the weight of a layer",
}

# Arguments of layers: our names for them, of which a layer takes one.
ARGUMENTS = {
    "center": ("affine",),
    "d_model": ("size",),
    "dilation_rate": ("dilation",),
    "dim_feedforward": ("hidden",),
    "elementwise_affine": ("affine",),
    "embed_dim": ("size",),
    "embedding_dim": ("size",),
    "epsilon": ("eps",),
    "filters": ("outputs",),
    "hidden_size": ("hidden",),
    "in_channels": ("inputs",),
    "in_features": ("inputs",),
    "input_dim": ("words", "inputs"),
    "input_size": ("inputs",),
    "kernel_size": ("kernel",),
    "key_dim": ("size",),
    "nhead": ("heads",),
    "normalized_shape": ("shape", "size"),
    "num_channels": ("channels",),
    "num_embeddings": ("words",),
    "num_features": ("channels",),
    "num_groups": ("groups",),
    "num_heads": ("heads",),
    "num_kv_heads": ("groups",),
    "num_layers": ("layers",),
    "out_channels": ("outputs",),
    "out_features": ("outputs",),
    "output_dim": ("size",),
    "output_size": ("sizes",),
    "padding_idx": ("padding",),
    "pool_size": ("kernel",),
    "rate": ("p",),
    "scale_factor": ("factor",),
    "strides": ("stride",),
    "units": ("outputs", "hidden"),
    "use_bias": ("bias",),
}

# Attributes of layers that are set under another name, beside those of arguments, and ours.
SET = {
    "beta": ("bias",),
    "embeddings": ("weight",),
    "gamma": ("weight",),
    "kernel": ("weight",),
    "moving_mean": ("running_mean",),
    "moving_variance": ("running_var",),
    "weight": ("weights",),
    "weights": ("weight",),
}
FREEZING = ("requires_grad", "trainable")

# Arguments that no layer takes.
NEEDLESS = {
    "activation": "the activation is the next layer: nn.Sequential(nn.Linear(2, 3), nn.ReLU())",
    "align_corners": "leave it out: each entry is repeated",
    "batch_first": "leave it out: samples come first",
    "bias_initializer": "set the numbers afterwards: layer.bias.data[...] = 0.0",
    "ceil_mode": "pad x yourself so that the last window fits, with np.pad",
    "count_include_pad": "zeros around x count; else divide by the pooled np.ones_like(x)",
    "device": ON_THE_CPU,
    "end_dim": "leave it out: all axes after the samples become one",
    "inplace": "leave it out: results are new arrays",
    "input_shape": "leave it out; a layer takes at most the number of its inputs, inputs=",
    "kdim": "put an nn.Linear before it, so that keys have the size of queries",
    "kernel_initializer": "write init= and a function or an array, such as init=nn.he",
    "kernel_regularizer": "give the optimiser a weight_decay",
    "max_norm": "divide the rows of layer.weight.data by their norm after a step",
    "mode": "only the nearest entry is taken; write the others as functions of np.interp",
    "name": "leave it out: a module is named by its path",
    "padding_mode": "pad x yourself with np.pad(x, widths, mode)",
    "proj_size": "put an nn.Linear after it",
    "recurrent_dropout": "give dropout= a module, nn.Dropout(p), for between layers",
    "size": "write factor=, how often each entry is repeated",
    "return_indices": "take them yourself, with np.argmax",
    "return_sequences": "leave it out: the first result holds all steps, y[:, -1] the last",
    "return_state": "leave it out: the second result is the last state",
    "sparse": "leave it out: gradients are arrays",
    "start_dim": "leave it out: all axes after the samples become one",
    "track_running_stats": "leave it out: eval() uses the running statistics",
    "vdim": "put an nn.Linear before it, so that values have the size of queries",
}

# Arguments of methods.
OF_METHODS = {
    "attn_mask": "write mask= for it, which is True where a query may look at a key",
    "average_attn_weights": "leave it out: the result is the outputs alone",
    "is_causal": "write causal=True for the layer, nn.MultiheadAttention(size, heads, causal=True)",
    "key_padding_mask": "write mask=there[:, None, None, :], which is True where a key is there",
    "need_weights": "leave it out: the result is the outputs alone",
    "closure": "call loss.backward() before step(); only nn.LBFGS computes the loss itself",
    "assign": "leave it out: numbers go into the parameters that are there",
    "batch_size": "write the shape with samples, model.summary((32, 4))",
    "destination": "leave it out: the result is a dict",
    "device": ON_THE_CPU,
    "epochs": "model.train() sets the mode; nn.fit(model, loss, data, optimiser, epochs) trains",
    "expand_nested": "leave it out: write depth=1 to hide inner modules",
    "input_data": "give the arrays themselves, model.summary(x)",
    "input_size": "give the shape itself, model.summary((32, 4))",
    "hx": "write state= for it",
    "initial_state": "write state= for it",
    "input": "give it first, without a name: layer(x)",
    "inputs": "give it first, without a name: layer(x)",
    "keep_vars": "leave it out: dict(model.named_parameters()) has the parameters themselves",
    "line_length": "leave it out",
    "mask": "write lengths= for nn.LSTM and its like; elsewhere hide what it hides in the loss",
    "memo": "leave it out: each is there once",
    "prefix": "leave it out, and write f'{prefix}.{path}' for each path",
    "recurse": "leave it out: those of inner modules are there; vars(model) has a module's own",
    "remove_duplicate": "leave it out: each is there once",
    "requires_grad": "write unfreeze(), or freeze()",
    "set_to_none": "leave it out: gradients are let go of",
    "show_trainable": "leave it out: frozen parameters are told",
    "src_mask": "write mask= for it, which is True where a query may look at a key",
    "strict": "for a part of the numbers write load_state_dict(model.state_dict() | state)",
    "train": "write model.train() or model.eval() before the call",
    "training": "write model.train() or model.eval() before the call",
}


class Named:
    """What answers the names of other libraries on modules, after Python has found none."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if kwargs:
            refuse_other_arguments(cls, kwargs)
        if cls.__module__.startswith("nn."):
            check_flags(cls, args, kwargs)
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError(f"{cls.__name__}() takes no arguments: it has no __init__")
        return super().__new__(cls)

    if not TYPE_CHECKING:  # which would believe in every name

        def __getattr__(self, name: str) -> Any:
            if name in ATTRIBUTES and not hasattr(type(self), name):
                message = f"{type(self).__name__} has no .{name}: {ATTRIBUTES[name]}"
                raise AttributeError(message, name=name, obj=self)
            return object.__getattribute__(self, name)  # for Python's own message


def refuse_to_set(module: Any, name: str) -> None:
    """Raise for an attribute that has another name here, and would do nothing."""
    if name in FREEZING:
        raise AttributeError(f"write model.freeze(), or model.unfreeze(): modules have no .{name}")
    if type(module).__module__.startswith("nn."):
        for ours in (*SET.get(name, ()), *ARGUMENTS.get(name, ())):
            if ours in vars(module):
                raise AttributeError(
                    f"write .{ours} = … for .{name}, which a {type(module).__name__} does not have"
                )


def refuse_other_arguments(kind: Any, given: dict[str, Any]) -> None:
    """Raise for arguments that have another name here; the others are left to Python."""
    if ARGUMENTS.keys().isdisjoint(given) and NEEDLESS.keys().isdisjoint(given):
        return
    taken = inspect.signature(kind.__init__).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
        return
    found = {
        name: ours
        for name in given
        for ours in ARGUMENTS.get(name, ())
        if name not in taken and ours in taken
    }
    if found:
        ways = ", ".join(f"{ours}={given[name]!r:.40}" for name, ours in found.items())
        raise TypeError(f"{kind.__name__} has no {', '.join(found)}: write {ways}")
    for name in given:
        if name in NEEDLESS and name not in taken:
            raise TypeError(f"{kind.__name__} has no {name}: {NEEDLESS[name]}")


@cache
def flags_of(kind: Any) -> dict[str, int]:
    """Return the places of the arguments of a class that are True or False, by name."""
    _, *taken = inspect.signature(kind.__init__).parameters.values()
    return {x.name: place for place, x in enumerate(taken) if isinstance(x.default, bool)}


def check_flags(kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise for anything else where True or False is meant, such as an activation for a bias."""
    for name, place in flags_of(kind).items():
        given = args[place] if place < len(args) else kwargs.get(name)
        if not (given is None or isinstance(given, (bool, int, np.bool_))):
            raise TypeError(
                f"write {name}=True or {name}=False for {kind.__name__}, not {given!r:.40}; an "
                "activation is the next layer, and first weights are init="
            )


def refuse_options(given: dict[str, Any]) -> None:
    """Raise for arguments that a method was given and does not take."""
    for name in given:
        if name in OF_METHODS:
            raise TypeError(f"there is no {name}= here: {OF_METHODS[name]}")
        raise TypeError(f"got an unexpected keyword argument {name!r}")


def unknown_name(name: str, room: str = "nn") -> AttributeError:
    """Return the error for a name that `nn`, or a module in it, does not have."""
    if name in OTHER_SCHEDULES:
        ours = f"nn.schedules.{OTHER_SCHEDULES[name]}, optimiser.lr = schedule(epoch)"
        return AttributeError(f"{room} has no {name}: use {ours}", name=name)
    if name in NAMES:
        return AttributeError(f"{room} has no {name}: use {NAMES[name]}", name=name)
    return AttributeError(f"module {room!r} has no attribute {name!r}", name=name)

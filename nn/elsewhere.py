"""What PyTorch and Keras call differently, or need and we do not: each name is answered by ours."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

ON_THE_CPU = "leave it out: NumPy computes on the CPU"
DTYPE = "give its layers a dtype instead, such as nn.Linear(2, 1, dtype=np.float32)"
ASSIGN = "an assignment in __init__ is enough"

# Attributes of modules.
ATTRIBUTES = {
    "add": "append to the list of layers, model.layers.append(layer)",
    "add_module": f"{ASSIGN}: self.name = module",
    "apply": "write a loop: for module in model.modules()",
    "call": "call the module itself: model(x)",
    "children": "use modules(), or named_modules() for their paths",
    "compile": "give nn.fit the loss and the optimiser, and compile=True for compiled steps",
    "count_params": "use sum(p.size for p in model.parameters())",
    "cpu": ON_THE_CPU,
    "cuda": ON_THE_CPU,
    "device": ON_THE_CPU,
    "double": DTYPE,
    "evaluate": "use nn.evaluate(model, loss, (x, y))",
    "fit": "use nn.fit(model, loss, nn.data.batches(x, y, 32), optimiser, epochs=10)",
    "float": DTYPE,
    "forward": "call the module itself, model(x); it computes its output in __call__",
    "get_parameter": "use dict(model.named_parameters())[path]",
    "get_weights": "use model.state_dict()",
    "half": DTYPE,
    "in_channels": "use .inputs",
    "in_features": "use .inputs",
    "load_weights": "use nn.load(model, file)",
    "named_children": "use named_modules()",
    "out_channels": "use .outputs",
    "out_features": "use .outputs",
    "predict": "call the module inside autograd.no_grad(): model(x)",
    "register_buffer": f"{ASSIGN}: self.name = nn.Buffer(numbers)",
    "register_forward_hook": "call the layer in a module of your own; nn.monitor(model) watches",
    "register_module": f"{ASSIGN}: self.name = module",
    "register_parameter": f"{ASSIGN}: self.name = nn.Parameter(numbers)",
    "requires_grad_": "use model.freeze(), or model.unfreeze()",
    "save": "use nn.save(model, file)",
    "save_weights": "use nn.save(model, file)",
    "set_weights": "use model.load_state_dict(state)",
    "to": f"for a device, {ON_THE_CPU}; for a dtype, {DTYPE}",
    "trainable_variables": "use model.parameters()",
    "trainable_weights": "use model.parameters()",
    "variables": "use model.parameters()",
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

# Arguments that no layer takes.
NEEDLESS = {
    "activation": "the activation is the next layer: nn.Sequential(nn.Linear(2, 3), nn.ReLU())",
    "batch_first": "leave it out: samples come first",
    "bias_initializer": "set the numbers afterwards: layer.bias.data[...] = 0.0",
    "device": ON_THE_CPU,
    "inplace": "leave it out: results are new arrays",
    "input_shape": "leave it out; a layer takes at most the number of its inputs, inputs=",
    "kernel_initializer": "write init= and a function or an array, such as init=nn.he",
    "kernel_regularizer": "give the optimiser a weight_decay",
    "name": "leave it out: a module is named by its path",
    "padding_mode": "pad x yourself with np.pad(x, widths, mode)",
    "return_sequences": "leave it out: the first result holds all steps, y[:, -1] the last",
    "return_state": "leave it out: the second result is the last state",
    "track_running_stats": "leave it out: eval() uses the running statistics",
}

# Arguments of fit in Keras and Lightning.
OF_FIT = {
    "batch_size": "nn.data.batches(X, y, 32, seed=0) makes the batches",
    "class_weight": "give the loss weights: lambda z, y: nn.cross_entropy(z, y, weights=w)",
    "initial_epoch": "use checkpoint=path and resume=True",
    "lr": "give it to the optimiser",
    "max_epochs": "write epochs=",
    "optimizer": "write optimiser=",
    "sample_weight": "weigh in the loss, with targets (y, weights)",
    "shuffle": "nn.data.batches(X, y, 32, shuffle=False) keeps the order",
    "steps_per_epoch": "an epoch goes through all batches of the data",
    "train_dataloader": "write data=",
    "val_dataloaders": "write validation=",
    "validation_data": "write validation=(X, y)",
    "validation_split": "use nn.data.split, and validation=(X, y)",
    "verbose": "write progress=False for no bar",
}

# Names in torch.nn, torch and keras.
NAMES = {
    "Activation": "nn.ReLU() or another activation, or the function nn.relu",
    "BCELoss": "nn.binary_cross_entropy, of logits",
    "BCEWithLogitsLoss": "nn.binary_cross_entropy, a function",
    "AveragePooling2D": "nn.AvgPool2d(kernel)",
    "BatchNormalization": "nn.BatchNorm(channels)",
    "BatchNorm1d": "nn.BatchNorm(channels), for any number of axes",
    "BatchNorm2d": "nn.BatchNorm(channels), for any number of axes",
    "BatchNorm3d": "nn.BatchNorm(channels), for any number of axes",
    "CTCLoss": "nn.ctc_loss, a function",
    "Conv1D": "nn.Conv1d(inputs, outputs, kernel)",
    "Conv2D": "nn.Conv2d(inputs, outputs, kernel); channels come before height and width",
    "Conv3D": "nn.Conv3d(inputs, outputs, kernel); channels come before the sizes",
    "Conv2DTranspose": "nn.ConvTranspose2d(inputs, outputs, kernel)",
    "CosineEmbeddingLoss": "nn.cosine_distance, a function",
    "CrossEntropyLoss": "nn.cross_entropy, a function",
    "DataLoader": "nn.data.batches(x, y, 32, seed=0)",
    "Dense": "nn.Linear(inputs, outputs), or nn.Layer(inputs, outputs, activation=nn.relu)",
    "Dropout1d": "nn.ChannelDropout(p)",
    "Dropout2d": "nn.ChannelDropout(p)",
    "Dropout3d": "nn.ChannelDropout(p)",
    "GaussianNLLLoss": "nn.gaussian_nll, a function",
    "GlobalAveragePooling2D": "nn.GlobalAvgPool()",
    "GlobalMaxPooling2D": "nn.GlobalMaxPool()",
    "HuberLoss": "nn.huber, a function",
    "Input": "nothing: no layer needs the shape of its input",
    "InstanceNorm1d": "nn.InstanceNorm(channels), for any number of axes",
    "InstanceNorm2d": "nn.InstanceNorm(channels), for any number of axes",
    "InstanceNorm3d": "nn.InstanceNorm(channels), for any number of axes",
    "KLDivLoss": "nn.kl_divergence, a function",
    "L1Loss": "nn.absolute_error, a function",
    "LayerNormalization": "nn.LayerNorm(size)",
    "MaxPooling2D": "nn.MaxPool2d(kernel)",
    "MultiHeadAttention": "nn.MultiheadAttention(size, heads)",
    "MSELoss": "nn.squared_error, a function",
    "Model": "a class of your own: class Net(nn.Module), with __init__ and __call__",
    "ModuleDict": "a dict: a module finds what lies in it",
    "ModuleList": "a list: a module finds what lies in it",
    "MultiMarginLoss": "nn.multiclass_hinge, a function",
    "NLLLoss": "nn.cross_entropy, of logits",
    "Optimizer": "nn.Optimiser",
    "ParameterDict": "a dict: a module finds what lies in it",
    "ParameterList": "a list: a module finds what lies in it",
    "SmoothL1Loss": "nn.huber, a function",
    "Tensor": "autograd.Value(numbers), or nn.Parameter(numbers)",
    "TransformerEncoderLayer": "nn.TransformerBlock(size, heads)",
    "TripletMarginLoss": "nn.triplet, a function",
    "Unflatten": "nn.Lambda(lambda x: x.reshape(-1, *shape))",
    "binary_cross_entropy_with_logits": "nn.binary_cross_entropy",
    "functional": "nn itself, where the functions are: nn.relu, nn.cross_entropy, nn.softmax",
    "init": "nn.initialisers, whose functions are given to layers: init=nn.he",
    "initializers": "nn.initialisers",
    "keras": "nn itself",
    "kl_div": "nn.kl_divergence",
    "l1_loss": "nn.absolute_error",
    "lr_scheduler": "nn.schedules, functions of the epoch: optimiser.lr = schedule(epoch)",
    "mse_loss": "nn.squared_error",
    "nll_loss": "nn.cross_entropy, of logits",
    "optim": "nn itself, where the optimisers are: nn.Adam(model.parameters(), lr=0.001)",
    "one_hot": "np.eye(classes)[labels]; nn.cross_entropy takes the labels themselves",
    "optimizers": "nn.optimisers, or nn.Adam itself",
    "smooth_l1_loss": "nn.huber",
    "tensor": "autograd.Value(numbers)",
    "utils": "nn itself: nn.clip_gradients(parameters, max_norm)",
}


class Named:
    """What answers the names of other libraries on modules, after Python has found none."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if kwargs:
            refuse_other_arguments(cls, kwargs)
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError(f"{cls.__name__}() takes no arguments: it has no __init__")
        return super().__new__(cls)

    if not TYPE_CHECKING:  # which would believe in every name

        def __getattr__(self, name: str) -> Any:
            if name in ATTRIBUTES and not hasattr(type(self), name):
                message = f"{type(self).__name__} has no .{name}: {ATTRIBUTES[name]}"
                raise AttributeError(message, name=name, obj=self)
            return object.__getattribute__(self, name)  # for Python's own message


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


def unknown_name(name: str) -> AttributeError:
    """Return the error for a name that `nn` does not have."""
    if name in NAMES:
        return AttributeError(f"nn has no {name}: use {NAMES[name]}", name=name)
    return AttributeError(f"module 'nn' has no attribute {name!r}", name=name)

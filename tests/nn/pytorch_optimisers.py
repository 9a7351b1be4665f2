"""What PyTorch's optimisers and schedules give, for those here of the same settings.

Run with PyTorch installed, `python -m tests.nn.pytorch_optimisers` draws settings and writes them,
and the numbers, to `pytorch_optimisers.npz`. Last made with PyTorch 2.13.0.
"""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".npz")
STEPS, DRAWS, EPOCHS = 10, 12, 40
START = {
    "scalar": np.array(0.5),
    "vector": np.array([1.0, -2.0, 0.3]),
    "tall": np.array([[0.1, -0.7], [1.4, 0.2], [-1.1, 0.6]]),
    "wide": np.array([[0.9, -0.2, 0.4], [-0.3, 0.8, 1.7]]),
}
SHAPES = {"Muon": ["tall", "wide"]}  # the others take them all


def loss(parameters, sin):
    """Return a loss with many valleys, which ties all parameters together."""
    each = [(p * p / 2 + sin(3 * p)).sum() for p in parameters]
    total = sum(p.sum() for p in parameters)
    return sum(each) + sin(total)


# -- optimisers: how a setting is drawn for each kind ---------------------------------------------


def betas(rng):
    return {"betas": [float(rng.uniform(0, 0.95)), float(rng.uniform(0.5, 0.9999))]}


def size(name, low, high):
    return lambda rng: {name: float(np.exp(rng.uniform(np.log(low), np.log(high))))}


def share(name, high=0.99):
    return lambda rng: {name: float(rng.uniform(0, high))}


def choice(name, *options):
    return lambda rng: {name: options[rng.integers(len(options))]}


def nesterov(rng):
    return {"momentum": float(rng.uniform(0.1, 0.95)), "nesterov": bool(rng.integers(2))}


DECAY, EPS = size("weight_decay", 1e-3, 0.5), size("eps", 1e-10, 1e-2)
AMSGRAD = choice("amsgrad", False, True)
DECOUPLED = choice("decoupled_weight_decay", False, True)
SETTINGS = {
    "SGD": [size("lr", 1e-3, 0.1), DECAY, nesterov],
    "Adam": [size("lr", 1e-3, 0.3), DECAY, EPS, betas, AMSGRAD],
    "AdamW": [size("lr", 1e-3, 0.3), DECAY, EPS, betas, AMSGRAD],
    "Adamax": [size("lr", 1e-3, 0.3), DECAY, EPS, betas],
    "NAdam": [size("lr", 1e-3, 0.3), DECAY, EPS, betas, share("momentum_decay"), DECOUPLED],
    "RAdam": [size("lr", 1e-3, 0.3), DECAY, EPS, betas, DECOUPLED],
    "RMSprop": [
        size("lr", 1e-3, 0.1),
        DECAY,
        EPS,
        share("alpha"),
        share("momentum", 0.9),
        choice("centered", False, True),
    ],
    "Adagrad": [
        size("lr", 1e-2, 1.0),
        DECAY,
        EPS,
        share("lr_decay"),
        share("initial_accumulator_value"),
    ],
    "Adadelta": [size("lr", 0.1, 10.0), DECAY, EPS, share("rho")],
    "Muon": [
        size("lr", 1e-3, 0.3),
        DECAY,
        share("momentum"),
        choice("nesterov", False, True),
        choice("adjust_lr_fn", None, "original", "match_rms_adamw"),
        choice("ns_steps", 1, 3, 5),
    ],
    "LBFGS": [
        choice("line_search_fn", None, "strong_wolfe", "strong_wolfe"),
        size("lr", 0.05, 0.3),
        choice("max_iter", 1, 4, 20),
        choice("history_size", 1, 3, 100),
    ],
}

FIRST = {"SGD": {"lr": 0.01}, "LBFGS": {"line_search_fn": "strong_wolfe"}}  # the others: defaults


def drawn(kind, rng):
    """Return settings of a kind of optimiser; each is left at its default now and then."""
    settings = {}
    for draw in SETTINGS[kind]:
        new = draw(rng)
        settings |= new if rng.random() < 0.8 else {}
    return settings | ({"lr": 0.01} if kind == "SGD" and "lr" not in settings else {})


# -- schedules: (ours, PyTorch's), the rate of the first epoch being `lr` -------------------------

SCHEDULES = {
    "constant": ("s.constant(lr / 3, 5).then(s.constant(lr))", "s.ConstantLR(o, 1 / 3, 5)"),
    "linear": ("s.linear(lr / 4, lr, 7)", "s.LinearLR(o, 0.25, 1.0, 7)"),
    "linear, falling": ("s.linear(lr, lr / 5, 30)", "s.LinearLR(o, 1.0, 0.2, 30)"),
    "step": ("s.step(lr, 7, 0.3)", "s.StepLR(o, 7, 0.3)"),
    "multi_step": ("s.multi_step(lr, [3, 9, 30], 0.5)", "s.MultiStepLR(o, [3, 9, 30], 0.5)"),
    "exponential": ("s.exponential(lr, 0.9)", "s.ExponentialLR(o, 0.9)"),
    "polynomial": ("s.polynomial(lr, 25, 1.7)", "s.PolynomialLR(o, 25, 1.7)"),
    "cosine": ("s.cosine(lr, 39, 0.01)", "s.CosineAnnealingLR(o, 39, 0.01)"),
    "cosine_restarts": (
        "s.cosine_restarts(lr, 5, 2, 0.02)",
        "s.CosineAnnealingWarmRestarts(o, 5, 2, 0.02)",
    ),
    "one_cycle": (
        "s.one_cycle(lr, 40)",
        "s.OneCycleLR(o, lr, 40, cycle_momentum=False)",
    ),
    "one_cycle, straight": (
        "s.one_cycle(lr, 40, 0.23, 'linear', 10.0, 50.0)",
        "s.OneCycleLR(o, lr, 40, None, None, 0.23, 'linear', False, 0, 0, 10.0, 50.0)",
    ),
    "one_cycle, three phases": (
        "s.one_cycle(lr, 40, three_phase=True)",
        "s.OneCycleLR(o, lr, 40, cycle_momentum=False, three_phase=True)",
    ),
    "cyclic": ("s.cyclic(0.1, 0.4, 6)", "s.CyclicLR(o, 0.1, 0.4, 6)"),
    "cyclic, unequal": ("s.cyclic(0.1, 0.4, 3, 5)", "s.CyclicLR(o, 0.1, 0.4, 3, 5)"),
    "cyclic, halved": (
        "s.cyclic(0.1, 0.4, 4, 3, 'triangular2')",
        "s.CyclicLR(o, 0.1, 0.4, 4, 3, 'triangular2')",
    ),
    "cyclic, falling": (
        "s.cyclic(0.1, 0.4, 4, None, 'exp_range', 0.93)",
        "s.CyclicLR(o, 0.1, 0.4, 4, None, 'exp_range', 0.93)",
    ),
    "warm-up, then cosine": (
        "s.linear(lr / 10, lr, 8).then(s.cosine(lr, 32))",
        "s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 8), s.CosineAnnealingLR(o, 32)], [8])",
    ),
    "three in a row": (
        "s.constant(lr).then(s.exponential(lr, 0.8), 4).then(s.step(lr, 3), 12)",
        "s.SequentialLR(o, [s.ConstantLR(o, 1.0), s.ExponentialLR(o, 0.8), s.StepLR(o, 3)],"
        " [4, 12])",
    ),
    "a product": (
        "s.linear(0.2, 1.0, 6) * s.exponential(lr, 0.95)",
        "s.ChainedScheduler([s.LinearLR(o, 0.2, 1.0, 6), s.ExponentialLR(o, 0.95)])",
    ),
    "inverse_time": ("s.inverse_time(lr, 0.3)", "s.LambdaLR(o, lambda t: 1 / (1 + 0.3 * t))"),
    "inverse_square_root": (
        "s.inverse_square_root(lr, 4)",
        "s.LambdaLR(o, lambda t: (4 / (4 + t)) ** 0.5)",
    ),
}
# The same for the momentum that goes with a rate.
MOMENTA = {
    "one_cycle": ("s.one_cycle_momentum(40)", "s.OneCycleLR(o, lr, 40)"),
    "one_cycle, straight": (
        "s.one_cycle_momentum(40, 0.23, 'linear', 0.7, 0.9)",
        "s.OneCycleLR(o, lr, 40, None, None, 0.23, 'linear', True, 0.7, 0.9)",
    ),
    "one_cycle, three phases": (
        "s.one_cycle_momentum(40, three_phase=True)",
        "s.OneCycleLR(o, lr, 40, three_phase=True)",
    ),
    "cyclic": ("s.cyclic(0.9, 0.8, 6)", "s.CyclicLR(o, 0.1, 0.4, 6)"),
    "cyclic, halved": (
        "s.cyclic(0.95, 0.6, 4, 3, 'triangular2')",
        "s.CyclicLR(o, 0.1, 0.4, 4, 3, 'triangular2', base_momentum=0.6, max_momentum=0.95)",
    ),
}
PLATEAUS = [
    {},
    {"factor": 0.5, "patience": 1},
    {"mode": "max", "factor": 0.5, "patience": 2, "threshold": 0.1},
    {"factor": 0.3, "patience": 0, "cooldown": 3, "threshold": 0.05, "threshold_mode": "abs"},
    {"mode": "max", "factor": 0.5, "patience": 0, "threshold": 0.1, "threshold_mode": "abs"},
    {"factor": 0.1, "patience": 1, "min_lr": 0.004, "eps": 1e-3},
]
LR = 0.3


def trace(kind, settings, torch):
    """Return all numbers of the parameters after ten steps."""
    parameters = [torch.tensor(START[n], requires_grad=True) for n in SHAPES.get(kind, START)]
    optimiser = getattr(torch.optim, kind)(parameters, **settings)

    def closure():
        optimiser.zero_grad()
        value = loss(parameters, torch.sin)
        value.backward()
        return value

    for _ in range(STEPS):
        optimiser.step(closure)
    return np.concatenate([np.ravel(p.detach().numpy()) for p in parameters])


def clipped(torch, how, limit):
    """Return clipped gradients of the loss at the start."""
    parameters = [torch.tensor(x, requires_grad=True) for x in START.values()]
    loss(parameters, torch.sin).backward()
    getattr(torch.nn.utils, how)(parameters, limit)
    return np.concatenate([np.ravel(p.grad.numpy()) for p in parameters])


def scheduled(code, setting, torch):
    """Return a setting of SGD in each epoch of a schedule."""
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR, momentum=0.9)
    scheduler = eval(code, {"s": torch.optim.lr_scheduler, "o": o, "lr": LR})
    found = []
    for _ in range(EPOCHS):
        found.append(o.param_groups[0][setting])
        o.step()
        if len(found) < EPOCHS:
            scheduler.step()
    return np.array(found)


def main():
    import torch
    from torch.optim import lr_scheduler

    # PyTorch's Muon iterates in bfloat16; these are its numbers in double precision.
    torch.Tensor.bfloat16 = torch.Tensor.clone
    rng, found = np.random.default_rng(0), {}
    for kind in SETTINGS:
        settings = [FIRST.get(kind, {}), *(drawn(kind, rng) for _ in range(DRAWS))]
        found[f"{kind}/settings"] = np.array(json.dumps(settings))
        found[f"{kind}/ends"] = np.array([trace(kind, each, torch) for each in settings])
    for how, limit in [("clip_grad_norm_", 1.5), ("clip_grad_value_", 0.7)]:
        found[how] = clipped(torch, how, limit)
    for name, (_, code) in SCHEDULES.items():
        found[f"schedules/{name}"] = scheduled(code, "lr", torch)
    for name, (_, code) in MOMENTA.items():
        found[f"momenta/{name}"] = scheduled(code, "momentum", torch)
    metrics = np.round(np.exp(-np.arange(EPOCHS) / 8) + rng.normal(0, 0.05, EPOCHS), 3)
    found["plateaus/metrics"] = metrics
    for i, settings in enumerate(PLATEAUS):
        o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
        scheduler, rates = lr_scheduler.ReduceLROnPlateau(o, **settings), []
        for x in metrics:
            scheduler.step(x)
            rates.append(o.param_groups[0]["lr"])
        found[f"plateaus/{i}"] = np.array(rates)
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    main()

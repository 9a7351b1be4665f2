"""What other packages draw of one network: `python -m benchmarks.peers_that_draw` prints the facts.

It needs torch, torchview, torchviz, torchinfo, treescope, netron, tensorboard, jax and
playwright, with Chromium. Each shows the same network, and what they show is searched.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

ROWS = {  # what must be found in the text of a picture
    "class of a layer": r"Linear",
    "shapes in and out": r"\b5\b\D+\b60\b[\s\S]*?\b5\b\D+\b41\b",
    "parameters of a layer": r"\b2,?501\b",
    "multiply-adds of a layer": r"\b12,?(505|300)\b",  # with the bias, or without it
    "memory": r"\(MB\)|\b[\d.]+ (B|kB)\b",
    "exponent": r"(exponent|y|\+|value)\W+7\b|\b7\.0\b|\*\* ?7\b|⁷",
    "slice": r"\b11\b[\s\S]{1,300}\b13\b|\b13\b[\s\S]{1,300}\b11\b",
    "line of the source": r"peers_that_draw\.py[:\W]+(line )?\d+",
    "values": r"0\.5432",
}


class Net(torch.nn.Module):
    """Two layers, the first with 2,501 parameters, and ops between and after them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(60, 41)
        self.last = torch.nn.Linear(2, 1)
        torch.nn.init.constant_(self.first.bias, 0.5432)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Use every kind of op that the rows ask for."""
        h = torch.relu(self.first(x))
        return self.last(h[:, 11:13]).sum(dim=1) ** 7


def torchview(net: Net, x: torch.Tensor) -> Any:
    """The picture of modules and functions."""
    from torchview import draw_graph

    return draw_graph(net, input_data=x, device="cpu").visual_graph


def torchinfo(net: Net, x: torch.Tensor) -> Any:
    """The table of modules."""
    from torchinfo import summary

    columns = ("input_size", "output_size", "num_params", "mult_adds", "trainable")
    return summary(net, input_data=x, verbose=0, col_names=columns)


def torchviz(net: Net, x: torch.Tensor) -> Any:
    """The picture of the graph of the backward pass."""
    from torchviz import make_dot

    return make_dot(net(x).mean(), dict(net.named_parameters()), show_attrs=True, show_saved=True)


def treescope(net: Net, x: torch.Tensor) -> Any:
    """The tree of the model's attributes, as arrays of NumPy: torch 2.13 it cannot show."""
    import treescope as peer

    model = {name: Linear(layer) for name, layer in net.named_children()}
    return peer.render_to_html(model) + peer.render_to_text(model)


class Linear:
    """A layer with NumPy's arrays."""

    def __init__(self, layer: Any) -> None:
        self.weight, self.bias = (p.detach().numpy() for p in layer.parameters())

    def __treescope_repr__(self, path: Any, subtree_renderer: Any) -> Any:
        """Show the attributes."""
        import treescope as peer

        return peer.repr_lib.render_object_constructor(
            object_type=type(self), attributes=vars(self), path=path,
            subtree_renderer=subtree_renderer,
        )  # fmt: skip


def jax(net: Net, x: torch.Tensor) -> Any:
    """The program that is differentiated, with the lines of its source."""
    import jax as peer

    (w, b, v, c), x = [[p.detach().numpy() for p in net.parameters()], x.numpy()]

    def f(w, b, v, c, x):
        h = peer.nn.relu(x @ w.T + b)
        return ((h[:, 11:13] @ v.T + c).sum(axis=1) ** 7).mean()

    return peer.make_jaxpr(f)(w, b, v, c, x).pretty_print(source_info=True)


def netron(net: Net, x: torch.Tensor) -> Any:
    """The page of a traced model, from its own server."""
    import netron as peer

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.pt"
        torch.jit.trace(net, x).save(str(path))
        address = peer.start(str(path), browse=False)
        try:
            return seen_at("http://{}:{}".format(*address))
        finally:
            peer.stop(address)


def tensorboard(net: Net, x: torch.Tensor) -> Any:
    """The graph and the histograms that were written, and that a server has a page of them."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as writer:
            writer.add_graph(net, x)
            for step in range(3):
                writer.add_scalar("loss", 1 / (step + 1), step)
                writer.add_histogram("first", net.first.weight, step)
        seen = EventAccumulator(folder)
        seen.Reload()
        tags = {kind: tag for kind, tag in seen.Tags().items() if tag}
        command = [sys.executable, "-m", "tensorboard.main", "--logdir", folder, "--port", "6177"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
            page = answer("http://localhost:6177/", patience=60)
            server.terminate()
        return f"{seen.Graph()}\n{tags}\nserver: {len(page)} letters"


def answer(url: str, patience: int) -> str:
    """Return the page of a server that starts."""
    for _ in range(patience):
        try:
            return urllib.request.urlopen(url).read().decode()
        except OSError:
            time.sleep(1)
    return ""


def seen_at(url: str) -> str:
    """Return the text of Netron's page, and of its panel after a click on each node."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        page.goto(url)
        page.get_by_text("Accept").click()
        nodes = page.locator("g.node")
        nodes.first.wait_for()
        texts = []
        for node in nodes.all():
            node.click(force=True)
            page.wait_for_timeout(500)
            for more in page.locator(".sidebar .sidebar-item-value-button").all():
                more.click(force=True)
            page.wait_for_timeout(200)
            texts.append(page.locator("body").inner_text())
        browser.close()
    return "\n".join(map(str, texts))


def ours(net: Net, x: torch.Tensor) -> Any:
    """Our text, program, page and summary."""
    import nn
    from autograd import draw

    class Same(nn.Module):
        def __init__(self) -> None:
            self.first, self.last = nn.Linear(60, 41, seed=0), nn.Linear(2, 1, seed=0)
            self.first.bias.data[...] = 0.5432

        def __call__(self, x):
            h = nn.relu(self.first(x))
            return self.last(h[:, 11:13]).sum(axis=1) ** 7

    model, points = Same(), np.ones((5, 60))
    drawings = [draw(model, points, source=True), draw(model, points, depth=0)]
    texts = [f"{d}\n{d.source}\n{d.program}\n{d.html}" for d in drawings]
    return "\n".join([*texts, str(model.summary((5, 60)))])


TOOLS: dict[str, Callable[[Net, torch.Tensor], Any]] = {
    "chainrule": ours, "torchview": torchview, "torchinfo": torchinfo, "torchviz": torchviz,
    "netron": netron, "tensorboard": tensorboard, "treescope": treescope, "jax": jax,
}  # fmt: skip


def main() -> None:
    """Print for each tool and row whether it was found, and how notebooks show the result."""
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or TOOLS:
        version = "" if name == "chainrule" else importlib.metadata.version(name)
        try:
            made = TOOLS[name](Net(), torch.ones(5, 60))
        except Exception as error:
            print(f"{name} {version}: {type(error).__name__}: {str(error)[:200]}")
            continue
        text = made if isinstance(made, str) else getattr(made, "source", None) or str(made)
        for row, wanted in ROWS.items():
            found = re.search(wanted, text)
            shown = " ".join(found[0].split())[-40:] if found else "no"
            print(f"{name} {version}: {row}: {shown}")
        cells = [way for way in dir(made) if re.fullmatch(r"_repr_\w+_", way)]
        print(f"{name} {version}: in a notebook: {', '.join(cells) or type(made).__name__}")


if __name__ == "__main__":
    main()

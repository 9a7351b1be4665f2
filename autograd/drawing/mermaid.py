"""Mermaid: a scene in the language that Markdown on many sites draws as a picture."""

from __future__ import annotations

from collections import defaultdict

from autograd.drawing.dot import clusters
from autograd.drawing.grouping import Group, title
from autograd.drawing.scene import Box, Scene
from autograd.drawing.style import LIGHT, fills_of

# What Mermaid reads in the midst of a label, as signs or as their codes: an escape, a formula, an
# icon, and the word that sets a direction. A word joiner, which nobody sees, keeps these apart.
JOINER = "\u2060"
KEPT_APART = {at: f"{at[0]}{JOINER}{at[1:]}" for at in ("\\", "$", ":fa-", "direction")}
SAFE = " .,:=→×…-+−_'√Σ∂ᵀ@^÷"  # signs that mean nothing in Mermaid; others are written as codes


def mermaid(scene: Scene, direction: str) -> str:
    """Return a scene as a Mermaid flowchart, with frames as subgraphs.

    Example:
        >>> from autograd import Value, draw
        >>> print(mermaid(draw(Value(2.0, name="x") * Value(3.0, name="w")).scene, "LR"))
        flowchart LR
          n1("x<br>2")
          n2("w<br>3")
          n3op(["×"])
          n3["6"]
          n1 --> n3op
          n2 --> n3op
          n3op --> n3
          classDef input fill:#e4effb,stroke:#4c82bd,color:#1f2530
          classDef op fill:#ffffff,stroke:#5a626e,color:#1f2530
          classDef output fill:#fff0d0,stroke:#c78a22,color:#1f2530
          class n1,n2 input
          class n3op op
          class n3 output
    """
    lines = [f"flowchart {direction}"]
    inside: dict[Group, list[Box]] = defaultdict(list)
    for box in scene.boxes:
        inside[box.group].append(box)
    names = clusters(scene)

    def write(group: Group) -> None:
        indent = "  " * (len(group) + 1)
        lines.extend(f"{indent}{box_in_words(box)}" for box in inside[group])
        for inner, name in names.items():
            if inner[:-1] == group:
                lines.append(f'{indent}subgraph {name}["{coded(title(inner[-1]))}"]')
                write(inner)
                lines.append(f"{indent}end")

    write(())
    for tail, head, way in scene.edges:
        lines.append(f"  {tail} {'-.->' if way in ('gone', 'later') else '-->'} {head}")
    frame = f"fill:{LIGHT.cluster}12,stroke:{LIGHT.cluster},color:{LIGHT.faint}"
    lines += [f"  style {name} {frame}" for name in names.values()]
    kinds: dict[str, list[str]] = defaultdict(list)
    for box in scene.boxes:
        if box.shades or box.mark in ("new", "gone", "different"):
            lines.append(f"  style {box.key} fill:{fills_of(box, LIGHT)[-1]}")
        kinds[box.kind].append(box.key)
    looks = LIGHT.looks
    lines += [
        f"  classDef {kind} fill:{looks[kind].fill},stroke:{looks[kind].border},color:{LIGHT.text}"
        for kind in kinds
    ]
    lines += [f"  class {','.join(keys)} {kind}" for kind, keys in kinds.items()]
    return "\n".join(lines)


def box_in_words(box: Box) -> str:
    """Return one box: ops and leaves are round."""
    text = "<br>".join(coded(text) for _, text in box.lines) or " "
    if box.kind == "op":
        return f'{box.key}(["{text}"])'
    return f'{box.key}("{text}")' if LIGHT.looks[box.kind].round else f'{box.key}["{text}"]'


def coded(text: str) -> str:
    """Return a text with a code in place of each sign that may mean something in Mermaid.

    Example:
        >>> coded('w[0] "a"')
        'w#91;0#93; #34;a#34;'
    """
    for joined, apart in KEPT_APART.items():
        text = text.replace(joined, apart)
    return "".join(c if c.isalnum() or c in SAFE else f"#{ord(c)};" for c in text)

"""A tree of dicts, lists, text, numbers and arrays as plain arrays by name, and back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

TREE = "tree.json"  # the array that holds the text of all but the arrays
ARRAY = "the array at"  # in the text, the name of an array stands for it


def arrays_of_tree(tree: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return a tree as arrays by name: those in it, and one of the JSON text of all else.

    Raises:
        TypeError: the tree holds something of another kind.
    """
    arrays: dict[str, np.ndarray] = {}

    def text_of(branch: Any, path: str) -> Any:
        if isinstance(branch, (np.ndarray, np.generic)):
            arrays[path] = np.asarray(branch)
            return {ARRAY: path}
        if isinstance(branch, dict):
            return {name: text_of(x, f"{path}/{name}") for name, x in branch.items()}
        if isinstance(branch, (list, tuple)):
            return [text_of(x, f"{path}/{i}") for i, x in enumerate(branch)]
        return branch

    text = json.dumps({name: text_of(x, name) for name, x in tree.items()})
    return {TREE: np.frombuffer(text.encode(), "u1"), **arrays}


def is_tree(arrays: dict[str, np.ndarray]) -> bool:
    """Whether arrays are those of a tree."""
    return TREE in arrays and arrays[TREE].dtype == np.uint8


def tree_of(arrays: dict[str, np.ndarray], path: Any) -> dict[str, Any]:
    """Return the tree that was made into arrays.

    Raises:
        ValueError: they are not those of a tree.
    """

    def branch_of(text: Any) -> Any:
        if isinstance(text, dict):
            if isinstance(text.get(ARRAY), str):
                return arrays[text[ARRAY]][()]
            return {name: branch_of(x) for name, x in text.items()}
        return [branch_of(x) for x in text] if isinstance(text, list) else text

    try:
        tree = branch_of(json.loads(arrays[TREE].tobytes()))
        if not isinstance(tree.get("model"), dict):
            raise ValueError("it has no weights of a model")
        return tree
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no checkpoint of nn.fit: {error!r}") from error

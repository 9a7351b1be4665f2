"""Pages: single HTML files that load nothing, and run no script but their own."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any


def page_of(package: str, name: str, scripts: Iterable[str], title: str, facts: Any) -> str:
    """Return a page made of the files in a package's folder `assets`, in the frame of all pages.

    The frame has {{title}}, {{style}}, {{body}}, {{facts}} and {{script}}, and {{style-hash}} and
    {{script-hash}} in its security policy; and a slider below, for the script `film`.

    Args:
        package: where the folder lies.
        name: the name of the body and of the style sheet, without their endings.
        scripts: the names of the scripts, without their ending, in order.
        title: the title; any text.
        facts: what the scripts show, ready for JSON.

    Example:
        >>> page = page_of("autograd.drawing.page", "page", ["graph"], "1 < 2", ["</script>"])
        >>> "<title>1 &lt; 2</title>" in page, "</script>]" in page
        (True, False)
    """
    assets, shared = (files(where) / "assets" for where in (package, "autograd.notation"))
    paths = [shared / "film.js", *(assets / f"{script}.js" for script in scripts)]
    script = "\n".join(path.read_text("utf-8") for path in paths)
    style = (assets / f"{name}.css").read_text("utf-8")
    told = json.dumps(facts, separators=(",", ":"), allow_nan=False)
    parts = {
        "title": escape(title).encode("utf-8", "replace").decode("utf-8"),
        "style": style,
        "style-hash": digest(style),
        "script": script,
        "script-hash": digest(script),
        # Only "<" could end a script element; JSON has it in strings alone.
        "facts": told.replace("<", "\\u003c"),
    }
    body = (assets / f"{name}.html").read_text("utf-8")
    template = (shared / "frame.html").read_text("utf-8").replace("{{body}}", body)
    return re.sub(r"\{\{([\w-]+)\}\}", lambda match: parts[match[1]], template)


def digest(text: str) -> str:
    """Return the hash by which a page's security policy recognises its script or style."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()

"""Session: watch a block of code, note the line of every op, and check every result."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from autograd.debugging import causes, report
from autograd.debugging.numbers import all_finite, holds_nan, only_moves_entries
from autograd.debugging.origins import origin
from autograd.debugging.source import in_where, may_be_left_out, turns
from autograd.debugging.suspects import Suspects
from autograd.engine.careful import begun
from autograd.engine.graph import history, next_serial
from autograd.engine.masks import Masks
from autograd.engine.value import Value, held
from autograd.graphs.lines import Places, line
from autograd.graphs.places import Spot, module_path, place_fields, scopes, users_frames
from autograd.graphs.steps import Link, links_of
from autograd.notation.names import names_in


class Session(Places):
    """A record of the ops that ran in a watched block.

    Args:
        base: the frame that contains the watched block.
    """

    def __init__(self, base: FrameType | None) -> None:
        super().__init__(base)
        self.suspects = Suspects()
        self.passes = self.latest = 0  # backward passes that went well, and where the last ended

    # -- told by the core -------------------------------------------------------------------------

    def made(
        self, value: Value, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Note the result of an op, and check its numbers."""
        where = place_fields(value.serial, sys._getframe(3), self.base)
        self.places.append(where)
        y = held(value)
        known = self.suspects.used(parents) if self.suspects.errors else None
        if not (y - y == 0.0 if type(y) is float else all_finite(y)):
            if known is None or where[-1] is not None:
                self.judge(value, op, parents, args, params or {}, Spot(*where))
            else:
                self.suspects.hold(value, known)

    def walked(
        self,
        roots: list[Value],
        seeds: list[Any],
        found: list[Any],
        nodes: list[Value] | None = None,
        places: dict[int, Any] | None = None,
    ) -> None:
        """Check the gradients that a backward pass found, and the results it started from.

        Args:
            roots, seeds: the results that were differentiated, and their gradients.
            found: the gradients.
            nodes, places: the part of the graph that was walked, see `history`; all if left out.
        """
        for root in roots:
            if all_finite(held(root)):
                continue
            if self.suspects.among([root]):
                raise self.suspects.behind([root], "It is in what backward() began with")
            if root.size == 1 or holds_nan(held(root)):
                raise self.bad_root(root)
        if all(map(all_finite, found)):
            self.passes += 1
            self.latest = next_serial()
            return
        if nodes is None or places is None:
            nodes, places = history(list(roots), {})
        self.find(nodes, dict(places), roots, seeds)

    # -- places -----------------------------------------------------------------------------------

    def turn(self, where: Spot) -> list[str]:
        """Return which turn of a loop an op was called in, in words, if it was in one."""
        here = [
            one[0]
            for one in self.places
            if one[1:3] == where[1:3] and self.latest < one[0] <= where.serial
        ]
        frames = users_frames(sys._getframe(1), self.base)
        return report.turn(len(here), turns(frames), self.passes)

    def knows(self, value: Value) -> bool:
        """Whether an op made this Value while the session was watching."""
        if value.op is not None:
            return bool(self.places) and value.serial >= self.places[0][0]
        inside_no_grad = (where[0] for where in reversed(self.places))
        return value.serial in inside_no_grad

    # -- the forward pass -------------------------------------------------------------------------

    def judge(
        self, value: Value, op: Any, parents: tuple, args: tuple, params: dict, where: Spot
    ) -> None:
        """Raise an error for a result that is not finite, unless it was meant.

        One that the program may leave out, as the branch of a `where`, is held as a suspect.
        """
        if where.child is not None:
            return  # inside a rule: only the final gradients count
        y = held(value)
        infinite = [i for i, x in enumerate(args) if not all_finite(x)]
        if not holds_nan(y):
            for i in infinite:
                if parents[i] is not None and not self.knows(parents[i]):
                    raise self.bad_input(op, parents, args, i, where)
            if infinite or not all(map(all_finite, params.values())):
                return
        elif nans := [i for i in infinite if holds_nan(args[i])]:
            if only_moves_entries(op, args, y):
                return
            raise self.bad_input(op, parents, args, nans[0], where)
        if not may_be_left_out(users_frames(sys._getframe(1), self.base)):
            raise self.fault(op, parents, args, params, y, where)
        self.suspects.hold(value, self.fault(op, parents, args, params, y, where))

    def fault(
        self, op: Any, parents: tuple, args: tuple, params: dict, y: Any, where: Spot
    ) -> report.NonFiniteError:
        """Return the error for an op that made what is not finite."""
        infinite = not all(map(all_finite, args))
        names, at = self.names(), line(where.code, where.reached)
        return report.error(
            f"{op.name} made {report.nonfinite(y)} from "
            f"{'infinities' if infinite else 'finite numbers'}{report.how_many(y)}",
            "forward",
            op,
            at,
            module_path(where, self.variables()),
            [*self.turn(where), *report.argument_lines(op, parents, args, names, y)],
            causes.of_result(op, args, y, params),
            causes.of_branch(op) if in_where(at) else "",
            causes.of_training([parent for parent in parents if parent is not None], names),
        )

    def bad_input(
        self, op: Any, parents: tuple, args: tuple, i: int, where: Spot
    ) -> report.NonFiniteError:
        """Return the error for an argument that was not finite before the op ran."""
        parent, x, names = parents[i], args[i], self.names()
        name = report.argument(op, args, i, parent, names)
        if parent is None:
            since = "it is a constant of the program; look at the data"
        elif parent.op is None:
            since = (
                "it is a leaf, so its numbers are data or come from a step of training; to use "
                "infinities on purpose, as in a mask, pass them as a plain array"
            )
        else:
            since = origin(parent, names, self.where)
        return report.error(
            f"{op.name} met {report.nonfinite(x)} in {name}{report.how_many(x)}",
            "forward",
            op,
            line(where.code, where.reached),
            module_path(where, self.variables()),
            [*self.turn(where), *report.argument_lines(op, parents, args, names, x)],
            f"{name} was not finite before: {since}",
        )

    # -- the backward pass ------------------------------------------------------------------------

    def bad_root(self, root: Value) -> report.NonFiniteError:
        """Return the error for a loss that is not finite before its backward pass."""
        names = self.names()
        name = report.value_name(root, names) or "the result"
        return report.error(
            f"{name} is {report.nonfinite(held(root))} before its backward pass begins"
            f"{report.how_many(held(root))}",
            "backward",
            root.op,
            self.line(root),
            "",
            [],
            origin(root, names, self.where),
        )

    def find(
        self, nodes: list[Value], grads: dict[int, Any], roots: list[Value], seeds: list[Any]
    ) -> None:
        """Repeat the backward pass, and raise an error at the first gradient that is not finite."""
        for root, seed in zip(roots, seeds, strict=True):
            seed = held(seed) if isinstance(seed, Value) else seed
            if seed is not None and not all_finite(seed):
                raise report.error(
                    f"the gradient given to backward() is {report.nonfinite(seed)}"
                    f"{report.how_many(seed)}",
                    "backward",
                )
            if seed is not None and root.serial in grads:
                total = grads[root.serial]
                grads[root.serial] = seed if total is None else total + seed
        reached = {serial: begun(g) for serial, g in grads.items() if g is not None}
        masks = Masks(None, False)
        for node in nodes:
            g = grads.pop(node.serial)
            if node.op is None or g is None:
                continue
            way = reached.pop(node.serial)
            for link in links_of(node, g, way, masks):
                serial, gx = link.parent.serial, link.gradient
                if gx is None or serial not in grads:
                    continue
                total = gx if grads[serial] is None else grads[serial] + gx
                if not all_finite(total):
                    raise self.bad_gradient(node, link, g, total, way)
                grads[serial] = total
                reached[serial] = reached.get(serial, False) | link.reached
        raise report.error(
            "a gradient is not finite, but it was when the backward pass was repeated: does a rule "
            "return something else each time?",
            "backward",
        )

    def bad_gradient(
        self, node: Value, link: Link, g: Any, total: Any, reached: Any
    ) -> report.NonFiniteError:
        """Return the error for a gradient that is not finite although the incoming one was."""
        if self.suspects.among([node, *node.parents]):
            return self.suspects.behind([node, *node.parents], "It reached a gradient")
        names, where = self.names(), self.place(node.serial)
        gx = total if all_finite(link.gradient) else link.gradient
        name = report.argument(node.op, node.args, link.place, node.parents[link.place], names)
        known = self.turn(where) if where is not None else [self.where(node)]
        return report.error(
            f"the gradient that {node.op.name} passes to {name} is {report.nonfinite(gx)}"
            f"{report.how_many(gx)}",
            "backward",
            node.op,
            self.line(node),
            "" if where is None else module_path(where, self.variables()),
            [
                *known,
                f"the incoming gradient: {report.described(g)}",
                *report.argument_lines(node.op, node.parents, node.args, names, gx),
            ],
            causes.of_gradient(
                node.op, node.args, held(node), link.place, g, link.gradient, reached
            ),
            causes.of_training([node], names),
        )

    # -- names in the program ---------------------------------------------------------------------

    def variables(self) -> dict[str, Any]:
        """Return the variables of the running functions; inner ones hide outer ones."""
        found: dict[str, Any] = {}
        for scope in scopes(sys._getframe(1), self.base):
            found = {**scope, **found}
        return found

    def names(self) -> dict[int, str]:
        """Return the names of Values by serial."""
        return names_in(self.variables())

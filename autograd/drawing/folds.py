"""Folds: find the parts of a picture of which one may be drawn for all.

A fold is a list of parts with the same looks, node by node. To draw the first part for all of them
is true only if they also stand in the same relation to everything else: `Folds.apart` says where
they do not, and there a fold is cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import groupby, pairwise

from autograd.drawing.fold import Fold, Place
from autograd.drawing.looks import looks_of, numberless
from autograd.drawing.picture import Node, Picture
from autograd.drawing.runs import PERIOD, TIMES, Step, runs
from autograd.graphs.membership import shared

SAVED = 6  # how many boxes it must save
ROUNDS = 8  # how often runs are tried in the place of others that were no folds
CUTS = 20  # how often a fold may be cut before it is given up


class Folds:
    """The folds of a picture, or those inside the parts of its folds.

    Args:
        picture: the whole graph.
        outer: its folds, to find those that each part of one has in the same places; None to find
            these themselves.

    Attributes:
        place: the place of each folded node, by key.
        users: the keys of the nodes that take each node, once for each argument, by key; "" among
            them stands for whoever asked for an output.
    """

    def __init__(self, picture: Picture, outer: Folds | None = None) -> None:
        self.picture = picture
        self.outer = outer
        self.looks = looks_of(picture)
        self.place: dict[str, Place] = {}
        self.known: dict[tuple[str, int], dict[tuple, int]] = {}  # what `used` found
        self.users: dict[str, list[str]] = defaultdict(list)
        for key in picture.outputs:
            self.users[key].append("")
        for node in picture.nodes:
            for key in node.sources:
                self.users[key].append(node.key)
        self.find()

    def __iter__(self) -> Iterator[Fold]:
        """Yield the folds, in order of their first nodes."""
        places = (self.place.get(node.key) for node in self.picture.nodes)
        return iter(dict.fromkeys(place.fold for place in places if place is not None))

    # -- what a fold is ------------------------------------------------------------------

    def apart(self, fold: Fold, i: int) -> bool:
        """Whether part i + 1 of a fold is no repetition of part i.

        It is one if it takes, and is taken by, the same nodes as part i, or nodes that are folded
        in step: one part further in their fold. The first part may start from anything where the
        others go on from the one before them. Only the last part may have a name, that of a loop's
        variable, and in a chain it may be used otherwise.
        """
        last = i + 2 == len(fold.parts)
        ends = last and self.is_chain(fold)
        self.known = {at: used for at, used in self.known.items() if at[1] == i}
        for one, next_one in zip(fold.parts[i], fold.parts[i + 1], strict=True):
            may_differ = ends or (last and not one.name)
            if numberless(one.name) != numberless(next_one.name) and not may_differ:
                return True
            for a, b in zip(one.sources, next_one.sources, strict=True):
                starts = i == 0 and self.part_in(fold, b) == 0
                if a != b and not starts and self.seen(a, i) != self.seen(b, i + 1):
                    return True
            used, next_used = self.used(one.key, i), self.used(next_one.key, i + 1)
            if ends:
                onward = {by for by in used if by[0] is fold and by[1] == 1}
                if any(used[by] > next_used.get(by, 0) for by in used.keys() - onward):
                    return True
            elif used != next_used:
                return True
        return False

    def seen(self, key: str, i: int) -> Hashable:
        """Return how a node looks from part i of a fold: equal for two nodes that are in step."""
        place = self.place.get(key)
        if place is not None:
            return place.fold, place.row, place.part - i
        if not self.picture[key].sources and len(self.users[key]) <= PERIOD:
            return self.looks[key], frozenset(self.used(key, i).items())
        return key

    def used(self, key: str, i: int) -> dict[tuple, int]:
        """Return what uses a node and how often, as it looks from part i of a fold."""
        known = self.known.get((key, i))
        if known is not None:
            return known
        found: dict[tuple, int] = {}
        for user in self.users[key]:
            place = self.place.get(user)
            if place is None:
                by: tuple = (user or key,)
            else:
                turn = None if self.all_take(place, key) else place.part - i
                by = (place.fold, turn, place.row)
            found[by] = found.get(by, 0) + 1
        self.known[key, i] = found
        return found

    def all_take(self, user: Place, key: str) -> bool:
        """Whether not only this node of a fold takes another one, but those in other parts do."""
        parts = user.fold.parts
        beside = parts[user.part + 1 if user.part + 1 < len(parts) else user.part - 1]
        return key in beside[user.row].sources

    def part_in(self, fold: Fold, key: str) -> int | None:
        """Return the number of the part of a fold that a node is in, None if it is elsewhere."""
        place = self.place.get(key)
        return place.part if place is not None and place.fold is fold else None

    def is_chain(self, fold: Fold) -> bool:
        """Whether each part takes something from the one before."""
        return bool(self.handed_on(fold))

    def handed_on(self, fold: Fold) -> list[tuple[str, str]]:
        """Return the keys of nodes of the first part, and of what the next one takes from it."""
        return [
            (one.key, key)
            for one, next_one in zip(fold.parts[0], fold.parts[1], strict=True)
            for key in dict.fromkeys(next_one.sources)
            if self.part_in(fold, key) == 0
        ]

    def leaf_rows(self, fold: Fold) -> list[list[Node]]:
        """Return the leaves that the parts of a fold take one by one, as rows."""
        found = {}
        for i in range(len(fold.parts[0])):
            for sources in zip(*(part[i].sources for part in fold.parts), strict=True):
                leaves = [self.picture[key] for key in sources]
                alone = sources[0] != sources[1] and sources[1] not in self.place
                if alone and not leaves[1].sources:
                    found[sources[0]] = leaves
        return list(found.values())

    # -- how they are found --------------------------------------------------------------

    def find(self) -> None:
        """Take the longest runs, cut them, and try others where nothing is left of those."""
        steps = [node for node in self.picture.nodes if self.is_step(node)]
        waiting = runs(self.steps(steps))
        found = [fold for node in steps for fold in self.rows_of(node)]
        for _ in range(ROUNDS):
            later = []
            for run in waiting:
                nodes = steps[run.start : run.end]
                if any(node.key in self.place for node in nodes):
                    later.append(run)
                    continue
                starts = range(0, len(nodes), run.period)
                found.append(Fold([nodes[i : i + run.period] for i in starts]))
                self.put(found[-1])
            if not found:
                break
            self.settle(found)
            waiting, found = later, []
        self.drop_small()
        while self.outer is not None and (uneven := self.uneven()):
            around = set().union(*map(self.around, uneven)) - uneven
            for fold in uneven:
                self.lift(fold)
            self.settle([*around])

    def is_step(self, node: Node) -> bool:
        """Whether a node may be part of a run."""
        if self.outer is None or node.op is None:
            return node.op is not None
        place = self.outer.place.get(node.key)
        return place is not None and len(place.fold.parts[0]) > SAVED

    def uneven(self) -> set[Fold]:
        """Return the folds that not each part of the fold around them has in the same place."""
        found: dict[tuple, list[Fold]] = defaultdict(list)
        for fold in self:
            homes = [self.home(node) for node in fold.nodes()]
            found[homes[0].fold, len(fold.parts), *(home.row for home in homes)].append(fold)
        return {
            fold
            for (outer, *_), folds in found.items()
            if len(folds) < len(outer.parts)
            for fold in folds
        }

    def home(self, node: Node) -> Place:
        """Return the place of a node of an inner fold in the fold around it."""
        assert self.outer is not None
        return self.outer.place[node.key]

    def steps(self, nodes: list[Node]) -> list[Step]:
        """Return what runs are found by."""
        found: dict[str, Step] = {}
        before: Node | None = None
        number = {node.key: i for i, node in enumerate(nodes)}
        for node in nodes:
            inside = len(shared(before.group, node.group)) if before and node.group else 0
            sources = [self.picture[key] for key in node.sources]
            near = [found[source.key].module for source in sources if source.key in found]
            near += [x.name.rpartition(".")[0] for x in sources if x.kind == "parameter"]
            module = near[-1] if near else ""
            looks = tuple(self.looks[key] for key in node.sources)
            look = self.looks[node.key]
            if self.outer is not None:
                home = self.home(node)
                look = look, home.fold, home.part  # no run reaches from one part into another
            needed = max((number.get(key, -1) for key in self.users[node.key]), default=-1)
            found[node.key] = Step(look, looks, inside, module, needed)
            before = node
        return list(found.values())

    def rows_of(self, node: Node) -> Iterator[Fold]:
        """Yield and put the leaves of one look that an op takes in a row."""
        if len(node.sources) > SAVED and self.outer is None:
            leaves = (self.picture[key] for key in dict.fromkeys(node.sources))
            for _, row in groupby(leaves, lambda x: (bool(x.sources), self.looks[x.key])):
                fold = Fold([[x] for x in row if not x.sources and x.key not in self.place])
                if len(fold.parts) >= TIMES:
                    self.put(fold)
                    yield fold

    def settle(self, waiting: list[Fold]) -> None:
        """Cut folds until all are true, those again whose neighbours were cut."""
        while waiting:
            fold = waiting.pop()
            if self.part_in(fold, fold.parts[0][0].key) is None:
                continue  # it has been cut
            self.known.clear()
            cuts = [i + 1 for i in range(len(fold.parts) - 1) if self.apart(fold, i)]
            if cuts:
                around = self.around(fold)
                self.lift(fold)
                for start, end in pairwise([0, *cuts, len(fold.parts)]):
                    if end - start >= TIMES and fold.cuts < CUTS:
                        waiting.append(Fold(fold.parts[start:end], fold.cuts + 1))
                        self.put(waiting[-1])
                waiting += around - {fold}

    def put(self, fold: Fold) -> None:
        """Note the places of a fold's nodes."""
        for i, part in enumerate(fold.parts):
            self.place.update((node.key, Place(fold, i, row)) for row, node in enumerate(part))

    def lift(self, fold: Fold) -> None:
        """Forget the places of a fold's nodes."""
        for node in fold.nodes():
            del self.place[node.key]

    def around(self, fold: Fold) -> set[Fold]:
        """Return the folds that take from a fold, give to it or share leaves with it."""
        near = {key for node in fold.nodes() for key in [*node.sources, *self.users[node.key]]}
        leaves = [key for key in near - {""} if not self.picture[key].sources]
        near.update(user for key in leaves for user in self.users[key])
        return {self.place[key].fold for key in near if key in self.place}

    def drop_small(self) -> None:
        """Give up folds that, with all that are in step with them, save few boxes."""
        groups: dict[Fold, set[Fold]] = {fold: {fold} for fold in self}
        for fold in groups:
            for other in self.in_step_with(fold):
                if groups[other] is not groups[fold]:
                    groups[fold] |= groups[other]
                    groups.update(dict.fromkeys(groups[other], groups[fold]))
        for fold, linked in groups.items():
            if sum(other.saved() for other in linked) < SAVED:
                self.lift(fold)

    def in_step_with(self, fold: Fold) -> Iterator[Fold]:
        """Yield the folds that a fold takes something from or shares leaves with, part by part."""
        for one, next_one in zip(fold.parts[0], fold.parts[1], strict=True):
            for a, b in zip(one.sources, next_one.sources, strict=True):
                if a != b:
                    keys = [b] if b in self.place else self.users[b]
                    yield from (self.place[key].fold for key in keys if key in self.place)

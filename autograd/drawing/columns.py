"""Columns: a picture much taller than wide is cut into columns, like the text of a newspaper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from autograd.drawing.layout import Layout, Point
from autograd.drawing.scene import Scene
from autograd.drawing.style import box_size

Rooms = np.ndarray  # rows of left, top, right, bottom

HIGH = 1200.0  # up to this height a picture stays in one piece
WORTH = 0.8  # columns must need at most this share of the height in one piece
SHAPE = 4 / 3  # width by height, about that of a screen
TRIED = 100  # how many column heights to try
LINES = 16  # the most lines that may lead from one column to later ones
LEADING = 40.0  # what each of them costs, as height
APART = 4  # as how many lines a line from a number to its op counts
LANE = 8.0  # space between them
SPACE = 28.0  # space between columns
LEGEND = 24.0  # space for the legend


@dataclass
class Cut:
    """A height at which a layout may be cut, and how many lines it cuts."""

    at: float
    lines: int


@dataclass
class Column:
    """The part of a layout between two heights, how many lines pass its foot, and its new place."""

    top: float
    bottom: float
    left: float
    right: float
    lines: int
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    def place(self, point: Point) -> Point:
        """Return where a point of the layout goes."""
        return point[0] - self.left + self.x, point[1] - self.top + self.y


def in_columns(places: Layout, scene: Scene) -> Layout:
    """Return a layout from top to bottom, in as many columns as fit a screen best.

    It is never cut through a frame or between an op and its result. Lines that are cut lead from
    the foot of a column to the head of a later one.
    """
    if places.height <= HIGH:
        return places
    rooms, curves = rooms_of(places, scene), curves_of(places)
    cuts = possible_cuts(places, rooms, costs_of(places, scene))
    begin, end = rooms[:, 1].min(), rooms[:, 3].max()
    ways = {
        tuple(cut.at for cut in chosen): chosen
        for height in np.linspace(end - begin, 0.0, TRIED)
        for chosen in [full_columns(cuts, begin, end, height)]
    }
    columns = min((columns_of(rooms, curves, begin, way) for way in ways.values()), key=screen_size)
    if screen_size(columns) > WORTH * places.height:
        return places
    return placed_in_columns(places, columns, bool(scene.words))


def rooms_of(places: Layout, scene: Scene) -> Rooms:
    """Return the rectangles that must not be cut: frames, boxes, and ops with their results."""
    rooms: dict[str, tuple[float, float, float, float]] = {}
    for box in scene.boxes:
        (x, y), (width, height) = places.centers[box.key], box_size(box)
        a, b, c, d = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        key = box.key.removesuffix("op")
        e, f, g, h = rooms.get(key, (a, b, c, d))
        rooms[key] = min(a, e), min(b, f), max(c, g), max(d, h)
    return np.array([*rooms.values(), *places.frames.values()])


def curves_of(places: Layout) -> np.ndarray:
    """Return left, right, top and bottom of all curves, and the heights of their line's ends."""
    rows = [
        (min(xs), max(xs), min(ys), max(ys), line[0][1], line[-1][1])
        for line in places.paths
        for i in range(0, len(line) - 1, 3)
        for xs, ys in [zip(*line[i : i + 4], strict=True)]
    ]
    return np.array(rows).reshape(-1, 6)


def costs_of(places: Layout, scene: Scene) -> np.ndarray:
    """Return how many lines each line counts for: one from a number to its op is not to be cut."""
    numbers = {box.key for box in scene.boxes if box.kind in ("constant", "again")}
    return np.array([APART if tail in numbers else 1 for tail, _ in places.ends], int)


def possible_cuts(places: Layout, rooms: Rooms, costs: np.ndarray) -> list[Cut]:
    """Return where a layout may be cut, from top to bottom."""
    ends = np.array([(line[0][1], line[-1][1]) for line in places.paths]).reshape(-1, 2)
    rooms = rooms[np.argsort(rooms[:, 1])]
    low = np.maximum.accumulate(rooms[:-1, 3])
    cuts = []
    for at in ((low + rooms[1:, 1]) / 2)[low < rooms[1:, 1]]:
        cut = (ends < at).any(axis=1) & (ends > at).any(axis=1)
        if costs[cut].sum() <= LINES and (ends[cut, 0] < at).all():
            cuts.append(Cut(at, int(costs[cut].sum())))
    return cuts


def full_columns(cuts: list[Cut], begin: float, end: float, height: float) -> list[Cut]:
    """Return where columns end that are as full as they can be, up to a height if that can be."""
    chosen: list[Cut] = []
    last = None
    foot = Cut(end, 0)
    for cut in [*cuts, foot]:
        if last is not None and cut.at - begin > height:
            chosen.append(last)
            begin = last.at
        last = cut
    return [*chosen, foot]


def columns_of(rooms: Rooms, curves: np.ndarray, begin: float, cuts: list[Cut]) -> list[Column]:
    """Return the columns that end at some cuts, as wide as boxes and the lines that end there."""
    columns = []
    middles = (rooms[:, 1] + rooms[:, 3]) / 2
    for cut in cuts:
        inside = rooms[(begin < middles) & (middles < cut.at)]
        ends = (begin <= curves[:, 4:]) & (curves[:, 4:] <= cut.at)
        passing = (curves[:, 2] <= cut.at) & (curves[:, 3] >= begin)
        own = curves[passing & ends.any(axis=1)]
        left, right = min(*inside[:, 0], *own[:, 0]), max(*inside[:, 2], *own[:, 1])
        columns.append(Column(begin, cut.at, left, right, cut.lines))
        begin = cut.at
    return columns


def screen_size(columns: list[Column]) -> float:
    """Return how large a screen the columns need, plus a little for each line between them."""
    width = sum(column.width + SPACE + column.lines * LANE for column in columns)
    height = max(column.height for column in columns)
    return max(width / SHAPE, height) + LEADING * sum(column.lines for column in columns)


def placed_in_columns(places: Layout, columns: list[Column], legend: bool) -> Layout:
    """Return a layout with its columns side by side."""

    def number(y: float) -> int:
        return next((n for n, column in enumerate(columns) if y <= column.bottom), len(columns) - 1)

    ends = [(number(line[0][1]), number(line[-1][1])) for line in places.paths]
    feet, heads = lanes_of(places, columns, ends)
    head, foot = (LANE * (max(lanes.values(), default=0) + 1) for lanes in (heads, feet))
    x = 0.0
    for n, column in enumerate(columns):
        column.x, column.y = x, head
        x += column.width + SPACE + LANE * sum(ends[i][0] == n for i in feet)

    frames = {}
    for name, (left, top, right, bottom) in places.frames.items():
        column = columns[number((top + bottom) / 2)]
        frames[name] = (*column.place((left, top)), *column.place((right, bottom)))
    height = max(column.height for column in columns)
    return replace(
        places,
        width=x - SPACE,
        height=head + height + foot + (LEGEND if legend else 0.0),
        centers={key: columns[number(at[1])].place(at) for key, at in places.centers.items()},
        frames=frames,
        paths=[
            led(line, columns[n], columns[m], LANE * feet.get(i, 0), LANE * heads.get(i, 0))
            for i, (line, (n, m)) in enumerate(zip(places.paths, ends, strict=True))
        ],
    )


def lanes_of(
    places: Layout, columns: list[Column], ends: list[tuple[int, int]]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return the lanes of lines below the columns and above them, by their numbers, from 1 on.

    A line further to the right turns up first, and passes above those that it turned up before; one
    from an earlier column passes above them, too. So lines of nested skips do not cross.
    """
    cut = {
        i: divided(places.paths[i], columns[n].bottom)[0][-1][0]
        for i, (n, m) in enumerate(ends)
        if n != m
    }
    feet: dict[int, int] = {}
    for i in sorted(cut, key=lambda i: -cut[i]):
        feet[i] = 1 + sum(ends[j][0] == ends[i][0] for j in feet)
    heads: dict[int, int] = {}
    for i in sorted(cut, key=lambda i: (-ends[i][0], cut[i])):
        below = (lane for j, lane in heads.items() if ends[j][0] < ends[i][1])
        heads[i] = 1 + max(below, default=0)
    return feet, heads


def led(line: list[Point], start: Column, end: Column, foot: float, head: float) -> list[Point]:
    """Return an edge that begins in one column and may end in a later one."""
    if start is end:
        return [start.place(point) for point in line]
    before, after = divided(line, start.bottom)[0], divided(line, end.top)[1]
    (left, low), (right, high) = start.place(before[-1]), end.place(after[0])
    gutter = start.x + start.width + foot + LANE / 2
    bends = [
        (left, low),
        (left, low + foot),
        (gutter, low + foot),
        (gutter, high - head),
        (right, high - head),
        (right, high),
    ]
    return [
        *map(start.place, before),
        *rounded(bends)[1:],
        *map(end.place, after[1:]),
    ]


def divided(line: list[Point], at: float) -> tuple[list[Point], list[Point]]:
    """Return the parts of an edge above and below a height that it passes once."""
    points = line[:-1]
    for i in range(0, len(points) - 1, 3):
        curve = points[i : i + 4]
        if curve[3][1] >= at:
            break
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        first, _ = halves(curve, middle)
        low, high = (middle, high) if first[-1][1] < at else (low, middle)
    first, second = halves(curve, high)
    return points[:i] + first, second + points[i + 4 :] + line[-1:]


def halves(curve: list[Point], t: float) -> tuple[list[Point], list[Point]]:
    """Return the two parts of a Bézier curve before and after `t`, by de Casteljau's algorithm."""
    rows = [curve]
    while len(rows[-1]) > 1:
        rows.append([(a + t * (c - a), b + t * (d - b)) for (a, b), (c, d) in pairwise(rows[-1])])
    return [row[0] for row in rows], [row[-1] for row in reversed(rows)]


def rounded(bends: list[Point]) -> list[Point]:
    """Return Bézier curves along straight lines, with round corners."""

    def towards(a: Point, b: Point) -> Point:
        length = abs(b[0] - a[0]) + abs(b[1] - a[1])  # one of them is 0
        share = min(LANE, length / 2) / length if length else 0.0
        return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])

    points = [bends[0]]
    for before, corner, after in zip(bends, bends[1:], bends[2:], strict=False):
        start, end = towards(corner, before), towards(corner, after)
        points += [points[-1], start, start, corner, corner, end]
    return [*points, points[-1], bends[-1], bends[-1]]

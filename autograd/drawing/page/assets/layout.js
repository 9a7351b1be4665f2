// The layout of nested groups. An open group is a room: it is arranged by itself first, and is
// then one large thing in the room around it. Edges cross its wall at ports, one for each source,
// so no edge runs across a box that it does not belong to.

const GAPS = { column: 52, port: 26, edge: 18 };
const WALL = { title: 26, side: 14 };

// Returns where everything is: `boxes` and `frames` get x, y, width and height; `curves` are
// pieces of edges, as the `d` of an SVG path. `sizeOf(box)` returns the size of a box.
function layout(scene, sizeOf, leftToRight) {
  const rooms = new Map();
  const thingOf = new Map();
  const roomOf = (group) => {
    if (!rooms.has(group)) rooms.set(group, { group, things: [], links: new Map(), ports: new Map() });
    return rooms.get(group);
  };
  roomOf(-1);
  for (const box of scene.boxes) {
    const { width, height } = sizeOf(box);
    const [length, breadth] = leftToRight ? [width, height] : [height, width];
    const thing = { key: box.key, box, order: box.order, length, breadth };
    thingOf.set(box, thing);
    roomOf(box.home).things.push(thing);
    for (const g of around(box.home).toReversed()) enclose(g, box.order, roomOf);
  }
  for (const edge of scene.edges) route(edge, thingOf, roomOf);
  const build = (room) => {
    for (const thing of room.things) if (thing.room) build(thing.room);
    arrangeRoom(room, leftToRight);
  };
  build(roomOf(-1));
  return drawn(roomOf(-1), leftToRight);
}

// Makes sure that a group is a thing in the room around it.
function enclose(g, order, roomOf) {
  const room = roomOf(g);
  if (room.thing) return;
  room.thing = { key: `g${g}`, room, order };
  roomOf(groups[g].parent).things.push(room.thing);
}

// Leads an edge out of the rooms around its source and into those around its target.
function route(edge, thingOf, roomOf) {
  const out = around(edge.from.home);
  const into = around(edge.to.home);
  while (out.length && out[0] === into[0]) {
    out.shift();
    into.shift();
  }
  let end = { thing: thingOf.get(edge.from), key: edge.from.key };
  for (const g of out.toReversed()) end = pass(roomOf(g), "out", end, edge);
  let target = { thing: thingOf.get(edge.to), key: edge.to.key };
  for (const g of into.toReversed()) target = enter(roomOf(g), edge.from.key, target, edge);
  const common = out.length ? groups[out[0]].parent : edge.from.home;
  link(roomOf(common), end, target, edge);
}

function pass(room, way, from, edge) {
  const port = portOf(room, way, edge.from.key);
  link(room, from, { thing: port, key: port.key }, edge);
  return { thing: room.thing, port, key: port.key };
}

function enter(room, source, to, edge) {
  const port = portOf(room, "in", source);
  link(room, { thing: port, key: port.key }, to, edge);
  return { thing: room.thing, port, key: port.key };
}

function portOf(room, way, source) {
  const key = `${room.thing.key}:${way}:${source}`;
  if (!room.ports.has(key)) {
    const order = way === "in" ? -1 : Infinity;
    room.ports.set(key, { key, port: way, order, length: 0, breadth: 2 });
  }
  return room.ports.get(key);
}

function link(room, from, to, edge) {
  const key = `${from.key}>${to.key}`;
  if (!room.links.has(key)) room.links.set(key, { from, to, edges: new Set() });
  room.links.get(key).edges.add(edge);
}

function arrangeRoom(room, leftToRight) {
  const things = [...room.things, ...room.ports.values()].sort((a, b) => a.order - b.order);
  const links = [...room.links.values()];
  for (const { from, to } of links) {
    for (const end of [from, to]) end.offset = end.port ? end.port.at : 0;
  }
  const { hops, columns, lanes } = arrange(things, links, GAPS);
  const all = [...things, ...lanes];
  const low = Math.min(...all.map((thing) => thing.at - thing.breadth / 2));
  const high = Math.max(...all.map((thing) => thing.at + thing.breadth / 2));
  const top = leftToRight ? WALL.title : WALL.side;
  const title = room.group >= 0 ? titleWidth(groups[room.group]) : 0;
  const lead = leftToRight || room.group < 0 ? 0 : WALL.title - 8;
  let breadth = high - low + top + WALL.side;
  let length = lead + columns.at(-1).end + (things.at(-1).port ? 0 : GAPS.edge);
  const slack = Math.max(0, title - (leftToRight ? length : breadth));
  if (leftToRight) length += slack;
  else breadth += slack;
  // From here on, positions count from the middle of the room across, and from its wall along.
  const shift = breadth / 2 - high - WALL.side - (leftToRight ? 0 : slack / 2);
  for (const thing of all) {
    thing.at += shift;
    thing.start += thing.port === "in" ? 0 : lead;
    if (thing.port === "out") thing.start = length;
  }
  for (const column of columns) {
    column.start += lead;
    column.end += lead;
  }
  Object.assign(room, { hops, columns, things: room.things, lead });
  if (room.thing) Object.assign(room.thing, { length, breadth });
}

// Turns rooms, outer ones first, into rectangles and curves on the page.
function drawn(root, leftToRight) {
  const scene = { boxes: [], frames: [], curves: [] };
  const rectangle = (along, across, { length, breadth }) =>
    leftToRight
      ? { x: along, y: across - breadth / 2, width: length, height: breadth }
      : { x: across - breadth / 2, y: along, width: breadth, height: length };
  const visit = (room, along, across) => {
    for (const thing of room.things) {
      const place = rectangle(along + thing.start, across + thing.at, thing);
      if (thing.room) {
        scene.frames.push({ group: groups[thing.room.group], ...place });
        visit(thing.room, along + thing.start, across + thing.at);
      } else {
        scene.boxes.push({ box: thing.box, ...place });
      }
    }
    for (const hop of room.hops) {
      const d = curve(hop, room.columns, along, across, leftToRight);
      scene.curves.push({ d, edges: hop.edges, tip: Boolean(hop.to.thing.box) });
    }
  };
  visit(root, 0, 0);
  return scene;
}

// Edges are straight inside the columns, where boxes stand, and bend in the gaps between them.
function curve({ from, to }, columns, along, across, leftToRight) {
  const point = (a, c) => {
    const [x, y] = leftToRight ? [along + a, across + c] : [across + c, along + a];
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const a = from.thing.at + from.offset;
  const b = to.thing.at + to.offset;
  const begin = from.thing.lane ? from.thing.start : from.thing.start + from.thing.length;
  const leave = Math.max(begin, columns[from.thing.layer].end);
  const arrive = Math.min(to.thing.start, columns[to.thing.layer].start);
  const middle = (leave + arrive) / 2;
  const last = to.thing.start > arrive + 0.5 ? ` L${point(to.thing.start, b)}` : "";
  return (
    `M${point(begin, a)} L${point(leave, a)} ` +
    `C${point(middle, a)} ${point(middle, b)} ${point(arrive, b)}${last}`
  );
}

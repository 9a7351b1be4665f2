// A layered layout: things in columns, with every link leading from a column to a later one.
//
// "Along" is the direction of the links, "across" the other one. A thing has a length along and
// a breadth across; `at` is the centre of a thing across, `start` where it begins along. A link
// has two ends {thing, offset, key}: the point at `offset` from the centre of a thing. Links over
// more than one column run through lanes, which all links from the same end share.
// After Sugiyama, Tagawa and Toda, 1981; positions by the pool-adjacent-violators algorithm.

const ROUNDS = { order: 8, straighten: 24 };
const MANY_HOPS = 1500; // with more hops there are fewer rounds
const STRAIGHTNESS = [1, 2, 8]; // of hops with 0, 1 or 2 lanes at their ends
const LANE = { breadth: 4, space: 6 };
const MOST_LANES = 10_000; // further links run straight across whatever is in between
const SPACE = 14;

// Arranges things, given in an order that agrees with the links. Returns the hops (the links cut
// at every column) and the columns {start, end}.
function arrange(things, links, gaps) {
  putInLayers(things, links);
  const { hops, lanes } = cutIntoHops(links);
  const layers = [];
  for (const thing of [...things, ...lanes]) (layers[thing.layer] ??= []).push(thing);
  orderAndSettle(layers, hops);
  const columns = placeColumns(layers, gaps);
  return { hops, columns, lanes };
}

// Each thing stands as far along as the things after it allow, so that links are short.
function putInLayers(things, links) {
  const after = new Map(things.map((thing) => [thing, []]));
  for (const { from, to } of links) after.get(from.thing).push(to.thing);
  const begin = things.some((thing) => thing.port === "in") ? 1 : 0;
  for (const thing of things) thing.layer = thing.port === "in" ? 0 : begin;
  for (const thing of things) {
    for (const next of after.get(thing)) next.layer = Math.max(next.layer, thing.layer + 1);
  }
  const inner = things.filter((thing) => !thing.port).map((thing) => thing.layer);
  for (const thing of things.toReversed()) {
    if (thing.port === "out") thing.layer = 1 + Math.max(0, ...inner);
    else if (!thing.port && after.get(thing).length) {
      thing.layer = Math.min(...after.get(thing).map((next) => next.layer)) - 1;
    }
  }
}

function cutIntoHops(links) {
  const hops = new Map();
  const lanes = new Map();
  const hop = (from, to, edges) => {
    const key = `${from.key}>${to.key}`;
    if (!hops.has(key)) hops.set(key, { from, to, edges: new Set() });
    for (const edge of edges) hops.get(key).edges.add(edge);
  };
  for (const { from, to, edges } of links) {
    let end = from;
    const room = lanes.size < MOST_LANES;
    for (let layer = from.thing.layer + 1; room && layer < to.thing.layer; layer += 1) {
      const key = `${from.key}/${layer}`;
      if (!lanes.has(key)) {
        const thing = { lane: true, length: 0, breadth: LANE.breadth, layer };
        lanes.set(key, { thing, offset: 0, key });
      }
      hop(end, lanes.get(key), edges);
      end = lanes.get(key);
    }
    hop(end, to, edges);
  }
  return { hops: [...hops.values()], lanes: [...lanes.values()].map((end) => end.thing) };
}

function orderAndSettle(layers, hops) {
  for (const layer of layers) {
    for (const thing of layer) Object.assign(thing, { before: [], after: [], wish: 0 });
    settle(layer);
  }
  for (const { from, to } of hops) {
    const weight = STRAIGHTNESS[Number(Boolean(from.thing.lane)) + Number(Boolean(to.thing.lane))];
    to.thing.before.push({ thing: from.thing, offset: from.offset - to.offset, weight });
    from.thing.after.push({ thing: to.thing, offset: to.offset - from.offset, weight });
  }
  const share = Math.min(1, MANY_HOPS / (hops.length || 1));
  for (let round = 0; round < ROUNDS.order * Math.max(share, 0.5); round += 1) {
    const forward = round % 2 === 0;
    for (const layer of forward ? layers : layers.toReversed()) {
      for (const thing of layer) thing.wish = forward ? wish(thing, "before") : wish(thing, "after");
      layer.sort((a, b) => a.wish - b.wish);
      settle(layer);
    }
  }
  for (let round = 0; round < ROUNDS.straighten * share; round += 1) {
    for (const layer of round % 2 ? layers : layers.toReversed()) {
      for (const thing of layer) thing.wish = wish(thing, "before", "after");
      settle(layer);
    }
  }
}

// Where a thing wants to be: in line with the other ends of its hops.
function wish(thing, ...sides) {
  let [sum, whole] = [0, 0];
  for (const side of sides) {
    for (const end of thing[side]) {
      sum += end.weight * (end.thing.at + end.offset);
      whole += end.weight;
    }
  }
  return whole ? sum / whole : thing.at;
}

// Puts the things of a layer, in their order, as near to their wishes as space allows: it
// minimises the sum of squared distances.
function settle(layer) {
  const blocks = [];
  let pushed = 0;
  layer.forEach((thing, i) => {
    if (i) {
      const space = thing.lane && layer[i - 1].lane ? LANE.space : SPACE;
      pushed += (thing.breadth + layer[i - 1].breadth) / 2 + space;
    }
    thing.pushed = pushed;
    let [sum, count] = [thing.wish - pushed, 1];
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).count > sum / count) {
      const last = blocks.pop();
      sum += last.sum;
      count += last.count;
    }
    blocks.push({ sum, count });
  });
  let i = 0;
  for (const { sum, count } of blocks) {
    for (const end = i + count; i < end; i += 1) layer[i].at = sum / count + layer[i].pushed;
  }
}

function placeColumns(layers, gaps) {
  // Links that lead far across need space for their bends.
  const room = (layer) => {
    const rise = ({ at, before }) =>
      Math.max(0, ...before.map((end) => Math.abs(end.thing.at + end.offset - at)));
    return Math.min(200, layer.reduce((most, thing) => Math.max(most, rise(thing)), 0) / 10);
  };
  let along = 0;
  return layers.map((layer, i) => {
    const ports = (things) => things?.every((thing) => thing.port || thing.lane);
    if (i === 0) along += ports(layer) ? 0 : gaps.edge;
    else along += (ports(layer) || ports(layers[i - 1]) ? gaps.port : gaps.column) + room(layer);
    const length = Math.max(...layer.map((thing) => thing.length));
    const column = { start: along, end: along + length };
    for (const thing of layer) {
      if (thing.lane) thing.length = length;
      // Leaves stand close to what uses them.
      thing.start = along + (length - thing.length) / (thing.before.length ? 2 : 1);
    }
    along += length;
    return column;
  });
}

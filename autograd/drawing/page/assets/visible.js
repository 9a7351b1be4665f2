// What is shown: nodes and folded groups, no more than a browser draws smoothly.

const MOST_BOXES = 400;
const FEW_BOXES = 60; // the most that a page opens with, if there are groups to fold
const FEW_LINES = 5; // or if more than so many lines would run beside each other

// Which groups to fold to show at most so many boxes: outer groups are opened first, in a comparison
// only those in which something changed.
function foldedTo(most) {
  const folded = new Set(groups.map((group) => group.id));
  const inside = new Map([-1, ...folded].map((g) => [g, 0]));
  for (const { group } of nodes) inside.set(group, inside.get(group) + 1);
  for (const { parent } of groups) inside.set(parent, inside.get(parent) + 1);
  let count = inside.get(-1);
  for (const { id, parent, marks } of [...groups].sort((a, b) => a.depth - b.depth)) {
    if (compared && !Object.keys(marks).length) continue;
    if (folded.has(parent) || count + inside.get(id) - 1 > most) continue;
    folded.delete(id);
    count += inside.get(id) - 1;
  }
  return folded;
}

// Returns the boxes in order of creation and the edges between them. If there are more than `most`,
// it returns a window of that size from box `first` on; two boxes at its ends stand for the others.
function visible(folded, first, most) {
  const all = [];
  const boxOf = new Array(nodes.length);
  const byGroup = new Map();
  const outermostFolded = [];
  for (const { id, parent } of groups) {
    outermostFolded[id] = outermostFolded[parent] ?? (folded.has(id) ? id : undefined);
  }
  for (const node of nodes) {
    const outermost = outermostFolded[node.group];
    let box = byGroup.get(outermost);
    if (outermost === undefined) {
      box = { key: `n${node.id}`, node, home: node.group };
      all.push(box);
    } else if (!box) {
      box = { key: `g${outermost}`, group: groups[outermost], home: groups[outermost].parent };
      byGroup.set(outermost, box);
      all.push(box);
    }
    boxOf[node.id] = box;
  }
  const start = Math.max(0, Math.min(first, all.length - most));
  const boxes = all.slice(start, start + most);
  const hidden = { earlier: start, later: all.length - start - boxes.length };
  const shown = new Set(boxes);
  const earlier = { key: "earlier", home: -1, hidden: hidden.earlier };
  const later = { key: "later", home: -1, hidden: hidden.later };
  all.forEach((box, i) => {
    if (!shown.has(box)) box.standsIn = i < start ? earlier : later;
    box.at = i;
  });
  if (hidden.earlier) boxes.unshift(earlier);
  if (hidden.later) boxes.push(later);
  boxes.forEach((box, order) => Object.assign(box, { order }));
  const of = (id) => boxOf[id].standsIn ?? boxOf[id];
  return { boxes, of, placeOf: (id) => boxOf[id].at, edges: edges(of), start, total: all.length };
}

// The edges between different boxes, each once, with the pairs of nodes that they connect.
function edges(of) {
  const found = new Map();
  for (const node of nodes) {
    for (const source of node.sources) {
      const from = of(source);
      const to = of(node.id);
      if (from === to || from.key === "later" || to.key === "earlier") continue;
      if (from.key === "earlier" && to.key === "later") continue;
      const key = `${from.key}>${to.key}`;
      if (!found.has(key)) found.set(key, { from, to, pairs: [] });
      found.get(key).pairs.push([source, node.id]);
    }
  }
  return [...found.values()];
}

// How many boxes wait for a later use at once, where these are most; leaves are drawn at hand.
function linesBeside({ boxes, edges }) {
  const last = new Map();
  for (const { from, to } of edges) {
    const leaf = from.node && !from.node.op;
    if (!leaf) last.set(from, Math.max(last.get(from) ?? 0, to.order));
  }
  const ends = new Array(boxes.length).fill(0);
  for (const order of last.values()) ends[order] += 1;
  let waiting = 0;
  let most = 0;
  for (const box of boxes) {
    waiting += (last.has(box) ? 1 : 0) - ends[box.order];
    most = Math.max(most, waiting);
  }
  return most;
}

// Draws the scene: groups as frames, edges, and a card for each node.

const SVG = "http://www.w3.org/2000/svg";
const CARD = { height: 46, line: 18, most: 260, pad: 10 };

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// -- sizes ---------------------------------------------------------------------------------------

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

function widthOf(text, bold = false) {
  const key = `${bold}${text}`;
  if (!widths.has(key)) {
    const family = getComputedStyle(document.body).fontFamily;
    pen.font = `${bold ? 600 : 400} 13px ${family}`;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

// A text cut to at most `most` in width, with an ellipsis at the cut: at the end, or within.
function fitted(text, most, bold = false, within = false) {
  const line = text.replace(/\s+/g, " ");
  if (widthOf(line, bold) <= most) return line;
  const letters = [...line];
  const cutTo = (count) => {
    const end = within ? Math.ceil(count / 2) : 0;
    return `${letters.slice(0, count - end).join("")}…${end ? letters.slice(-end).join("") : ""}`;
  };
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(cutTo(middle), bold) <= most) low = middle;
    else high = middle - 1;
  }
  return cutTo(low);
}

const titleWidth = (group) => widthOf(fitted(group.title, CARD.most, true), true) + 60;

// The texts on a card: the op on the left, name and number on the right, the gradient below.
function textsOf(node) {
  const op = node.symbol ? fitted(node.symbol, 90) : "";
  const name = node.name ? fitted(nameInside(node), 200, true, true) : "";
  const value = fitted(node.value.text, CARD.most - 60);
  return { op, name, value, opWidth: op ? Math.max(30, widthOf(op) + 16) : 0 };
}

function sizeOf(box) {
  let [width, height] = [0, CARD.height];
  if (box.node) {
    const { gradient } = box.node;
    const { name, value, opWidth } = textsOf(box.node);
    const first = widthOf(name, true) + (name ? 8 : 0) + widthOf(value, Boolean(box.node.value.odd));
    const second = gradient ? widthOf(gradientLine(gradient.text), Boolean(gradient.odd)) : 0;
    width = opWidth + Math.max(first, second) + 2 * CARD.pad;
  } else {
    const [title, ...below] = captionsOf(box);
    width = Math.max(widthOf(title, true), ...below.map((line) => widthOf(line))) + 2 * CARD.pad + 16;
    height += CARD.line * (below.length - 1);
  }
  return { width: Math.ceil(Math.max(width, 44)), height };
}

function captionsOf({ group, hidden, key }) {
  if (group) {
    const about = (group.about ?? []).map((line) => fitted(line, CARD.most));
    const changed = Object.entries(group.marks).map(([mark, count]) => `, ${count} ${mark}`);
    return [fitted(group.title, CARD.most, true), ...about, `${counted(group.size, "node")}${changed.join("")} ▸`];
  }
  const how = state.most < MOST_BOXES ? [`“${moreButton.textContent}” shows them`] : [];
  return [`… ${hidden.toLocaleString("en")} more`, key, ...how];
}

const counted = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
const gradientLine = (text) => `∂ ${fitted(text, CARD.most - 60)}`;

// -- elements ------------------------------------------------------------------------------------

const world = document.getElementById("world");
let cards = new Map(); // by the key of a box: its elements
let framePlaces = new Map(); // by the number of an open group
let paths = []; // {element, edges} for each piece of an edge

function render(scene) {
  cards = new Map();
  framePlaces = new Map(scene.frames.map(({ group, ...place }) => [group.id, place]));
  const frames = scene.frames
    .sort((a, b) => a.group.depth - b.group.depth)
    .map(({ group, x, y, width, height }) => frame(group, x, y, width, height));
  paths = scene.curves.map(({ d, edges, tip }) => {
    const kind = [...edges].every(isGone) ? "edge gone" : "edge";
    return { element: svg("path", { d, class: tip ? `${kind} tip` : kind }), edges: [...edges] };
  });
  const boxes = scene.boxes
    .sort((a, b) => a.box.order - b.box.order)
    .map(({ box, ...place }) => card(box, place));
  world.replaceChildren(...frames, ...paths.map((path) => path.element), ...boxes);
}

// The mark that all nodes of a group share, "different" if it has others, "" for none.
function markOf({ marks, size }) {
  const [mark] = Object.keys(marks);
  if (!mark) return "";
  return marks[mark] === size ? mark : "different";
}

// Whether an edge is only one of the graph before, in a comparison.
function isGone({ pairs }) {
  const gone = (id) => nodes[id].mark === "gone";
  return pairs.every(([from, to]) => gone(from) || gone(to) || nodes[to].gone.includes(from));
}

function frame(group, x, y, width, height) {
  const title = fitted(group.title, CARD.most, true);
  const label = svg("text", { x: 30, y: 17, class: "name" }, title);
  const sign = svg("text", { x: 12, y: 17, class: "sign" }, "▾");
  const button = svg(
    "g",
    { class: "handle", role: "button", tabindex: "-1", "aria-expanded": "true", "aria-label": `Fold ${group.path}` },
    svg("rect", { x: 4, y: 2, width: widthOf(title, true) + 36, height: 22, rx: 6 }),
    sign,
    label,
  );
  button.dataset.key = `g${group.id}`;
  button.dataset.fold = group.id;
  cards.set(`g${group.id}`, { element: button, place: { x, y, width: titleWidth(group), height: 24 } });
  const wall = svg("rect", { width, height, rx: 12, class: `wall depth-${group.depth % 2}${group.backward ? " backward" : ""}` });
  return svg("g", { class: "frame", transform: `translate(${x} ${y})` }, wall, button);
}

function card(box, place) {
  const { x, y, width, height } = place;
  const element = svg("g", { transform: `translate(${x} ${y})`, role: "button", tabindex: "-1" });
  element.dataset.key = box.key;
  const parts = { element, place, box };
  if (box.node) nodeCard(parts);
  else foldedCard(parts, width, height);
  cards.set(box.key, parts);
  return element;
}

function nodeCard(parts) {
  const { element, place, box: { node } } = parts;
  const { width, height } = place;
  const { op, name, value, opWidth } = textsOf(node);
  element.setAttribute("class", `card ${node.kind} ${node.mark ?? ""}`);
  const title = svg("title", {}, `${sentence(node)}`);
  element.append(title, svg("rect", { width, height, rx: 8, class: "paper" }));
  if (op) {
    const shape = `M8 0H${opWidth}V${height}H8a8 8 0 0 1-8-8V8a8 8 0 0 1 8-8z`;
    const text = svg("text", { x: opWidth / 2, y: height / 2 + 5, class: "op" }, op);
    element.append(svg("path", { d: shape, class: "stub" }), text);
  }
  element.append(svg("rect", { width, height, rx: 8, class: "edge-of-card" }));
  const left = opWidth + CARD.pad;
  const shift = name ? widthOf(name, true) + 8 : 0;
  if (name) element.append(svg("text", { x: left, y: 19, class: "name" }, name));
  parts.value = svg("text", { x: left + shift, y: 19, class: "number" }, value);
  parts.gradient = svg("text", { x: left, y: 37, class: "gradient" });
  if (node.value.odd) parts.value.classList.add("odd");
  if (node.gradient?.odd) parts.gradient.classList.add("odd");
  if (!node.gradient) {
    for (const text of element.querySelectorAll(".name, .number")) text.setAttribute("y", 28);
    parts.value.setAttribute("y", 28);
  }
  element.append(parts.value, parts.gradient);
}

function foldedCard({ element, box }, width, height) {
  const [title, ...below] = captionsOf(box);
  const marked = box.group ? ` ${markOf(box.group)}` : "";
  element.setAttribute("class", `card ${box.group ? "folded" : "more"}${marked}`);
  if (box.group) {
    element.dataset.unfold = box.group.id;
    element.setAttribute("aria-expanded", "false");
    const about = [box.group.path, counted(box.group.size, "node"), ...(box.group.about ?? [])];
    element.setAttribute("aria-label", `Unfold ${about.join(", ")}`);
    element.append(svg("rect", { x: 4, y: 4, width, height, rx: 8, class: "paper behind" }));
  } else {
    element.dataset.more = box.key;
    element.setAttribute("aria-label", `Show ${box.key} nodes, ${title}`);
  }
  element.append(
    svg("rect", { width, height, rx: 8, class: "paper edge-of-card" }),
    svg("text", { x: CARD.pad, y: 19, class: "name" }, title),
    ...below.map((line, i) => svg("text", { x: CARD.pad, y: 37 + CARD.line * i, class: "number" }, line)),
  );
}

// -- what changes without a new layout -----------------------------------------------------------

// Shows the numbers at one moment of the passes. `active` holds the keys of boxes where something
// happens, `worker` is the node whose op is at work.
function showMoment(moment, active, worker) {
  for (const { element, edges } of paths) {
    const flows = edges.some((edge) => edge.pairs.some(([, to]) => to === worker));
    element.classList.toggle("flow", flows);
  }
  for (const [key, { element, box, value, gradient }] of cards) {
    element.classList.toggle("active", active.has(key));
    if (!box?.node) continue;
    const now = moment(box.node);
    element.classList.toggle("waiting", !now.known);
    value.textContent = now.known ? textsOf(box.node).value : "·";
    gradient.textContent = now.gradient ? gradientLine(now.gradient) : "";
    const said = `${sentence(box.node)}, ${now.known ? box.node.value.text : "not yet known"}`;
    element.setAttribute("aria-label", now.gradient ? `${said}, gradient ${now.gradient}` : said);
  }
}

// Highlights a node, its paths to the output and its inputs; nothing for null.
function showPath(id, boxOf) {
  const path = id === null ? new Set() : pathToOutput(id);
  const chosen = id === null ? null : boxOf(id).key;
  const made = new Set(id === null ? [] : [...nodes[id].sources].map((s) => boxOf(s).key));
  const keys = new Set([...path].map((i) => boxOf(i).key));
  world.classList.toggle("dimmed", id !== null);
  for (const [key, { element }] of cards) {
    element.classList.toggle("chosen", key === chosen);
    element.classList.toggle("lit", keys.has(key) || made.has(key));
    if (element.hasAttribute("aria-expanded")) continue;
    element.setAttribute("aria-pressed", key === chosen);
  }
  for (const { element, edges } of paths) {
    const pairs = edges.flatMap((edge) => edge.pairs);
    const forward = pairs.some(([from, to]) => path.has(from) && path.has(to));
    const source = id !== null && pairs.some(([, to]) => to === id);
    element.classList.toggle("lit", forward);
    element.classList.toggle("source", !forward && source);
  }
  const lit = paths.map((path) => path.element).filter((path) => path.classList.contains("lit"));
  world.querySelector(".card")?.before(...lit);
}

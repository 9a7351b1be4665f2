// The panel: details of one node, or help.

const panel = document.getElementById("panel");
const details = document.getElementById("details");

function html(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function showPanel(...content) {
  details.replaceChildren(...content);
  panel.hidden = false;
  panel.scrollTop = 0;
}

// A click on the name of another node calls `go(id)`.
function describe(node, go) {
  const where = node.group >= 0 ? ` in ${groups[node.group].path}` : "";
  const kind = node.op ? (outputs.has(node.id) ? "output" : "computed") : node.kind;
  showPanel(
    html("p", { class: "kind" }, `${kind}${where}`),
    html("h2", { id: "subject" }, labelOf(node)),
    ...(node.op ? [madeOf(node, go)] : []),
    ...(node.line === undefined ? [] : [lineOf(node)]),
    ...(node.mark ? [changeOf(node, go)] : []),
    ...numbersOf("Value", node.value),
    ...gradientOf(node, go),
  );
}

function nodeLink(id, go, text = labelOf(nodes[id])) {
  return html("button", { class: "link", "data-node": id, onclick: () => go(id) }, text);
}

function madeOf(node, go) {
  const taken = node.sources.filter((id) => !node.gone.includes(id));
  const sources = [...new Set(taken)].flatMap((id, i) => [i ? ", " : "", nodeLink(id, go)]);
  const by = node.name ? `${node.made}: ${node.op} of ` : `${node.op} of `;
  return html("p", { class: "made" }, by, ...sources);
}

// What became of a node, in a comparison of two graphs.
function changeOf(node, go) {
  const gone = node.gone.flatMap((id, i) => [i ? ", " : " It took ", nodeLink(id, go)]);
  const says = node.mark === node.change ? node.mark : `${node.mark}: ${node.change}`;
  return html("p", { class: `change ${node.mark}` }, says, ...gone);
}

// The line of the program that made a node.
function lineOf(node) {
  const [place, text] = graph.lines[node.line];
  return html("p", { class: "line" }, html("code", {}, text), html("span", { class: "about" }, place));
}

function numbersOf(title, fact) {
  const about = [fact.shape && `shape ${fact.shape.join(" × ")}`, fact.dtype].filter(Boolean);
  return [
    html("h3", {}, title),
    html("p", { class: fact.odd ? "big odd" : "big" }, fact.text),
    ...(fact.odd && fact.shape ? [html("p", { class: "odd" }, `Some entries are ${fact.odd}.`)] : []),
    ...(fact.exact ? [html("p", { class: "about" }, `exactly ${fact.exact}`)] : []),
    ...(about.length ? [html("p", { class: "about" }, about.join(", "))] : []),
    ...(fact.entries ? [entriesOf(fact)] : []),
  ];
}

// Entries as a table, coloured by sign and size; large tables show only the colours.
function entriesOf({ entries, every, shape }) {
  const sizes = entries.flat().map(Number).filter(Number.isFinite);
  const largest = Math.max(...sizes.map(Math.abs)) || 1;
  const told = entries[0].length <= 5 && entries.length <= 12;
  const rows = entries.map((row) => html("tr", {}, ...row.map((entry) => cell(entry, largest, told))));
  const table = html("table", { class: told ? "entries" : "entries heat" }, html("tbody", {}, ...rows));
  const picked = [["row", every[0]], ["column", every[1]]].filter(([, n]) => n > 1);
  const note = picked.map(([what, n]) => `one ${what} in ${n}`).join(", ");
  const folded = shape.length > 2 ? "All axes but the last are flattened into rows" : "";
  const caption = [note && `Shown: ${note}`, folded].filter(Boolean).join(". ");
  if (caption) table.prepend(html("caption", {}, caption));
  return html("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Entries" }, table);
}

function cell(entry, largest, told) {
  const element = html("td", { title: entry }, told ? entry : "");
  const share = Number(entry) / largest;
  if (Number.isFinite(share)) {
    element.style.setProperty("--share", `${Math.round(Math.abs(share) * 100)}%`);
    element.className = share < 0 ? "negative" : "positive";
  } else {
    element.className = /nan|inf/.test(entry) ? "odd" : "";
  }
  return element;
}

function gradientOf(node, go) {
  const of = graph.outputs.length === 1 ? nodes[graph.outputs[0]].name || "output" : "all outputs";
  const title = `Gradient: ∂ ${of} / ∂ ${node.name || "this"}`;
  if (!node.gradient) {
    const why = node.kind === "constant" ? "A constant has no gradient." : graph.trouble || "The output does not depend on it.";
    return [html("h3", {}, title), html("p", { class: "about" }, why)];
  }
  const left = node.left !== undefined && node.left !== node.gradient.text;
  return [
    ...numbersOf(title, node.gradient),
    ...(left ? [html("p", { class: "about" }, `.grad holds ${node.left}`)] : []),
    ...(node.uses.length ? [chainRule(node, go)] : []),
    ...(outputs.has(node.id) && !node.uses.length ? [html("p", { class: "about" }, "The backward pass starts here, with gradient 1.")] : []),
  ];
}

// The sum that made a gradient: a term for each use of the node.
function chainRule(node, go) {
  const terms = node.uses.map(({ by, slope, part, of, rule }) => {
    if (by < 0) return html("li", {}, "as an output: ", html("b", {}, part));
    const user = nodes[by];
    const through = slope
      ? [`${user.gradient.text} × ${slope} = `, html("b", {}, part)]
      : [`${user.gradient.text} through ${user.op} → `, html("b", {}, part)];
    const says = slope ? `local derivative of ${of}: ${rule}` : `${of} passes back ${rule}`;
    const formula = rule ? [html("span", { class: "about rule" }, says)] : [];
    const term = html("span", { class: "term" }, ...through);
    return html("li", {}, nodeLink(by, go, sentence(user)), term, ...formula);
  });
  const total = html("p", { class: "total" }, terms.length > 1 ? "Sum " : "= ", html("b", {}, node.gradient.text));
  const intro = html("h3", {}, "Chain rule: one term for each use");
  return html("section", { class: "sum", "aria-label": "Chain rule" }, intro, html("ol", {}, ...terms), total);
}

const KEYS = [
  ["Drag, arrow keys", "move"],
  ["Wheel, pinch, + −", "zoom"],
  ["0", "show all"],
  ["/", "search"],
  ["Tab, then arrow keys", "go from box to box"],
  ["Enter", "open a box, fold or unfold a module"],
  [", and .", "step back, step forward"],
  ["P", "play or pause"],
  ["Esc", "close the panel"],
];

const MARKS = ["new", "gone", "different"];

const KINDS = [
  ["input", "input"],
  ["parameter", "parameter, changed by training"],
  ["constant", "constant"],
  ["computed", "computed by the op on its left"],
  ["output", "output"],
];

function showHelp() {
  const rows = KEYS.map(([key, what]) => html("tr", {}, html("th", { scope: "row" }, key), html("td", {}, what)));
  const marks = compared ? MARKS.map((mark) => html("li", { class: `mark-${mark}` }, mark)) : [];
  const kinds = KINDS.map(([kind, what]) => html("li", { class: `kind-${kind}` }, what)).concat(marks);
  const counts = `${counted(nodes.length, "node")}${groups.length ? `, ${counted(groups.length, "module call")}` : ""}`;
  const omitted = graph.omitted ? [html("p", {}, `${graph.omitted.toLocaleString("en")} older nodes are not on this page.`)] : [];
  const trouble = graph.trouble ? [html("p", { class: "odd" }, graph.trouble)] : [];
  showPanel(
    html("h2", {}, graph.title),
    html("p", { class: "about" }, counts),
    ...omitted,
    ...trouble,
    html("ul", { class: "legend" }, ...kinds),
    html("p", { class: "about" }, "∂ is the gradient: the rate at which the output moves with this number."),
    html("table", { class: "keys" }, html("tbody", {}, ...rows)),
  );
}

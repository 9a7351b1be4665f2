// The graph of this page, and small questions about it.

const graph = JSON.parse(document.getElementById("facts").textContent);
const { nodes, groups } = graph;
const outputs = new Set(graph.outputs);

nodes.forEach((node, i) => Object.assign(node, { id: i, users: [], uses: node.uses ?? [], gone: node.gone ?? [] }));
const compared = nodes.some((node) => node.mark);
for (const node of nodes) {
  for (const source of new Set(node.sources)) nodes[source].users.push(node.id);
}
groups.forEach((group, i) => Object.assign(group, { id: i, size: 0, marks: {} }));
for (const node of nodes) {
  for (let g = node.group; g >= 0; g = groups[g].parent) {
    groups[g].size += 1;
    if (node.mark) groups[g].marks[node.mark] = (groups[g].marks[node.mark] ?? 0) + 1;
  }
}
for (const group of groups) {
  group.depth = group.parent >= 0 ? groups[group.parent].depth + 1 : 0;
  const above = group.parent >= 0 ? `${groups[group.parent].path}.` : "";
  group.title = group.path.startsWith(above) ? group.path.slice(above.length) : group.path;
}

// What to call a node: its name, without one its formula, without that its number.
function labelOf(node) {
  return node.name || node.made || node.value.text;
}

// The name of a node inside its module, such as "weights".
function nameInside(node) {
  const path = node.group >= 0 ? groups[node.group].path.replace(/ \(\d+\)$/, "") : "";
  return path && node.name.startsWith(`${path}.`) ? node.name.slice(path.length + 1) : node.name;
}

// A node in a sentence: "z = x·w".
function sentence(node) {
  return node.name && node.made ? `${node.name} = ${node.made}` : labelOf(node);
}

// All nodes on the way from a node to the output, itself included.
function pathToOutput(id) {
  const found = new Set([id]);
  for (const at of found) {
    for (const use of nodes[at].uses) if (use.by >= 0) found.add(use.by);
  }
  return found;
}

// The groups around a place, from outer to inner.
function around(group) {
  const found = [];
  for (let g = group; g >= 0; g = groups[g].parent) found.unshift(g);
  return found;
}

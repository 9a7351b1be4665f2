// Search names, ops and paths of modules; matches come in order of creation.

const query = document.getElementById("query");
const matches = document.getElementById("matches");
let found = [];
let current = -1;

function matching(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const says = (...texts) => texts.some((t) => t && t.toLowerCase().includes(wanted));
  const hits = nodes.filter((n) => says(n.name, n.op, n.symbol, n.kind === "constant" ? "" : n.kind));
  return hits.length ? hits : nodes.filter((n) => n.group >= 0 && says(groups[n.group].path));
}

// `go(id)` shows a match.
function search(go) {
  query.addEventListener("input", () => {
    found = matching(query.value);
    current = -1;
    turn(1, go);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter") turn(event.shiftKey ? -1 : 1, go);
    else if (event.key === "Escape" && query.value) clearSearch();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.getElementById("next").addEventListener("click", () => turn(1, go));
  document.getElementById("previous").addEventListener("click", () => turn(-1, go));
}

function turn(way, go) {
  if (found.length) {
    current = (current + way + found.length) % found.length;
    go(found[current].id);
  }
  tellMatches();
}

function tellMatches() {
  if (!query.value.trim()) matches.value = "";
  else matches.value = found.length ? `${current + 1} of ${found.length}` : "none";
}

function clearSearch() {
  query.value = "";
  found = [];
  tellMatches();
}

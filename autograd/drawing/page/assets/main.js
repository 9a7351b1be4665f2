// The page as a whole: its state, and what clicks and buttons do.

const state = { folded: foldedTo(FEW_BOXES), first: Infinity, most: MOST_BOXES, chosen: null, step: lastStep };
let searchedFrom = state.folded; // what was folded before the search
const portrait = matchMedia("(orientation: portrait)");
let scene = null;
let leftToRight = true;

// Redraws everything; the box with the key `anchor` stays where it is on the screen.
function redraw(anchor = null) {
  const before = anchor && cards.get(anchor)?.place;
  scene = visible(state.folded, state.first, state.most);
  const drawn = layout(scene, sizeOf, leftToRight);
  extent = extentOf(drawn);
  render(drawn);
  const after = anchor && cards.get(anchor)?.place;
  if (before && after) pan((before.x - after.x) * camera.scale, (before.y - after.y) * camera.scale);
  showStep(state.step);
  showPath(state.chosen, scene.of);
  makeFocusable(cards.has(anchor) ? anchor : cards.keys().next().value);
}

// Sets the direction that shows the graph larger, and returns whether it is legible then.
function direct() {
  scene = visible(state.folded, state.first, state.most);
  const size = (direction) => fitScale(extentOf(layout(scene, sizeOf, direction)));
  const [across, down] = scene.boxes.length > FEW_BOXES ? [0, 0] : [size(true), size(false)];
  const legible = Math.max(across, down) >= ZOOM.legible;
  leftToRight = legible ? across * 1.1 >= down : !portrait.matches;
  return legible;
}

// Folds just enough for the whole graph to be legible; in a comparison, what changed stays open.
function begin() {
  for (const most of compared ? [FEW_BOXES] : [FEW_BOXES, FEW_BOXES / 2, FEW_BOXES / 4, 0]) {
    refold(foldedTo(most));
    if (direct()) break;
  }
  if (!compared) nearest();
  start();
}

// Shows only what is nearest to the result, where nobody could follow all of it.
function nearest() {
  const all = visible(state.folded, Infinity, MOST_BOXES);
  const tangled = all.boxes.length > FEW_BOXES && linesBeside(all) > FEW_LINES;
  state.most = tangled ? FEW_BOXES : MOST_BOXES;
  state.first = Infinity;
}

// Redraws the graph in the better direction, and shows its end.
function start() {
  direct();
  redraw();
  open(cards.get(scene.of(graph.outputs[0]).key).place);
}

function showStep(step) {
  state.step = step;
  const ids = activeAt(step);
  const active = ids.map((id) => scene.of(id).key);
  showMoment((node) => momentOf(node, step), new Set(active), ids[0]);
  if (timer && active.length) reveal(cards.get(active[0]).place);
}

// -- what a click does ---------------------------------------------------------------------------

// Opens the groups around a node, centres it, and describes it in the panel.
function goTo(id) {
  const opened = around(nodes[id].group);
  refold([...state.folded].filter((g) => !opened.includes(g)));
  show(id);
}

// The same for a match of a search; groups opened for the last match are folded again.
function goToMatch(id) {
  const opened = around(nodes[id].group);
  state.folded = new Set([...searchedFrom].filter((g) => !opened.includes(g)));
  show(id);
}

function refold(folded) {
  state.folded = new Set(folded);
  searchedFrom = state.folded;
}

function show(id) {
  scene = visible(state.folded, state.first, state.most);
  if (scene.of(id).hidden) state.first = scene.placeOf(id) - state.most / 2;
  redraw();
  if (camera.scale < ZOOM.legible) camera.scale = ZOOM.reading;
  choose(id);
  centre(cards.get(`n${id}`).place);
}

function choose(id) {
  state.chosen = id;
  describe(nodes[id], goTo);
  showPath(id, scene.of);
  makeFocusable(`n${id}`);
  reveal(cards.get(`n${id}`).place);
}

function closePanel() {
  if (panel.hidden) return;
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  const chosen = cards.get(`n${state.chosen}`)?.element;
  state.chosen = null;
  showPath(null, scene.of);
  if (inside) (chosen ?? canvas).focus({ preventScroll: true });
}

function toggle(g) {
  const folded = new Set(state.folded);
  if (!folded.delete(g)) folded.add(g);
  refold(folded);
  redraw(`g${g}`);
  if (!folded.has(g)) showWhole(framePlaces.get(g));
}

function more(key) {
  state.first = Math.max(0, scene.start + (key === "earlier" ? -state.most / 2 : state.most / 2));
  redraw();
  const at = key === "earlier" ? "later" : "earlier";
  open((cards.get(at) ?? [...cards.values()].at(-1)).place);
}

function activate(element) {
  const { key, fold, unfold, more: which } = element.dataset;
  const focused = document.activeElement === element;
  if (fold ?? unfold) toggle(Number(fold ?? unfold));
  else if (which) more(which);
  else choose(Number(key.slice(1)));
  if (focused) focusBox(key);
}

canvas.addEventListener("click", (event) => {
  const element = event.target.closest("[data-key]");
  if (element) activate(element);
});

// -- buttons -------------------------------------------------------------------------------------

function on(id, action) {
  document.getElementById(id).addEventListener("click", action);
}

function foldAll(folded) {
  refold(folded ? groups.map((group) => group.id) : []);
  if (folded) nearest();
  else state.most = MOST_BOXES;
  start();
}

on("in", () => zoom(ZOOM.step));
on("out", () => zoom(1 / ZOOM.step));
on("fit", fit);
on("fold", () => foldAll(true));
on("unfold", () => foldAll(false));
on("close", closePanel);
on("help", () => {
  state.chosen = null;
  showPath(null, scene.of);
  showHelp();
});
portrait.addEventListener("change", start);

const [lessButton, moreButton] = ["fold", "unfold"].map((id) => document.getElementById(id));
if (!groups.length) {
  Object.assign(lessButton, { textContent: "Near", title: "Show what is nearest to the result" });
  Object.assign(moreButton, { textContent: "All", title: "Show all boxes" });
}
search(goToMatch);
begin();
lessButton.hidden = moreButton.hidden = !groups.length && state.most === MOST_BOXES;
film(lastStep, told, showStep, WHOLE)(lastStep);

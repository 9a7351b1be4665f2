// The page as a whole. What the reader has chosen survives a new version, in the history's state.

const kept = history.state ?? {};
const state = { at: steps.indexOf(kept.step), layer: null, following: kept.following ?? true };
const WHOLE = 12000; // milliseconds that a film of the training takes
const LATE = 60; // seconds after which a new version is overdue, or four times those between two

const COLOURS = ["var(--accent)", "var(--spread)"]; // of the training, and of its validation

function lines(field, share = false) {
  const all = layers.map((layer) => ({ numbers: layer.history[field], colour: layer.colour, layer }));
  const there = all.filter(({ numbers }) => numbers.some((x) => x !== null && !(share && x === 0)));
  return there.length ? all : [];
}

// What was measured, as lines by the name of the chart: "validation_accuracy" is in that of "accuracy".
function measuredLines() {
  const found = new Map();
  if (losses.some((x) => x !== null)) found.set("loss", [{ numbers: losses, label: "", colour: COLOURS[0] }]);
  for (const { name, steps: measuredAt, numbers } of training.measured) {
    const judged = name.startsWith("validation_");
    const chart = judged ? name.slice("validation_".length) : name;
    const line = { numbers, measuredAt, label: judged ? "validation" : "", colour: COLOURS[judged ? 1 : 0] };
    found.set(chart, [...(found.get(chart) ?? []), line]);
  }
  return [...found];
}

const charts = [
  ...measuredLines(),
  ["gradient (norm)", lines("gradients")],
  ["weights (norm)", lines("weights")],
  ["update / weights", lines("ratios")],
  ["share of dead units", lines("dead", true), true],
  ["share of saturated outputs", lines("saturated", true), true],
]
  .filter(([, found]) => found.length)
  .map(([title, found, share]) => chart(title, found, share, (at) => go(at)));
document.getElementById("lines").append(...charts.map(({ figure }) => figure));

const showLayers = network((layer) => choose(state.layer === layer ? null : layer));
const spread = histograms();

function show(at) {
  state.at = at === last ? -1 : at;
  document.getElementById("layers-title").textContent = `The layers, at step ${steps[at].toLocaleString("en")}`;
  for (const { show } of charts) show(at);
  showLayers(at);
  spread.show(at);
  keep();
}

function choose(layer) {
  state.layer = layer;
  highlight(layer);
  keep();
}

function keep() {
  const step = state.at < 0 ? null : steps[state.at];
  history.replaceState({ step, layer: state.layer?.name, following: state.following }, "");
}

function draw() {
  for (const { draw } of charts) draw();
  spread.draw();
  highlight(state.layer);
  show(state.at < 0 ? last : state.at);
}

// -- problems, and whether the training goes on --------------------------------------------------

const list = document.getElementById("problems");
for (const problem of problems) {
  const item = make("li");
  const link = make("button", "link", problem.told);
  link.addEventListener("click", () => {
    go(lastAtMost(steps, problem.step));
    choose(layers.find((layer) => layer.name === problem.layer) ?? null);
  });
  item.append(link);
  list.append(item);
}
list.hidden = !problems.length;

function tellState() {
  const age = (Date.now() - training.written) / 1000;
  const clock = new Date(training.written).toLocaleTimeString();
  const late = running && age > Math.max(LATE, 4 * training.every);
  const words = late ? `last heard of ${inTime(age)} ago` : training.state;
  const told = [`step ${training.count.toLocaleString("en")}`, words, `written at ${clock}`];
  document.getElementById("state").textContent = told.filter(Boolean).join(" · ");
}

function inTime(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minute${minutes === 1 ? "" : "s"}` : `${Math.round(minutes / 60)} hours`;
}

const followButton = document.getElementById("follow");
followButton.hidden = !running;
followButton.addEventListener("click", () => {
  state.following = !state.following;
  followButton.setAttribute("aria-pressed", state.following);
  keep();
});
followButton.setAttribute("aria-pressed", state.following);

// Loads the next version; whoever watches the film or is away is not disturbed.
function loadNext() {
  if (state.following && !timer && !document.hidden) location.reload();
}

const told = (at) => `step ${steps[at].toLocaleString("en")} of ${training.count.toLocaleString("en")}`;
const go = film(last, told, show, WHOLE);
draw();
go(state.at < 0 ? last : state.at);
choose(layers.find((layer) => layer.name === kept.layer) ?? null);
tellState();
if (running) {
  setInterval(tellState, 10_000);
  setInterval(loadNext, 1000 * Math.max(training.every, 1));
}
new ResizeObserver(draw).observe(document.getElementById("lines"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

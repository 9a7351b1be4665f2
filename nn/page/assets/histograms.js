// Histograms: for each layer how its numbers are spread, over the steps and at the one shown.

const KINDS = ["weights", "gradients", "activations"];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LEVELS = new Map([...LETTERS].map((letter, i) => [letter, i / (LETTERS.length - 1)]));
const NEAR = 0.09; // marks that are closer, as a share of an axis, are left out

// The root of the share of the numbers of a layer in a bin, at a step with histograms.
function levelOf(layer, kind, at, bin) {
  return LEVELS.get(layer.histograms[kind][at * training.bins + bin]);
}

// The bins of a kind that some layer uses, [first, last].
function binsOf(kind) {
  const used = new Set();
  for (const layer of layers) {
    [...layer.histograms[kind]].forEach((letter, i) => letter === "A" || used.add(i % training.bins));
  }
  return used.size ? [Math.max(0, Math.min(...used) - 1), Math.min(training.bins - 1, Math.max(...used) + 1)] : null;
}

// Fills the section, and returns {draw, show}.
function histograms() {
  const section = document.getElementById("histograms");
  section.hidden = !histogramSteps.length;
  if (section.hidden) return { draw: () => {}, show: () => {} };
  const bins = Object.fromEntries(KINDS.map((kind) => [kind, binsOf(kind)]));
  const pictures = layers.flatMap((layer) => {
    const row = make("div", "spread");
    row.dataset.layer = layer.name;
    row.append(make("h3", "", layer.name));
    const drawn = KINDS.filter((kind) => bins[kind]).map((kind) => heatmap(layer, kind, bins[kind]));
    row.append(...drawn.map(({ figure }) => figure));
    section.append(row);
    return drawn;
  });
  return {
    draw: () => pictures.forEach(({ draw }) => draw()),
    show: (at) => {
      const nearest = lastAtMost(histogramSteps, steps[at]);
      const step = histogramSteps[nearest].toLocaleString("en");
      document.getElementById("histograms-title").textContent = `Histograms, at step ${step}`;
      pictures.forEach(({ show }) => show(nearest));
    },
  };
}

function heatmap(layer, kind, [first, end]) {
  const count = end - first + 1;
  const empty = !/[^A]/.test(layer.histograms[kind]);
  const figure = make("figure", "heatmap");
  const title = make("figcaption", "soft", empty ? `${kind}: none` : kind);
  const map = make("div", "map");
  const over = make("canvas");
  over.setAttribute("role", "img");
  over.setAttribute("aria-label", `${kind} of ${layer.name}, over the steps`);
  const cursor = make("span", "cursor");
  const bars = make("canvas", "bars");
  bars.setAttribute("role", "img");
  map.append(...marksOf(first, count), over, cursor, bars);
  figure.append(title);
  if (!empty) figure.append(map);
  [over.width, over.height, bars.width, bars.height] = [histogramSteps.length, count, 100, count];

  // The two colours are those of the style, so that light and dark are.
  function draw() {
    const pen = over.getContext("2d");
    pen.clearRect(0, 0, over.width, over.height);
    pen.fillStyle = getComputedStyle(map).color;
    for (let at = 0; at < histogramSteps.length; at += 1) {
      for (let bin = first; bin <= end; bin += 1) {
        pen.globalAlpha = levelOf(layer, kind, at, bin);
        pen.fillRect(at, end - bin, 1, 1);
      }
    }
  }

  function show(at) {
    cursor.style.setProperty("--at", (at + 0.5) / histogramSteps.length);
    const pen = bars.getContext("2d");
    pen.clearRect(0, 0, bars.width, bars.height);
    pen.fillStyle = getComputedStyle(map).color;
    const levels = Array.from({ length: count }, (_, i) => levelOf(layer, kind, at, first + i) ** 2);
    const highest = Math.max(...levels);
    levels.forEach((level, i) => highest && pen.fillRect(0, count - 1 - i + 0.1, (100 * level) / highest, 0.8));
    const middle = training.marks.find(([, text]) => text === "0")[0];
    const most = levels.indexOf(highest) + first + 0.5;
    const near = training.marks.reduce((a, b) => (Math.abs(b[0] - most) < Math.abs(a[0] - most) ? b : a));
    const side = most === middle ? "0" : `about ${near[1]}`;
    bars.setAttribute("aria-label", `${kind} of ${layer.name} at this step: most are ${side}`);
  }
  return { figure, draw: empty ? () => {} : draw, show: empty ? () => {} : show };
}

// The labels at the left of a map, those that have room.
function marksOf(first, count) {
  let before = -Infinity;
  return training.marks.flatMap(([place, text]) => {
    const share = (place - first) / count;
    if (share < 0 || share > 1 || share - before < NEAR) return [];
    before = share;
    const mark = make("span", "mark", text);
    mark.style.setProperty("--at", 1 - share);
    return [mark];
  });
}

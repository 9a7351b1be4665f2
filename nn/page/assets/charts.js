// Charts: lines over the steps, with a cursor at the step that is shown.

const HEIGHT = 190;
const EDGE = { left: 58, right: 12, top: 10, bottom: 24 };
const TICKS = 5;
const WIDE = 30; // from this ratio of the largest to the smallest number on, an axis is logarithmic

// A chart of lines, each {numbers, colour}, with its layer, or its label and the steps where it was
// measured; `go` is called with the step that is clicked.
function chart(title, lines, share, go) {
  const figure = make("figure", "chart");
  const heading = make("figcaption", "", title);
  const now = make("span", "now");
  heading.append(now);
  const picture = shape("svg", { role: "img", "aria-label": `${title}, over the steps` });
  figure.append(heading, picture);
  let place = null;
  let cursor = null;

  function draw() {
    const width = picture.clientWidth;
    if (!width) return;
    const axis = axisOf(lines, share);
    const inner = { x: width - EDGE.left - EDGE.right, y: HEIGHT - EDGE.top - EDGE.bottom };
    const across = last ? inner.x / (steps[last] - steps[0]) : 0;
    place = (at) => (last ? EDGE.left + (steps[at] - steps[0]) * across : EDGE.left + inner.x / 2);
    const placeOf = (step) => EDGE.left + (Math.min(step, steps[last]) - steps[0]) * across;
    const up = (x) => EDGE.top + (1 - axis.share(x)) * inner.y;
    picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    picture.replaceChildren();
    for (const x of axis.ticks) {
      picture.append(
        shape("path", { class: "grid", d: `M${EDGE.left} ${up(x)}H${width - EDGE.right}` }),
        shape("text", { x: EDGE.left - 6, y: up(x) + 4, "text-anchor": "end" }, inWords(x)),
      );
    }
    for (const [at, anchor] of last ? [[0, "start"], [last, "end"]] : [[0, "middle"]]) {
      const words = steps[at].toLocaleString("en");
      picture.append(shape("text", { x: place(at), y: HEIGHT - 6, "text-anchor": anchor }, words));
    }
    for (const { numbers, colour, layer, measuredAt } of lines) {
      const x = measuredAt && last ? (i) => placeOf(measuredAt[i]) : place;
      const d = pathOf(numbers, x, (y) => axis.shown(y) && up(y));
      const line = shape("path", { class: measuredAt ? "line measured" : "line", d });
      if (layer) line.dataset.layer = layer.name;
      line.style.stroke = colour;
      picture.append(line);
    }
    cursor = shape("path", { class: "cursor" });
    picture.append(cursor);
  }

  function show(at) {
    if (cursor) cursor.setAttribute("d", `M${place(at)} ${EDGE.top}V${HEIGHT - EDGE.bottom}`);
    if (lines[0].layer) return;
    now.replaceChildren();
    for (const { numbers, label, colour, measuredAt } of lines) {
      const known = measuredAt ? numbers[measuredAt.findLastIndex((step) => step <= steps[at])] : numbers[at];
      const word = make("span", "", `${label} ${inWords(known)}`.trim());
      word.style.color = colour;
      now.append(word);
    }
  }

  picture.addEventListener("pointerdown", follow);
  picture.addEventListener("pointermove", (event) => event.buttons && follow(event));
  function follow(event) {
    const x = event.clientX - picture.getBoundingClientRect().left;
    const far = steps.map((_, at) => Math.abs(place(at) - x));
    go(far.indexOf(Math.min(...far)));
  }
  return { figure, draw, show };
}

// The commands of a line through all numbers, broken where there is none; a lonely one is a dot.
function pathOf(numbers, across, up) {
  let d = "";
  let drawing = false;
  numbers.forEach((x, at) => {
    const y = typeof x === "number" && up(x);
    const there = typeof y === "number";
    if (there) d += `${drawing ? "L" : "M"}${across(at).toFixed(1)} ${y.toFixed(1)}${drawing ? "" : "h0.01"}`;
    drawing = there;
  });
  return d;
}

// The axis of some lines: {shown, share, ticks}, with shares of its length from 0 to 1.
function axisOf(lines, share) {
  const every = lines.flatMap(({ numbers }) => numbers.filter((x) => typeof x === "number"));
  const positive = every.filter((x) => x > 0);
  const [low, high] = endsOf(every);
  const [least, most] = endsOf(positive);
  const logarithmic = !share && low >= 0 && positive.length > 0 && most / least > WIDE;
  if (share) return { shown: () => true, share: (x) => x, ticks: [0, 0.5, 1] };
  if (logarithmic) {
    const [bottom, top] = widened(Math.log10(least), Math.log10(most));
    return {
      shown: (x) => x > 0,
      share: (x) => (Math.log10(x) - bottom) / (top - bottom),
      ticks: powersBetween(bottom, top),
    };
  }
  const [bottom, top] = widened(low, high);
  return { shown: () => true, share: (x) => (x - bottom) / (top - bottom), ticks: roundBetween(bottom, top) };
}

function endsOf(numbers) {
  return numbers.length ? [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))] : [0, 1];
}

function widened(low, high) {
  const more = 0.05 * (high - low) || Math.abs(high) / 2 || 1;
  return [low - more, high + more];
}

// A few powers of ten between two exponents.
function powersBetween(low, high) {
  const first = Math.ceil(low);
  const count = Math.floor(high) - first + 1;
  const every = Math.max(1, Math.ceil(count / TICKS));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => 10 ** (first + i * every));
}

// A few round numbers between two numbers.
function roundBetween(low, high) {
  const size = 10 ** Math.floor(Math.log10((high - low) / 2));
  const step = size * [5, 2, 1].find((times) => (high - low) / (times * size) >= 2);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

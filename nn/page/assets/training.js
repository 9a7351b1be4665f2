// The training of this page, and small questions about it.

const training = JSON.parse(document.getElementById("facts").textContent);
const { steps, losses, layers, histogramSteps, problems } = training;
const running = training.state === "running";
const last = steps.length - 1;

function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

function shape(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

// A number of the training as text: null is none, and infinities are texts already.
function inWords(x) {
  if (typeof x !== "number") return x ?? "–";
  const size = Math.abs(x);
  const digits = Number(x.toPrecision(3));
  return (size >= 1e-3 && size < 1e5) || x === 0 ? String(digits) : digits.toExponential().replace("e+", "e");
}

function inPercent(x) {
  return `${Math.round(100 * x)} %`;
}

// The position of the last of some numbers, in order, that is at most `most`; the first if none is.
function lastAtMost(numbers, most) {
  const after = numbers.findIndex((number) => number > most);
  return after < 0 ? numbers.length - 1 : Math.max(after - 1, 0);
}

// The root mean square of a layer's gradient at a step, null if it has none.
function gradientPerEntry(layer, at) {
  const norm = layer.history.gradients[at];
  return typeof norm === "number" ? norm / Math.sqrt(layer.size) : null;
}

// The passes, step by step: first the values, then the gradients from the output back.

const time = document.getElementById("time");
const caption = document.getElementById("caption");
const playButton = document.getElementById("play");
const PLAYING = { whole: 20000, least: 30, most: 800 }; // milliseconds

const computed = nodes.filter((node) => node.op);
const givers = new Set(nodes.flatMap((node) => node.uses.map((use) => use.by)));
const walked = nodes.some((node) => node.gradient);
const backwards = walked ? computed.filter((node) => givers.has(node.id)).toReversed() : [];
const seedAt = computed.length + 1;
const lastStep = computed.length + (walked ? 2 + backwards.length : 1);

nodes.forEach((node) => (node.knownAt = 0));
computed.forEach((node, i) => (node.knownAt = i + 1));
backwards.forEach((node, i) => (node.givesAt = seedAt + 1 + i));

// What is known of a node at a step: {known, gradient}, with the gradient summed so far.
function momentOf(node, step) {
  let gradient = "";
  if (walked && step >= seedAt && outputs.has(node.id) && !node.uses.length) {
    gradient = node.gradient?.text ?? "";
  }
  for (const { by, total } of node.uses) {
    if ((by < 0 ? seedAt : nodes[by].givesAt) > step) break;
    gradient = total;
  }
  return { known: node.knownAt <= step, gradient };
}

// The nodes where something happens at a step.
function activeAt(step) {
  if (step === 0 || step === lastStep) return [];
  if (step <= computed.length) return [computed[step - 1].id];
  if (step === seedAt) return graph.outputs;
  const giver = backwards[step - seedAt - 1];
  return [giver.id, ...nodes[giver.id].sources.filter((id) => nodes[id].uses.length)];
}

function told(step) {
  if (step === lastStep) return walked ? "Both passes are done" : "The forward pass is done";
  if (step === 0) return "Inputs, parameters and constants are given";
  if (step <= computed.length) {
    const node = computed[step - 1];
    return `Forward ${step} of ${computed.length}: ${sentence(node)} = ${node.value.text}`;
  }
  if (step === seedAt) return "Backward: the gradient of the output itself is 1";
  const giver = backwards[step - seedAt - 1];
  const parts = [...new Set(giver.sources)].flatMap((id) =>
    nodes[id].uses
      .filter((use) => use.by === giver.id)
      .map(({ part, total }) => `${part} to ${labelOf(nodes[id])}${total === part ? "" : ` (${total} so far)`}`),
  );
  const count = `Backward ${step - seedAt} of ${backwards.length}`;
  return `${count}: ${sentence(giver)} passes ${parts.join(", ")}`;
}

let timer = 0;

// `show(step)` draws a step.
function player(show) {
  time.max = lastStep;
  time.value = lastStep;
  const go = (step) => {
    time.value = step;
    caption.value = told(Number(time.value));
    time.setAttribute("aria-valuetext", caption.value);
    show(Number(time.value));
  };
  time.addEventListener("input", () => (stop(), go(time.value)));
  document.getElementById("back").addEventListener("click", () => (stop(), go(Number(time.value) - 1)));
  document.getElementById("forth").addEventListener("click", () => (stop(), go(Number(time.value) + 1)));
  playButton.addEventListener("click", () => (timer ? stop() : play(go)));
  go(lastStep);
}

function play(go) {
  if (Number(time.value) >= lastStep) go(0);
  const pause = Math.max(PLAYING.least, Math.min(PLAYING.most, PLAYING.whole / lastStep));
  playButton.textContent = "❚❚";
  playButton.setAttribute("aria-label", "Pause");
  caption.setAttribute("aria-live", "off");
  timer = setInterval(() => {
    go(Number(time.value) + 1);
    if (Number(time.value) >= lastStep) stop();
  }, pause);
}

function stop() {
  clearInterval(timer);
  timer = 0;
  playButton.textContent = "▶";
  playButton.setAttribute("aria-label", "Play");
  caption.setAttribute("aria-live", "polite");
}

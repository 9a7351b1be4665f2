// The passes, step by step: first the values, then the gradients from the output back.

const WHOLE = 20000; // milliseconds that a film of both takes

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

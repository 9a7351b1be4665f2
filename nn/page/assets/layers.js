// The network: a box for each layer, in the order of the calls, as it is at the step that is shown.

const SAID = [
  ["gradient", "gradients", inWords],
  ["weights", "weights", inWords],
  ["update/\u200bweights", "ratios", inWords],
  ["dead units", "dead", inPercent],
  ["saturated", "saturated", inPercent],
];

// Fills the list, and returns what shows a step; `choose` is called with the layer that is clicked.
function network(choose) {
  const list = document.getElementById("layers");
  const shows = layers.map((layer) => {
    const item = make("li");
    const box = make("button", "layer");
    const swatch = make("span", "swatch");
    swatch.style.background = layer.colour;
    const name = make("span", "name", layer.name);
    const kind = make("span", "soft", `${layer.kind}, ${layer.size.toLocaleString("en")} parameters`);
    const table = make("span", "numbers");
    const trouble = make("span", "trouble");
    box.append(swatch, name, kind, table, trouble);
    box.dataset.layer = layer.name;
    box.addEventListener("click", () => choose(layer));
    item.append(box);
    list.append(item);
    return (at) => {
      const share = shadeOf(gradientPerEntry(layer, at));
      box.style.setProperty("--share", `${Math.round(100 * share)}%`);
      table.replaceChildren();
      for (const [word, field, write] of SAID) {
        const x = layer.history[field][at];
        if (x === null && (field === "dead" || field === "saturated")) continue;
        table.append(make("span", "soft", word), make("span", "", x === null ? "–" : write(x)));
      }
      const now = problems.filter((problem) => problem.layer === layer.name && problem.step <= steps[at]);
      trouble.textContent = now.map(({ kind, step }) => `${kind} since step ${step}`).join(", ");
    };
  });
  const scale = document.getElementById("scale");
  scale.textContent = sizes.length
    ? `The fuller the colour of a layer, the larger its gradient: root mean square, on a logarithmic scale, ${inWords(smallest)} … ${inWords(largest)}.`
    : "No layer has had a gradient.";
  return (at) => shows.forEach((show) => show(at));
}

// Marks a layer in all pictures, null for none.
function highlight(layer) {
  document.body.classList.toggle("chosen-one", layer !== null);
  for (const element of document.querySelectorAll("[data-layer]")) {
    element.classList.toggle("chosen", element.dataset.layer === layer?.name);
  }
  for (const box of document.querySelectorAll("button.layer")) {
    box.setAttribute("aria-pressed", box.dataset.layer === layer?.name);
  }
}

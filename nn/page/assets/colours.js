// Colours: a hue for each layer, from the first to the last, and a shade for the size of a gradient.

const HUES = [210, 385];
const LEAST_SHADE = 0.08;

layers.forEach((layer, i) => {
  const share = layers.length > 1 ? i / (layers.length - 1) : 0;
  layer.colour = `hsl(${HUES[0] + share * (HUES[1] - HUES[0])} 65% var(--lightness))`;
});

const sizes = layers
  .flatMap((layer) => steps.map((_, at) => gradientPerEntry(layer, at)))
  .filter((size) => size > 0);
const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
const largest = sizes.reduce((a, b) => Math.max(a, b), 0);

// The shade of a size, from 0 to 1, on the logarithmic scale of the whole training.
function shadeOf(size) {
  if (!(size > 0)) return 0;
  if (smallest === largest) return 1;
  return LEAST_SHADE + ((1 - LEAST_SHADE) * Math.log(size / smallest)) / Math.log(largest / smallest);
}

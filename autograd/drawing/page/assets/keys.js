// The keyboard: keys to walk from box to box, and a key for each button.

// One box at a time is in the tab order; arrow keys walk on to its neighbours.
function makeFocusable(key) {
  for (const { element } of cards.values()) element.setAttribute("tabindex", "-1");
  cards.get(key)?.element.setAttribute("tabindex", "0");
}

function focusBox(key) {
  const card = cards.get(key) ?? cards.values().next().value;
  makeFocusable(card.element.dataset.key);
  card.element.focus({ preventScroll: true });
  reveal(card.place);
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest box in a direction; boxes straight ahead count as nearer.
function neighbour(key, [dx, dy]) {
  const middle = ({ place }) => [place.x + place.width / 2, place.y + place.height / 2];
  const [x, y] = middle(cards.get(key));
  let best = null;
  for (const [other, card] of cards) {
    const [a, b] = [middle(card)[0] - x, middle(card)[1] - y];
    const ahead = a * dx + b * dy;
    const distance = ahead + 3 * Math.abs(a * dy + b * dx);
    if (other !== key && ahead > 1 && distance < (best?.distance ?? Infinity)) best = { other, distance };
  }
  return best?.other;
}

canvas.addEventListener("keydown", (event) => {
  const element = event.target.closest("[data-key]");
  if (!element) return;
  if (event.key === "Enter" || event.key === " ") activate(element);
  else if (event.key in DIRECTIONS && !event.shiftKey) {
    const next = neighbour(element.dataset.key, DIRECTIONS[event.key]);
    if (next) focusBox(next);
  } else return;
  event.preventDefault();
});

canvas.addEventListener("focusin", (event) => {
  const element = event.target.closest("[data-key]");
  if (element?.matches(":focus-visible")) reveal(cards.get(element.dataset.key).place);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
  if (event.target === query || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") query.focus();
  else if (event.key === "?") document.getElementById("help").click();
  else return;
  event.preventDefault();
});

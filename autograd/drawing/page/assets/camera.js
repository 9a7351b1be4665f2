// The camera: which part of the scene is visible; drag, touch, wheel, keys and buttons move it.

const canvas = document.getElementById("canvas");
const ZOOM = { least: 0.02, most: 4, step: 1.25, whole: 0.35, legible: 0.55, reading: 0.9, opening: 1.5 };
const printing = matchMedia("print");
const STILL = 4; // pixels that a pointer may move during a click
const camera = { x: 0, y: 0, scale: 1 };
let extent = { x: 0, y: 0, width: 1, height: 1 }; // of the scene

function look() {
  const { x, y, scale } = camera;
  world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
}

function extentOf(scene) {
  const all = [...scene.boxes, ...scene.frames];
  const x = Math.min(...all.map((r) => r.x));
  const y = Math.min(...all.map((r) => r.y));
  const width = Math.max(...all.map((r) => r.x + r.width)) - x;
  const height = Math.max(...all.map((r) => r.y + r.height)) - y;
  return { x, y, width, height };
}

// The part of the canvas that the panel does not cover.
function free() {
  const whole = canvas.getBoundingClientRect();
  const panel = document.getElementById("panel");
  let { width, height } = whole;
  if (!panel.hidden && !printing.matches) {
    const cover = panel.getBoundingClientRect();
    if (cover.width < whole.width * 0.8) width -= cover.width;
    else height -= cover.height;
  }
  return { width, height };
}

function pan(dx, dy) {
  camera.x += dx;
  camera.y += dy;
  look();
}

// Zooms by a factor around a point of the canvas, its middle if none is given.
function zoom(factor, x = free().width / 2, y = free().height / 2) {
  const scale = Math.max(ZOOM.least, Math.min(ZOOM.most, camera.scale * factor));
  camera.x = x - ((x - camera.x) * scale) / camera.scale;
  camera.y = y - ((y - camera.y) * scale) / camera.scale;
  camera.scale = scale;
  look();
}

function fitScale({ width, height } = extent) {
  const room = free();
  return Math.min((room.width - 48) / width, (room.height - 48) / height, ZOOM.opening);
}

function fit() {
  camera.scale = Math.max(ZOOM.least, fitScale());
  centre(extent);
}

function centre({ x, y, width, height }) {
  const room = free();
  camera.x = room.width / 2 - (x + width / 2) * camera.scale;
  camera.y = room.height / 2 - (y + height / 2) * camera.scale;
  look();
}

// Shows everything if that is legible; otherwise the given place at a legible size, with as much
// around it as fits.
function open(place) {
  if (fitScale() >= ZOOM.legible) return fit();
  camera.scale = ZOOM.reading;
  centre(place);
  const room = free();
  camera.x = within(camera.x, extent.x, extent.width, room.width);
  camera.y = within(camera.y, extent.y, extent.height, room.height);
  return look();
}

function within(shift, start, size, room) {
  const margin = 24;
  const [first, last] = [margin - start * camera.scale, room - margin - (start + size) * camera.scale];
  return first < last ? (first + last) / 2 : Math.min(first, Math.max(last, shift));
}

// Moves the given place into view if it is outside.
function reveal(place) {
  const room = free();
  const left = camera.x + place.x * camera.scale;
  const top = camera.y + place.y * camera.scale;
  const right = left + place.width * camera.scale;
  const bottom = top + place.height * camera.scale;
  if (left < 8 || top < 8 || right > room.width - 8 || bottom > room.height - 8) centre(place);
}

// Shows a whole frame if it is not in sight, smaller if it must be; of a huge one its beginning.
function showWhole(place) {
  const room = free();
  const [left, top] = [camera.x + place.x * camera.scale, camera.y + place.y * camera.scale];
  const [right, bottom] = [left + place.width * camera.scale, top + place.height * camera.scale];
  if (left >= 0 && top >= 0 && right <= room.width && bottom <= room.height) return;
  const fitting = Math.min((room.width - 16) / place.width, (room.height - 16) / place.height);
  camera.scale = Math.max(ZOOM.whole, Math.min(camera.scale, fitting));
  centre(place);
  camera.x = Math.max(camera.x, 8 - place.x * camera.scale);
  camera.y = Math.max(camera.y, 8 - place.y * camera.scale);
  look();
}

// -- pointers ------------------------------------------------------------------------------------

const fingers = new Map();
let moved = 0;

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  if (!fingers.size) moved = 0;
  fingers.set(event.pointerId, pointOf(event));
});

canvas.addEventListener("pointermove", (event) => {
  if (!event.buttons) fingers.delete(event.pointerId); // released outside the canvas
  const last = fingers.get(event.pointerId);
  if (!last) return;
  const now = pointOf(event);
  const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
  moved += Math.abs(now.x - last.x) + Math.abs(now.y - last.y);
  if (moved > STILL && !canvas.hasPointerCapture(event.pointerId)) {
    // From now on its events go to the canvas, so that a drag does not click on a card.
    canvas.setPointerCapture(event.pointerId);
  }
  if (others.length) {
    const [other] = others;
    const spread = (at) => Math.hypot(at.x - other.x, at.y - other.y) || 1;
    zoom(spread(now) / spread(last), other.x, other.y);
  } else {
    pan(now.x - last.x, now.y - last.y);
  }
  fingers.set(event.pointerId, now);
});

for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
}

canvas.addEventListener(
  "wheel",
  (event) => {
    // In a notebook's cell, the wheel scrolls the notebook until somebody clicks on the page.
    if (window.parent !== window && !document.hasFocus()) return;
    event.preventDefault();
    const lines = event.deltaMode ? 16 : 1;
    const { x, y } = pointOf(event);
    zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) / 400), x, y);
  },
  { passive: false },
);

function pointOf(event) {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

const ARROWS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in ARROWS && (event.target === canvas || event.shiftKey)) pan(...ARROWS[event.key]);
  else if (event.key === "+" || event.key === "=") zoom(ZOOM.step);
  else if (event.key === "-") zoom(1 / ZOOM.step);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});

let beforePrinting = null;

printing.addEventListener("change", () => {
  if (printing.matches) {
    beforePrinting = { ...camera };
    fit();
  } else {
    Object.assign(camera, beforePrinting);
    look();
  }
});

// The film: a slider over steps, with buttons and keys, that plays all of them.

const time = document.getElementById("time");
const caption = document.getElementById("caption");
const playButton = document.getElementById("play");
const PAUSE = { least: 30, most: 800 }; // milliseconds
let timer = 0; // of a film that plays, else 0

// The film of the steps from 0 to `last`: `show(step)` draws one, and `tell(step)` is its caption. All of
// them take about `whole` milliseconds. Returns what goes to a step.
function film(last, tell, show, whole) {
  time.max = last;
  time.value = last;
  const go = (step) => {
    time.value = step;
    caption.value = tell(Number(time.value));
    time.setAttribute("aria-valuetext", caption.value);
    show(Number(time.value));
  };
  const cutTo = (step) => (stop(), go(step));
  const move = (by) => cutTo(Number(time.value) + by);
  const keys = { ",": () => move(-1), ".": () => move(1), p: () => playButton.click() };
  time.addEventListener("input", () => move(0));
  document.getElementById("back").addEventListener("click", keys[","]);
  document.getElementById("forth").addEventListener("click", keys["."]);
  playButton.addEventListener("click", () => (timer ? stop() : play(go, last, whole)));
  document.addEventListener("keydown", (event) => {
    if (event.target.type === "search" || event.ctrlKey || event.altKey || event.metaKey) return;
    keys[event.key.toLowerCase()]?.();
  });
  return cutTo;
}

function play(go, last, whole) {
  if (Number(time.value) >= last) go(0);
  const pause = Math.max(PAUSE.least, Math.min(PAUSE.most, whole / (last + 1)));
  playButton.textContent = "❚❚";
  playButton.setAttribute("aria-label", "Pause");
  caption.setAttribute("aria-live", "off");
  timer = setInterval(() => {
    go(Number(time.value) + 1);
    if (Number(time.value) >= last) stop();
  }, pause);
}

function stop() {
  clearInterval(timer);
  timer = 0;
  playButton.textContent = "▶";
  playButton.setAttribute("aria-label", "Play");
  caption.setAttribute("aria-live", "polite");
}

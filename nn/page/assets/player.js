// The steps of the training: a slider, keys, and a film of all of them.

const time = document.getElementById("time");
const caption = document.getElementById("caption");
const playButton = document.getElementById("play");
const PLAYING = { whole: 12000, least: 40, most: 600 }; // milliseconds
let timer = 0;

// Calls `show(at)` with the position of the step to show, from now on; returns what goes to one.
function player(show) {
  time.max = last;
  const go = (at) => {
    time.value = at;
    caption.value = `step ${steps[time.value].toLocaleString("en")} of ${training.count.toLocaleString("en")}`;
    time.setAttribute("aria-valuetext", caption.value);
    show(Number(time.value));
  };
  const move = (by) => (stop(), go(Number(time.value) + by));
  time.addEventListener("input", () => move(0));
  document.getElementById("back").addEventListener("click", () => move(-1));
  document.getElementById("forth").addEventListener("click", () => move(1));
  playButton.addEventListener("click", () => (timer ? stop() : play(go)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === ",") move(-1);
    if (event.key === ".") move(1);
    if (event.key.toLowerCase() === "p") playButton.click();
  });
  return (at) => (stop(), go(at));
}

function play(go) {
  if (Number(time.value) >= last) go(0);
  const pause = Math.max(PLAYING.least, Math.min(PLAYING.most, PLAYING.whole / (last + 1)));
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

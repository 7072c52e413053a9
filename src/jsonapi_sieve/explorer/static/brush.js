// Dragging over a plot chooses a part of it. Keys choose by the two inputs below the plot instead.

import { s } from "./dom.js";

const LEAST = 4;

/** Lets a plot be dragged over; `chosen(left, right)` is told the places, in the plot's own units. */
export function brush(plot, frame, chosen) {
  const size = { y: frame.top, height: frame.height - frame.top - frame.bottom };
  const mark = s("rect", { class: "brush", visibility: "hidden", ...size });
  plot.classList.add("brushable");
  plot.append(mark);
  let start = null;

  const place = (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * frame.width;
    return Math.min(Math.max(x, frame.left), frame.width - frame.right);
  };
  const range = (event) => [start, place(event)].sort((one, other) => one - other);
  const end = () => {
    start = null;
    mark.setAttribute("visibility", "hidden");
  };

  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = place(event);
    plot.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  plot.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const [left, right] = range(event);
    mark.setAttribute("x", left);
    mark.setAttribute("width", right - left);
    mark.setAttribute("visibility", "visible");
  });
  plot.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const [left, right] = range(event);
    end();
    if (right - left >= LEAST) chosen(left, right);
  });
  plot.addEventListener("pointercancel", end);
}

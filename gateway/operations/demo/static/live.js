// The line to the gateway: the whole view comes whenever it differs; those who show a part of it are told.

import { t } from "./words.js";
import { $ } from "./dom.js";

const watchers = [];
let source = null;
let last = null;
let chosen = "";

/** Call `show(view)` now and at every change. */
export function watch(show) {
  watchers.push(show);
  if (last) show(last);
}

/** Show everything once more, as after a change of language or of what is chosen on the page. */
export function again() {
  if (last) for (const show of watchers) show(last);
}

export const chosenCase = () => chosen;

/** Show this complaint; an empty number: whichever moved last. */
export function choose(number) {
  chosen = number;
  connect();
}

export function connect() {
  source?.close();
  source = new EventSource(`/sandbox/live?case=${encodeURIComponent(chosen)}`);
  source.onmessage = (event) => {
    last = JSON.parse(event.data);
    $("line-state").textContent = "";
    again();
  };
  source.onerror = () => { $("line-state").textContent = t("line_down"); };
}

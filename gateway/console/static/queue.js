// Letters that wait for a look, the one that waits longest first.

import { get } from "./api.js";
import { $, h } from "./dom.js";
import { day } from "./labels.js";
import { t } from "./words.js";

const QUEUED = 50;
let queue = { items: [], next: null };

export async function fetchQueue() {
  queue = await get("/letters", { state: "doubtful", limit: QUEUED });
}

export const oldest = () => queue.items[0]?.item;
export const holds = (item) => queue.items.some((each) => each.item === item);

/** The one that waits longest behind this one; round to the first. */
export function after(item) {
  const place = queue.items.findIndex((each) => each.item === item);
  return queue.items[(place + 1) % queue.items.length]?.item;
}

export function drawQueue(current, open) {
  $("queue-title").textContent = t(queue.next ? "queue_more" : "queue", { n: queue.items.length });
  $("queue").replaceChildren(...queue.items.map((each) => h("li", {},
    h("button", { type: "button", "aria-current": each.item === current && "true", onclick: () => open(each.item) },
      h("span", {}, `${day(each.received_at)} · ${(each.complaint || "").slice(-6)}`), left(each.due)))));
}

function left(due) {
  if (!due) return h("span", {});
  const minutes = Math.floor((new Date(due) - Date.now()) / 60_000);
  if (minutes < 0) return h("span", { class: "pill over" }, t("over"));
  if (minutes < 60) return h("span", { class: "pill late" }, t("left_minutes", { n: minutes }));
  if (minutes < 2880) return h("span", { class: minutes < 240 ? "pill late" : "pill" }, t("left_hours", { n: Math.floor(minutes / 60) }));
  return h("span", { class: "pill" }, t("left_days", { n: Math.floor(minutes / 1440) }));
}

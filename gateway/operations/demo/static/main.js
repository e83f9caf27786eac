// Puts the page together.

import { openChat } from "./chat.js";
import { $, act, toast } from "./dom.js";
import { again, connect, watch } from "./live.js";
import { openMail } from "./mail.js";
import { openOutgoing } from "./outgoing.js";
import { openRecord } from "./record.js";
import { openStaff } from "./staff.js";
import { clock, day, switchLanguage, t, translatePage, weekday } from "./words.js";

let ahead = 0; // seconds that the demo's clock is ahead of this one
const counts = new Map();

translatePage();
showLanguage();
openChat();
openMail();
openRecord();
openStaff();
openOutgoing();
watch(showTime);
watch(showNews);
setInterval(tick, 1000);
connect();

$("lang").addEventListener("click", () => { switchLanguage(); showLanguage(); again(); });
document.addEventListener("told", (event) => toast(t(event.detail)));
for (const button of document.querySelectorAll("[data-hours]")) button.addEventListener("click", () => skip(button));
for (const tab of document.querySelectorAll("[data-side]")) tab.addEventListener("click", () => turnTo(tab.dataset.side));

function showLanguage() {
  $("lang").textContent = t("other_language");
}

function showTime(view) {
  ahead = Date.parse(view.now) - Date.now();
  const hours = Math.round(view.ahead / 3600);
  $("ahead").textContent = hours ? t("ahead", { n: hours % 24 ? t("hours", { n: hours }) : t("days", { n: hours / 24 }) }) : "";
  tick();
}

function tick() {
  const now = new Date(Date.now() + ahead).toISOString();
  $("now").textContent = `${day(now)} ${weekday(now)} ${clock(now)}`;
}

async function skip(button) {
  const buttons = document.querySelectorAll("[data-hours]");
  for (const each of buttons) each.disabled = true;
  await act("time", { hours: Number(button.dataset.hours) });
  for (const each of buttons) each.disabled = false;
}

function turnTo(side) {
  document.querySelector(".sides").dataset.shown = side;
  for (const tab of document.querySelectorAll("[data-side]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.side === side));
    if (tab.dataset.side === side) tab.classList.remove("news");
  }
  again();
}

/** On narrow screens: a dot on the tab behind which something has happened. */
function showNews(view) {
  const sizes = {
    chat: view.people.reduce((sum, person) => sum + (person.lines.at(-1)?.id ?? -1), 0),
    mail: view.mailboxes.reduce((sum, box) => sum + box.letters.length, 0),
    staff: JSON.stringify([view.cases.length, view.tasks.length, view.case?.status]),
  };
  for (const [side, size] of Object.entries(sizes)) {
    const shown = document.querySelector(".sides").dataset.shown === side;
    const known = counts.has(side) && counts.get(side) !== size;
    if (known && !shown) document.querySelector(`[data-side=${side}]`).classList.add("news");
    counts.set(side, size);
  }
}

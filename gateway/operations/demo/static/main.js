// Puts the page together.

import { openCall } from "./call.js";
import { openCalls } from "./calls.js";
import { openChat } from "./chat.js";
import { $, act, toast } from "./dom.js";
import { again, connect, watch } from "./live.js";
import { openMail } from "./mail.js";
import { openPaper } from "./paper.js";
import { openPrinted } from "./printed.js";
import { openWriting } from "./write.js";
import { openOutgoing } from "./outgoing.js";
import { openRecord } from "./record.js";
import { openStaff } from "./staff.js";
import { clock, day, switchLanguage, t, translatePage, weekday } from "./words.js";

let ahead = 0; // seconds that the demo's clock is ahead of this one
const counts = new Map();

translatePage();
showLanguage();
openChat();
openCall();
openMail();
openPaper();
openPrinted();
openWriting();
openRecord();
openStaff();
openCalls();
openOutgoing();
watch(showTime);
watch(showNews);
setInterval(tick, 1000);
connect();

$("lang").addEventListener("click", () => { switchLanguage(); showLanguage(); again(); });
document.addEventListener("told", (event) => toast(t(event.detail)));
for (const button of document.querySelectorAll("[data-hours]")) button.addEventListener("click", () => skip(button));
for (const tab of document.querySelectorAll("[data-side]")) tab.addEventListener("click", () => turnTo(tab.dataset.side));
for (const button of document.querySelectorAll("button[data-device], button[data-desk]")) button.addEventListener("click", () => turnTo(button.dataset.device ?? button.dataset.desk));

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
  const { dataset } = document.querySelector(".sides");
  dataset.shown = side;
  if (side === "chat" || side === "call") dataset.device = side;
  if (side === "mail" || side === "paper") dataset.desk = side;
  for (const tab of document.querySelectorAll("[data-side]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.side === side));
  }
  for (const each of doorsTo(side)) each.classList.remove("news");
  again();
}

/** What leads to a side that does not show: its tab, and on wider screens the button of what shares its place. */
const doorsTo = (side) => document.querySelectorAll(`[data-side=${side}], button[data-device=${side}], button[data-desk=${side}]`);

/** A dot on the door behind which something has happened. */
function showNews(view) {
  const sizes = {
    chat: view.people.reduce((sum, person) => sum + (person.lines.at(-1)?.id ?? -1), 0),
    call: JSON.stringify(view.phone.callers.map((caller) => [caller.rings, caller.texts.at(-1)?.id, caller.lines.at(-1)?.id])),
    mail: view.mailboxes.reduce((sum, box) => sum + box.letters.length, 0),
    paper: JSON.stringify([view.letters.came[0]?.item, view.letters.printed[0]?.id]),
    staff: JSON.stringify([view.cases.length, view.tasks.length, view.calls.length, view.case?.status]),
  };
  for (const [side, size] of Object.entries(sizes)) {
    const shown = $(`side-${side}`).checkVisibility();
    const known = counts.has(side) && counts.get(side) !== size;
    if (known && !shown) for (const each of doorsTo(side)) each.classList.add("news");
    counts.set(side, size);
  }
}

// Letters that came: what lies in the letter box, how each was read, and what a person must look at.

import { $, act, h, patch } from "./dom.js";
import { confirmForm } from "./confirm.js";
import { label } from "./labels.js";
import { again, choose, watch } from "./live.js";
import { enlarge, leafOf, marksOf } from "./sheet.js";
import { isEnglish, moment, t } from "./words.js";

let pile = "came"; // or "printed"
const opened = new Map(); // letters that a person has opened or shut by hand
const turned = new Map(); // by letter: the page that shows
const readings = new Map(); // by letter: {of, reading, version}, as fetched for such a state

export function openPaper() {
  for (const tab of document.querySelectorAll("[data-pile]")) tab.addEventListener("click", () => turnToPile(tab.dataset.pile));
  watch(show);
}

export function turnToPile(name) {
  pile = name;
  again();
}

function show(view) {
  const { came, waiting, printed } = view.letters;
  for (const tab of document.querySelectorAll("[data-pile]")) tab.setAttribute("aria-selected", String(tab.dataset.pile === pile));
  $("came").hidden = pile !== "came";
  $("printed").hidden = pile !== "printed";
  $("came-count").textContent = came.length + waiting.length || "";
  $("printed-count").textContent = printed.length || "";
  showTrouble(view.letters);
  const coming = waiting.map((each) => ({ id: `waiting-${each.name}`, waiting: each, language: isEnglish(), first: !came.length }));
  const items = [...coming, ...came.map((letter, place) => cardOf(letter, place))];
  patch($("came"), items.length ? items : [{ id: "none", language: isEnglish() }], (item) => item.id, (item) => item.id === "none" ? h("p", { class: "mail-empty" }, t("came_empty")) : item.waiting ? waitingOf(item) : letterOf(item));
}

function showTrouble(letters) {
  const trouble = letters.fonts ? letters.state.problem ?? "" : t("no_fonts");
  $("paper-trouble").textContent = trouble;
  $("paper-trouble").hidden = !trouble;
}

function waitingOf({ waiting, first }) {
  return h("div", { class: "todo coming", "data-read": String(waiting.is_read) },
    h("div", { class: "row" }, h("b", {}, waiting.name), h("span", { class: "dots" }, h("i"), h("i"), h("i"))),
    h("p", {}, t(waiting.is_read ? (first ? "is_read_first" : "is_read") : "lies_there")));
}

/** What a card shows, and the reading once it is here. */
function cardOf(letter, place) {
  const open = opened.get(letter.item) ?? place === 0;
  const of = JSON.stringify([letter.state, letter.doubts, letter.number]);
  const known = readings.get(letter.item);
  if (open && known?.of !== of) fetchReading(letter.item, of);
  return { id: letter.item, letter, open, language: isEnglish(), page: turned.get(letter.item) ?? letter.pages[0]?.number, version: known?.version ?? 0 };
}

async function fetchReading(item, of) {
  const before = readings.get(item) ?? { reading: null, version: 0 };
  readings.set(item, { ...before, of });
  const response = await fetch(`/sandbox/letters/${item}`).catch(() => null);
  if (!response?.ok || readings.get(item).of !== of) return;
  readings.set(item, { of, reading: await response.json(), version: before.version + 1 });
  again();
}

function letterOf(item) {
  const { letter, open } = item;
  const reading = readings.get(letter.item)?.reading ?? null;
  const head = h("button", { type: "button", "aria-expanded": String(open), onclick: () => { opened.set(letter.item, !open); again(); } },
    h("b", {}, letter.who || t("unknown_writer")), h("time", {}, moment(letter.at)),
    h("span", { class: "whom" }, [letter.number, t("pages_n", { n: letter.pages.length })].filter(Boolean).join(" · ")),
    h("span", { class: `pill ${letter.state === "doubtful" ? "tone-intake" : "tone-done"}` }, label("scan_state", letter.state)));
  return h("article", { class: "letter paper", "data-state": letter.state, "data-item": letter.item }, head, open ? bodyOf(item, reading) : "");
}

function bodyOf(item, reading) {
  const { letter } = item;
  const page = letter.pages.find((each) => each.number === item.page) ?? letter.pages[0];
  if (!page) return h("div", { class: "body" }, t("no_pages"));
  return h("div", { class: "body" },
    letter.pages.length > 1 ? h("div", { class: "leaves", role: "group", "aria-label": t("pages") }, letter.pages.map((each) => tabOf(letter, each, page))) : "",
    page.has_picture ? pictureOf(letter, page, reading) : "",
    h("p", { class: "facts" }, factsOf(letter, page).map((fact) => h("span", { class: fact.class ?? "" }, fact.words))),
    reading && letter.doubts.length && letter.number ? confirmForm(letter, reading) : "",
    h("div", { class: "foot" },
      letter.number ? h("button", { type: "button", class: "small", onclick: () => choose(letter.number) }, t("open_case")) : "",
      h("button", { type: "button", class: "plain", onclick: () => openVerification(letter.item) }, t("to_verify"))));
}

/** The staff's own page, with the token that it asks for: a window opened from here begins with what this one keeps. */
async function openVerification(item) {
  const answer = await act("staff/token");
  if (!answer) return;
  sessionStorage.setItem("tousu-token", answer.token);
  window.open(`/console/letters/verify#${item}`);
}

function tabOf(letter, each, page) {
  return h("button", { type: "button", class: "small", "aria-pressed": String(each === page), onclick: () => { turned.set(letter.item, each.number); again(); } }, `${each.number} ${label("page", each.kind)}`);
}

const source = (letter, page) => `/sandbox/letters/${letter.item}/${page.number}.jpg`;

function pictureOf(letter, page, reading) {
  const draw = (large) => leafOf(page, source(letter, page), reading ? marksOf(reading, page.number) : [], large);
  return draw(() => enlarge(`${letter.number} · ${t("page_n", { n: page.number })} · ${label("page", page.kind)}`, draw(null)));
}

function factsOf(letter, page) {
  return [
    { words: label("page", page.kind) },
    { words: t("lines_n", { n: page.lines }) },
    page.rotation && { words: t("was_turned", { n: page.rotation }), class: "note" },
    ...page.warnings.map((warning) => ({ words: label("warning", warning), class: "warn" })),
    ...letter.marks.map((mark) => ({ words: label("mark", mark), class: "note" })),
  ].filter(Boolean);
}

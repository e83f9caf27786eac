// Letters of ours: printed, posted, arrived or come back, as whoever carries them says.

import { bytes, get, post } from "./api.js";
import { $, h, toast } from "./dom.js";
import { moment, today } from "./labels.js";
import { t } from "./words.js";

const STATES = ["printed", "posted", "delivered", "returned", ""];
const MAY_BECOME = { printed: ["posted", "delivered", "returned"], posted: ["delivered", "returned"], delivered: ["returned"], returned: [], "": [] };
const FETCHED = 50;
const page = { state: "printed", items: [], next: null };
const ticked = new Set();
const tracking = new Map(); // id → what was typed
const wrong = new Map(); // id → why it could not be moved

$("on").value ||= today();
look();
$("all").addEventListener("change", () => {
  for (const { id } of page.items) if ($("all").checked) ticked.add(id); else ticked.delete(id);
  show();
});
$("more").addEventListener("click", () => look(page.next));

async function look(cursor = "") {
  try {
    const found = await get("/post", { state: page.state, limit: FETCHED, cursor });
    page.items = cursor ? [...page.items, ...found.items] : found.items;
    page.next = found.next;
    $("told").textContent = "";
  } catch (refused) {
    $("told").textContent = refused.words;
  }
  for (const id of ticked) if (!page.items.some((item) => item.id === id)) ticked.delete(id);
  show();
}

function choose(state) {
  page.state = state;
  ticked.clear();
  wrong.clear();
  look();
}

function show() {
  $("filter").replaceChildren(...STATES.map((state) => h("button", { type: "button", "data-state": state || "every", "aria-pressed": String(state === page.state), onclick: () => choose(state) }, t(state || "every"))));
  const next = MAY_BECOME[page.state];
  $("acts").replaceChildren(...next.map((state, place) => h("button", { type: "button", "data-to": state, class: place === 0 ? "main" : "", disabled: ticked.size === 0, onclick: () => move(state) }, t(`mark_${state}`))));
  $("run").hidden = next.length === 0 || page.items.length === 0;
  $("ticked").textContent = t("ticked", { n: ticked.size });
  $("all").checked = page.items.length > 0 && ticked.size === page.items.length;
  $("post").replaceChildren(...page.items.map(row));
  $("nothing").hidden = page.items.length > 0;
  $("more").hidden = !page.next;
}

function row(letter) {
  const number = letter.complaint || letter.id;
  const movable = MAY_BECOME[page.state].length > 0;
  return h("li", { "data-id": letter.id },
    movable ? h("span", { class: "check" }, h("input", { type: "checkbox", "aria-label": t("tick", { number }), ...(ticked.has(letter.id) ? { checked: true } : {}), onchange: (event) => tick(letter.id, event.target.checked) })) : h("span", {}),
    h("span", { class: `pill ${letter.state}` }, t(letter.state)),
    h("span", { class: "number" }, number),
    h("span", { class: "to" }, h("b", {}, letter.addressee || t("unknown_to")), h("small", {}, letter.address)),
    h("span", { class: "quiet kind" }, `${t(`kind_${letter.kind}`)} · ${t("pages_n", { n: letter.pages })}`),
    h("span", { class: "quiet when" }, when(letter)),
    track(letter, number),
    h("button", { type: "button", "aria-label": t("open_pdf_of", { number }), onclick: () => openPdf(letter.id, number) }, t("open_pdf")),
    wrong.has(letter.id) ? h("p", { class: "wrong", role: "alert" }, wrong.get(letter.id)) : "");
}

function when(letter) {
  if (letter.ended_at) return t("ended_at", { d: moment(letter.ended_at) });
  return letter.posted_at ? t("posted_at", { d: moment(letter.posted_at) }) : t("printed_at", { d: moment(letter.printed_at) });
}

function track(letter, number) {
  if (letter.state !== "printed") return h("span", { class: "quiet track exact" }, letter.tracking_number);
  const field = h("input", { maxlength: 40, autocomplete: "off", spellcheck: "false", placeholder: t("tracking_hint"), "aria-label": t("tracking_of", { number }),
    oninput: (event) => { tracking.set(letter.id, event.target.value.trim()); if (event.target.value) tickHere(letter.id); } });
  field.value = tracking.get(letter.id) || "";
  return h("span", { class: "track" }, field);
}

function tick(id, on) {
  if (on) ticked.add(id); else ticked.delete(id);
  show();
  document.querySelector(`[data-id="${CSS.escape(id)}"] input[type=checkbox]`)?.focus();
}

/** Whoever writes a letter's number is about to post it; the field keeps the focus. */
function tickHere(id) {
  if (ticked.has(id)) return;
  ticked.add(id);
  document.querySelector(`[data-id="${CSS.escape(id)}"] input[type=checkbox]`).checked = true;
  $("ticked").textContent = t("ticked", { n: ticked.size });
  for (const button of $("acts").children) button.disabled = false;
}

/** Those with a number of their own one by one, all others together. */
async function move(state) {
  const on = $("on").value || null;
  const ids = [...ticked];
  const alone = state === "posted" ? ids.filter((id) => tracking.get(id)) : [];
  wrong.clear();
  const done = [...await Promise.all(alone.map((id) => moveAlone(id, { state, on, tracking_number: tracking.get(id) }))), ...await moveTogether(ids.filter((id) => !alone.includes(id)), { state, on })];
  const failed = done.filter((each) => each.problem);
  for (const { id, problem } of failed) wrong.set(id, t(problem));
  for (const { id, problem } of done) if (!problem) ticked.delete(id);
  await look();
  toast(failed.length ? t("moved_some", { n: done.length - failed.length, m: failed.length }) : t("moved", { n: done.length }));
}

async function moveAlone(id, going) {
  try {
    await post(`/post/${id}`, going);
    return { id, problem: "" };
  } catch (refused) {
    return { id, problem: refused.words };
  }
}

async function moveTogether(ids, going) {
  if (ids.length === 0) return [];
  try {
    return (await post("/post", { ids, ...going })).items;
  } catch (refused) {
    return ids.map((id) => ({ id, problem: refused.words }));
  }
}

/** In a tab of its own where the browser shows such documents, else as a file. */
async function openPdf(id, number) {
  const tab = navigator.pdfViewerEnabled ? window.open("", "_blank") : null;
  try {
    const url = URL.createObjectURL(await bytes(`/post/${id}/pdf`, t("print_run")));
    if (tab) tab.location.replace(url);
    else h("a", { href: url, download: `${number}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 600_000);
  } catch (refused) {
    tab?.close();
    $("told").textContent = refused.words;
  }
}

// Verification: letters one after the other, and of each only what is doubtful.

import { get, post, Refused } from "./api.js";
import { closed, opened } from "./card.js";
import { Check } from "./check.js";
import { $, h, toast } from "./dom.js";
import { Paper } from "./paper.js";
import { after, drawQueue, fetchQueue, holds, oldest } from "./queue.js";
import { t } from "./words.js";

let letter = null;
let paper = null;
let checks = [];
let active = 0;
let saving = false;
let redrawing = 0;
let turn = 0;

begin();
window.addEventListener("hashchange", () => { if (wanted() && wanted() !== letter?.item) load(wanted()); });
$("skip-letter").addEventListener("click", () => load(after(letter.item)));
$("save").addEventListener("click", save);
$("zoom").addEventListener("click", () => {
  const large = $("sheet").classList.toggle("large");
  $("zoom").setAttribute("aria-pressed", String(large));
  place();
});

window.addEventListener("resize", () => {
  clearTimeout(redrawing);
  redrawing = setTimeout(() => { if (letter) crop(); }, 150);
});

const wanted = () => Number(location.hash.slice(1)) || null;

// The queue

async function begin() {
  await told(async () => {
    await fetchQueue();
    await load(holds(wanted()) ? wanted() : oldest());
  });
}

/** What is left to do, and whose turn it is. */
function showQueue() {
  drawQueue(letter?.item, load);
}

// One letter

async function load(item) {
  paper?.close();
  $("told").textContent = "";
  if (!item) return rest();
  await told(async () => {
    const mine = ++turn;
    const fetched = await get(`/letters/${item}`, { unmask: t("checking") });
    if (mine !== turn) return; // another one was opened meanwhile
    letter = fetched;
    if (Object.keys(letter.doubts).length === 0) return goOn(); // a colleague was faster
    history.replaceState(null, "", `#${item}`);
    paper = new Paper(letter);
    const names = Object.keys(letter.doubts).sort((one, other) => (other === "text") - (one === "text"));
    checks = names.map((name) => new Check(name, letter.doubts[name], letter.text));
    active = 0;
    $("empty").hidden = true;
    $("bench").hidden = false;
    showQueue();
    show();
  });
}

async function goOn() {
  await fetchQueue();
  await load(oldest());
}

function rest() {
  letter = paper = null;
  checks = [];
  showQueue();
  history.replaceState(null, "", location.pathname);
  $("bench").hidden = true;
  $("empty").hidden = false;
  $("empty").tabIndex = -1;
  $("empty").focus();
}

/** The cards anew, the focus on what is done next. */
function show() {
  const done = checks.filter((check) => check.decided).length;
  $("checks-title").textContent = t("checks", { number: letter.complaint || t("no_case"), done, n: checks.length });
  $("save").replaceChildren(done === checks.length ? t("save") : t("save_some", { done, n: checks.length }), " ", h("kbd", {}, "Ctrl ↵"));
  $("skip-letter").hidden = after(letter.item) === letter.item;
  $("cards").replaceChildren(...checks.map((check, number) => (number === active ? opened(check, acts(check)) : closed(check, () => { active = number; show(); }))));
  $("tabs").replaceChildren(...(letter.pages.length > 1 ? letter.pages.map(tab) : []));
  focusOnNext();
  place();
  crop();
}

function tab(page) {
  return h("button", { type: "button", class: "small", onclick: () => paper.show(page.number, spots(), inHand()) }, t("page_n", { n: page.number }));
}

const inHand = () => checks[active]?.doubt.places || [];
const spots = () => checks.filter((_, number) => number !== active).flatMap((check) => check.doubt.places);
const place = () => paper.show(inHand()[0]?.page ?? letter.pages[0]?.number, spots(), inHand());

async function crop() {
  const check = checks[active];
  const box = check && document.querySelector(`[data-crops="${check.name}"]`);
  if (!box) return;
  const room = box.clientWidth - 2;
  const label = t("crop", { name: document.getElementById("active-name").textContent });
  const frames = (await Promise.all(check.doubt.places.map((each) => paper.crop(each, room, label)))).filter(Boolean);
  if (!box.isConnected) return;
  box.replaceChildren(...(frames.length ? frames : [h("small", {}, t("whole_page"))]));
  for (const frame of frames) frame.begin();
}

function focusOnNext() {
  const card = document.querySelector(".card.active");
  const next = card?.querySelector(".edit input") || card?.querySelector("[data-do=confirm]:not(:disabled)") || card || $("save");
  next.focus({ preventScroll: true });
  if (next.select) next.select();
  (card || $("save")).scrollIntoView({ block: "nearest" });
}

// What a person says of a value

function acts(check) {
  const further = (done) => { if (done) next(); else toast(t("nothing_to_confirm")); };
  return {
    confirm: () => further(check.confirm()),
    choose: (digit) => { if (check.choose(digit)) show(); },
    edit: () => { check.edit(); show(); },
    leaveOut: () => { if (check.leaveOut()) next(); },
    cancel: () => { check.reopen(); show(); },
    type: (written) => { if (check.type(written) === "") next(); else show(); },
    asWritten: () => { check.confirm(); check.asWritten = true; next(); },
  };
}

/** On to what is not decided yet; when all is, nothing is open and Enter saves. */
function next() {
  const order = [...checks.keys()].map((step) => (active + 1 + step) % checks.length);
  active = order.find((number) => !checks[number].decided) ?? checks.length;
  show();
}

// The keyboard

const KEYS = { Enter: "confirm", e: "edit", n: "leaveOut" };

document.addEventListener("keydown", (event) => {
  if (!letter || $("main").hidden || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return void save();
  }
  const check = checks[active];
  if (event.key === "Escape" && check?.typing) return acts(check).cancel();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
  pressed(event, check);
});

function pressed(event, check) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    active = Math.min(checks.length - 1, Math.max(0, active + (event.key === "ArrowDown" ? 1 : -1)));
    return show();
  }
  if (!check || check.typing) return;
  if (check.isText && event.key === "e") {
    event.preventDefault();
    return document.querySelector(".card.active textarea").focus();
  }
  if (/^[0-5]$/.test(event.key)) return acts(check).choose(Number(event.key));
  const verb = KEYS[event.key];
  if (!verb || (event.key === "Enter" && event.target.matches("button, a"))) return; // which does it itself
  event.preventDefault();
  acts(check)[verb]();
}

// Saving

async function save() {
  const done = checks.filter((check) => check.decided);
  if (saving || !letter) return;
  if (done.length === 0) return toast(t("nothing_decided"));
  if (!letter.complaint) return toast(t("no_case_yet"));
  saving = true;
  try {
    await post(`/complaints/${letter.complaint}/fields`, said(done));
    await saved(done);
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    takeBack(refused);
  } finally {
    saving = false;
  }
}

function said(done) {
  const fields = Object.fromEntries(done.filter((check) => !check.isText).map((check) => [check.name, check.gone ? "" : check.value]));
  const text = done.find((check) => check.isText)?.value ?? "";
  return { fields, text, item: letter.item, as_written: done.some((check) => check.asWritten) };
}

/** The letter itself when something of it is left, else the next one. */
async function saved(done) {
  const { item, complaint } = letter;
  const following = after(item);
  const rest = done.some((check) => check.isText) ? 0 : checks.length - done.length;
  toast(rest ? t("some_left", { n: rest }) : t("saved", { number: complaint }));
  await fetchQueue();
  const next = holds(following) ? following : oldest();
  await load(holds(item) ? item : next);
}

function takeBack(refused) {
  $("told").textContent = refused.words;
  const named = refused.errors.map((error) => [checks.findIndex((check) => `fields.${check.name}` === error.where), error.why]).filter(([number]) => number >= 0);
  for (const [number, why] of named) checks[number].refuse(why);
  if (named.length) active = named[0][0];
  show();
}

async function told(work) {
  try {
    await work();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    $("told").textContent = refused.words;
  }
}

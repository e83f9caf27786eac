// Keys, choices and freshness of lists; every page works without it.

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let prefix = "";

const links = () => [...document.querySelectorAll("[data-row] a[href]:first-of-type")].filter((link) => link.closest("td, li"));
const boxes = () => [...document.querySelectorAll("[data-row] input[type=checkbox]")];
const rowOf = (element) => element?.closest?.("[data-row]");

function step(by) {
  const all = links();
  const here = rowOf(document.activeElement);
  const place = all.findIndex((link) => rowOf(link) === here);
  const next = all[Math.min(all.length - 1, Math.max(0, place + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function choose() {
  const box = rowOf(document.activeElement)?.querySelector("input[type=checkbox]");
  box?.click();
}

function search() {
  const box = document.getElementById("search");
  if (box) box.focus();
  else location.href = "/console";
}

const open = (id) => document.getElementById(id)?.showModal?.();
const go = { q: "/console", m: "/console?assignee=me" };
const keys = { j: () => step(1), k: () => step(-1), x: choose, "/": search, "?": () => open("help") };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const after = prefix;
  prefix = event.key === "g" ? "g" : "";
  if (after === "g" && go[event.key]) location.href = go[event.key];
  else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

function count() {
  const told = document.querySelector("[data-chosen]");
  const chosen = boxes().filter((box) => box.checked).length;
  if (!told) return;
  told.hidden = chosen === 0;
  told.textContent = `${told.dataset.words} ${chosen}`;
}

function settle() {
  const all = document.querySelector("[data-all]");
  if (all) all.hidden = false;
  for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
  count();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches("input[type=checkbox]")) count();
  const target = event.target.matches("[data-fill]") && document.getElementById(event.target.dataset.fill);
  if (target && event.target.value) target.value = event.target.value;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) open("help");
  const row = rowOf(event.target);
  if (row && !event.target.closest("a, button, input, label, select") && !getSelection().toString()) row.querySelector("a[href]")?.click();
});

// What was chosen, and where somebody stood, outlives a refresh.
let kept = null;
document.addEventListener("htmx:beforeSwap", () => {
  kept = { chosen: boxes().filter((box) => box.checked).map((box) => box.value), focus: rowOf(document.activeElement)?.dataset.row, person: document.querySelector("#choosing [name=person]")?.value };
});
document.addEventListener("htmx:afterSettle", () => {
  for (const box of boxes()) box.checked = kept?.chosen.includes(box.value) ?? false;
  if (kept?.focus) document.querySelector(`[data-row="${CSS.escape(kept.focus)}"] a[href]`)?.focus();
  const person = document.querySelector("#choosing select[name=person]");
  if (person && kept?.person) person.value = kept.person;
  kept = null;
  settle();
});

const toast = document.getElementById("toast");
if (toast && !toast.textContent.trim()) toast.hidden = true;
if (toast && !toast.hidden) {
  setTimeout(() => (toast.hidden = true), 6000);
  const clean = new URL(location.href);
  for (const name of ["said", "done", "undone"]) clean.searchParams.delete(name);
  history.replaceState(null, "", clean);
}
settle();

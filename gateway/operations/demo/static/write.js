// Writing a letter, or taking one from the desk, and putting it into the letter box.

import { $, act, h, patch, toast, upload } from "./dom.js";
import { PAPER } from "./examples.js";
import { label } from "./labels.js";
import { watch } from "./live.js";
import { turnToPile } from "./paper.js";
import { isEnglish, t } from "./words.js";

const HANDS = ["print", "hand", "shaky"];
const SCANS = ["clean", "mild", "medium", "low_contrast", "stamped", "fax", "photo", "turned", "upside_down", "turned_stamped", "filed"];
let sending = false;

export function openWriting() {
  $("write").addEventListener("submit", (event) => { event.preventDefault(); write(); });
  $("scan-choose").addEventListener("click", () => $("scan-file").click());
  $("scan-file").addEventListener("change", chosen);
  const side = $("side-paper");
  side.addEventListener("dragover", (event) => { event.preventDefault(); side.classList.add("over"); });
  side.addEventListener("dragleave", (event) => { if (!side.contains(event.relatedTarget)) side.classList.remove("over"); });
  side.addEventListener("drop", (event) => { event.preventDefault(); side.classList.remove("over"); dropAll([...event.dataTransfer.files]); });
  watch(show);
}

function show(view) {
  options($("hand"), "hand", HANDS, "print");
  options($("scan"), "scan", SCANS, "mild");
  $("drop").disabled = sending || !view.letters.fonts;
  const items = PAPER.map((each) => ({ ...each, name: isEnglish() ? each.en : each.zh }));
  patch($("paper-examples"), items, (item) => item.zh, (item) => h("button", { type: "button", title: item.text, onclick: () => take(item) }, item.name));
}

function options(select, kind, names, usual) {
  const value = select.value || usual;
  patch(select, names.map((id) => ({ id, name: label(kind, id) })), (item) => item.id, (item) => h("option", { value: item.id }, item.name));
  select.value = value;
}

/** An example is put into the form, for the person to read before it is sent. */
function take(example) {
  $("letter-text").value = example.text;
  $("letter-text").scrollTop = 0;
  $("hand").value = example.hand ?? "print";
  $("scan").value = example.scan ?? "mild";
  $("signed").checked = example.signed ?? true;
  for (const box of document.querySelectorAll("[data-enclosed]")) box.checked = example.enclosures?.includes(box.dataset.enclosed) ?? false;
  $("drop").focus();
}

async function write() {
  const text = $("letter-text").value;
  if (!text.trim()) return $("letter-text").focus();
  const enclosures = [...document.querySelectorAll("[data-enclosed]:checked")].map((box) => box.dataset.enclosed);
  const answer = await during(() => act("letter/write", { text, hand: $("hand").value, scan: $("scan").value, signed: $("signed").checked, enclosures }));
  if (answer) $("letter-text").value = "";
}

async function chosen() {
  await dropAll([...$("scan-file").files]);
  $("scan-file").value = "";
}

async function dropAll(files) {
  for (const file of files.slice(0, 5)) await during(() => drop(file));
}

async function drop(file) {
  const laid = await upload(file, file.name);
  return laid && act("letter/drop", { file: laid.id });
}

async function during(work) {
  sending = true;
  $("drop").disabled = true;
  $("drop").textContent = t("dropping");
  const answer = await work();
  sending = false;
  $("drop").disabled = false;
  $("drop").textContent = t("drop");
  if (answer) turnToPile("came");
  if (answer?.known) toast(t("came_before"));
  return answer;
}

// The mailroom: scans are handed in, and what came of them is listed.

import { get, upload } from "./api.js";
import { $, h, toast } from "./dom.js";
import { day, fieldName, today } from "./labels.js";
import { t } from "./words.js";

const LOOK_EVERY = 3000; // milliseconds, while a letter of ours is being read
const LONG = 120_000; // after which a letter that does not appear is worth a look elsewhere
const files = [];
const waiting = []; // handed in here and not listed yet: {key, name, known, since}
const came = { items: [], next: null };
const mayVerify = "mayVerify" in $("came").dataset;
let looking = 0;

$("received_on").value ||= today();
look();

// Choosing

$("choose").addEventListener("click", () => $("files").click());
$("files").addEventListener("change", () => { choose($("files").files); $("files").value = ""; });
for (const kind of ["dragenter", "dragover"]) $("drop").addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
for (const kind of ["dragleave", "drop"]) $("drop").addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.remove("over"); });
$("drop").addEventListener("drop", (event) => choose(event.dataTransfer.files));

function choose(chosen) {
  files.push(...chosen);
  showChosen();
}

function showChosen() {
  $("chosen").replaceChildren(...files.map((file, place) => h("li", {}, h("b", {}, file.name), h("small", {}, size(file.size)),
    h("button", { type: "button", class: "plain", "aria-label": t("remove", { name: file.name }), onclick: () => { files.splice(place, 1); showChosen(); } }, "✕"))));
  $("how").hidden = files.length < 2;
  $("send").disabled = files.length === 0;
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

// Handing in

$("hand-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const pieces = apart() ? files.map((file) => [file]) : [files.slice()];
  $("told").textContent = "";
  busy(true);
  const done = await handIn(pieces);
  busy(false);
  if (done) toast(done === 1 ? t("handed") : t("handed_n", { n: done }));
  if (files.length === 0) clear();
  look();
});

const apart = () => document.querySelector("input[name=how]:checked").value === "each";

/** One after the other; those that went leave the list, so that only what failed is sent again. */
async function handIn(pieces) {
  let done = 0;
  for (const piece of pieces) {
    try {
      const { key, new: isNew } = await upload("/letters", formOf(piece), (share) => { $("progress").value = (done + share) / pieces.length; });
      waiting.unshift({ key, name: piece.map((file) => file.name).join("、"), known: !isNew, since: Date.now() });
      done += 1;
      for (const file of piece) files.splice(files.indexOf(file), 1);
    } catch (refused) {
      $("told").textContent = `${piece[0].name}: ${refused.words}`;
      break;
    }
  }
  return done;
}

function formOf(piece) {
  const form = new FormData();
  for (const name of ["received_on", "postmark"]) form.set(name, $(name).value);
  form.set("tracking_number", $("tracking").value.trim());
  for (const file of piece) form.append("file", file);
  const [envelope] = $("envelope").files;
  if (envelope) form.set("envelope", envelope);
  return form;
}

function busy(on) {
  $("progress").hidden = !on;
  $("progress").value = 0;
  $("send").disabled = on;
  showChosen();
  if (on) $("send").disabled = true;
}

/** What was told of one letter is not true of the next; the day stays. */
function clear() {
  for (const id of ["postmark", "tracking", "envelope"]) $(id).value = "";
  showChosen();
}

// What came

$("more").addEventListener("click", () => look(came.next));

/** The newest again, or what follows a cursor. */
async function look(cursor = "") {
  clearTimeout(looking);
  try {
    const { items, next } = await get("/mailroom/letters", { limit: 20, cursor });
    Object.assign(came, { items: cursor ? [...came.items, ...items] : items, next });
  } catch (refused) {
    $("told").textContent = refused.words;
  }
  settle();
  show();
  if (waiting.some((one) => !one.known)) looking = setTimeout(() => look(), LOOK_EVERY);
}

/** A letter that is listed is not waited for any more; one file may have held several. */
function settle() {
  const listed = (one) => came.items.some((item) => item.key === one.key || item.key.startsWith(`${one.key}/`));
  for (const one of waiting.filter(listed)) if (!one.known) waiting.splice(waiting.indexOf(one), 1);
}

function show() {
  $("waiting").replaceChildren(...waiting.map(showWaiting));
  $("came").replaceChildren(...came.items.map(showLetter));
  $("nothing").hidden = came.items.length + waiting.length > 0;
  $("more").hidden = !came.next;
}

function showWaiting(one) {
  const late = !one.known && Date.now() - one.since > LONG;
  const word = one.known ? "known" : late ? "long_reading" : "reading";
  return h("li", { class: one.known ? "known" : late ? "late" : "" }, t(word, { name: one.name }));
}

function showLetter(letter) {
  const what = [...letter.doubtful.map((name) => h("span", { class: "pill doubtful" }, fieldName(name))), ...letter.warnings.map((code) => h("span", { class: "pill warn" }, t(code)))];
  return h("li", {},
    h("span", { class: `pill ${letter.state}` }, t(`state_${letter.state}`)),
    h("span", { class: "number" }, letter.complaint || (mayVerify ? t("no_case") : "")),
    h("span", { class: "quiet" }, day(letter.received_at)),
    h("span", { class: "quiet pages" }, t("pages_n", { n: letter.pages })),
    h("span", { class: "what" }, what),
    letter.state === "doubtful" && mayVerify ? h("a", { class: "button", href: `/console/letters/verify#${letter.item}` }, t("verify_this")) : h("span", {}));
}

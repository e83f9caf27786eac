// A customer's mail program: mailboxes, letters, and a form to write another.

import { $, act, face, h, patch, upload } from "./dom.js";
import { MAIL } from "./examples.js";
import { again, watch } from "./live.js";
import { sampleDocument } from "./picture.js";
import { isEnglish, moment, t } from "./words.js";

let address = "";
let answers = null; // the letter that is being answered: {mailbox, id, subject}
let attached = [];
let current = null; // the view that is shown: an example answers the last letter in it
const opened = new Map(); // letters that a person has opened or shut by hand
const seen = new Map();

export function openMail() {
  $("compose").addEventListener("submit", send);
  $("reply-off").addEventListener("click", () => { answers = null; again(); });
  $("attach").addEventListener("click", () => $("attach-file").click());
  $("attach-file").addEventListener("change", attachChosen);
  $("attach-sample").addEventListener("click", async () => attach(await sampleDocument(), "住院收据.jpg"));
  new ResizeObserver(() => toLast($("letters"))).observe($("letters"));
  watch(show);
}

const nameOf = (box) => ({ stranger: t("stranger_name"), duty: t("duty_name") })[box.part] ?? box.name;

function show(view) {
  current = view;
  if (!address) address = view.mailboxes[0].address;
  const box = view.mailboxes.find((each) => each.address === address);
  showBoxes(view.mailboxes);
  showLetters(box);
  showSenders(view.mailboxes);
  $("compose").hidden = box.part === "duty";
  $("reply-bar").hidden = !answers;
  if (answers) $("reply-to").textContent = t("reply_to", { s: answers.subject });
  const items = MAIL.map((each) => ({ ...each, name: isEnglish() ? each.en : each.zh }));
  patch($("mail-examples"), items, (item) => item.zh, (item) => h("button", { type: "button", title: item.text, onclick: () => take(item) }, item.name));
}

function showBoxes(boxes) {
  for (const box of boxes) {
    if (box.address === address || !seen.has(box.address)) seen.set(box.address, box.letters.length);
  }
  const items = boxes.map((box) => ({ id: box.address, part: box.part, name: nameOf(box), mine: box.address === address, news: box.letters.length > seen.get(box.address) }));
  patch($("mailboxes"), items, (item) => item.id, (item) => h("button", { type: "button", title: item.id, "aria-pressed": String(item.mine), class: item.news ? "news" : "", onclick: () => open(item.id) }, face(item.name, { stranger: "hue-out", duty: "hue-duty" }[item.part]), item.name));
}

function open(id) {
  address = id;
  answers = null;
  $("from").value = id;
  again();
}

function showSenders(boxes) {
  const items = boxes.filter((box) => box.part !== "duty").map((box) => ({ id: box.address, name: `${nameOf(box)} <${box.address}>` }));
  const chosen = $("from").value || address;
  patch($("from"), items, (item) => item.id, (item) => h("option", { value: item.id }, item.name));
  $("from").value = chosen;
}

function showLetters(box) {
  const list = $("letters");
  const stick = list.dataset.of !== address || list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  if (list.dataset.of !== address) list.replaceChildren();
  list.dataset.of = address;
  const last = box.letters.length - 1;
  const items = box.letters.map((letter, place) => ({ ...letter, language: isEnglish(), part: box.part, open: opened.get(letter.id) ?? place === last }));
  if (!items.length) items.push({ id: "none", none: t(box.part === "duty" ? "duty_empty" : "mail_empty") });
  const before = list.childElementCount;
  patch(list, items, (item) => item.id, (item) => item.none ? h("p", { class: "mail-empty" }, item.none) : letterOf(item));
  if (stick && before !== list.childElementCount) toLast(list);
}

/** The last letter from its first line on. */
function toLast(list) {
  list.scrollTop = (list.lastElementChild?.offsetTop ?? 0) - 9;
}

function letterOf(letter) {
  const head = h("button", { type: "button", "aria-expanded": String(letter.open), onclick: () => { opened.set(letter.id, !letter.open); again(); } },
    h("b", {}, letter.subject || "—"), h("time", {}, moment(letter.at)),
    h("span", { class: "whom" }, t(letter.sent ? "sent_to" : "got_from", { s: letter.who })));
  return h("article", { class: letter.sent ? "letter sent" : "letter", "data-sent": String(letter.sent) }, head, letter.open ? bodyOf(letter) : "");
}

function bodyOf(letter) {
  const files = letter.files.map((name) => h("span", { class: "file" }, name));
  const canReply = !letter.sent && letter.part !== "duty";
  return h("div", { class: "body" },
    h("div", { class: "text" }, linesOf(letter.text)),
    files.length ? h("div", { class: "files" }, files) : "",
    canReply ? h("button", { type: "button", class: "small reply", onclick: () => reply(letter) }, t("reply")) : "");
}

/** Quoted lines are paler. */
function linesOf(text) {
  return text.split("\n").map((line) => (line.startsWith(">") ? h("span", { class: "quote" }, `${line}\n`) : `${line}\n`));
}

function reply(letter, mailbox = address) {
  answers = { mailbox, id: letter.id, subject: letter.subject };
  $("subject").value = letter.subject.startsWith("Re:") ? letter.subject : `Re: ${letter.subject}`;
  again();
  $("mail-text").focus();
}

/** An example is put into the form, for the person to read before it is sent. */
function take(example) {
  if (example.reply) {
    const { mailboxes } = current;
    const boxes = [mailboxes.find((box) => box.address === address), ...mailboxes.filter((box) => box.part === "customer")];
    const box = boxes.find((each) => each.letters.some((letter) => !letter.sent));
    const letter = box?.letters.filter((each) => !each.sent).at(-1);
    if (letter) reply(letter, box.address);
    $("from").value = example.stranger ? mailboxes.find((each) => each.part === "stranger").address : box?.address ?? address;
  } else {
    answers = null;
    $("subject").value = example.subject;
    $("from").value = example.from ?? address;
    again();
  }
  $("mail-text").value = example.text;
  $("mail-text").focus();
}

async function send(event) {
  event.preventDefault();
  const asked = {
    from: $("from").value, subject: $("subject").value, text: $("mail-text").value, forged: $("forged").checked,
    files: attached.map((file) => file.id), answers: answers && { mailbox: answers.mailbox, id: answers.id },
  };
  if (!asked.text.trim()) return $("mail-text").focus();
  if (!(await act("mail", asked))) return;
  [$("subject").value, $("mail-text").value, $("forged").checked] = ["", "", false];
  [answers, attached, address] = [null, [], asked.from];
  showAttached();
  again();
  toLast($("letters"));
}

async function attachChosen() {
  const [file] = $("attach-file").files;
  $("attach-file").value = "";
  if (file) await attach(file, file.name);
}

async function attach(file, name) {
  const laid = await upload(file, name);
  if (laid) attached = [...attached, laid];
  showAttached();
}

function showAttached() {
  $("attached").textContent = attached.map((file) => file.name).join("、");
}

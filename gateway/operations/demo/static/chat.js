// The phone: one follower's chat with the account.

import { $, act, face, h, icon, patch, upload } from "./dom.js";
import { CHAT } from "./examples.js";
import { again, watch } from "./live.js";
import { sampleDocument } from "./picture.js";
import { clock, day, isEnglish, t } from "./words.js";

const MIC = ["M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3z", "M6 11a6 6 0 0 0 12 0", "M12 17v3"];
const PLUS = ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M12 8v8", "M8 12h8"];
const QUIET_MINUTES = 5; // after so long a time stands between the lines, as in WeChat

let openid = "";
let sending = 0;
const seen = new Map();

export function openChat() {
  $("voice").append(icon(MIC));
  $("picture").append(icon(PLUS));
  $("say").addEventListener("submit", (event) => { event.preventDefault(); say($("say-text").value); });
  $("say-text").addEventListener("keydown", onKey);
  $("say-text").addEventListener("input", grow);
  $("voice").addEventListener("click", () => toggle("voice-drawer"));
  $("picture").addEventListener("click", () => toggle("picture-drawer"));
  $("picture-sample").addEventListener("click", sendSample);
  $("picture-choose").addEventListener("click", () => $("picture-file").click());
  $("picture-file").addEventListener("change", sendChosen);
  for (const button of document.querySelectorAll("[data-voice]")) button.addEventListener("click", () => speak(button.dataset.voice === "heard"));
  new ResizeObserver(() => toEnd($("lines"))).observe($("lines"));
  watch(show);
}

function show(view) {
  openid = openid || view.people[0].openid;
  const person = view.people.find((each) => each.openid === openid);
  if (!person) return; // somebody so new that the next view is the first with them
  showPeople(view.people);
  showHead(person);
  showLines(person);
  showMenu(view.menu, person);
  showExamples();
}

function showPeople(people) {
  for (const person of people) {
    const newest = person.lines.at(-1)?.id ?? -1;
    if (person.openid === openid || !seen.has(person.openid)) seen.set(person.openid, newest);
  }
  const items = people.map(({ openid: id, name, lines }) => ({ id, name, mine: id === openid, news: (lines.at(-1)?.id ?? -1) > seen.get(id) }));
  patch($("people"), [...items, { id: "+", words: t("new_person") }], (item) => item.id, (item) => item.id === "+"
    ? h("button", { type: "button", class: "add", id: "newcomer", title: t("new_person_note"), "aria-label": t("new_person_note"), onclick: newcomer }, item.words)
    : h("button", { type: "button", "aria-pressed": String(item.mine), class: item.news ? "news" : "", onclick: () => { openid = item.id; again(); } }, face(item.name), item.name));
}

function showHead(person) {
  const open = person.window_until ? t("window", { n: person.allowance }) : t("window_shut");
  $("window").textContent = person.following ? open : t("unfollowed");
}

function showLines(person) {
  const box = $("lines");
  const stick = box.dataset.of !== openid || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  if (box.dataset.of !== openid) box.replaceChildren();
  box.dataset.of = openid;
  const items = withTimes(person);
  if (person.typing || sending) items.push({ id: "typing" });
  patch(box, items, (item) => item.id, (item) => lineOf(item));
  if (stick) toEnd(box);
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}

/** A time above the first line and after every pause. */
function withTimes(person) {
  const items = [];
  let before = 0;
  for (const line of person.lines) {
    const at = Date.parse(line.at);
    if (at - before > QUIET_MINUTES * 60_000) items.push({ id: `time-${line.id}`, time: `${day(line.at)} ${clock(line.at)}` });
    items.push({ ...line, name: person.name, language: isEnglish() });
    before = at;
  }
  return items;
}

function lineOf(item) {
  if (item.time) return h("div", { class: "notice" }, item.time);
  if (item.id === "typing") return h("div", { class: "line" }, face("示", "account"), h("div", { class: "bubble" }, h("span", { class: "dots" }, h("i"), h("i"), h("i"))));
  if (item.by === "wechat") return h("div", { class: "notice" }, item.text);
  if (item.by === "template" || item.by === "subscription") return cardOf(item);
  const mine = item.by === "person";
  const bubble = item.picture
    ? h("div", { class: "bubble picture" }, h("img", { src: item.picture, alt: t("picture"), onload: () => toEnd($("lines")) }))
    : h("div", { class: "bubble" }, item.text, item.by === "customer_service" ? h("span", { class: "via" }, t("customer_service")) : "");
  return h("div", { class: mine ? "line mine" : "line", "data-by": item.by }, mine ? face(item.name) : face("示", "account"), bubble);
}

/** A template message, as WeChat shows it: a title and its fields. */
function cardOf(item) {
  const names = { character_string: "number", time: "at" };
  let things = 0;
  const rows = Object.entries(item.fields).map(([field, value]) => {
    const kind = field.replace(/\d+$/, "");
    const name = names[kind] ?? (things++ ? "remark" : "state");
    return h("div", {}, h("span", {}, t(name)), h("em", {}, value));
  });
  return h("div", { class: "line", "data-by": item.by }, h("div", { class: "card" }, h("b", {}, t(item.by)), rows, item.link ? h("small", {}, item.link) : ""));
}

function showMenu(buttons, person) {
  const items = [...buttons.map((each) => ({ ...each, off: !person.following })), { key: "follow", name: t(person.following ? "unfollow" : "follow"), following: person.following }];
  patch($("menu"), items, (item) => item.key, (item) => item.key === "follow"
    ? h("button", { type: "button", class: "follow", onclick: () => during(act("wechat/follow", { openid, following: !item.following })) }, item.name)
    : h("button", { type: "button", disabled: item.off, onclick: () => during(act("wechat/menu", { openid, key: item.key })) }, item.name));
}

function showExamples() {
  const items = CHAT.map((each) => ({ ...each, name: isEnglish() ? each.en : each.zh }));
  patch($("chat-examples"), items, (item) => item.zh, (item) => h("button", { type: "button", title: item.text ?? "", onclick: () => (item.picture ? sendSample() : say(item.text)) }, item.name));
}

async function say(text) {
  if (!text.trim()) return;
  $("say-text").value = "";
  grow();
  await during(act("wechat/text", { openid, text }));
}

async function speak(heard) {
  const words = $("say-text").value.trim();
  $("say-text").value = "";
  grow();
  $("voice-drawer").hidden = true;
  await during(act("wechat/voice", { openid, recognised: heard ? words || "我要投诉你们拖着不理赔" : null }));
}

async function sendSample() {
  await sendPicture(await sampleDocument(), "receipt.jpg");
}

async function sendChosen() {
  const [file] = $("picture-file").files;
  $("picture-file").value = "";
  if (file) await sendPicture(file, file.name);
}

async function sendPicture(file, name) {
  $("picture-drawer").hidden = true;
  const laid = await upload(file, name);
  if (laid) await during(act("wechat/picture", { openid, file: laid.id }));
}

async function newcomer() {
  const answer = await during(act("wechat/people"));
  if (answer) openid = answer.openid;
  again();
}

/** Three dots until the account has answered. */
async function during(doing) {
  sending += 1;
  again();
  const answer = await doing;
  sending -= 1;
  again();
  return answer;
}

function toggle(id) {
  for (const each of ["voice-drawer", "picture-drawer"]) $(each).hidden = each !== id || !$(each).hidden;
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("say").requestSubmit();
}

function grow() {
  const field = $("say-text");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 108)}px`;
}

// A telephone: who calls, what is said on the line, and the keys.

import { $, act, face, h, patch } from "./dom.js";
import { CALL } from "./examples.js";
import { openKeypad, showKeypad } from "./keypad.js";
import { again, watch } from "./live.js";
import { hush, isLoud, speak, switchVoice } from "./speech.js";
import { clock, day, isEnglish, moment, t } from "./words.js";

let number = ""; // whose telephone is shown
let shelf = "talk"; // or "texts"
let phone = null; // that telephone, as last told
let ahead = 0;
let sending = 0;
const seen = new Map(); // by number: how many lines and messages its owner has looked at
const spoken = new Map(); // by number: the last line that was read aloud

export function openCall() {
  $("dial").addEventListener("click", () => (phone.rings ? during("pick-up", { by: "human" }) : during("call")));
  $("machine").addEventListener("click", () => during("pick-up", { by: "machine" }));
  $("hang-up").addEventListener("click", () => (phone.call ? hangUp() : during("decline")));
  $("aloud").addEventListener("click", () => { switchVoice(); again(); });
  $("speak").addEventListener("submit", (event) => { event.preventDefault(); say($("speak-text").value); });
  $("silence").addEventListener("click", () => during("silence"));
  $("sure").addEventListener("input", showSureness);
  $("agent-yes").addEventListener("click", () => during("agent", { answers: true }));
  $("agent-no").addEventListener("click", () => during("agent", { answers: false }));
  for (const tab of document.querySelectorAll("[data-shelf]")) tab.addEventListener("click", () => { shelf = tab.dataset.shelf; again(); });
  openKeypad((keys) => during("press", { keys }));
  new ResizeObserver(() => toEnd($("talk"))).observe($("talk"));
  setInterval(() => { if (phone) showState(); }, 1000);
  watch(show);
}

function show(view) {
  ahead = Date.parse(view.now) - Date.now();
  number = number || view.phone.callers[0].number;
  phone = view.phone.callers.find((each) => each.number === number);
  readAloud(view.phone.callers);
  showCallers(view.phone.callers);
  $("hotline").textContent = spaced(view.phone.hotline);
  showState();
  showTalk();
  showTexts();
  showControls(view.phone);
  showExamples();
  showSureness();
}

const nameOf = (caller) => (caller.part === "withheld" ? t("withheld") : caller.name);

/** +85230001234 → +852 3000 1234 */
const spaced = (digits) => digits.replace(/^(\+852|\+86)(\d+)$/, (_, country, rest) => `${country} ${rest.replace(/(\d{4})(?=\d)/g, "$1 ")}`);

// -- who -------------------------------------------------------------------------------------------------------------

const sizeOf = (caller) => `${caller.lines.at(-1)?.id ?? -1}/${caller.texts.at(-1)?.id ?? -1}`;

function showCallers(callers) {
  for (const caller of callers) if (caller.number === number || !seen.has(caller.number)) seen.set(caller.number, sizeOf(caller));
  const items = callers.map((caller) => ({
    id: caller.number, name: nameOf(caller), part: caller.part, mine: caller.number === number,
    class: caller.rings ? "rings" : sizeOf(caller) !== seen.get(caller.number) ? "news" : "",
  }));
  patch($("callers"), items, (item) => item.id, (item) => h("button", { type: "button", title: item.part === "withheld" ? t("withheld_note") : spaced(item.id), "aria-pressed": String(item.mine), class: item.class, onclick: () => turnTo(item.id) },
    face(item.name, item.part === "withheld" ? "hue-out" : ""), item.name));
}

function turnTo(id) {
  hush();
  number = id;
  again();
}

// -- the call --------------------------------------------------------------------------------------------------------

function showState() {
  const own = phone.part === "withheld" ? t("withheld_note") : spaced(phone.number);
  $("own-number").textContent = phone.part === "customer" ? own : [own, t(`part_${phone.part}`)].join(" · ");
  $("call-state").textContent = phone.call ? t("in_call", { s: elapsed(phone.call.began) }) : phone.rings ? t("rings") : t(sending || phone.busy ? "dialling" : "no_call");
  $("handset").dataset.state = phone.call ? "call" : phone.rings ? "rings" : "idle";
}

function elapsed(began) {
  const seconds = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(began)) / 1000));
  return [Math.floor(seconds / 60), seconds % 60].map((each) => String(each).padStart(2, "0")).join(":");
}

function showTalk() {
  const box = $("talk");
  box.hidden = shelf !== "talk";
  const stick = box.dataset.of !== number || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  if (box.dataset.of !== number) box.replaceChildren();
  box.dataset.of = number;
  const items = phone.lines.map((line) => ({ ...line, name: nameOf(phone), english: isEnglish() }));
  if (sending || phone.busy) items.push({ id: "typing" });
  patch(box, items.length ? items : [{ id: "none" }], (item) => item.id, lineOf);
  if (stick) toEnd(box);
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}

function lineOf(item) {
  if (item.id === "none") return h("p", { class: "mail-empty" }, t("talk_empty"));
  if (item.id === "typing") return h("div", { class: "line" }, face("示", "account"), h("div", { class: "bubble" }, h("span", { class: "dots" }, h("i"), h("i"), h("i"))));
  if (item.by === "line") return h("div", { class: "notice", "data-what": item.text }, happened(item));
  if (item.by === "hotline") return h("div", { class: "line", "data-by": "hotline" }, face("示", "account"), h("div", { class: "bubble", lang: item.language }, item.text));
  const words = item.by === "keys" ? h("div", { class: "bubble keys", "aria-label": t("keyed", { s: item.text }) }, [...item.text].map((key) => h("kbd", {}, key))) : h("div", { class: "bubble" }, item.text);
  return h("div", { class: "line mine", "data-by": item.by }, face(item.name), words);
}

const happened = (item) => (["begun", "taken", "machine", "missed"].includes(item.text) ? `${day(item.at)} ${clock(item.at)} · ` : "") + t(`line_${item.text}`);

/** What the line waits for, and what can be done about it. */
function showControls(all) {
  const waits = phone.call?.waits ?? null;
  const talks = shelf === "talk";
  $("waits").hidden = !talks || !phone.call;
  $("waits").textContent = phone.call ? wanted(waits, all.agent) : "";
  $("waits").dataset.verb = waits?.verb ?? "";
  $("agent-bar").hidden = !talks || waits?.verb !== "dial";
  $("speak").hidden = !talks || !phone.call || waits?.verb === "dial" || (waits?.verb === "gather" && !waits.speech);
  $("sure-box").hidden = !talks || !phone.call || waits?.verb === "dial";
  $("sure-details").hidden = $("speak").hidden;
  $("silence").disabled = !waits;
  for (const id of ["keypad-toggle", "aloud"]) $(id).hidden = Boolean(phone.rings);
  $("machine").hidden = !phone.rings;
  $("dial").hidden = Boolean(phone.call);
  $("dial").disabled = sending > 0;
  $("dial-words").textContent = t(phone.rings ? "pick_up" : "call");
  $("hang-up").hidden = !phone.call && !phone.rings;
  $("hang-up-words").textContent = t(phone.rings ? "decline" : "hang_up");
  $("aloud").setAttribute("aria-pressed", String(isLoud()));
  showKeypad(talks && Boolean(phone.call) && waits?.verb !== "dial", waits);
}

function wanted(waits, agent) {
  if (!waits) return t("waits_nothing");
  if (waits.verb === "dial") return t("waits_dial", { n: spaced(agent) });
  if (waits.verb === "record") return t("waits_record", { k: waits.finish || "#" });
  const what = t(waits.speech && waits.keys ? "waits_both" : waits.keys ? "waits_keys" : "waits_speech");
  return [what, waits.keys && waits.digits > 1 ? t("waits_digits", { n: waits.digits }) : "", waits.keys && waits.finish && !waits.digits ? t("waits_finish", { k: waits.finish }) : ""].filter(Boolean).join(" · ");
}

// -- short messages --------------------------------------------------------------------------------------------------

function showTexts() {
  const box = $("texts");
  box.hidden = shelf !== "texts";
  for (const tab of document.querySelectorAll("[data-shelf]")) tab.setAttribute("aria-selected", String(tab.dataset.shelf === shelf));
  $("text-count").textContent = phone.texts.length || "";
  const items = phone.texts.map((text) => ({ ...text, of: number, english: isEnglish() }));
  patch(box, items.length ? items : [{ id: "none", none: t(`texts_${phone.part}`) }], (item) => `${item.of}-${item.id}`, (item) => (item.none
    ? h("p", { class: "mail-empty" }, item.none)
    : h("article", { class: "text" }, h("time", {}, moment(item.at)), h("p", {}, item.text))));
}

// -- doing -----------------------------------------------------------------------------------------------------------

async function say(text) {
  if (!text.trim() || !phone.call) return;
  hush();
  $("speak-text").value = "";
  await during("say", { text, confidence: Number($("sure").value) / 100 });
  $("speak-text").focus();
}

/** Words that stand in the field are said half when the line goes. */
async function hangUp() {
  const partial = $("speak-text").value;
  $("speak-text").value = "";
  await during("hang-up", { partial });
  $("dial").focus();
}

function showSureness() {
  $("sure-words").textContent = `${$("sure").value}%`;
}

async function during(path, asked = {}) {
  hush();
  shelf = "talk";
  sending += 1;
  again();
  const answer = await act(`phone/${path}`, { caller: number, ...asked });
  sending -= 1;
  again();
  return answer;
}

/** What the hotline has said since the last look, on the telephone that is shown; nothing of before the page was opened. */
function readAloud(callers) {
  for (const caller of callers) {
    const last = caller.lines.at(-1)?.id ?? -1;
    const since = spoken.get(caller.number) ?? last;
    spoken.set(caller.number, last);
    if (caller.number !== number) continue;
    const fresh = caller.lines.filter((line) => line.id > since);
    if (fresh.some((line) => ["hung_up", "ended"].includes(line.text) && line.by === "line")) continue;
    for (const line of fresh) if (line.by === "hotline") speak(line.text, line.language);
  }
}

function showExamples() {
  const items = examplesNow().map((each) => ({ ...each, keys: filled(each.keys), text: each.text?.replace("{name}", spokenName()), name: isEnglish() ? each.en : each.zh, calling: Boolean(phone.call) }));
  patch($("call-examples"), items, (item) => `${item.zh}`, (item) => h("button", { type: "button", title: item.text ?? item.keys ?? "", onclick: () => take(item) }, item.name));
  $("call-try").hidden = !items.length;
}

/** Those that answer what the hotline said last; before the call, what one might call for. */
function examplesNow() {
  if (!phone.call) return phone.rings ? [] : CALL.begin;
  const waits = phone.call.waits?.verb;
  if (waits === "dial") return [];
  if (waits === "record") return CALL.record;
  const last = phone.lines.slice(phone.lines.findLastIndex((line) => line.by !== "hotline") + 1).map((line) => line.text).join("\n");
  const [place, stage] = CALL.stages.map((each) => [lastPlace(last, each.when), each]).reduce((best, each) => (each[0] > best[0] ? each : best));
  return place < 0 ? CALL.otherwise : stage.lines;
}

/** The caller looks up what they have in writing: their number, and the complaint's, which they were told. */
function filled(keys) {
  const noted = [...phone.lines, ...phone.texts].map((each) => each.text.match(/TS(\d{12})/)?.[1]).filter(Boolean).at(-1) ?? "";
  return keys?.replace("{last_four}", phone.number.slice(-4)).replace("{number}", noted).replace("{ending}", noted.slice(-4));
}

const spokenName = () => (phone.part === "withheld" ? "李明" : phone.name);

/** Where a question stands last: of several things said, the last is what is asked. */
const lastPlace = (text, cue) => [...text.matchAll(new RegExp(cue, "g"))].at(-1)?.index ?? -1;

/** An example said before the call is dialled and then said. */
async function take(example) {
  if (!phone.call && !(await during("call"))) return;
  if (example.keys) await during("press", { keys: example.keys });
  else if (example.silent) await during("silence");
  else await during("say", { text: example.text, confidence: (example.sure ?? Number($("sure").value)) / 100 });
}

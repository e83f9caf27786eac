// The insurer's side of the telephone: calls as they stand, recordings to be heard and written down.

import { $, act, h, patch } from "./dom.js";
import { label } from "./labels.js";
import { choose, watch } from "./live.js";
import { isEnglish, moment, t } from "./words.js";

export function openCalls() {
  watch(show);
}

function show(view) {
  const items = view.calls.map((call) => ({ ...call, english: isEnglish() }));
  $("calls-box").hidden = !items.length;
  $("call-count").textContent = items.filter((call) => !call.over).length || "";
  patch($("calls"), items, (item) => item.id, callOf);
  showRecordings(view);
}

function callOf(call) {
  const tone = call.over ? (call.state === "completed" ? "tone-done" : "tone-intake") : "tone-work";
  const facts = [moment(call.started_at), call.seconds === null ? "" : t("lasted", { n: call.seconds })].filter(Boolean).join(" · ");
  return h("div", { class: "todo call", "data-state": call.state },
    h("div", { class: "row" },
      h("b", {}, `${t(call.outgoing ? "call_out" : "call_in")} · ${call.who || t("withheld")}`),
      h("span", { class: `pill ${tone}` }, label("call", call.state))),
    h("p", {}, facts),
    call.number ? h("button", { type: "button", class: "plain", onclick: () => choose(call.number) }, call.number) : "");
}

/** Of the complaint on the desk, and those that belong to none. */
function showRecordings(view) {
  const mine = view.recordings.filter((each) => !each.number || each.number === view.case?.number);
  $("recordings-box").hidden = !mine.length;
  patch($("recordings"), mine.map((each) => ({ ...each, english: isEnglish() })), (item) => item.id, recordingOf);
}

function recordingOf(item) {
  return h("div", { class: "recording", "data-state": item.state },
    h("div", { class: "row" }, h("b", {}, t(item.message ? "recorded_message" : "recorded_call")), h("small", {}, [moment(item.at), item.state === "stored" ? "" : label("file", item.state)].filter(Boolean).join(" · "))),
    item.state === "stored" ? h("audio", { src: `/sandbox/recordings/${item.id}`, controls: true, preload: "none", "aria-label": t(item.message ? "recorded_message" : "recorded_call") }) : "",
    item.words ? h("p", { class: "heard-words" }, item.words) : item.message && item.state === "stored" ? wordsForm(item) : "");
}

function wordsForm(item) {
  const field = h("textarea", { rows: "1", maxlength: "5000", placeholder: t("words_hint"), "aria-label": t("words_hint") });
  const form = h("form", { class: "words-form" }, field, h("button", { type: "submit", class: "small" }, t("words_keep")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value.trim()) return field.focus();
    if (await act("staff/words", { file: item.id, text: field.value })) field.value = "";
  });
  return form;
}

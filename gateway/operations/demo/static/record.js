// The complaint as it stands: who, what, how sure, what is missing, and how it came about.

import { $, h, patch, withTip } from "./dom.js";
import { label, tone } from "./labels.js";
import { choose, chosenCase, watch } from "./live.js";
import { clock, day, isEnglish, moment, t } from "./words.js";

const ORDER = ["complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "category", "product", "party_role", "respondent", "organisation", "address"];
const WIDE = ["matter", "reason", "request"];
const UNPROVEN = { phone: "unproven_caller", letter: "unproven_writer" }; // so of every call and letter, and no fault of theirs
const HIDDEN = ["priority", "category_detail"]; // shown elsewhere, or beside the category

export function openRecord() {
  watch(show);
}

function show(view) {
  showCases(view);
  $("no-case").hidden = Boolean(view.case);
  $("case").hidden = !view.case;
  $("columns").hidden = !view.case && !view.parcels.length && !view.tasks.length;
  const found = view.case;
  showHead(found ? [{ ...found, language: isEnglish(), at: view.now.slice(0, 10) }] : []);
  showMarks(found);
  showFields(found);
  showTimeline(found?.timeline ?? []);
}

function showCases(view) {
  const items = view.cases.map((each) => ({ id: each.number, name: each.who || each.number, status: each.status, priority: each.priority, mine: view.case?.number === each.number, language: isEnglish() }));
  const latest = { id: "", name: t("follow_last"), mine: !chosenCase() };
  patch($("cases"), view.cases.length ? [latest, ...items] : [], (item) => item.id, (item) => h("button",
    { type: "button", class: item.id ? "" : "follow", "aria-pressed": String(item.mine), title: item.id, onclick: () => choose(item.id) },
    item.id ? h("span", { class: `dot ${item.priority === "P0" ? "tone-bad" : tone(item.status)}` }) : "",
    item.id ? `${item.name} · ${label("status", item.status)}` : item.name));
}

function showHead(found) {
  patch($("case-head"), found.flatMap(headOf), (item) => item.id, (item) => h(item.id === "number" ? "span" : "span", { class: item.class }, item.words));
}

function headOf(found) {
  const due = found.days_left < 0 ? t("overdue", { d: day(found.due_at) }) : t("due", { d: day(found.due_at), n: found.days_left });
  const urgent = { P0: "pill tone-bad", P1: "pill tone-intake" }[found.priority] ?? "pill";
  return [
    { id: "number", class: "number", words: found.number },
    { id: "status", class: `pill status ${tone(found.status)}`, words: label("status", found.status) },
    found.priority && { id: "priority", class: urgent, words: found.priority },
    { id: "channel", class: `way ${found.channel}`, words: label("channel", found.channel) },
    !found.attested && (UNPROVEN[found.channel]
      ? { id: "attested", class: "pill", words: t(UNPROVEN[found.channel]) }
      : { id: "attested", class: "pill tone-bad", words: t("unattested") }),
    { id: "due", class: "due", words: due },
  ].filter(Boolean);
}

function showMarks(found) {
  const items = [];
  if (found?.missing.length) items.push({ id: "missing", class: "head", words: t("missing") }, ...found.missing.map((name) => ({ id: `gap-${name}`, class: "gap", words: label("field", name) })));
  if (found?.flags.length) items.push({ id: "flags", class: "head", words: t("flags") }, ...found.flags.map((flag) => ({ id: `flag-${flag.value}`, class: "flag", words: label("flag", flag.value), tip: flag })));
  if (found?.files.length) items.push({ id: "files", class: "head", words: t("files") }, ...found.files.map((file, place) => ({ id: `file-${place}`, class: "file", words: `${nameOf(file)} · ${sizeOf(file)}` })));
  patch($("marks"), items, (item) => item.id, (item) => {
    const mark = h("span", { class: item.class }, item.words);
    return item.tip ? withTip(mark, tipOf(item.tip)) : mark;
  });
}

/** A recording is named after the carrier's id. */
const nameOf = (file) => (/^RE[0-9a-f]{32}/.test(file.name) ? t("recording_of_call") : file.name);

function sizeOf(file) {
  return file.state === "stored" ? `${Math.max(1, Math.round(file.size / 1024))} KB` : label("file", file.state);
}

function showFields(found) {
  const items = found ? fieldsOf(found) : [];
  patch($("fields"), items, (item) => item.id, (item) => withTip(
    h("div", { class: item.wide ? "field wide" : "field", tabindex: "0", "data-field": item.id },
      h("span", {}, h("i", { class: `sure ${sureness(item.field.confidence)}` }), label("field", item.id)),
      h("b", {}, item.words)),
    [...tipOf(item.field), ...item.others.map((other) => `${t("also")}：${other.value}`)]));
}

function fieldsOf(found) {
  const names = [...ORDER, ...Object.keys(found.fields).filter((name) => ![...ORDER, ...WIDE, ...HIDDEN].includes(name)), ...WIDE];
  const plain = names.filter((name) => found.fields[name]).map((name) => ({
    id: name, field: found.fields[name], words: wordsOf(name, found), wide: WIDE.includes(name), others: found.others[name] ?? [], language: isEnglish(),
  }));
  const lists = ["amounts", "dates"].filter((name) => found[name].length).map((name) => ({
    id: name, field: found[name][0], words: found[name].map((each) => each.value).join("、"), wide: false, others: [], language: isEnglish(),
  }));
  const narrow = plain.filter((item) => !item.wide);
  return [...narrow, ...lists, ...plain.filter((item) => item.wide)];
}

function wordsOf(name, found) {
  const { value } = found.fields[name];
  if (name === "category") return [label("category", value), found.detail_name || found.fields.category_detail?.value || value].join(" · ");
  return ["party_role", "product"].includes(name) ? label(name, value) : value;
}

const sureness = (confidence) => (confidence >= 0.85 ? "" : confidence >= 0.6 ? "mid" : "low");

function tipOf(field) {
  return [
    field.source && field.source !== field.value && `“${field.source}”`,
    field.value,
    `${t("method")}：${label("method", field.method)}${field.rule ? ` (${field.rule})` : ""}`,
    `${t("confidence")}：${Math.round(field.confidence * 100)}%`,
  ];
}

function showTimeline(moments) {
  const items = [...moments].reverse().map((each) => ({ ...each, language: isEnglish() }));
  patch($("timeline"), items.length ? items : [{ id: "none", none: t("nothing") }], (item) => item.id, (item) => item.none
    ? h("li", { class: "nothing" }, item.none)
    : h("li", { class: `moment ${item.kind}` },
      h("div", { class: "row" }, h("b", {}, titleOf(item)), h("time", { title: moment(item.at) }, sameDay(item.at) ? clock(item.at) : moment(item.at))),
      bodyOf(item) ? h("p", {}, bodyOf(item)) : ""));
}

const sameDay = (iso) => day(iso) === day(Date.now());

function titleOf(item) {
  const name = label("moment", item.kind);
  if (item.kind === "status") return (item.data.path ?? [item.text]).map((each) => label("status", each)).join(" → ");
  if (item.kind === "delivery") return `${name} · ${label("channel", item.data.channel)} · ${label("parcel", item.text)}`;
  if (item.kind === "task") return `${name} · ${item.text.split(": ").map((each, place) => label(place ? "reason" : "task", each)).join("：")}`;
  return name;
}

function bodyOf(item) {
  if (item.kind === "status") return item.data.note ?? "";
  if (item.kind === "delivery") return item.data.via ? label("via", item.data.via) : "";
  if (item.kind === "task") return "";
  if (item.kind === "call") return label("event", item.text);
  return [item.text.replace(/\n{2,}/g, "\n"), item.data.files ? t("files_n", { n: item.data.files }) : ""].filter(Boolean).join("\n");
}

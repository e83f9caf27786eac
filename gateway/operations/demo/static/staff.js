// What staff do: the next step with its words for the customer, and the tasks that wait for a person.

import { $, act, h, patch } from "./dom.js";
import { label } from "./labels.js";
import { choose, watch } from "./live.js";
import { isEnglish, moment, t } from "./words.js";

// What staff might write; a person changes it before it is sent.
const DRAFTS = {
  INVESTIGATING: "已联系相关部门调取资料。", SOLUTION: "我们建议按合同约定重新核定，请您看看是否可以接受。", DECIDED: "经复核，您的诉求成立，我们将按合同赔付，款项3个工作日内到账。给您带来不便，深表歉意。",
  NOT_HANDLED: "同一事项已由法院受理。", SUPPLEMENT: "请补充住院病历首页的照片。",
};

const SEES = new Set(["officer", "supervisor", "auditor"]);
let found = null; // the case on the desk
let wanted = ""; // the status whose form is open
let asking = 0;

export function openStaff() {
  $("step-form").addEventListener("submit", go);
  $("step-off").addEventListener("click", shut);
  $("note").addEventListener("input", preview);
  $("tell").addEventListener("change", showForm);
  watch(show);
}

/** Who can be in the console: one click signs them in there, in a tab of its own. */
function showColleagues(view) {
  const number = view.case?.number ?? "";
  const people = view.colleagues.map((each) => ({ ...each, number, language: isEnglish() }));
  patch($("colleagues"), people, (each) => each.login, (each) => h("a", { class: "button", target: "_blank", rel: "noopener", "data-login": each.login,
    href: `/sandbox/desk/${each.login}${SEES.has(each.role) && number ? `?case=${number}` : ""}` }, `${label("role", each.role)} ${each.name}`));
}

function show(view) {
  showColleagues(view);
  if (found?.number !== view.case?.number || found?.status !== view.case?.status) shut();
  found = view.case;
  const steps = found?.steps ?? [];
  const items = steps.map((step, place) => ({ ...step, first: place === 0 && step.usual, mine: step.status === wanted, language: isEnglish() }));
  patch($("steps"), items.length ? items : [{ status: "none" }], (item) => item.status, stepOf);
  showTasks(view);
}

function stepOf(item) {
  if (item.status === "none") return h("span", { class: "none" }, t("no_steps"));
  return h("button", { type: "button", class: item.first ? "usual" : "", "data-status": item.status, "aria-pressed": String(item.mine), onclick: () => open(item.status) }, label("step", item.status));
}

function open(status) {
  wanted = wanted === status ? "" : status;
  $("note").value = wanted ? DRAFTS[status] ?? "" : "";
  $("tell").checked = true;
  showForm();
  preview();
}

function shut() {
  wanted = "";
  showForm();
}

function showForm() {
  $("step-form").hidden = !wanted;
  for (const button of $("steps").children) button.setAttribute("aria-pressed", String(button.dataset.status === wanted));
  if (!wanted) return;
  const step = found.steps.find((each) => each.status === wanted);
  $("tell").disabled = !step.told;
  if (!step.told) $("tell").checked = false;
  $("note").placeholder = step.needs_note ? t("needs_note") : "";
  $("step-go").textContent = t($("tell").checked ? "go_tell" : "go", { s: label("step", wanted) });
}

/** The very words that would be sent, by the gateway's own phrases. */
async function preview() {
  if (!wanted) return;
  const step = found.steps.find((each) => each.status === wanted);
  if (!step.told) { $("preview").textContent = t("not_told"); return; }
  const mine = ++asking;
  const answer = await act("staff/preview", { number: found.number, status: wanted, note: $("note").value });
  if (answer && mine === asking) $("preview").textContent = answer.text;
}

async function go(event) {
  event.preventDefault();
  $("step-go").disabled = true;
  const answer = await act("staff/move", { number: found.number, status: wanted, note: $("note").value, tell: $("tell").checked });
  $("step-go").disabled = false;
  if (answer) shut();
}

function showTasks(view) {
  const tasks = view.tasks.map((task) => ({ ...task, language: isEnglish() }));
  const urgent = tasks.filter((task) => task.kind === "page");
  $("task-count").textContent = tasks.length || "";
  patch($("pages"), urgent, (task) => task.id, (task) => h("div", { class: "page" },
    h("b", {}, t("page")), h("span", {}, `${label("reason", task.reason)} · ${task.detail}`),
    task.number ? h("button", { type: "button", class: "small", onclick: () => choose(task.number) }, t("open_case")) : "", doneButton(task)));
  patch($("tasks"), tasks.length ? tasks : [{ id: "none", none: t("nothing") }], (task) => task.id, (task) => task.none
    ? h("p", { class: "nothing" }, task.none)
    : h("div", { class: task.kind === "page" ? "todo urgent" : "todo" },
      h("div", { class: "row" }, h("b", {}, `${label("task", task.kind)} · ${label("reason", task.reason)}`), doneButton(task, "plain")),
      h("p", {}, [task.number, moment(task.due_at)].filter(Boolean).join(" · ")),
      task.detail ? h("p", {}, task.detail) : ""));
}

function doneButton(task, style = "small") {
  return h("button", { type: "button", class: style, onclick: () => act("staff/done", { id: task.id }) }, t("done"));
}

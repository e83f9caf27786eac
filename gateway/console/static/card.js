// How a doubtful value looks: closed as one line, open with its place on paper and what can be done.

import { h } from "./dom.js";
import { EXACT, fieldName, grouped, reasons } from "./labels.js";
import { t } from "./words.js";

const exact = (name) => (EXACT.has(name) ? "exact" : "");

/** One line, which opens the card. */
export function closed(check, open) {
  const value = check.gone ? t("done_gone") : grouped(check.name, check.value).slice(0, 60) || t("not_read");
  return h("section", { class: check.decided ? "card done" : "card" },
    h("button", { type: "button", class: "row", onclick: open },
      h("b", {}, fieldName(check.name)),
      h("span", { class: `value ${exact(check.name)}` }, value),
      h("span", { class: "state" }, check.decided ? `✓ ${t("done")}` : t("open"))));
}

/** The card in hand. `acts`: confirm, choose(digit), edit, leaveOut, type(words), cancel, asWritten. */
export function opened(check, acts) {
  const inside = check.isText ? wholeText(check, acts) : [crops(check), ...(check.typing ? typing(check, acts) : deciding(check, acts))];
  return h("section", { class: "card active", "aria-labelledby": "active-name", tabindex: "-1" },
    h("h3", { id: "active-name" }, fieldName(check.name)),
    h("p", { class: "why" }, reasons(check.doubt.why)),
    ...inside);
}

function crops(check) {
  return h("div", { class: "crops", "data-crops": check.name });
}

function deciding(check, acts) {
  const shown = check.value ? marked(check, check.value) : [t("not_read")];
  return [
    h("p", { class: "now" }, h("span", {}, t("read_as")), h("output", { class: check.value ? exact(check.name) : "none" }, ...shown)),
    candidates(check, acts),
    wrong(check),
    h("div", { class: "do" },
      h("button", { type: "button", class: "main", "data-do": "confirm", disabled: !check.canConfirm, onclick: acts.confirm }, t("confirm"), " ", h("kbd", {}, "↵")),
      check.wrong === "check_digit" ? h("button", { type: "button", "data-do": "as-written", onclick: acts.asWritten }, t("as_written")) : "",
      h("button", { type: "button", "data-do": "edit", onclick: acts.edit }, t("edit"), " ", h("kbd", {}, "e")),
      h("button", { type: "button", "data-do": "none", onclick: acts.leaveOut }, t("not_in_letter"), " ", h("kbd", {}, "n"))),
  ];
}

function candidates(check, acts) {
  if (check.choices.length < 2) return "";
  const one = (value, digit) => value && h("button", { type: "button", class: exact(check.name), "aria-pressed": String(value === check.value), "data-digit": digit, onclick: () => acts.choose(digit) },
    h("kbd", {}, String(digit)), " ", ...marked(check, value));
  return h("div", { class: "candidates", role: "group", "aria-label": t("candidates") }, ...check.choices.map(one));
}

/** The characters in which a value is not the machine's reading stand out. */
function marked(check, value) {
  const [here, read] = [[...grouped(check.name, value)], [...grouped(check.name, check.doubt.value)]];
  if (here.length !== read.length || value === check.doubt.value) return [here.join("")];
  return here.map((character, place) => (character === read[place] ? character : h("mark", {}, character)));
}

function typing(check, acts) {
  const again = check.typing === "again";
  const input = h("input", { class: exact(check.name), autocomplete: "off", spellcheck: "false", maxlength: 500, "aria-label": `${fieldName(check.name)}: ${t(again ? "type_again" : "type_it")}`,
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing && !event.ctrlKey) { event.preventDefault(); event.stopPropagation(); acts.type(input.value); } } });
  input.value = check.isTwice || check.wrong ? "" : grouped(check.name, check.value); // what is typed twice is typed, not confirmed
  return [
    h("div", { class: "edit" }, input, h("small", {}, t(again ? "type_again" : "type_it"))),
    wrong(check),
    h("div", { class: "do" },
      h("button", { type: "button", class: "main", onclick: () => acts.type(input.value) }, t(again ? "confirm" : "next"), " ", h("kbd", {}, "↵")),
      h("button", { type: "button", onclick: acts.cancel }, t("cancel"), " ", h("kbd", {}, "Esc"))),
  ];
}

function wholeText(check, acts) {
  const area = h("textarea", { "aria-label": fieldName("text"), spellcheck: "false", maxlength: 20000, oninput: () => { check.value = area.value; check.decided = false; } });
  area.value = check.value;
  return [
    h("p", {}, t("text_note")),
    area,
    wrong(check),
    h("div", { class: "do" }, h("button", { type: "button", class: "main", "data-do": "confirm", onclick: acts.confirm }, t("text_confirm"), " ", h("kbd", {}, "↵"))),
  ];
}

function wrong(check) {
  return check.wrong ? h("p", { class: "wrong", role: "alert" }, t(check.wrong)) : "";
}

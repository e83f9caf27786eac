// What a person must compare with the paper: the crop beside the field, and what it may be instead.

import { act, h } from "./dom.js";
import { label } from "./labels.js";
import { cropOf } from "./sheet.js";
import { t } from "./words.js";

const CHECKED = ["id_number", "uscc", "bank_card"]; // may be written wrongly by the customers themselves
const WHOLE = "text"; // nobody could read the letter: a person types it

export function confirmForm(letter, reading) {
  const rows = Object.entries(reading.doubts).map(([name, doubt]) => rowOf(letter, reading, name, doubt));
  const written = Object.keys(reading.doubts).some((name) => CHECKED.includes(name)) ? h("input", { type: "checkbox" }) : null;
  const form = h("form", { class: "confirm" },
    h("b", { class: "head" }, t("doubtful_n", { n: rows.length })), rows.map((row) => row.element),
    h("div", { class: "foot" },
      written ? h("label", { class: "check" }, written, h("span", {}, t("as_written"))) : "",
      h("button", { type: "submit", class: "main" }, t("confirm"))));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form, letter, rows, written?.checked ?? false); });
  return form;
}

function rowOf(letter, reading, name, doubt) {
  const field = name === WHOLE ? h("textarea", { rows: "4", maxlength: "5000", placeholder: t("type_letter") }) : h("input", { maxlength: "200" });
  field.value = doubt.value;
  field.setAttribute("aria-label", label("field", name));
  const others = doubt.candidates.map((each) => h("button", { type: "button", class: "small", onclick: () => { field.value = each; field.focus(); } }, each));
  const element = h("div", { class: "doubt", "data-doubt": name },
    h("span", {}, h("b", {}, label("field", name)), ` ${doubt.why.map((why) => label("why", why)).join(" · ")}`),
    cropFor(letter, reading, doubt), field, others.length ? h("div", { class: "others" }, others) : "");
  return { name, field, element };
}

function cropFor(letter, reading, doubt) {
  const page = reading.pages.find((each) => each.number === doubt.places[0]?.page);
  const places = doubt.places.filter((place) => place.page === page?.number);
  const isWhole = places.some(({ box }) => page && box[3] - box[1] > page.height / 2);
  return page && !isWhole ? cropOf(page, `/sandbox/letters/${letter.item}/${page.number}.jpg`, places) : "";
}

async function send(form, letter, rows, asWritten) {
  const button = form.querySelector(".main");
  button.disabled = true;
  const fields = Object.fromEntries(rows.filter((row) => row.name !== WHOLE).map((row) => [row.name, row.field.value.trim()]));
  const text = rows.find((row) => row.name === WHOLE)?.field.value ?? "";
  await act("staff/confirm", { number: letter.number, item: letter.item, fields, text, as_written: asWritten });
  button.disabled = false;
}

// Letters of ours: as they lie printed, where the post has them, and the slip that goes back.

import { $, act, h, patch } from "./dom.js";
import { label } from "./labels.js";
import { again, choose, watch } from "./live.js";
import { turnToPile } from "./paper.js";
import { enlarge, leafOf } from "./sheet.js";
import { isEnglish, moment, t } from "./words.js";

const opened = new Map();
const TONES = { printed: "tone-intake", posted: "tone-work", delivered: "tone-done", returned: "tone-bad" };
const A4 = { width: 210, height: 297 };

export function openPrinted() {
  watch(show);
}

function show(view) {
  const items = view.letters.printed.map((letter, place) => ({ ...letter, open: opened.get(letter.id) ?? place === 0, fonts: view.letters.fonts, language: isEnglish() }));
  patch($("printed"), items.length ? items : [{ id: "none", language: isEnglish() }], (item) => item.id, (item) => (item.id === "none" ? h("p", { class: "mail-empty" }, t("printed_empty")) : letterOf(item)));
}

function letterOf(letter) {
  const head = h("button", { type: "button", "aria-expanded": String(letter.open), onclick: () => { opened.set(letter.id, !letter.open); again(); } },
    h("b", {}, label("kind", letter.kind)), h("time", {}, moment(letter.printed_at)),
    h("span", { class: "whom" }, [letter.number, t("pages_n", { n: letter.pages }), letter.slip ? t("with_slip") : ""].filter(Boolean).join(" · ")),
    h("span", { class: `pill ${TONES[letter.state]}` }, label("post", letter.state)));
  return h("article", { class: "letter sent paper", "data-state": letter.state, "data-letter": letter.id }, head, letter.open ? bodyOf(letter) : "");
}

function bodyOf(letter) {
  return h("div", { class: "body" },
    letter.is_here ? h("div", { class: "sheets" }, Array.from({ length: letter.pages }, (_, place) => pictureOf(letter, place + 1))) : h("p", {}, t("taken_away")),
    letter.tracking || letter.posted_at ? h("p", { class: "facts" }, [letter.posted_at && `${label("post", "posted")} ${moment(letter.posted_at)}`, letter.tracking && `${t("tracking")} ${letter.tracking}`, letter.ended_at && `${label("post", letter.state)} ${moment(letter.ended_at)}`].filter(Boolean).map((words) => h("span", {}, words))) : "",
    stepsOf(letter),
    letter.slip && letter.is_here && letter.fonts ? slipForm(letter) : "");
}

function pictureOf(letter, number) {
  const page = { ...A4, number };
  const source = `/sandbox/post/${letter.id}/${number}.png`;
  return leafOf(page, source, [], () => enlarge(`${letter.number} · ${t("page_n", { n: number })}`, leafOf(page, source, [])));
}

function stepsOf(letter) {
  const number = letter.state === "printed" ? h("input", { value: trackingOf(letter), maxlength: "40", "aria-label": t("tracking") }) : null;
  const step = (state, name) => h("button", { type: "button", class: state === "posted" ? "small main" : "small", "data-post": state, onclick: () => act("post/move", { id: letter.id, state, tracking: number?.value ?? "" }) }, t(name));
  return h("div", { class: "foot post-steps" },
    number, number ? step("posted", "do_post") : "",
    ["printed", "posted"].includes(letter.state) ? step("delivered", "it_arrived") : "",
    letter.state !== "returned" ? step("returned", "it_came_back") : "",
    letter.is_here ? h("a", { href: `/sandbox/post/${letter.id}.pdf`, target: "_blank", rel: "noopener" }, "PDF") : "",
    letter.number ? h("button", { type: "button", class: "plain", onclick: () => choose(letter.number) }, t("open_case")) : "");
}

/** Made up, and the same each time it is drawn. */
const trackingOf = (letter) => `XA${[...letter.id].map((sign) => parseInt(sign, 36) % 10).join("").slice(0, 9)}CN`;

function slipForm(letter) {
  const answers = h("textarea", { rows: "2", maxlength: "1000", placeholder: t("slip_hint"), "aria-label": t("slip_hint") });
  const button = h("button", { type: "submit", class: "small main" }, t("slip_back"));
  const form = h("form", { class: "slip-form" }, h("b", { class: "head" }, t("answer_slip")), answers, h("div", { class: "foot" }, button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!answers.value.trim()) return answers.focus();
    button.disabled = true;
    const answer = await act("letter/slip", { id: letter.id, answers: answers.value });
    button.disabled = false;
    if (!answer) return;
    answers.value = "";
    turnToPile("came");
  });
  return form;
}

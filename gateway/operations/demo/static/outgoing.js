// What leaves the house, one row for each destination, with what became of it.

import { $, h, patch } from "./dom.js";
import { label, parcelTone } from "./labels.js";
import { again, watch } from "./live.js";
import { clock, isEnglish, t } from "./words.js";

let all = false;

export function openOutgoing() {
  $("outgoing-scope").addEventListener("click", () => { all = !all; again(); });
  watch(show);
}

function show(view) {
  $("outgoing-scope").textContent = t(all ? "scope_case" : "scope_all");
  const shown = view.parcels.filter((parcel) => all || !view.case || parcel.number === view.case.number);
  const items = shown.map((parcel) => ({ ...parcel, language: isEnglish() }));
  patch($("parcels"), items.length ? items : [{ id: "none", none: t("nothing") }], (item) => item.id, (item) => (item.none
    ? h("p", { class: "nothing" }, item.none)
    : parcelOf(item)));
}

function parcelOf(parcel) {
  const way = [label("kind", parcel.kind), parcel.to, parcel.via && label("via", parcel.via)].filter(Boolean).join(" · ");
  const state = [label("parcel", parcel.state), parcel.attempts > 1 ? t("attempts", { n: parcel.attempts }) : "", parcel.sent_at ? clock(parcel.sent_at) : ""].filter(Boolean).join(" ");
  return h("div", { class: "parcel", "data-state": parcel.state },
    h("div", { class: "row" }, h("span", { class: `way ${parcel.channel}` }, label("channel", parcel.channel)), h("b", {}, way), h("span", { class: `pill ${parcelTone(parcel.state)}` }, state)),
    h("p", {}, parcel.text.replace(/\s*\n\s*/g, " ")),
    parcel.error ? h("p", { class: "why" }, parcel.error) : "");
}

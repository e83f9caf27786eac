// One page of paper: its picture, and over it where each line and each value was seen.

import { $, h, withTip } from "./dom.js";
import { label } from "./labels.js";
import { t } from "./words.js";

const UNSURE = 0.95; // a line below this score is drawn as a doubtful one
const VALUES = ["complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "address", "request", "uscc", "bank_card"]; // others stand everywhere

/** The picture of a page as it was read; `marks` are {kind, box, tip}. */
export function leafOf(page, source, marks, large = null) {
  const leaf = h("div", { class: "leaf" }, h("img", { src: source, alt: t("page_n", { n: page.number }), width: page.width, height: page.height }));
  for (const mark of marks) leaf.append(withTip(markOf(mark, page), mark.tip));
  if (large) leaf.append(h("button", { type: "button", class: "small enlarge", onclick: large, "aria-label": `${t("enlarge")} · ${t("page_n", { n: page.number })}` }, "⤢"));
  return leaf;
}

function markOf({ kind, box }, page) {
  const mark = h("span", { class: `mark-${kind}` });
  const [left, top, right, bottom] = box;
  Object.assign(mark.style, { left: share(left, page.width), top: share(top, page.height), width: share(right - left, page.width), height: share(bottom - top, page.height) });
  return mark;
}

const share = (part, whole) => `${(100 * part) / whole}%`;

/** Lines first, values above them, doubts on top. */
export function marksOf(reading, number) {
  const page = reading.pages.find((each) => each.number === number);
  const here = (found) => found.places.filter((place) => place.page === number);
  const lines = page.lines.map((line) => ({ kind: line.score < UNSURE ? "line unsure" : "line", box: line.box, tip: [line.text, `${t("score")}：${percent(line.score)}`, line.others.length ? `${t("read_as")}：${line.others.join(" / ")}` : ""] }));
  const values = Object.entries(reading.fields).filter(([name]) => VALUES.includes(name) && !reading.doubts[name]).flatMap(([name, found]) => here(found).map((place) => ({ kind: "value", box: place.box, tip: [`${label("field", name)}：${found.value}`, `${t("confidence")}：${percent(found.confidence)}`] })));
  const doubts = Object.entries(reading.doubts).flatMap(([name, doubt]) => here(doubt).map((place) => ({ kind: "doubt", box: place.box, tip: [`${label("field", name)}：${doubt.value || "—"}`, doubt.why.map((why) => label("why", why)).join(" · ")] })));
  const isLong = ({ box }) => (box[3] - box[1]) * (box[2] - box[0]) > 0.3 * page.width * page.height; // a whole page is no place
  return [...lines, ...values.filter((mark) => !isLong(mark)), ...doubts.filter((mark) => !isLong(mark))];
}

const percent = (score) => `${Math.round(score * 100)}%`;

/** The part of a page where a value stands. */
export function cropOf(page, source, places) {
  const [left, top, right, bottom] = widened(places.map((place) => place.box), page);
  const [width, height] = [right - left, bottom - top];
  const image = h("img", { src: source, alt: "" });
  Object.assign(image.style, { width: share(page.width, width), left: `-${share(left, width)}`, top: `-${share(top, height)}` });
  const crop = h("div", { class: "crop" }, image);
  crop.style.aspectRatio = `${width} / ${height}`;
  return crop;
}

/** With a little of what stands around it. */
function widened(boxes, page) {
  const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
  const [across, down] = [Math.max(20, (page.width * 0.34 - (right - left)) / 2), (bottom - top) * 0.4];
  return [Math.max(0, left - across), Math.max(0, top - down), Math.min(page.width, right + across), Math.min(page.height, bottom + down)];
}

/** Look at something as large as the window lets. */
export function enlarge(title, element) {
  $("large-title").textContent = title;
  $("large-page").replaceChildren(element);
  $("large").showModal();
  $("large-page").scrollTop = 0;
}

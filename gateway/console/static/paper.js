// The page of a letter: whole on one side, and the doubtful place enlarged beside its field.

import { bytes } from "./api.js";
import { $, h } from "./dom.js";
import { t } from "./words.js";

const LEAST = 2 * 96; // pixels that an inch of paper takes at 200 %
const MOST = 3 * 96;
const WHOLE = 0.4; // a place that takes more of the page than this is no place
const USUAL_DPI = 200;

/** The pages of one letter, their pictures fetched when they are first needed. */
export class Paper {
  constructor(letter) {
    this.letter = letter;
    this.pictures = new Map(); // page number → promise of an image, null when there is none
    this.shown = 0;
  }

  page(number) {
    return this.letter.pages.find((page) => page.number === number);
  }

  picture(number) {
    if (!this.pictures.has(number)) this.pictures.set(number, fetched(this.letter.item, number));
    return this.pictures.get(number);
  }

  /** Free what the browser holds of it. */
  async close() {
    for (const picture of this.pictures.values()) {
      const image = await picture;
      if (image) URL.revokeObjectURL(image.src);
    }
  }

  /** Show the page of these places, all places outlined, and these in view. */
  async show(number, places, active) {
    const page = this.page(number) || this.letter.pages[0];
    if (!page) return;
    if (this.shown !== page.number) await this.turnTo(page);
    if (this.shown !== page.number) return; // somebody turned on meanwhile
    const outlined = [...places.map((place) => spot(page, place, false)), ...active.map((place) => spot(page, place, true))];
    $("sheet").querySelectorAll(".spot").forEach((old) => old.remove());
    $("sheet").append(...outlined.filter(Boolean));
    bringIntoView(page, active.find((place) => place.page === page.number && !isWhole(page, place.box)));
  }

  async turnTo(page) {
    this.shown = page.number;
    const image = await this.picture(page.number);
    if (this.shown !== page.number) return;
    const shown = image ? h("img", { src: image.src, alt: t("page_n", { n: page.number }) }) : h("p", { class: "nothing" }, t("no_picture"));
    $("sheet").replaceChildren(shown);
    if (image) await shown.decode().catch(() => {});
  }

  /** The place with its surroundings, at 200 % or more; null for one that is the whole page. */
  async crop(place, room, label) {
    const page = this.page(place.page);
    const image = page && !isWhole(page, place.box) ? await this.picture(place.page) : null;
    return image ? drawn(page, place.box, image, room, label) : null;
  }
}

async function fetched(item, number) {
  try {
    const image = new Image();
    image.src = URL.createObjectURL(await bytes(`/letters/${item}/pages/${number}`, t("checking")));
    await image.decode();
    return image;
  } catch {
    return null;
  }
}

function isWhole(page, [left, top, right, bottom]) {
  return (right - left) * (bottom - top) > WHOLE * page.width * page.height;
}

function spot(page, place, active) {
  if (place.page !== page.number || isWhole(page, place.box)) return null;
  const [left, top, right, bottom] = place.box;
  const margin = 5;
  const mark = h("span", { class: active ? "spot active" : "spot" });
  mark.style.left = `${((left - margin) / page.width) * 100}%`;
  mark.style.top = `${((top - margin) / page.height) * 100}%`;
  mark.style.width = `${((right - left + 2 * margin) / page.width) * 100}%`;
  mark.style.height = `${((bottom - top + 2 * margin) / page.height) * 100}%`;
  return mark;
}

function bringIntoView(page, place) {
  if (!place) return;
  const [left, top, right, bottom] = place.box;
  const [pane, sheet] = [$("pane"), $("sheet")];
  pane.scrollTop = (((top + bottom) / 2) / page.height) * sheet.offsetHeight - pane.clientHeight / 2;
  pane.scrollLeft = (((left + right) / 2) / page.width) * sheet.offsetWidth - pane.clientWidth / 2;
}

function drawn(page, [left, top, right, bottom], image, room, label) {
  const line = bottom - top;
  const dpi = page.dpi || USUAL_DPI;
  const [least, most] = [LEAST / dpi, MOST / dpi];
  const wide = Math.max(right - left + 2.4 * line, room / most);
  const x = Math.max(0, Math.min((left + right - wide) / 2, page.width - wide));
  const y = Math.max(0, top - 0.75 * line);
  const [width, height] = [Math.min(wide, page.width), Math.min(2.5 * line, page.height - y)];
  const scale = Math.min(most, Math.max(least, room / width));
  const canvas = h("canvas", { role: "img", "aria-label": label });
  paint(canvas, image, { x, y, width, height, scale, ratio: image.naturalWidth / page.width }, [left, top, right, bottom]);
  const frame = h("div", { class: "crop", tabindex: width * scale > room + 1 ? "0" : null }, canvas);
  frame.begin = () => { frame.scrollLeft = (left - x - line) * scale; };
  return frame;
}

function paint(canvas, image, { x, y, width, height, scale, ratio }, [left, top, right, bottom]) {
  const sharp = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale * sharp);
  canvas.height = Math.round(height * scale * sharp);
  canvas.style.width = `${width * scale}px`;
  canvas.style.height = `${height * scale}px`;
  const pen = canvas.getContext("2d");
  pen.scale(sharp, sharp);
  pen.drawImage(image, x * ratio, y * ratio, width * ratio, height * ratio, 0, 0, width * scale, height * scale);
  pen.strokeStyle = "rgb(179 38 30 / 70%)";
  pen.lineWidth = 1.5;
  pen.strokeRect((left - x - 4) * scale, (top - y - 4) * scale, (right - left + 8) * scale, (bottom - top + 8) * scale);
}

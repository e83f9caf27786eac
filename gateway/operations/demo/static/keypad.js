// The keys of a telephone. Digits go out together, as one person's fingers take a moment from key to key.

import { $, h } from "./dom.js";
import { t } from "./words.js";

const KEYS = [..."123456789*0#"];
const PAUSE = 2200; // milliseconds after which a number is taken to be whole
const HABIT = 1500; // so long after the last digit that was wanted, a closing key still belongs to it

let pressed = "";
let timer = 0;
let full = 0; // when the last digit that was wanted was pressed
let wants = null; // what the line waits for
let send = () => {};
let open = false; // by hand

export function openKeypad(sending) {
  send = sending;
  $("keypad").append(...KEYS.map((key) => h("button", { type: "button", "data-digit": key, onclick: () => press(key) }, key)));
  $("keypad-toggle").addEventListener("click", () => { open = !open; lay(); });
}

export function showKeypad(usable, waits) {
  wants = waits;
  $("keypad-toggle").disabled = !usable;
  if (!usable) [open, pressed] = [false, ""];
  show();
  lay();
}

function lay() {
  const shown = !$("keypad-toggle").disabled && (open || (wants?.keys === true && !wants.speech));
  $("keys").hidden = !shown;
  $("keypad-toggle").setAttribute("aria-expanded", String(shown));
}

function press(key) {
  if (key === "#" && !pressed && Date.now() - full < HABIT) return;
  pressed += key;
  show();
  clearTimeout(timer);
  if (isWhole(key)) finish(key);
  else timer = setTimeout(finish, PAUSE);
}

function isWhole(key) {
  return key === (wants?.finish || "#") || (wants?.digits > 0 && pressed.length >= wants.digits) || wants?.verb === "record";
}

function finish(key = "") {
  const keys = pressed;
  if (key && key !== "#" && keys.length > 1) full = Date.now();
  forget();
  if (keys) send(keys);
}

function forget() {
  clearTimeout(timer);
  pressed = "";
  show();
}

function show() {
  $("pressed").textContent = pressed || t("keys_hint");
  $("pressed").classList.toggle("none", !pressed);
}

// What every page has: its place among the others, the language, and a door that asks for the token.

import { forgetToken, get, keepToken, token, whenForgotten } from "./api.js";
import { $, h } from "./dom.js";
import { switchLanguage, t, translate } from "./words.js";

const PLACES = [["letters", "/console/letters"], ["verify", "/console/letters/verify"], ["post", "/console/letters/post"]];

/** Show the page once the token is known to be right; `enter` fills it, and again in another language. */
export function open(enter) {
  $("language").addEventListener("click", switchLanguage);
  $("leave").addEventListener("click", forgetToken);
  $("door-form").addEventListener("submit", (event) => { event.preventDefault(); knock(enter); });
  document.addEventListener("language", name);
  translate();
  name();
  if (token()) show(enter);
  else shut();
}

function name() {
  const here = document.body.dataset.page;
  $("language").textContent = t("other_language");
  document.title = `${t(`title_${here}`)} · ${t("our_letters")}`;
  const links = PLACES.map(([place, path]) => h("a", { href: path, "aria-current": place === here && "page" }, t(`nav_${place}`)));
  document.querySelector(".places").replaceChildren(...links);
}

async function knock(enter) {
  keepToken($("token").value.trim());
  try {
    await get("/letters", { limit: 1 });
  } catch (refused) {
    sessionStorage.clear();
    $("door-told").textContent = refused.words;
    return;
  }
  $("token").value = "";
  show(enter);
}

function show(enter) {
  whenForgotten(() => location.reload()); // nothing of anybody stays in the page
  $("door").hidden = true;
  $("main").hidden = $("leave").hidden = false;
  enter();
}

function shut() {
  $("main").hidden = $("leave").hidden = true;
  $("door").hidden = false;
  $("token").focus();
}

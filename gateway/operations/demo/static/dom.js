// Building and renewing elements. Whatever people wrote goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** An element: h("p", {class: "x", onclick: f}, "text", child, …). */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/**
 * Make a container show these items, touching only what differs: no flicker, no lost focus or scrolling.
 * `key` names an item, `render` makes its element; an item that reads the same as before keeps its element.
 */
export function patch(container, items, key, render) {
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const wasEmpty = before.size === 0;
  let place = container.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const reading = JSON.stringify(item);
    let element = before.get(name);
    before.delete(name);
    if (!element || element.reading !== reading) {
      const made = render(item);
      made.dataset.key = name;
      made.reading = reading;
      if (!element && !wasEmpty) made.classList.add("fresh");
      if (element) {
        if (place === element) place = made;
        element.replaceWith(made);
      }
      element = made;
    }
    if (element === place) place = place.nextElementSibling;
    else container.insertBefore(element, place);
  }
  for (const gone of before.values()) gone.remove();
  if (floating.owner && !floating.owner.isConnected) $("tip").hidden = true;
}

/** Do something on the stage; the answer, or null after having told why not. */
export async function act(path, asked = {}) {
  try {
    const response = await fetch(`/sandbox/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
    return await answerOf(response);
  } catch {
    return refuse("line_down");
  }
}

/** Lay a file down for sending; {id, name}, or null after having told why not. */
export async function upload(file, name) {
  try {
    const response = await fetch("/sandbox/files", {
      method: "POST",
      headers: { "Content-Type": file.type || "application/octet-stream", "X-File-Name": encodeURIComponent(name) },
      body: file,
    });
    return await answerOf(response);
  } catch {
    return refuse("line_down");
  }
}

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  toast(answer.error || `HTTP ${response.status}`);
  return null;
}

function refuse(word) {
  document.dispatchEvent(new CustomEvent("told", { detail: word }));
  return null;
}

let hiding = 0;
export function toast(words) {
  const box = $("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.hidden = true; }, 4500);
}

/** A colour for a person, always the same. */
export function face(name, kind = "") {
  const sum = Math.imul([...name][0]?.codePointAt(0) ?? 0, 2654435761) >>> 8; // neighbours in the alphabet apart
  return h("span", { class: `face ${kind || `hue-${sum % 6}`}`, "aria-hidden": "true" }, [...name][0] || "?");
}

/** A small sign drawn by strokes. */
export function icon(paths) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const floating = { owner: null };

/** Show a few lines beside an element while it is pointed at or has the focus. */
export function withTip(element, lines) {
  const show = () => {
    const tip = $("tip");
    (element.closest("dialog") ?? document.body).append(tip); // a dialog lies above everything else
    tip.replaceChildren(...lines.filter(Boolean).map((line, place) => h(place ? "i" : "span", {}, line)));
    tip.hidden = false;
    floating.owner = element;
    const box = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left), innerWidth - tip.offsetWidth - 8);
    const below = box.bottom + 6 + tip.offsetHeight < innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - tip.offsetHeight - 6)}px`;
  };
  const hide = () => { if (floating.owner === element) $("tip").hidden = true; };
  element.addEventListener("mouseenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("mouseleave", hide);
  element.addEventListener("blur", hide);
  return element;
}

// Asking the API, as whoever is signed in to this page.

import { t } from "./words.js";

const CSRF = { "X-CSRF-Token": document.body.dataset.csrf };

/** What the API refused: its code, and what is wrong with which part. */
export class Refused extends Error {
  constructor(status, problem = {}) {
    super(problem.code || String(status));
    this.status = status;
    this.code = problem.code || "";
    this.errors = problem.errors || [];
    this.detail = problem.detail || "";
  }

  /** For a person. */
  get words() {
    if (this.status === 0) return t("line_down");
    if (this.code === "unreadable" && this.detail) return this.detail;
    const where = this.errors.map((error) => t(error.where)).join(", ");
    const known = t(this.code, { where });
    return known === this.code ? t("refused", { code: this.code || this.status }) : known;
  }
}

export const get = (path, query) => json("GET", path, { query });
export const post = (path, body) => json("POST", path, { body });

async function json(method, path, more) {
  return (await ask(method, path, more)).json();
}

/** Bytes, shown for a reason that the audit trail keeps. */
export async function bytes(path, reason) {
  return (await ask("GET", path, { query: { unmask: reason } })).blob();
}

async function ask(method, path, { query = {}, body } = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  const headers = { ...CSRF, ...(body ? { "Content-Type": "application/json" } : {}) };
  const answer = await fetch(`/api/v1${path}${search}`, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" }).catch(() => null);
  if (!answer) throw new Refused(0);
  if (answer.ok) return answer;
  throw refusal(answer.status, await answer.json().catch(() => ({})));
}

function refusal(status, problem) {
  if (status === 401) location.reload(); // to the door; nothing of anybody stays in the page
  return new Refused(status, problem);
}

/** Send a form, and tell how far it is; fetch cannot. */
export function upload(path, form, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1${path}`);
    for (const [name, value] of Object.entries(CSRF)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) told(event.loaded / event.total); };
    request.onerror = () => reject(new Refused(0));
    request.onload = () => (request.status < 300 ? resolve(request.response) : reject(refusal(request.status, request.response || {})));
    request.send(form);
  });
}

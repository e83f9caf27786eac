// Saves what is typed, shows which files were chosen, prints. Everything works without it.
"use strict";

const QUIET = 1500; // milliseconds without a key before a draft is saved

function draftOf(form) {
  const typed = new FormData(form);
  typed.delete("files");
  typed.delete("website");
  return new URLSearchParams(typed);
}

async function save(form) {
  try {
    await fetch("/complain/draft", { method: "POST", body: draftOf(form), headers: { Accept: "application/json" } });
  } catch {
    // Offline for a moment: the next key saves it.
  }
}

function keepDraft(form) {
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, QUIET, form);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

function showChosen(list) {
  const field = document.getElementById(list.dataset.chosen);
  field.addEventListener("change", () => {
    list.replaceChildren(
      ...Array.from(field.files, (file) => {
        const item = document.createElement("li");
        item.textContent = `${file.name} (${(file.size / 1048576).toFixed(1)} MB)`;
        return item;
      }),
    );
  });
}

const complaint = document.getElementById("complaint");
if (complaint) keepDraft(complaint);
document.querySelectorAll("[data-chosen]").forEach(showChosen);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

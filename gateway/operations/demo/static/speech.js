// What the hotline says is heard, where the browser has a voice for it. Nothing here may fail: many have none.

let loud = true;
let touched = false; // browsers let no page speak before somebody has done something on it

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { touched = true; }, { capture: true, once: true });

export const isLoud = () => loud;

export function switchVoice() {
  loud = !loud;
  if (!loud) hush();
}

/** Sentence by sentence: long ones are cut off by some browsers. */
export function speak(words, language) {
  if (!loud || !touched) return;
  try {
    for (const sentence of words.match(/[^。！？!?\n]+[。！？!?\n]*/g) ?? []) speechSynthesis.speak(utterance(sentence, language));
  } catch { /* a browser without voices */ }
}

function utterance(words, language) {
  const made = new SpeechSynthesisUtterance(words);
  made.lang = language;
  const voice = speechSynthesis.getVoices().find((each) => each.lang.replace("_", "-").toLowerCase().startsWith(language.toLowerCase()));
  if (voice) made.voice = voice;
  return made;
}

/** The person speaks, or the line is gone. */
export function hush() {
  try { speechSynthesis.cancel(); } catch { /* a browser without voices */ }
}

// One doubtful value, and what a person has said of it so far: no element of the page in here.

const TWICE = new Set(["id_number", "policy_number", "bank_card"]); // typed wrong, they name somebody else

export class Check {
  constructor(name, doubt, text) {
    this.name = name;
    this.doubt = doubt;
    this.value = name === "text" ? text : doubt.value;
    this.decided = false;
    this.gone = false; // not in the letter
    this.asWritten = false;
    this.typing = ""; // "", once, again
    this.first = ""; // as it was typed the first time
    this.wrong = ""; // code of what is wrong with it
  }

  get isText() {
    return this.name === "text";
  }

  get isTwice() {
    return TWICE.has(this.name);
  }

  /** The reading itself and what it may be instead, by the digit that chooses it. */
  get choices() {
    return [this.doubt.value, ...this.doubt.candidates];
  }

  get canConfirm() {
    return Boolean(this.value.trim());
  }

  choose(digit) {
    const choice = this.choices[digit];
    if (!choice || this.isText) return false;
    this.reopen();
    this.value = choice;
    return true;
  }

  confirm() {
    if (!this.canConfirm) return false;
    this.decided = true;
    this.gone = false;
    this.typing = this.wrong = "";
    return true;
  }

  leaveOut() {
    if (this.isText) return false;
    this.reopen();
    this.gone = this.decided = true;
    return true;
  }

  edit() {
    this.reopen();
    this.typing = "once";
  }

  /** Something was typed: "" when it is decided, "again" when it must be typed once more, "wrong" when it cannot be. */
  type(written) {
    const value = written.trim();
    if (!value) return "wrong";
    if (this.isTwice && this.typing === "once") {
      this.first = value;
      this.typing = "again";
      return "again";
    }
    if (this.typing === "again" && plain(value) !== plain(this.first)) {
      this.typing = "once";
      this.wrong = "do_not_agree";
      return "wrong";
    }
    this.value = value;
    this.confirm();
    return "";
  }

  refuse(why) {
    this.reopen();
    this.wrong = why;
  }

  reopen() {
    this.decided = this.gone = this.asWritten = false;
    this.typing = this.first = this.wrong = "";
  }
}

const plain = (value) => value.replace(/\s/g, "").toUpperCase();

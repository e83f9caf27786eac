// How fields of the record and reasons for doubt are called, and how values are shown to be compared.

import { locale } from "./words.js";

const FIELDS = {
  complainant_name: ["投诉人姓名", "Complainant"], phone: ["电话", "Phone"], email: ["邮箱", "Mail"], id_number: ["身份证号", "ID number"], policy_number: ["保单号", "Policy number"],
  claim_number: ["赔案号", "Claim number"], address: ["地址", "Address"], respondent: ["被投诉机构", "Respondent"], request: ["诉求", "Request"], uscc: ["统一社会信用代码", "Credit code"],
  bank_card: ["银行卡号", "Bank card"], organisation: ["单位名称", "Organisation"], text: ["整封信", "The whole letter"],
};
const WHY = {
  several: ["信里有几个不同的，看不出以哪个为准", "the letter gives different ones"], low_score: ["这一行字迹不清，识读没有把握", "the line is hardly legible"],
  read_differently: ["换一种方式再读，结果不一样", "read again, it came out otherwise"], look_alike: ["有容易混淆的字符（如 0 和 O、1 和 I）", "characters that look alike (0 and O, 1 and I)"],
  no_grammar: ["不是任何已知的编号格式", "no known form of such a number"], check_failed: ["校验位不对，可能读错，也可能写错", "the check digit does not fit"],
  not_a_number_plan: ["信里说是电话，但没有这样的号码", "no telephone number is like this"], unsigned_name: ["信里没说是本人，或落款是别人", "nobody says “I am”, or somebody else signs"],
  corrected_by_us: ["系统改过个别字符，没有校验位可以证明", "characters corrected by us, without proof"], changed: ["与以前信中的不同，请确认是本人要求变更", "differs from the letters before; make sure the sender wants it"],
  nothing_read: ["信上的字没有读出来，请录入", "nothing could be read; please type it"], page_trouble: ["这一页上还有没读出来的内容", "there is more on the page than was read"],
  rare_name: ["姓氏少见，或不像人名", "a rare surname, or no form of a name"], weak_rule: ["信里没说这是谁的地址", "nobody says whose address it is"], unplaced: ["在信纸上找不到它的位置", "no line of the page holds it"],
};

const pick = (table, code) => (table[code] ? table[code][locale() === "zh-CN" ? 0 : 1] : code);

export const fieldName = (name) => pick(FIELDS, name);
export const reasons = (why) => why.map((code) => pick(WHY, code)).join(locale() === "zh-CN" ? "；" : "; ");

/** In groups, as people compare numbers; the words of others as they are. */
export function grouped(name, value) {
  if (name === "phone") return value.replace(/^\+86(1\d{2})(\d{4})(\d{4})$/, "$1 $2 $3").replace(/^\+86(\d{9,11})$/, "0$1");
  if (name === "id_number") return value.replace(/^(\S{6})(\S{8})(\S{4})$/, "$1 $2 $3");
  if (name === "bank_card") return value.replace(/(\S{4})(?=\S)/g, "$1 ");
  return value;
}

export const EXACT = new Set(["phone", "id_number", "policy_number", "claim_number", "uscc", "bank_card", "email"]);

export function day(iso) {
  return new Date(iso).toLocaleDateString(locale(), { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric" });
}

export function moment(iso) {
  const how = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(iso).toLocaleString(locale(), how);
}

/** Today where the insurer is, as a date field wants it. */
export const today = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });

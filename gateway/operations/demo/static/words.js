// The page's own words in Chinese and English. What customers and the gateway say stays as it is.

const ZH = {
  sandbox: "沙盒 · 数据均为虚构", line_down: "连接已断开，正在重连…", time_group: "演示时间", skip_hour: "+1小时", skip_day: "+1天", skip_days: "+3天",
  ahead: "已快进{n}", hours: "{n}小时", days: "{n}天", sides: "各方", side_chat: "微信", side_mail: "邮件", side_staff: "工作人员", other_language: "English",
  title_chat: "客户的微信", title_chat_note: "公众号对话", title_mail: "客户的邮箱", title_mail_note: "写给 tousu@insurer.example", title_staff: "工作人员", title_staff_note: "投诉记录、外发消息、办理",
  people: "微信用户", mailboxes: "邮箱", cases: "投诉", steps: "办理", account: "示例保险投诉", new_person: "＋", new_person_note: "新用户关注公众号", window: "48小时窗口：还可发{n}条", window_shut: "48小时窗口未开", unfollowed: "已取消关注",
  say_hint: "像客户一样说…", send: "发送", voice: "语音", picture: "图片", voice_note: "先在输入框写下说的话，再选：", voice_heard: "语音（微信已转文字）", voice_deaf: "语音（未转文字）",
  picture_sample: "发一张样例单据", picture_choose: "从电脑选择…", follow: "关注", unfollow: "取关", try: "试试", template: "服务通知", subscription: "订阅通知", customer_service: "客服消息", number: "编号", state: "状态", remark: "说明", at: "时间",
  from: "发件人", subject: "主题", mail_hint: "像客户一样写邮件…", attach: "附件…", attach_sample: "样例附件", forged: "冒用他人地址", forged_note: "让 SPF、DKIM、DMARC 验证失败", send_mail: "发送邮件", reply: "回复", reply_to: "回复：{s}", reply_off: "不回复", sent_to: "发给 {s}", got_from: "来自 {s}",
  mail_empty: "还没有邮件。在下面写一封，或点一个例子。", duty_empty: "有紧急情况时，通知会发到这里。", stranger_name: "陌生人", duty_name: "值班人员",
  no_case: "还没有投诉", first: "在左边的微信里说一句，或点“试试”里的例子；也可以写一封邮件。", second: "这里会出现投诉记录：谁、什么事、还缺什么。把鼠标放在某一项上，可以看到出自哪句话。", third: "点“受理”“开始调查”等按钮办理，客户在微信或邮箱里收到消息。用右上角的按钮可以快进时间。", follow_last: "跟随最新", due: "{d}前答复 · 还有{n}天", overdue: "已过期限（{d}）", received: "收到", unattested: "来件未通过验证",
  note: "写给客户的话（理由、方案）", preview: "客户将读到", tell: "通知客户", cancel: "取消", go: "{s}", go_tell: "{s}并通知客户", no_steps: "没有可走的下一步", not_told: "（这一步不通知客户）", needs_note: "这一步须写明理由",
  missing: "还缺", flags: "标记", files: "材料", outgoing: "外发消息", scope_case: "只看本件", scope_all: "看全部", tasks: "待办任务", timeline: "经过", nothing: "暂无", done: "已处理", page: "紧急：请立即联系", open_case: "查看",
  source: "原文", method: "方式", confidence: "把握", also: "另有说法", queued: "已排队", files_n: "附带{n}个文件", amounts: "金额", dates: "日期", attempts: "第{n}次",
};
const EN = {
  sandbox: "Sandbox · all data invented", line_down: "Line lost, trying again…", time_group: "Demo time", skip_hour: "+1 h", skip_day: "+1 day", skip_days: "+3 days",
  ahead: "{n} ahead", hours: "{n} h", days: "{n} d", sides: "Sides", side_chat: "WeChat", side_mail: "Mail", side_staff: "Staff", other_language: "中文",
  title_chat: "A customer's WeChat", title_chat_note: "chat with the account", title_mail: "A customer's mail", title_mail_note: "to tousu@insurer.example", title_staff: "Staff", title_staff_note: "the record, what leaves, what to do",
  people: "WeChat users", mailboxes: "Mailboxes", cases: "Complaints", steps: "Next steps", account: "示例保险投诉 (account)", new_person: "+", new_person_note: "Somebody new follows the account", window: "48 h window: {n} messages left", window_shut: "48 h window not open", unfollowed: "no longer follows",
  say_hint: "Write…", send: "Send", voice: "Voice", picture: "Picture", voice_note: "Write what is spoken into the field, then choose:", voice_heard: "Voice (with recognition)", voice_deaf: "Voice (without)",
  picture_sample: "Send a sample document", picture_choose: "Choose a file…", follow: "Follow", unfollow: "Unfollow", try: "Try", template: "Service notice", subscription: "Subscription notice", customer_service: "customer service", number: "Number", state: "Status", remark: "Note", at: "Time",
  from: "From", subject: "Subject", mail_hint: "Write as a customer…", attach: "Attach…", attach_sample: "Sample file", forged: "Forged sender", forged_note: "SPF, DKIM and DMARC fail", send_mail: "Send mail", reply: "Reply", reply_to: "Reply: {s}", reply_off: "Do not reply", sent_to: "to {s}", got_from: "from {s}",
  mail_empty: "No mail yet. Write one below, or take an example.", duty_empty: "When somebody is in danger, the page arrives here.", stranger_name: "Stranger", duty_name: "On duty",
  no_case: "No complaint yet", first: "Say something in the chat on the left, take one of the examples there, or write a mail.", second: "The record appears here: who, what, and what is missing. Point at a value to see which words it came from.", third: "Move the complaint with the buttons: the customer gets the news in the chat or by mail. The buttons at the top right move the time.", follow_last: "Latest", due: "due {d} · {n} days left", overdue: "overdue since {d}", received: "received", unattested: "sender not verified",
  note: "Words for the customer (reasons, solution)", preview: "The customer will read", tell: "Tell the customer", cancel: "Cancel", go: "{s}", go_tell: "{s} and tell the customer", no_steps: "No further step", not_told: "(the customer is not told of this step)", needs_note: "This step must give its reasons",
  missing: "Missing", flags: "Flags", files: "Files", outgoing: "Outgoing messages", scope_case: "This case", scope_all: "All", tasks: "Tasks", timeline: "Timeline", nothing: "Nothing yet", done: "Done", page: "Urgent: contact at once", open_case: "Open",
  source: "Words", method: "Found by", confidence: "Confidence", also: "Also said", queued: "queued", files_n: "with {n} file(s)", amounts: "Amounts", dates: "Dates", attempts: "attempt {n}",
};

let language = read() || "zh";

export const isEnglish = () => language === "en";
export const locale = () => (isEnglish() ? "en-GB" : "zh-CN");

export function t(key, values = {}) {
  const words = (isEnglish() ? EN : ZH)[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function switchLanguage() {
  language = isEnglish() ? "zh" : "en";
  try { localStorage.setItem("tousu-language", language); } catch { /* a private window keeps nothing */ }
  translatePage();
}

/** Fill everything in the page that carries a key. */
export function translatePage() {
  document.documentElement.lang = isEnglish() ? "en" : "zh-CN";
  for (const each of document.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t);
  for (const [name, attribute] of [["tTitle", "title"], ["tHint", "placeholder"], ["tLabel", "aria-label"], ["tName", "aria-label"]]) {
    const selector = `[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const each of document.querySelectorAll(selector)) {
      each.setAttribute(attribute, t(each.dataset[name]));
      if (attribute === "title") each.setAttribute("aria-label", t(each.dataset[name]));
    }
  }
}

const SHANGHAI = "Asia/Shanghai";

export const day = (iso) => new Date(iso).toLocaleDateString(locale(), { month: "short", day: "numeric", timeZone: SHANGHAI });
export const clock = (iso) => new Date(iso).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: SHANGHAI });
export const moment = (iso) => `${day(iso)} ${clock(iso)}`;
export const weekday = (iso) => new Date(iso).toLocaleDateString(locale(), { weekday: "short", timeZone: SHANGHAI });

function read() {
  try { return localStorage.getItem("tousu-language"); } catch { return null; }
}

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
  no_case: "还没有投诉", first: "在左边的微信里说一句，或点“试试”里的例子；也可以打电话，或写一封邮件。", second: "这里会出现投诉记录：谁、什么事、还缺什么。把鼠标放在某一项上，可以看到出自哪句话。", third: "点“受理”“开始调查”等按钮办理，客户在微信、短信或邮箱里收到消息。用右上角的按钮可以快进时间。", follow_last: "跟随最新", due: "{d}前答复 · 还有{n}天", overdue: "已过期限（{d}）", received: "收到", unattested: "来件未通过验证", unproven_caller: "来电号码未核实",
  note: "写给客户的话（理由、方案）", preview: "客户将读到", tell: "通知客户", cancel: "取消", go: "{s}", go_tell: "{s}并通知客户", no_steps: "没有可走的下一步", not_told: "（这一步不通知客户）", needs_note: "这一步须写明理由",
  missing: "还缺", flags: "标记", files: "材料", outgoing: "外发消息", scope_case: "只看本件", scope_all: "看全部", tasks: "待办任务", timeline: "经过", nothing: "暂无", done: "已处理", page: "紧急：请立即联系", open_case: "查看",
  source: "原文", method: "方式", confidence: "把握", also: "另有说法", queued: "已排队", files_n: "附带{n}个文件", amounts: "金额", dates: "日期", attempts: "第{n}次",
  side_call: "电话", title_call: "客户的电话", title_call_note: "打给投诉热线", to_call: "☎ 电话", to_chat: "微信", callers: "来电人", shelves: "电话与短信", shelf_talk: "通话", shelf_texts: "短信", hotline_name: "投诉热线", withheld: "匿名", withheld_note: "不显示号码", part_landline: "固定电话", part_abroad: "境外平台发不到短信", part_withheld: "收不到回电",
  no_call: "未通话", dialling: "接通中…", in_call: "通话中 {s}", rings: "热线来电…", call: "拨打", pick_up: "接听", machine: "留言机接", hang_up: "挂断", decline: "不接", keypad: "键盘", aloud: "朗读", keys_hint: "按键后稍候，或按 # 结束", keyed: "按键 {s}", speak_hint: "像打电话一样说…", speak: "说", silence: "不说话", sure: "识别把握", sure_note: "语音识别的把握",
  talk_empty: "按绿色按钮拨打热线，或点下面的例子。热线的话会朗读出来。", texts_customer: "还没有短信。", texts_landline: "固定电话收不到短信：进展由热线打电话告知，先核对编号后四位。", texts_abroad: "内地号码收不到境外平台的短信和电话：进展在下次来电时告知，并为工作人员建任务。", texts_withheld: "隐藏号码收不到短信。",
  line_begun: "拨通热线", line_taken: "热线来电，接听", line_machine: "留言机接起", line_silence: "（没有说话）", line_hung_up: "挂断", line_missed: "热线来电，没有接", line_ended: "热线结束通话", line_agent_completed: "工作人员接听，谈完", "line_agent_no-answer": "没有人接听",
  waits_nothing: "…", waits_both: "请说话，或按键", waits_speech: "请说话", waits_keys: "请按键", waits_digits: "{n}位", waits_finish: "以 {k} 结束", waits_record: "嘀——正在录音：请留言，按 {k} 结束", waits_dial: "正在呼叫工作人员 {n}", agent_yes: "工作人员接听", agent_no: "无人接听",
  calls: "通话", call_in: "来电", call_out: "去电", lasted: "{n}秒", recordings: "录音", recorded_message: "留言", recorded_call: "通话录音", recording_of_call: "录音", words_hint: "听完后，把说的话写在这里", words_keep: "保存文字",
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
  no_case: "No complaint yet", first: "Say something in the chat on the left, take one of the examples there, call the hotline, or write a mail.", second: "The record appears here: who, what, and what is missing. Point at a value to see which words it came from.", third: "Move the complaint with the buttons: the customer gets the news in the chat, by text message or by mail. The buttons at the top right move the time.", follow_last: "Latest", due: "due {d} · {n} days left", overdue: "overdue since {d}", received: "received", unattested: "sender not verified", unproven_caller: "caller not verified",
  note: "Words for the customer (reasons, solution)", preview: "The customer will read", tell: "Tell the customer", cancel: "Cancel", go: "{s}", go_tell: "{s} and tell the customer", no_steps: "No further step", not_told: "(the customer is not told of this step)", needs_note: "This step must give its reasons",
  missing: "Missing", flags: "Flags", files: "Files", outgoing: "Outgoing messages", scope_case: "This case", scope_all: "All", tasks: "Tasks", timeline: "Timeline", nothing: "Nothing yet", done: "Done", page: "Urgent: contact at once", open_case: "Open",
  source: "Words", method: "Found by", confidence: "Confidence", also: "Also said", queued: "queued", files_n: "with {n} file(s)", amounts: "Amounts", dates: "Dates", attempts: "attempt {n}",
  side_call: "Phone", title_call: "A customer's telephone", title_call_note: "to the complaints line", to_call: "☎ Phone", to_chat: "WeChat", callers: "Callers", shelves: "Call and messages", shelf_talk: "Call", shelf_texts: "Messages", hotline_name: "Hotline", withheld: "Hidden", withheld_note: "Number withheld", part_landline: "landline", part_abroad: "out of our reach", part_withheld: "cannot be called back",
  no_call: "no call", dialling: "connecting…", in_call: "in a call {s}", rings: "the hotline rings…", call: "Call", pick_up: "Pick up", machine: "Machine", hang_up: "Hang up", decline: "Ignore", keypad: "Keypad", aloud: "Aloud", keys_hint: "Press; wait a moment, or end with #", keyed: "keys {s}", speak_hint: "Say…", speak: "Say", silence: "Say nothing", sure: "Recognition", sure_note: "How sure the recogniser is",
  talk_empty: "Press the green button to call the hotline, or take an example below. What it says is read aloud.", texts_customer: "No messages yet.", texts_landline: "A landline gets no messages: the hotline calls with the news, and asks for the last four digits of the complaint's number.", texts_abroad: "Mainland numbers get neither messages nor calls from abroad: news is told at the next call, and staff have a task.", texts_withheld: "A withheld number gets no messages.",
  line_begun: "calling the hotline", line_taken: "the hotline calls", line_machine: "an answering machine picks up", line_silence: "(says nothing)", line_hung_up: "hung up", line_missed: "the hotline rang, nobody picked up", line_ended: "the hotline ended the call", line_agent_completed: "a person took the call", "line_agent_no-answer": "nobody answered",
  waits_nothing: "…", waits_both: "Speak, or press keys", waits_speech: "Speak", waits_keys: "Press keys", waits_digits: "{n} digits", waits_finish: "end with {k}", waits_record: "Beep: recording. Leave a message, end with {k}", waits_dial: "Ringing a person at {n}", agent_yes: "A person picks up", agent_no: "Nobody answers",
  calls: "Calls", call_in: "In", call_out: "Out", lasted: "{n} s", recordings: "Recordings", recorded_message: "Message left", recorded_call: "The whole call", recording_of_call: "recording", words_hint: "What is said in it", words_keep: "Keep",
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

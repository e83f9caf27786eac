// The page's own words in Chinese and English. What customers and the gateway say stays as it is.

const ZH = {
  sandbox: "沙盒 · 数据均为虚构", line_down: "连接已断开，正在重连…", time_group: "演示时间", skip_hour: "+1小时", skip_day: "+1天", skip_days: "+3天",
  ahead: "已快进{n}", hours: "{n}小时", days: "{n}天", sides: "各方", side_chat: "微信", side_mail: "邮件", side_staff: "工作人员", other_language: "English",
  title_chat: "客户的微信", title_chat_note: "公众号对话", title_mail: "客户的邮箱", title_mail_note: "写给 tousu@insurer.example", title_staff: "工作人员", colleagues: "以某人身份进入工作台", to_complain: "网上投诉", to_progress: "查进度", title_staff_note: "投诉记录、外发消息、办理",
  people: "微信用户", mailboxes: "邮箱", cases: "投诉", steps: "办理", account: "示例保险投诉", new_person: "＋", new_person_note: "新用户关注公众号", window: "48小时窗口：还可发{n}条", window_shut: "48小时窗口未开", unfollowed: "已取消关注",
  say_hint: "像客户一样说…", send: "发送", voice: "语音", picture: "图片", voice_note: "先在输入框写下说的话，再选：", voice_heard: "语音（微信已转文字）", voice_deaf: "语音（未转文字）",
  picture_sample: "发一张样例单据", picture_choose: "从电脑选择…", follow: "关注", unfollow: "取关", try: "试试", template: "服务通知", subscription: "订阅通知", customer_service: "客服消息", number: "编号", state: "状态", remark: "说明", at: "时间",
  from: "发件人", subject: "主题", mail_hint: "像客户一样写邮件…", attach: "附件…", attach_sample: "样例附件", forged: "冒用他人地址", forged_note: "让 SPF、DKIM、DMARC 验证失败", send_mail: "发送邮件", reply: "回复", reply_to: "回复：{s}", reply_off: "不回复", sent_to: "发给 {s}", got_from: "来自 {s}",
  mail_empty: "还没有邮件。在下面写一封，或点一个例子。", duty_empty: "有紧急情况时，通知会发到这里。", stranger_name: "陌生人", duty_name: "值班人员",
  no_case: "还没有投诉", first: "在左边的微信里说一句，或点“试试”里的例子；也可以打电话，写邮件，或寄一封信。", second: "这里会出现投诉记录：谁、什么事、还缺什么。把鼠标放在某一项上，可以看到出自哪句话。", third: "点“受理”“开始调查”等按钮办理，客户在微信、短信、邮箱或信里收到消息。用右上角的按钮可以快进时间。", follow_last: "跟随最新", due: "{d}前答复 · 还有{n}天", overdue: "已过期限（{d}）", received: "收到", unattested: "来件未通过验证", unproven_caller: "来电号码未核实", unproven_writer: "来信人未核实",
  note: "写给客户的话（理由、方案）", preview: "客户将读到", tell: "通知客户", cancel: "取消", go: "{s}", go_tell: "{s}并通知客户", no_steps: "没有可走的下一步", not_told: "（这一步不通知客户）", needs_note: "这一步须写明理由",
  missing: "还缺", flags: "标记", files: "材料", outgoing: "外发消息", scope_case: "只看本件", scope_all: "看全部", tasks: "待办任务", timeline: "经过", nothing: "暂无", done: "已处理", page: "紧急：请立即联系", open_case: "查看",
  source: "原文", method: "方式", confidence: "把握", also: "另有说法", queued: "已排队", files_n: "附带{n}个文件", amounts: "金额", dates: "日期", attempts: "第{n}次",
  side_call: "电话", title_call: "客户的电话", title_call_note: "打给投诉热线", to_call: "☎ 电话", to_chat: "微信", callers: "来电人", shelves: "电话与短信", shelf_talk: "通话", shelf_texts: "短信", hotline_name: "投诉热线", withheld: "匿名", withheld_note: "不显示号码", part_landline: "固定电话", part_abroad: "境外平台发不到短信", part_withheld: "收不到回电",
  no_call: "未通话", dialling: "接通中…", in_call: "通话中 {s}", rings: "热线来电…", call: "拨打", pick_up: "接听", machine: "留言机接", hang_up: "挂断", decline: "不接", keypad: "键盘", aloud: "朗读", keys_hint: "按键后稍候，或按 # 结束", keyed: "按键 {s}", speak_hint: "像打电话一样说…", speak: "说", silence: "不说话", sure: "识别把握", sure_note: "语音识别的把握",
  talk_empty: "按绿色按钮拨打热线，或点下面的例子。热线的话会朗读出来。", texts_customer: "还没有短信。", texts_landline: "固定电话收不到短信：进展由热线打电话告知，先核对编号后四位。", texts_abroad: "内地号码收不到境外平台的短信和电话：进展在下次来电时告知，并为工作人员建任务。", texts_withheld: "隐藏号码收不到短信。",
  line_begun: "拨通热线", line_taken: "热线来电，接听", line_machine: "留言机接起", line_silence: "（没有说话）", line_hung_up: "挂断", line_missed: "热线来电，没有接", line_ended: "热线结束通话", line_agent_completed: "工作人员接听，谈完", "line_agent_no-answer": "没有人接听",
  waits_nothing: "…", waits_both: "请说话，或按键", waits_speech: "请说话", waits_keys: "请按键", waits_digits: "{n}位", waits_finish: "以 {k} 结束", waits_record: "嘀——正在录音：请留言，按 {k} 结束", waits_dial: "正在呼叫工作人员 {n}", agent_yes: "工作人员接听", agent_no: "无人接听",
  calls: "通话", call_in: "来电", call_out: "去电", lasted: "{n}秒", recordings: "录音", recorded_message: "留言", recorded_call: "通话录音", recording_of_call: "录音", words_hint: "听完后，把说的话写在这里", words_keep: "保存文字",
  side_paper: "信件", to_paper: "✉ 信件", to_mail: "邮件", title_paper: "纸质信件", title_paper_note: "收发室扫描", piles: "来信与回信", pile_came: "来信箱", pile_printed: "打印的回信", came_empty: "还没有来信。在下面写一封，或把扫描件（PDF、TIFF、JPEG、PNG、HEIC）拖到这里。", printed_empty: "还没有打印回信。投诉受理，或信中缺东西时，回信会出现在这里。",
  letter_hint: "像客户一样写信…", hand: "写法", scan: "扫描", signed: "签名", id_card: "身份证复印件", invoice: "发票", scan_choose: "扫描件…", drop: "投入信箱", dropping: "扫描中…", came_before: "同一份扫描件已经收过：不重复登记。", no_fonts: "没有安装中文字体 fonts-noto-cjk：不能在这里写信，也不能打印回信；仍可拖入扫描件。",
  lies_there: "在收发室文件夹中，等文件写完…", is_read: "正在识别…", is_read_first: "正在识别…（第一封要先载入识别模型）", unknown_writer: "未写明姓名", pages: "页", pages_n: "{n}页", page_n: "第{n}页", no_pages: "没有能看的页", lines_n: "{n}行", was_turned: "转正{n}°", enlarge: "放大", large: "放大的页", shut: "关闭", score: "识别分", read_as: "另读作", to_verify: "打开核对页",
  doubtful_n: "请对照原件核对（{n}项）", confirm: "以工作人员身份确认", as_written: "客户就是这样写的", type_letter: "识别不出，请照原件打字…", with_slip: "附回执", taken_away: "已被取走", tracking: "单号", do_post: "交寄", it_arrived: "已送达", it_came_back: "退回", answer_slip: "填写回执并寄回", slip_hint: "每行回答一个问题", slip_back: "寄回回执",
};
const EN = {
  sandbox: "Sandbox · all data invented", line_down: "Line lost, trying again…", time_group: "Demo time", skip_hour: "+1 h", skip_day: "+1 day", skip_days: "+3 days",
  ahead: "{n} ahead", hours: "{n} h", days: "{n} d", sides: "Sides", side_chat: "WeChat", side_mail: "Mail", side_staff: "Staff", other_language: "中文",
  title_chat: "A customer's WeChat", title_chat_note: "chat with the account", title_mail: "A customer's mail", title_mail_note: "to tousu@insurer.example", title_staff: "Staff", colleagues: "Enter the console as", to_complain: "Web form", to_progress: "Progress page", title_staff_note: "the record, what leaves, what to do",
  people: "WeChat users", mailboxes: "Mailboxes", cases: "Complaints", steps: "Next steps", account: "示例保险投诉 (account)", new_person: "+", new_person_note: "Somebody new follows the account", window: "48 h window: {n} messages left", window_shut: "48 h window not open", unfollowed: "no longer follows",
  say_hint: "Write…", send: "Send", voice: "Voice", picture: "Picture", voice_note: "Write what is spoken into the field, then choose:", voice_heard: "Voice (with recognition)", voice_deaf: "Voice (without)",
  picture_sample: "Send a sample document", picture_choose: "Choose a file…", follow: "Follow", unfollow: "Unfollow", try: "Try", template: "Service notice", subscription: "Subscription notice", customer_service: "customer service", number: "Number", state: "Status", remark: "Note", at: "Time",
  from: "From", subject: "Subject", mail_hint: "Write as a customer…", attach: "Attach…", attach_sample: "Sample file", forged: "Forged sender", forged_note: "SPF, DKIM and DMARC fail", send_mail: "Send mail", reply: "Reply", reply_to: "Reply: {s}", reply_off: "Do not reply", sent_to: "to {s}", got_from: "from {s}",
  mail_empty: "No mail yet. Write one below, or take an example.", duty_empty: "When somebody is in danger, the page arrives here.", stranger_name: "Stranger", duty_name: "On duty",
  no_case: "No complaint yet", first: "Say something in the chat on the left, take one of the examples there, call the hotline, write a mail, or send a letter.", second: "The record appears here: who, what, and what is missing. Point at a value to see which words it came from.", third: "Move the complaint with the buttons: the customer gets the news in the chat, by text message, by mail or on paper. The buttons at the top right move the time.", follow_last: "Latest", due: "due {d} · {n} days left", overdue: "overdue since {d}", received: "received", unattested: "sender not verified", unproven_caller: "caller not verified", unproven_writer: "writer not verified",
  note: "Words for the customer (reasons, solution)", preview: "The customer will read", tell: "Tell the customer", cancel: "Cancel", go: "{s}", go_tell: "{s} and tell the customer", no_steps: "No further step", not_told: "(the customer is not told of this step)", needs_note: "This step must give its reasons",
  missing: "Missing", flags: "Flags", files: "Files", outgoing: "Outgoing messages", scope_case: "This case", scope_all: "All", tasks: "Tasks", timeline: "Timeline", nothing: "Nothing yet", done: "Done", page: "Urgent: contact at once", open_case: "Open",
  source: "Words", method: "Found by", confidence: "Confidence", also: "Also said", queued: "queued", files_n: "with {n} file(s)", amounts: "Amounts", dates: "Dates", attempts: "attempt {n}",
  side_call: "Phone", title_call: "A customer's telephone", title_call_note: "to the complaints line", to_call: "☎ Phone", to_chat: "WeChat", callers: "Callers", shelves: "Call and messages", shelf_talk: "Call", shelf_texts: "Messages", hotline_name: "Hotline", withheld: "Hidden", withheld_note: "Number withheld", part_landline: "landline", part_abroad: "out of our reach", part_withheld: "cannot be called back",
  no_call: "no call", dialling: "connecting…", in_call: "in a call {s}", rings: "the hotline rings…", call: "Call", pick_up: "Pick up", machine: "Machine", hang_up: "Hang up", decline: "Ignore", keypad: "Keypad", aloud: "Aloud", keys_hint: "Press; wait a moment, or end with #", keyed: "keys {s}", speak_hint: "Say…", speak: "Say", silence: "Say nothing", sure: "Recognition", sure_note: "How sure the recogniser is",
  talk_empty: "Press the green button to call the hotline, or take an example below. What it says is read aloud.", texts_customer: "No messages yet.", texts_landline: "A landline gets no messages: the hotline calls with the news, and asks for the last four digits of the complaint's number.", texts_abroad: "Mainland numbers get neither messages nor calls from abroad: news is told at the next call, and staff have a task.", texts_withheld: "A withheld number gets no messages.",
  line_begun: "calling the hotline", line_taken: "the hotline calls", line_machine: "an answering machine picks up", line_silence: "(says nothing)", line_hung_up: "hung up", line_missed: "the hotline rang, nobody picked up", line_ended: "the hotline ended the call", line_agent_completed: "a person took the call", "line_agent_no-answer": "nobody answered",
  waits_nothing: "…", waits_both: "Speak, or press keys", waits_speech: "Speak", waits_keys: "Press keys", waits_digits: "{n} digits", waits_finish: "end with {k}", waits_record: "Beep: recording. Leave a message, end with {k}", waits_dial: "Ringing a person at {n}", agent_yes: "A person picks up", agent_no: "Nobody answers",
  calls: "Calls", call_in: "In", call_out: "Out", lasted: "{n} s", recordings: "Recordings", recorded_message: "Message left", recorded_call: "The whole call", recording_of_call: "recording", words_hint: "What is said in it", words_keep: "Keep",
  side_paper: "Letters", to_paper: "✉ Letter", to_mail: "Mail", title_paper: "Letters on paper", title_paper_note: "scanned by the mailroom", piles: "Theirs and ours", pile_came: "Letter box", pile_printed: "Printed", came_empty: "No letters yet. Write one below, or drop a scan here (PDF, TIFF, JPEG, PNG, HEIC).", printed_empty: "Nothing printed yet. When a complaint is accepted, or something is missing, our letter appears here.",
  letter_hint: "Write as a customer…", hand: "Hand", scan: "Scan", signed: "Signed", id_card: "ID card copy", invoice: "Invoice", scan_choose: "A scan…", drop: "Drop it", dropping: "Scanning…", came_before: "This very scan came before: it is not counted twice.", no_fonts: "fonts-noto-cjk is not installed: no letter can be written or printed here; scans can still be dropped.",
  lies_there: "In the mailroom's folder, until it is whole…", is_read: "reading…", is_read_first: "reading… (the first letter loads the models)", unknown_writer: "No name given", pages: "Pages", pages_n: "{n} page(s)", page_n: "Page {n}", no_pages: "No page to look at", lines_n: "{n} lines", was_turned: "turned by {n}°", enlarge: "Enlarge", large: "Page, enlarged", shut: "Close", score: "Score", read_as: "Also read as", to_verify: "Open the verification page",
  doubtful_n: "Compare with the paper ({n})", confirm: "Confirm as staff", as_written: "The customer wrote it so", type_letter: "Not read; type what it says…", with_slip: "with a slip", taken_away: "taken away", tracking: "Tracking", do_post: "Post it", it_arrived: "It arrived", it_came_back: "It came back", answer_slip: "Fill in the slip and send it back", slip_hint: "One answer a line", slip_back: "Send the slip",
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

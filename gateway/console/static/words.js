// What scripts say by themselves, in Chinese and English; all other words are in words/letters.toml.

const ZH = {
  unauthorized: "登录已过期，请重新登录。", not_yours: "您的角色没有此项权限。", forged: "页面已过期，请刷新后重试。", line_down: "连不上服务，请稍后再试。", refused: "没有成功（{code}）。", checking: "核对信件",
  remove: "去掉 {name}",
  received_on: "收到日期", postmark: "邮戳日期（可不填）", tracking: "快递单号（可不填）", envelope: "信封扫描件（可不填）", sending: "上传 {n}%", handed: "已交件，正在识读。", handed_n: "已交 {n} 封，正在识读。",
  reading: "识读中：{name}", known: "以前收到过：{name}", long_reading: "还没读完：{name}。若一直不出现，请看隔离区和任务。", pages_n: "{n}页", verify_this: "核对", no_case: "未成件",
  state_doubtful: "待核对", state_clear: "无疑问", state_verified: "已核对", letters_off: "信件渠道没有打开。", too_large: "文件太大。", too_slow: "上传太慢，中断了。", invalid: "填写有误：{where}", not_yet: "日期还没到：{where}", too_long_ago: "日期太早：{where}", busy: "正忙，请稍后再试。",
  lines_unseen: "有整行没读出", ink_unread: "有笔迹没读出", stamped: "盖章压字", faxed: "传真质量", layer_distrusted: "文字层不可信", page_unreadable: "有一页打不开", page_unread: "有一页没读成",
  queue: "待核对 {n} 封", queue_more: "待核对 {n} 封以上", left_hours: "剩{n}小时", left_minutes: "剩{n}分钟", left_days: "剩{n}天", over: "已超时", page_n: "第{n}页",
  checks: "{number} · 要核对的 {done}/{n}", read_as: "识读为", not_read: "没有读出", confirm: "确认", edit: "修改", not_in_letter: "信中没有", candidates: "也可能是",
  type_it: "照信上写的输入", type_again: "再输一次，核对两次是否一样", do_not_agree: "两次不一样，请从头再输。", cancel: "取消", next: "下一项", as_written: "信里就是这样写的", crop: "信纸上的原样：{name}", whole_page: "看信纸整页。", done_gone: "信中没有", done: "已核对", open: "待核对", nothing_to_confirm: "没有可确认的值：选一个候选，按 e 输入，或按 n。",
  text_note: "机器没有读全。照信纸把全文改对；保存后按这份全文重新理解，没有单独核对的项也从中重新读取。", text_confirm: "这就是全文", save: "保存", save_some: "保存已核对的 {done}/{n}", saved: "已保存 {number}", some_left: "已保存，还剩 {n} 项。", nothing_decided: "还没有核对任何一项。", no_case_yet: "这封信还没有成件，无法保存。", decrypting: "正在取信…", no_picture: "没有这一页的图像。",
  closed: "投诉已结案，值不能再改。", not_taken: "值已收下，但没有写进投诉：请看隔离区，或有同事刚改过。", check_failed: "校验位不对：看清楚再确认。", check_digit: "校验位不对。如果信里就是这样写的，请点“信里就是这样写的”。", not_phone: "不是电话号码。", not_email: "不是邮箱地址。", not_id_number: "身份证号里有不该有的字符。", not_policy_number: "保单号里有不该有的字符。", not_claim_number: "赔案号里有不该有的字符。", not_uscc: "信用代码里有不该有的字符。", not_bank_card: "卡号里有不该有的字符。",
  printed: "待寄出", posted: "已寄出", delivered: "已送达", returned: "被退回", every: "全部", ticked: "已选 {n} 封", mark_posted: "标记已寄出", mark_delivered: "标记已送达", mark_returned: "标记被退回", open_pdf: "打开 PDF", open_pdf_of: "打开 {number} 的 PDF", tracking_of: "{number} 的快递单号", tracking_hint: "挂号/快递单号", tick: "选 {number}", moved: "已标记 {n} 封。", moved_some: "标记了 {n} 封，{m} 封没有成功。", printed_at: "{d} 打印", posted_at: "{d} 寄出", ended_at: "{d} 了结", unknown_to: "（收信人不详）",
  kind_answer: "答复", kind_receipt: "受理通知", kind_reminder: "提醒", kind_status: "进展", kind_notice: "通知", kind_copy: "书面副本", not_possible: "从现在的状态不能到这一步", no_such_letter: "没有这封信", damaged: "存档损坏，请找管理员", print_run: "打印寄送",
};
const EN = {
  unauthorized: "You are signed out; please sign in again.", not_yours: "Your roles do not allow this.", forged: "This page has expired; reload it.", line_down: "The service cannot be reached; try again soon.", refused: "Not done ({code}).", checking: "核对信件",
  remove: "Remove {name}",
  received_on: "Received on", postmark: "Postmark (optional)", tracking: "Tracking number (optional)", envelope: "Scan of the envelope (optional)", sending: "Uploading {n}%", handed: "Handed in; being read.", handed_n: "{n} handed in; being read.",
  reading: "Being read: {name}", known: "Came before: {name}", long_reading: "Not read yet: {name}. If it does not appear, look at quarantine and tasks.", pages_n: "{n} p.", verify_this: "Verify", no_case: "no case",
  state_doubtful: "Doubtful", state_clear: "Clear", state_verified: "Verified", letters_off: "Letters are off.", too_large: "Too large.", too_slow: "The upload was too slow and was cut off.", invalid: "Please check: {where}", not_yet: "This day has not come yet: {where}", too_long_ago: "That day is too long ago: {where}", busy: "Busy; try again soon.",
  lines_unseen: "lines not seen", ink_unread: "ink not read", stamped: "stamp over text", faxed: "fax quality", layer_distrusted: "text layer distrusted", page_unreadable: "a page does not open", page_unread: "a page was not read",
  queue: "{n} to verify", queue_more: "more than {n} to verify", left_hours: "{n} h left", left_minutes: "{n} min left", left_days: "{n} d left", over: "overdue", page_n: "Page {n}",
  checks: "{number} · {done}/{n} looked at", read_as: "Read as", not_read: "not read", confirm: "Confirm", edit: "Edit", not_in_letter: "Not in the letter", candidates: "Or it may be",
  type_it: "Type what the letter says", type_again: "Type it again, to see that both agree", do_not_agree: "The two differ; please begin again.", cancel: "Cancel", next: "Next", as_written: "The letter says just that", crop: "As it stands on paper: {name}", whole_page: "See the whole page.", done_gone: "not in the letter", done: "looked at", open: "to do", nothing_to_confirm: "Nothing to confirm: choose one, press e to type, or n.",
  text_note: "Not all was read. Make the text say what the page says; what is not looked at by itself is then read from it.", text_confirm: "This is the whole text", save: "Save", save_some: "Save {done}/{n}", saved: "Saved {number}", some_left: "Saved; {n} left.", nothing_decided: "Nothing is looked at yet.", no_case_yet: "This letter has no case yet and cannot be saved.", decrypting: "Fetching the letter…", no_picture: "No picture of this page.",
  closed: "The complaint is closed; its values stand.", not_taken: "Kept, but the complaint does not have it: see quarantine, or a colleague was faster.", check_failed: "A check digit does not fit: look again.", check_digit: "The check digit does not fit. If the letter says just that, say so.", not_phone: "No telephone number.", not_email: "No mail address.", not_id_number: "Characters that no ID number has.", not_policy_number: "Characters that no policy number has.", not_claim_number: "Characters that no claim number has.", not_uscc: "Characters that no credit code has.", not_bank_card: "Characters that no card number has.",
  printed: "To be posted", posted: "Posted", delivered: "Delivered", returned: "Returned", every: "All", ticked: "{n} ticked", mark_posted: "Mark posted", mark_delivered: "Mark delivered", mark_returned: "Mark returned", open_pdf: "Open PDF", open_pdf_of: "Open the PDF of {number}", tracking_of: "Tracking number of {number}", tracking_hint: "Tracking number", tick: "Tick {number}", moved: "{n} marked.", moved_some: "{n} marked, {m} not.", printed_at: "printed {d}", posted_at: "posted {d}", ended_at: "ended {d}", unknown_to: "(addressee unknown)",
  kind_answer: "Answer", kind_receipt: "Receipt", kind_reminder: "Reminder", kind_status: "News", kind_notice: "Notice", kind_copy: "Copy", not_possible: "not possible from its state", no_such_letter: "no such letter", damaged: "Damaged in storage; call the administrator", print_run: "打印寄送",
};

const language = document.body.dataset.language || "zh";

export const locale = () => (language === "en" ? "en-GB" : "zh-CN");

export function t(key, values = {}) {
  const words = (language === "en" ? EN : ZH)[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// What the gateway's codes are called on the page: [Chinese, English].

import { isEnglish } from "./words.js";

const LABELS = {
  status: {
    RECEIVED: ["已收到", "Received"], REGISTERED: ["已登记", "Registered"], SUPPLEMENT: ["待补充", "To be completed"], ACCEPTED: ["已受理", "Accepted"], NOT_HANDLED: ["不予办理", "Not handled"],
    GRADED: ["已分级", "Graded"], INVESTIGATING: ["调查中", "In progress"], APPRAISAL: ["鉴定中", "In appraisal"], MEDIATION: ["调解中", "In mediation"], SOLUTION: ["协商方案", "Solution offered"],
    DECIDED: ["已决定", "Resolved"], IMPLEMENTING: ["执行中", "Being carried out"], FOLLOW_UP: ["回访中", "Follow-up"], EVALUATED: ["已评价", "Evaluated"], ARCHIVED: ["已办结", "Closed"],
    WITHDRAWN: ["已撤回", "Withdrawn"], REVIEW_REQUESTED: ["申请核查", "Review requested"], REVIEWING: ["核查中", "In review"], REVIEW_DECIDED: ["核查已决定", "Review decided"], REOPENED: ["已重开", "Reopened"],
  },
  step: {
    REGISTERED: ["登记", "Register"], SUPPLEMENT: ["请客户补充", "Ask for more"], ACCEPTED: ["受理", "Accept"], NOT_HANDLED: ["不予办理", "Do not handle"], GRADED: ["分级", "Grade"], INVESTIGATING: ["开始调查", "In progress"],
    APPRAISAL: ["送鉴定", "Send to appraisal"], MEDIATION: ["转调解", "To mediation"], SOLUTION: ["提出方案", "Offer solution"], DECIDED: ["作出决定", "Resolve"], IMPLEMENTING: ["开始执行", "Carry out"], FOLLOW_UP: ["回访", "Follow up"],
    EVALUATED: ["已评价", "Evaluated"], ARCHIVED: ["办结", "Close"], WITHDRAWN: ["按撤回终止", "Withdrawn"], REVIEW_REQUESTED: ["收到核查申请", "Review asked"], REVIEWING: ["开始核查", "Review"], REVIEW_DECIDED: ["核查决定", "Decide review"], REOPENED: ["重新办理", "Reopen"],
  },
  field: {
    complainant_name: ["投诉人", "Complainant"], phone: ["电话", "Phone"], email: ["邮箱", "E-mail"], id_number: ["证件号", "ID number"], policy_number: ["保单号", "Policy"], claim_number: ["赔案号", "Claim"], address: ["地址", "Address"],
    respondent: ["被投诉方", "About whom"], matter: ["事由", "Matter"], reason: ["理由", "Reason"], request: ["诉求", "Request"], organisation: ["单位", "Organisation"], uscc: ["统一信用代码", "USCC"], party_role: ["身份", "Role"],
    product: ["险种", "Product"], category: ["类别", "Category"], category_detail: ["细类", "Detail"], priority: ["优先级", "Priority"], amounts: ["金额（元）", "Amounts (yuan)"], dates: ["日期", "Dates"], contact: ["联系方式", "Contact"], text: ["全文", "Whole letter"],
  },
  category: {
    C01: ["理赔给付", "Claims"], C02: ["销售", "Sales"], C03: ["退保", "Surrender"], C04: ["承保和保费", "Underwriting"], C05: ["保全续期", "Policy service"], C06: ["客户服务", "Service"], C07: ["个人信息", "Personal data"], C08: ["中介和人员", "Agents"], C09: ["条款产品", "Terms"], C10: ["违规反映", "Misconduct"], C99: ["其他", "Other"],
  },
  product: {
    P01: ["机动车辆保险", "Motor"], P0101: ["交强险", "Compulsory motor"], P0102: ["商业车险", "Voluntary motor"], P02: ["财产险", "Property"], P03: ["农业保险", "Agricultural"], P04: ["责任保险", "Liability"], P05: ["保证/信用保险", "Surety"], P06: ["货运/工程/船舶", "Cargo"], P07: ["意外与短期健康", "Accident and health"], P08: ["互联网场景险", "Online cover"], P99: ["财产险其他", "Other property"],
    L01: ["普通人寿", "Life"], L02: ["分红型", "Participating"], L03: ["万能型", "Universal life"], L04: ["投连型", "Unit-linked"], L05: ["年金/养老", "Annuity"], L06: ["疾病保险", "Critical illness"], L07: ["医疗保险", "Medical"], L08: ["意外伤害", "Accident"], L09: ["护理/失能", "Care"], L10: ["团体保险", "Group"], L99: ["人身险其他", "Other life"],
  },
  flag: {
    self_harm: ["自伤言语", "self-harm"], safety: ["人身安全", "safety"], group: ["群体", "group"], disaster: ["灾害", "disaster"], media: ["媒体", "media"], regulator: ["监管", "regulator"], legal_action: ["诉讼", "legal action"], fraud: ["涉嫌欺诈", "fraud"], data_leak: ["信息泄露", "data leak"], elderly: ["老人", "elderly"],
    illness: ["重病", "illness"], disability: ["残疾", "disability"], minor: ["未成年", "minor"], death: ["身故", "death"], repeat: ["重复投诉", "repeat"], agent_surrender: ["代理退保", "surrender agent"], abuse: ["辱骂", "abuse"],
  },
  party_role: { self: ["本人", "self"], agent: ["代办人", "agent"], heir: ["继承人", "heir"], legal_representative: ["法定代理人", "guardian"], organisation: ["单位", "organisation"] },
  file: { waiting: ["取回中", "being fetched"], lost: ["取不回", "lost"] },
  method: { model: ["模型辅助", "a model read along"], rule: ["规则识别", "rule"], answer: ["回答提问", "answer to our question"], sender: ["来件地址", "sender's address"], directory: ["公司已有资料", "insurer's files"], staff: ["人工确认", "confirmed by staff"] },
  channel: { wechat: ["微信", "WeChat"], email: ["邮件", "Mail"], phone: ["电话", "Phone"], letter: ["信件", "Letter"], webhook: ["接口", "Webhook"] },
  parcel: { waiting: ["等待发送", "waiting"], claimed: ["发送中", "sending"], sent: ["已发出", "sent"], delivered: ["已送达", "delivered"], failed: ["失败", "failed"], rerouted: ["已改道", "rerouted"], held: ["暂停", "held"], parked: ["待客户来时", "at next contact"], unreachable: ["无法送达", "unreachable"] },
  kind: { answer: ["回答", "answer"], receipt: ["受理通知", "receipt"], reminder: ["提醒", "reminder"], status: ["进展通知", "status"], notice: ["内部通知", "notice"], copy: ["书面留底", "in writing"], decision: ["处理决定", "decision"] },
  via: { customer_service: ["客服消息", "customer service"], template: ["模板消息", "template"], subscription: ["订阅通知", "subscription"], smtp: ["SMTP", "SMTP"], sms: ["短信", "text message"], voice: ["电话", "call"], call: ["电话", "call"], print: ["打印", "printed"] },
  call: { ringing: ["响铃", "ringing"], "in-progress": ["通话中", "in progress"], completed: ["已结束", "over"], busy: ["占线", "busy"], failed: ["未接通", "failed"], "no-answer": ["无人接", "no answer"], canceled: ["已取消", "cancelled"] },
  role: { officer: ["处理员", "Officer"], supervisor: ["主管", "Supervisor"], clerk: ["柜面员", "Clerk"], mailroom: ["收发员", "Mailroom"], auditor: ["审计员", "Auditor"], admin: ["管理员", "Admin"] },
  task: { clock: ["时限", "Clock"], emergency: ["应急", "Emergency"], handover: ["转人工", "Hand-over"], callback: ["回电", "Call back"], page: ["紧急", "Page"], consult: ["咨询", "Question"], review: ["请查看", "Review"], quarantine: ["隔离件", "Quarantine"], delivery: ["未送达", "Not delivered"], incomplete: ["信息不全", "Incomplete"], verification: ["核对来信", "Verify"] },
  reason: {
    self_harm: ["自伤言语", "self-harm"], safety: ["人身安全", "safety"], group: ["群体情况", "group"], disaster: ["灾害", "disaster"], list_mail_in_thread: ["群发邮件混入", "list mail in thread"], not_solved: ["客户说未解决", "not solved"], not_understood: ["没听懂", "not understood"], question: ["咨询", "question"], unreadable: ["无法读取", "unreadable"], asked_for_person: ["客户要求人工", "asked for a person"], no_answer: ["客户没有回音", "no answer"], asked_enough: ["问过仍缺", "asked enough"],
    told_at_next_contact: ["消息发不到", "out of our reach"], nobody_answered: ["无人接听", "nobody answered"], hung_up: ["说到一半断线", "the line dropped"], fell_silent: ["没有声音了", "fell silent"], message_left: ["留了言", "left a message"], elderly: ["老人来电", "elderly caller"], not_confirmed: ["复述未确认", "not confirmed"], recording_to_hear: ["请听录音", "recording to hear"], recording_written_down: ["录音写出后请看", "recording written down"], cannot_prove: ["不能证明身份", "cannot prove who they are"], answer_withheld: ["未答复", "not answered"],
    letter: ["识别存疑", "values in doubt"], letters_alike: ["与他信相似", "letters alike"], not_by_post: ["信件退回", "post came back"],
    stranger_in_thread: ["陌生人来信", "stranger in the thread"], media_lost: ["文件取不回", "file lost"], withdraw_unknown: ["无法认定撤回", "withdrawal unclear"], not_delivered: ["消息未送达", "not delivered"], misconfigured: ["配置有误", "misconfigured"], second_complaint_began: ["另起投诉，前件未完", "second complaint began"], supplement_to_unknown_case: ["补充材料待认领", "supplement to which case"],
  },
  moment: { heard: ["客户", "Customer"], said: ["答复客户", "Answered"], status: ["状态", "Status"], note: ["备注", "Note"], file: ["文件", "File"], task: ["任务", "Task"], field: ["更正", "Correction"], delivery: ["投递", "Delivery"], call: ["通话", "Call"] },
  page: { letter: ["信", "letter"], slip: ["回执", "slip"], envelope: ["信封", "envelope"], separator: ["分隔页", "separator"], blank: ["空白", "blank"], id_card: ["身份证", "ID card"], invoice: ["发票", "invoice"], policy: ["保单", "policy"], other: ["附件", "enclosure"] },
  warning: { lines_unseen: ["有行未识别", "lines not read"], ink_unread: ["有字迹未识别", "ink not read"], stamped: ["盖章", "stamped"], faxed: ["传真", "fax"], layer_distrusted: ["自带文字不可信", "text layer distrusted"], page_unreadable: ["无法读取", "unreadable"], page_unread: ["未读完", "not read"] },
  mark: { signature: ["有签名", "signed"], seal: ["有印章", "sealed"] },
  scan_state: { clear: ["已识别", "read"], doubtful: ["待核对", "to be checked"], verified: ["已核对", "checked"] },
  post: { printed: ["已打印", "printed"], posted: ["已交寄", "posted"], delivered: ["已送达", "delivered"], returned: ["已退回", "returned"] },
  hand: { print: ["打印", "Printed"], hand: ["手写体", "By hand"], shaky: ["老人手写", "Shaky hand"] },
  scan: { clean: ["清晰", "Clean"], mild: ["一般", "Mild"], medium: ["较差", "Medium"], low_contrast: ["浅淡", "Faint"], stamped: ["盖章、横线", "Stamped"], fax: ["传真", "Fax"], photo: ["手机拍照", "Phone photo"], turned: ["横放", "Turned 90°"], upside_down: ["倒放", "Upside down"], turned_stamped: ["横放、盖章", "Turned, stamped"], filed: ["打孔", "Punched"] },
  why: { changed: ["与以前不同", "differs from before"], several: ["有几个不同的值", "several values"], read_differently: ["再看不一样", "read differently"], look_alike: ["易混字符", "look-alike characters"], no_grammar: ["格式不认识", "unknown form"], check_failed: ["校验位不符", "check digit fails"], not_a_number_plan: ["不是有效号码", "no such number"], unsigned_name: ["无人署名", "nobody signs so"], corrected_by_us: ["与原件字符不同", "differs from the paper"], page_trouble: ["页面未读全", "page not fully read"], rare_name: ["少见的姓名", "rare name"], weak_rule: ["依据不足", "weak evidence"], unplaced: ["原件上找不到", "not found on the page"], nothing_read: ["没有读出文字", "nothing was read"] },
  event: { hung_up: ["客户挂断", "the caller hung up"], connected: ["与工作人员通话", "talked to a person"], resumed: ["接着上次的说", "goes on from the last call"], recording_refused: ["不同意录音", "does not want to be recorded"] },
};

export function label(kind, code) {
  const found = LABELS[kind]?.[code];
  return found ? found[isEnglish() ? 1 : 0] : String(code ?? "");
}

const TONES = {
  intake: ["RECEIVED", "REGISTERED", "SUPPLEMENT"], work: ["ACCEPTED", "GRADED", "INVESTIGATING", "APPRAISAL", "MEDIATION", "SOLUTION", "REVIEWING", "REVIEW_REQUESTED", "REOPENED"],
  done: ["DECIDED", "IMPLEMENTING", "FOLLOW_UP", "EVALUATED", "REVIEW_DECIDED"],
};
const PARCEL_TONES = { waiting: "intake", claimed: "intake", sent: "done", delivered: "done", failed: "bad", held: "bad", rerouted: "intake", parked: "intake" };

export const tone = (status) => `tone-${Object.keys(TONES).find((each) => TONES[each].includes(status)) ?? "still"}`;
export const parcelTone = (state) => `tone-${PARCEL_TONES[state] ?? "still"}`;

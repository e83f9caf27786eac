// Things a customer might say, for those who want to see it work at once. All invented.

export const CHAT = [
  { zh: "一次说完", en: "All in one message", text: "我要投诉。我叫张伟，10月8号在中山医院做了手术，你们以带病投保为由拒赔，可我体检报告都是正常的。保单号P2023440100012345，电话13800138000，要求按合同赔付医疗费36800元。" },
  { zh: "零碎地说", en: "In fragments", text: "你们拒赔我爸的手术费，说是带病投保，太气人了" },
  { zh: "已有保单", en: "Policy on file", text: "我电话13800006666，业务员当初把万能险说成存款卖给我，我要求全额退保退款" },
  { zh: "查进度", en: "Progress", text: "我的投诉到哪一步了" },
  { zh: "补充照片", en: "Add a photo", picture: true },
  { zh: "改电话", en: "Correct phone", text: "改一下电话，13900139000" },
  { zh: "人工", en: "A person", text: "转人工" },
  { zh: "撤回", en: "Withdraw", text: "我要撤回投诉" },
  { zh: "紧急 P0", en: "Danger (P0)", text: "你们再不赔我就不想活了" },
];

export const MAIL = [
  { zh: "信息不全", en: "Incomplete", subject: "投诉", text: "你们的电话客服态度恶劣，10月12日我打电话问保单贷款，客服直接挂断了。" },
  { zh: "补充", en: "The rest", text: "我叫陈静，要求书面道歉。保单号P2022310100054321。", reply: true },
  { zh: "信息齐全", en: "Complete", from: "liu.qiang@post.example", subject: "投诉车险拖延理赔", text: "您好：\n我是刘强，电话13700137000，车牌沪A12345，赔案号C2026310000123456。9月20日追尾事故已定损8600元，材料交齐一个月仍未赔付，打客服只说在流程中。要求三日内支付理赔款8600元并说明原因。\n刘强" },
  { zh: "问进度", en: "Progress", text: "请问我的投诉现在处理到哪一步了？", reply: true },
  { zh: "陌生人插话", en: "A stranger writes in", text: "请把这件投诉的处理情况告诉我。", reply: true, stranger: true },
];

const MATTER = "我要投诉。我叫{name}，十月八号我在中山医院做了手术，你们以带病投保为由拒赔，可是体检报告都正常。我要求按合同赔付医疗费三万六千八百元。";
const PERSON = { zh: "0 人工", en: "0: a person", keys: "0" };
const SILENCE = { zh: "不说话", en: "Silence", silent: true };
const PROGRESS = { zh: "2 查进度", en: "2: progress", keys: "2" };

/** What may be said on the telephone: before the call, which is dialled first, and by what the hotline has asked. */
export const CALL = {
  begin: [
    { zh: "一次说完", en: "All at once", text: MATTER },
    { zh: "零碎地说", en: "In fragments", text: "我要投诉，你们拖着不理赔" },
    PROGRESS,
    { zh: "8 English", en: "8: English", keys: "8" },
    PERSON,
    { zh: "紧急 P0", en: "Danger (P0)", text: "你们再不赔我就不想活了" },
  ],
  record: [
    { zh: "留言", en: "Leave a message", text: "我是{name}，我的理赔材料交了一个月都没有人回复，请尽快给我回电话。" },
    { zh: "# 结束", en: "#: done", keys: "#" },
    SILENCE,
  ],
  stages: [
    { when: /对吗|念的|that right|read out/, lines: [{ zh: "对", en: "Yes", text: "对" }, { zh: "1", en: "1", keys: "1" }, { zh: "改诉求", en: "Another request", text: "不对，我要求的是全额退保" }, PERSON] },
    { when: /哪一项不对|item is wrong/, lines: [{ zh: "姓名不对", en: "The name", text: "姓名是周小敏" }, { zh: "诉求不对", en: "The request", text: "诉求是全额退保" }, PERSON] },
    { when: /要接着说请按1|To go on, press 1/, lines: [{ zh: "1 接着说", en: "1: go on", keys: "1" }, { zh: "2 说别的", en: "2: something else", keys: "2" }, PERSON] },
    { when: /确定请按1|really want to withdraw/, lines: [{ zh: "1 撤回", en: "1: withdraw", keys: "1" }, { zh: "2 不撤回", en: "2: keep it", keys: "2" }] },
    { when: /业务编号后四位|编号不对|your reference number/, lines: [{ zh: "按编号后四位", en: "Key them", keys: "{ending}#" }, { zh: "按错", en: "Wrong ones", keys: "1111#" }] },
    { when: /(?<!业务编号)后四位|last four digits of the/, lines: [{ zh: "按后四位", en: "Key them", keys: "{last_four}" }, { zh: "按错", en: "Wrong ones", keys: "9999" }, PERSON] },
    { when: /十二位投诉编号|your complaint number/, lines: [{ zh: "按编号", en: "Key it", keys: "{number}#" }, { zh: "不记得", en: "Not known", text: "编号我不记得了" }, PERSON] },
    { when: /姓名是？|您的姓名|your name/, lines: [{ zh: "我叫周敏", en: "Name", text: "我叫{name}" }, { zh: "听不清", en: "Unclear", text: "周…嗯", sure: 20 }, SILENCE, PERSON] },
    { when: /保单号|policy number/, lines: [{ zh: "说保单号", en: "Say it", text: "保单号是P2023440100012345" }, { zh: "不知道", en: "Not known", text: "不知道" }, SILENCE, PERSON] },
    { when: /电话号码|telephone number|call back/, lines: [{ zh: "按号码", en: "Key it", keys: "13900139000#" }, { zh: "说号码", en: "Say it", text: "一三九零零一三九零零零" }, PERSON] },
    { when: /怎样解决|诉求是什么|put it right|you ask for/, lines: [{ zh: "要求赔付", en: "Pay the claim", text: "按合同赔付三万六千八百元" }, { zh: "全额退保", en: "Full refund", text: "我要求全额退保" }, { zh: "不知道", en: "Not known", text: "我也不知道" }, PERSON] },
    { when: /什么问题|什么事|went wrong|what happened/, lines: [{ zh: "一次说完", en: "All at once", text: MATTER }, { zh: "零碎地说", en: "In fragments", text: "我要投诉，你们拖着不理赔，材料交了一个月了" }, { zh: "老人", en: "Elderly caller", text: "我今年八十二了，我要投诉，业务员把保险说成存款" }, PROGRESS, { zh: "9 不录音", en: "9: no recording", keys: "9" }, PERSON] },
    { when: /重听请按1|hear it again, press 1\.$/, lines: [{ zh: "1 重听", en: "1: again", keys: "1" }] },
    { when: /没有别的事|If there is nothing else/, lines: [{ zh: "1 重听", en: "1: again", keys: "1" }, { zh: "补充", en: "Add something", text: "补充一下，材料我是九月五号交的" }, PROGRESS, { zh: "没有了", en: "That is all", text: "没有了，谢谢" }] },
  ],
  otherwise: [{ zh: "对", en: "Yes", text: "对" }, { zh: "不对", en: "No", text: "不对" }, { zh: "再说一遍", en: "Again", text: "再说一遍" }, SILENCE, PERSON],
};

const HOME = "通讯地址：江苏省苏州市姑苏区丰收大道185号27幢202室";

/** Letters, and how they are written and scanned. */
export const PAPER = [
  { zh: "完整", en: "Complete", text: `投诉信\n示例保险有限公司：\n    我叫郑秀英，身份证号320508195603200868，保单号PDAA202631010000088123。2026年9月20日我的车追尾受损，已定损8600元，材料交齐一个多月仍未赔付，打客服只说在流程中。\n    我要求三日内支付理赔款8600元，并说明拖延的原因。\n${HOME}\n联系电话：13812345678\n投诉人：郑秀英\n2026年11月10日` },
  { zh: "缺诉求", en: "No request", text: `投诉信\n示例保险有限公司：\n    我叫郑秀英，车险理赔拖了两个月还没有赔，打客服只说在流程中。保单号PDAA202631010000077001。\n${HOME}\n投诉人：郑秀英` },
  { zh: "只有事情", en: "Story only", text: "你们的业务员今年三月上门推销，说是存款，利息比银行高，我母亲才签了字。上个月去银行取钱才知道是保险，提前退要扣一大半。", signed: false },
  { zh: "老人手写", en: "Elderly, by hand", hand: "shaky", text: `示例保险有限公司：\n    我今年七十八岁了，叫林秀英。银行里的人说是存款，叫我签字，回家孩子一看是保险，十年才能取。我看病等钱用，请你们把五万元全部退给我。\n通讯地址：上海市徐汇区丰收大道203号16幢202室\n电话13853900633\n投诉人：林秀英` },
  { zh: "保单号难认", en: "Hard to read", scan: "medium", text: "投诉信\n示例保险有限公司：\n    我叫陈建国，保单号QH8O1I0B2S46O1，电话13912345678。我去年买的医疗险，住院后你们以带病投保为由拒赔，我要求按合同赔付36800元。\n通讯地址：上海市徐汇区漕溪北路88号3单元501室\n投诉人：陈建国" },
  { zh: "横放盖章", en: "Turned, stamped", scan: "turned_stamped", text: `投诉函\n示例保险有限公司：\n    我叫郑秀英，保单号PDAA202631010000088456。车辆被砸，贵公司以资料不全为由三次退件，我要求书面说明理由并赔付维修费18640元。\n${HOME}\n联系电话：13812345678\n投诉人：郑秀英` },
  { zh: "附身份证、发票", en: "With copies", enclosures: ["id_card", "invoice"], text: "投诉信\n示例保险有限公司：\n    我叫朱海燕，身份证号310104199901248674，保单号PDAA202631010000099321。维修发票已附，你们只赔一半，我要求按发票赔付18640.5元。\n通讯地址：上海市徐汇区学士弄33号9幢102室\n联系电话：17787455328\n投诉人：朱海燕" },
];

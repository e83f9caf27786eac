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

#!/usr/bin/env python3
# Copied whole from the common cases: every driver of every gateway plays people by this very code, so it is kept as it
# came, and is neither typed, linted nor formatted here. tests/personas/player.py gives it types.
# mypy: ignore-errors
# ruff: noqa
# fmt: off
"""Plays a persona of personas.jsonl against a bot (rules: answering.md) and compares the record. Standard library only."""
import json
import os
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = "2026-11-23T09:30:00+08:00"   # simulated start of every run

# --------------------------------------------------------------------------- text helpers
ZH = dict(zip("零〇洞一幺么二两三四五六七八九", "000111223456789"))
TRAD = dict(zip("黃儀區國輝賠險絕說屬於責體條動運傷醫療費還這個電話號碼業務員訴寫", "黄仪区国辉赔险绝说属于责体条动运伤医疗费还这个电话号码业务员诉写"))


def nfkc(s):
    return unicodedata.normalize("NFKC", s or "")


def simple(s):
    """Simplified characters, no spaces, upper case: the form in which names and texts are compared."""
    return re.sub(r"\s+", "", "".join(TRAD.get(c, c) for c in nfkc(s))).upper()


def zh_digits(s):
    """Runs of spoken digits become ASCII digits ('幺三九零' -> '1390'); separators inside runs are dropped."""
    s = nfkc(s)

    def run(m):
        t = re.sub(r"[\s,，、-]", "", m.group())
        return "".join(ZH.get(c, c) for c in t)
    return re.sub(r"[零〇洞一幺么二两三四五六七八九0-9](?:[\s,，、-]*[零〇洞一幺么二两三四五六七八九0-9]){3,}", run, s)


def spoken(s):
    back = "零幺二三四五六七八九"
    return "".join(back[int(c)] if c.isdigit() else c for c in s)


def zh_num(n):
    """1..31 -> 一 .. 三十一"""
    d = "零一二三四五六七八九"
    return d[n] if n < 10 else ("" if n < 20 else d[n // 10]) + "十" + (d[n % 10] if n % 10 else "")


def e164(p):
    if not p:
        return None
    p = re.sub(r"[\s-]", "", p)
    if p.startswith("+"):
        return p
    return "+86" + p.lstrip("0")


MOBILE = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}$")
LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}$")


def phone_ok(p):
    p = re.sub(r"[\s-]", "", p)
    if p.startswith("+86"):
        p = p[3:] if MOBILE.match(p[3:]) else "0" + p[3:]
    if p.startswith("+"):
        return bool(re.match(r"\+[1-9]\d{6,14}$", p))
    return bool(MOBILE.match(p) or LANDLINE.match(p))


def id_ok(s):
    if not re.match(r"\d{17}[\dX]$", s):
        return False
    w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[sum(int(c) * k for c, k in zip(s, w)) % 11] == s[17]


def uscc_ok(s):
    a = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if len(s) != 18 or any(c not in a for c in s):
        return False
    n = sum(a.index(c) * pow(3, i, 31) for i, c in enumerate(s[:17]))
    return a[(31 - n % 31) % 31] == s[17]


def text_of(m):
    """The words a message carries ('' for media without words)."""
    if isinstance(m, str):
        return m
    return m.get("content") or m.get("text") or m.get("recognition") or m.get("digits") or m.get("label") or ""


# --------------------------------------------------------------------------- reading the bot (answering.md section 3)
# priority order: a match masks its characters for the fields below it
FIELDS = [
    ("case_number", r"(?:投诉|受理|案件|工单|查询|登记|回执)(?:的)?(?:编号|单号|号码|号)|投诉案号"),
    ("claim_number", r"赔案(?:编)?号|报案(?:编)?号|理赔(?:案件|案)?(?:编)?号|立案号|案件理赔号|赔案"),
    ("policy_number", r"(?:保单|保险单|保险合同|合同)(?:的)?(?:编号|号码|号)|哪(?:张|份|一张|几张)?保单|保单(?!本人|照片|截图|原件|复印件|贷款|状态|利益)"),
    ("phone_last4", r"(?:手机|电话)(?:号|号码)?(?:的)?(?:最)?(?:(?:后|末|尾)(?:四|4|几)位?(?:数字|数)?|尾号)|尾号"),
    ("id_last4", r"(?:身份证|证件)(?:件)?(?:号|号码)?(?:的)?(?:最)?(?:后|末|尾)(?:四|4|六|6|几)位?(?:数字|数)?|(?:最)?(?:后|末)(?:四|4)位(?:数字|数)?"),
    ("uscc", r"统一社会信用代码|信用代码"),
    ("id_number", r"身份证(?:件)?(?:号|号码)?|证件(?:号码|号|类型)?|身份信息"),
    ("email", r"电子邮箱|电子邮件|邮箱(?:地址)?|邮件地址|[Ee]-?mail"),
    ("callback_time", r"(?:方便|合适|接听|回电|联系您?)(?:的|接听|接电话|联系)*(?:时间|时段)|什么(?:时候|时间)方便"),
    ("documents", r"授权(?:委托)?书|委托书|委托手续|继承(?:关系)?(?:的)?(?:证明|公证)?(?:材料|书)?|死亡证明|关系证明|营业执照"),
    ("relation", r"(?:您)?本人(?:就)?是(?:投保人|被保险人)|(?:与|和|跟|是)(?:投保人|被保险人|投诉人|当事人|保单持有人|他|她|老人|逝者)?(?:的)?(?:什么)?关系|(?:是|是不是|是否)(?:您)?(?:保单)?本人|本人(?:投诉)?还是|代(?:他人|别人|家人|为)投诉|投诉人身份|您的身份"),
    ("respondent", r"被投诉(?:的)?(?:人|机构|对象|人员)?(?:姓名|名称)?|投诉(?:的)?对象|哪(?:家|个|一家|一个)(?:机构|公司|分公司|支公司|网点|部门|单位|营业部)|哪(?:位|个|一位)(?:人员|工作人员|业务员|员工|客服|代理人|柜员)|(?:业务员|工作人员|代理人|员工)(?:的)?(?:姓名|名字|工号)|(?:涉及|相关)(?:的)?(?:机构|人员)|机构(?:名称)?|工号"),
    ("people_count", r"多少人|几(?:个|位)人|几位|人数"),
    ("age", r"年龄|年纪|多大(?:岁|年纪)?|高寿"),
    ("org_name", r"(?:单位|企业|公司|机构)(?:的)?(?:名称|全称)"),
    ("name", r"姓名|怎么称呼|如何称呼|怎样称呼|贵姓|(?:您|你)(?:的)?名字|叫什么|尊姓|称呼"),
    ("phone", r"(?:联系|回访|回电|手机|移动)?(?:电话|手机)(?:号码|号)?|联系方式|联系号码|手机号|怎么联系(?:到)?您|如何联系(?:到)?您|回电号码"),
    ("request", r"诉求|(?:您|你)?(?:的)?(?:投诉)?(?:要求|请求)|(?:希望|想要|期望|想|要)(?:我们|我司|公司|保险公司)?(?:怎么|如何|怎样|做|给)?(?:处理|解决|得到|达到)?(?:什么|怎么|如何|怎样)(?:处理|解决|做|结果|帮)?|(?:怎么|如何|怎样)(?:解决|处理)|期望(?:的)?(?:结果|解决|处理)?|(?:解决|处理)(?:方式|方案|意见)|希望的(?:结果|处理)"),
    ("rating", r"评价|评分|打分|满意(?:度|吗|还是)|(?:1|一)\s*[-~到至]\s*(?:5|五)\s*分"),
    ("solved", r"是否(?:已)?(?:得到)?解决|解决了(?:吗|没)"),
    ("safety", r"(?:现在|目前)?(?:是否|还)?(?:安全|有危险)(?:吗|么)?|身边(?:有没有|有|是否有)(?:人|家人|朋友)|(?:一个人|独自)(?:吗|么)|有没有(?:人)?受伤"),
    ("product", r"险种|(?:什么|哪(?:种|类|个|款))(?:保险|险|产品|险种)|(?:保险)?产品(?:名称|类型)?|保险类型"),
    ("amount", r"金额|多少钱|多少元|(?:损失|涉及|扣|赔)(?:了)?多少|款项"),
    ("evidence", r"证据|材料|凭证|截图|照片|图片|相片|录音(?!条款)|附件|单据|资料|上传|拍照|依据"),
    ("reason", r"(?:投诉|不满|认为|您的)?(?:的)?(?:原因|理由)|为什么"),
    ("when", r"什么时候|何时|(?:事情|事故|事件)?(?:发生|具体|出险|事发|投保)?(?:的)?时间|日期|哪(?:一)?天|几号|多久"),
    ("other", r"(?:还有|是否还有|有没有|有无|是否有)(?:其他|别的|什么|其它)?(?:的)?(?:要|需要|内容)?(?:补充|要说|需要|其他|别的)|(?:其他|别的|其它)(?:要|需要)?(?:补充|说明|帮助|问题)|还需要(?:什么|其他|我)|补充(?:说明|内容)?(?:吗|么)"),
    ("region", r"(?:所在)?(?:地区|城市|省份|省市)|哪(?:个)?(?:省|市|城市|里人)|(?:联系|邮寄|通讯)?地址"),
    ("matter", r"投诉(?:的)?(?:内容|事项|问题|情况|事由|事情|原委)|发生了?什么|(?:事情)?(?:的)?经过|(?:主要|基本)?事实|具体(?:情况|问题|内容|说)|详细(?:描述|说明|情况|说|内容)?|什么(?:事|问题|情况)|描述|反映(?:的)?(?:问题|情况|事项)?|遇到(?:了)?(?:的)?(?:什么|问题|情况|哪些)|怎么回事|事情|情况(?:说明)?|问题|(?:开始|(?:提示|滴|嘀|哔)(?:音|声)?(?:响)?(?:之)?后)(?:开始)?(?:说话|说|讲|留言|陈述)|请(?:您)?(?:直接|简单|简要|开始)?(?:说|讲|陈述|留言|吩咐)|(?:可以|能)?(?:为您)?帮(?:到|助)?(?:您|你)|(?:可以|能)为您做|投诉什么"),
]
FIELD_RE = [(n, re.compile(r)) for n, r in FIELDS]
FIELD_NAMES = {n for n, _ in FIELDS} | {"consent", "withdraw_confirm"}

ASK = re.compile(r"请(?!勿|不要|放心|稍|耐心|知悉|保持|注意|您?放心|谅解|您?稍|您?耐心)|吗|么[?]?$|呢|[?]|什么|哪|多少|几[位个号]|如何|怎么|怎样|贵姓|需要您|还需|麻烦|劳烦|能否|可否|方便(?:说|留|提供|告)|是否|有没有|还缺|缺少|还差|待补充|需补充|告诉(?:我|一下)|输入")
NEG = re.compile(r"无需|不需要|不用|请勿|不要|切勿|不必|无须|已由我司掌握|已(?:经)?(?:为您)?(?:收到|记录|记下|登记|核实|保存|获取|更新|修改|改为|补充|了解|受理|提交|转)|我们(?:将|会)|我司(?:将|会)|^(?:将|会)(?:在|于|尽快|通过|由)|(?:专人|客服|工作人员|专员)(?:将|会)|感谢|保护您|如需|如有疑问|仅用于|随时")
OPTIONAL = re.compile(r"如(?:果)?(?:您)?(?:有|方便)|若有|如有|也可(?:以)?|可以(?:直接|继续)?(?:发|上传|补充)|可(?:直接|继续)(?:发|上传|补充)|欢迎|选填|可选|非必填|方便的话")
ALT = re.compile(r"(?:如|若)(?:果)?(?:您)?(?:不|没|忘|无法|记不)|(?:不(?:清楚|记得|知道|方便)|没有|忘记)(?:的话|时|也|可|,?可以)")
LISTHEAD = re.compile(r"以下|如下|下列|:\s*$|:\s*[(]?[1一①]")
MARK = re.compile(r"^\s*[(]?(?:\d{1,2}|[一二三四五六七八九十])[)]?[.、:)\s]?\s*|^\s*[•·*\-①-⑳]\s*")
MARKED = re.compile(r"^\s*(?:[(]?\d{1,2}[.、:)\s]|[(]?[一二三四五六七八九十][、.)]|\d(?=[^\d年月日号点时分])|[•·*\-①-⑳])")
EXAMPLE = re.compile(r"[(](?:例如|比如|如|例|示例|格式)[^)]*[)]|(?:例如|比如|譬如|示例)[:]?[^。;\n!?]*")
COMMAND = re.compile(r"(?:可)?(?:回复|发送|输入|说出?|回答|点击)(?:文字)?[“\"「『'【‘]([^”\"」』'】’]{1,12})[”\"」』'】’]")

CONSENT = re.compile(r"同意")
CONSENT_ASK = re.compile(r"是否同意|同意(?:吗|么|请|按|就)|(?:如|若)(?:果)?(?:您)?同意|请(?:您)?(?:说|回复|回答)[“\"「]?同意|同意[^,。]{0,8}(?:按|请按|回复)|不同意[^,。]{0,8}(?:按|请)|是否(?:接受|允许)|可以录音吗")
CONFIRM = re.compile(r"(?:请|麻烦)(?:您)?(?:再)?(?:核对|确认)|核对(?:一下|以下)|是否(?:正确|无误|属实|准确)|(?:对|正确|没错|准确|是这样|没问题)(?:吗|么)|对不对|是不是这样|确认无误|确认提交|信息无误|(?:正确|无误|没错)(?:请)?(?:按|回复|说)")
WITHDRAW_CONFIRM = re.compile(r"(?:确定|确认|是否|真的)[^。?]{0,6}(?:要)?(?:撤回|撤销|撤诉)|(?:撤回|撤销)[^。?]{0,12}(?:吗|确认|请按|请回复)")
MENU_CUE = re.compile(r"请选择|选择(?:服务|以下)|(?:请)?按\s*[0-9]|拨\s*[0-9]|回复(?:数字|序号|编号|对应)|输入(?:数字|序号)|请问(?:您)?(?:要|想)(?:办理|投诉还是)")
HANDED = re.compile(r"(?:正在|现在|马上|已|已经|立即)(?:为您|帮您|给您)?(?:转|接)(?:接|至|到|给|入|交)?(?:人工|专员|专人|坐席|客服|工作人员)|(?:为您|帮您|给您)转(?:接)?(?:人工|专员|坐席)|转接中|已(?:为您)?(?:通知|安排|联系)[^。]{0,10}(?:专员|专人|人工|工作人员|同事|客服)|(?:人工|专员|专人|工作人员|客服|坐席|同事)[^。,]{0,6}(?:将|会|马上|正在)[^。]{0,14}(?:联系|回电|致电|接待|回复|为您服务|与您)")
OFFER_HUMAN = re.compile(r"(?:需要|是否|要不要|要)[^。?]{0,6}(?:转(?:接)?|找|接通)?人工[^。?]{0,6}(?:吗|么|[?])")
ACCEPTED = re.compile(r"(?:已|已经|成功)(?:为您)?(?:受理|登记|提交|接收|建立|生成|立案)|(?:受理|提交|登记)成功|【收到】|已收到您的投诉|投诉已")
WITHDRAWN = re.compile(r"(?:已|成功)(?:为您)?(?:撤回|撤销|终止)|撤回(?:成功|申请已)|(?:程序|处理)[^。]{0,6}终止")
BYE = re.compile(r"再见|祝您|感谢您的来电|通话结束|结束(?:本次)?(?:通话|服务)")
REPROMPT = re.compile(r"重新(?:输入|说|提供|回答|描述)|请再(?:说|输入|讲|试|提供)|没(?:有)?(?:听清|听到|听明白|理解|识别|收到您的回答)|未(?:能)?(?:识别|听清)|不(?:太)?明白您|格式(?:不正确|有误|错误)")
SURE = re.compile(r"(?:对|正确|没错|准确)(?:吗|么)|是否(?:正确|无误|属实|准确)|无误|对不对")
EVASIVE = re.compile(r"再说一遍|没听清|不知道|不晓得|不清楚|不懂|随便|自己查|就这些|人工|不说|不想说|匿名|没有要投诉|不会|记不到|就是试试")
CASE_NO = re.compile(r"(?:编号|单号|案号|受理号|投诉号|查询码|查询号)[^0-9A-Za-z]{0,6}([A-Za-z]{0,6}[-]?\d[0-9A-Za-z-]{3,30})|(?<![A-Za-z0-9])((?:TS|CP|CASE|C|GD|T|IC|CN)-?\d{6,}[0-9-]*)(?![A-Za-z0-9])")
NONHARD = {"evidence", "other", "rating", "solved", "callback_time", "documents", "region"}


def strip_bot(text):
    t = nfkc(text)                 # also ，->, ：->: ？->? （->( ；->;
    t = EXAMPLE.sub("", t)
    return COMMAND.sub("", t)


def find_fields(clause):
    """[(position, field, end)] in text order; specific fields mask the general ones."""
    t, out = clause, []
    for name, rx in FIELD_RE:
        for m in rx.finditer(t):
            if m.end() > m.start():
                out.append((m.start(), name, m.end()))
        t = rx.sub(lambda m: "\x00" * len(m.group()), t)
    out.sort()
    return out


def asked_fields(text):
    """Ordered list of groups. A group is {'fields': [alternatives, best first], 'optional': bool}."""
    t = strip_bot(text)
    groups, listing = [], False
    for seg in re.split(r"(?<=[。!?;\n])", t):
        body = seg.strip()
        if not body:
            continue
        marked = bool(MARKED.match(body))
        # a number between 1 and 99 with a full stop starts an item inside one line: "请补充:1.姓名 2.电话"
        clauses = re.split(r",|(?<=[^\d])(?=\d{1,2}[.、)](?!\d))", body)
        live = [c for c in clauses if c.strip() and not NEG.search(c)]
        joined = ",".join(live)
        is_ask = bool(ASK.search(joined)) or bool(joined and CONFIRM.search(joined)) or (OPTIONAL.search(joined) is not None)
        if not is_ask and listing and (marked or len(body) <= 16):
            is_ask = True
        elif not is_ask and listing:
            listing = False
        if not is_ask:
            continue
        if LISTHEAD.search(body):
            listing = True
        for c in live:
            opt = bool(OPTIONAL.search(c))
            alt = bool(ALT.search(c))
            prev_end = None
            fs = find_fields(c)
            for pos, name, end in fs:
                between = c[prev_end:pos] if prev_end is not None else None
                if groups and (alt or (between is not None and len(between) <= 8 and re.search(r"或|/|任一", between))):
                    if name not in groups[-1]["fields"]:
                        groups[-1]["fields"].append(name)
                elif not any(name in g["fields"] for g in groups):
                    groups.append({"fields": [name], "optional": opt and name not in ("matter", "request", "name", "phone")})
                prev_end = end
    names = [g["fields"][0] for g in groups]
    # 'what is wrong' words next to a specific question are part of that question
    if "matter" in names and len(names) > 1:
        g = next(g for g in groups if g["fields"][0] == "matter")
        weak = not re.search(
            r"投诉(?:的)?(?:内容|事项|问题|情况|事由|原委|什么)|发生|经过|事实|描述|反映|遇到|怎么回事|具体|详细|什么(?:事|问题|情况)|情况|帮(?:到|助)?您", t)
        if weak:
            groups.remove(g)
    return groups


def menu_digit(text, goal):
    t = nfkc(text)
    words = {"complaint": r"投诉|反映问题|意见", "progress": r"进度|查询|进展", "human": r"人工|坐席|客服(?!热线)", "withdraw": r"撤回|撤销",
             "supplement": r"补充|材料", "agree": r"(?<!不)同意|接受", "refuse": r"不同意|拒绝", "yes": r"(?<!不)(?:正确|无误|没错|是|对|确认|提交)", "no": r"不正确|不对|有误|重新|修改|错误|否"}[goal]
    for rx in (r"(?:%s)[^,。;\n\d]{0,8}?(?:请)?(?:按|拨|回复|输入|选择?)\D{0,3}([0-9])",
               r"(?:按|拨|回复|输入)\s*\D{0,2}([0-9])\D{0,4}?(?:%s)",
               r"(?:^|[\s,;:。])[\[(]?([0-9])[\])]?\s*[.、:)\s]\s*[^,。;\n\d]{0,6}?(?:%s)"):
        m = re.search(rx % words, t, re.M)
        if m:
            return m.group(1)
    return None


def analyse(text, ctx=None):
    """What kind of bot text this is: dict(kind, groups, fields, case_numbers)."""
    ctx = ctx or {}
    t = nfkc(text)
    groups = asked_fields(text)
    fields = [g["fields"][0] for g in groups]
    hard = [g for g in groups if not g["optional"] and g["fields"][0] not in NONHARD]
    if ctx.get("dial"):
        kind = "handed"
    elif CONSENT.search(t) and CONSENT_ASK.search(t) or re.search(r"可以录音吗", t):
        kind = "consent"
    elif WITHDRAW_CONFIRM.search(t) and not WITHDRAWN.search(t):
        kind = "withdraw_confirm"
    elif REPROMPT.search(t) and not groups and not SURE.search(t):
        kind = "reprompt"
    elif CONFIRM.search(t) and not re.search(r"请(?:您)?(?:再)?确认(?:一下)?(?:您)?的?(?:姓名|手机|电话|保单)[^::]{0,6}[?是]", t):
        kind = "confirm"
    elif HANDED.search(t) and not hard:
        kind = "handed"
    elif OFFER_HUMAN.search(t) and not hard:
        kind = "offer_human"
    elif MENU_CUE.search(t) and (len(set(re.findall(r"(?:按|拨|回复)\s*([0-9])|(?:^|\n|\s)([0-9])[.、:)]", t))) >= 2 and not hard
                                 or re.search(r"请选择", t)):
        kind = "menu"
    elif groups:
        kind = "ask"
    elif WITHDRAWN.search(t):
        kind = "withdrawn"
    elif ACCEPTED.search(t) or (CASE_NO.search(t) and not ASK.search(strip_bot(t))):
        kind = "accepted"
    elif ctx.get("hangup") or BYE.search(t):
        kind = "bye"
    elif ASK.search(strip_bot(t)) and not NEG.search(strip_bot(t)):
        kind = "unknown_ask"
    else:
        kind = "statement"
    nums = [a or b for a, b in CASE_NO.findall(t)]
    return dict(kind=kind, groups=groups, fields=fields, hard=hard, accepted=bool(ACCEPTED.search(t) or nums), case_numbers=nums)


# --------------------------------------------------------------------------- the persona
class Persona:
    MAX_SAME = 4           # the fourth ask for the same field ends the dialogue

    def __init__(self, obj, case_refs=None):
        self.o = obj
        self.facts, self.style, self.script = obj["facts"], obj["style"], obj.get("script", {})
        self.channel = obj["channel"]
        self.goal = self.script.get("goal", "complaint")
        self.refs = dict(case_refs or {})     # {"CASE": "...", "OTHER_CASE": "..."} given by the driver after set-up
        self.asked = {}                       # field -> times asked
        self.asked_again = []                 # fields asked although already disclosed
        self.disclosed = {}                   # field -> last value
        self.sent, self.case_numbers = [], []
        self.turns = self.confirms = self.answers_sent = 0
        self.over = False
        self.gave_up = None
        self.last_groups = None
        self.fired, self.once = set(), set()
        self.queue = []
        self.evidence_left = len(self.facts.get("evidence") or []) - self.script.get("evidence_sent", 0)
        self.after_i = 0

    # ---- what the person starts with
    def opening(self):
        items = [self._fill(m) for m in self.o["opening"]]
        if self.channel == "phone":
            first = [m for m in items if isinstance(m, dict) and m.get("type") == "event"]
            self.queue = [m for m in items if m not in first]
            items = first
        for f in self.script.get("opening_gives", []):
            if self.channel == "wechat":
                self.disclosed[f] = self.facts.get(f)
        for m in items:
            self._note(m)
        return items

    # ---- one bot text in, the person's messages out; [] = listens on, None = done
    def answer(self, bot_text, ctx=None):
        ctx = ctx or {}
        if self.over:
            return None
        self.turns += 1
        a = analyse(bot_text, ctx)
        for n in a["case_numbers"]:
            if n not in self.case_numbers and n not in (self.facts.get("policy_number"), self.facts.get("claim_number")):
                self.case_numbers.append(n)
                self.refs.setdefault("CASE", n)
        if self.script.get("silent"):
            if a["kind"] in ("bye", "handed") or ctx.get("hangup") or self.turns > 6:
                self.over = True
                return None
            return [{"type": "silence"}]
        if self.turns > 2 * self.o["expect"]["max_turns"] + 4 or self.answers_sent >= self.script.get("max_answers", 99):
            self.over = True
            return None
        first_prompt = self.turns == 1 and self.style.get("at_first_prompt") and self.queue
        if first_prompt:
            return self._send([self._pop()])
        hit = self._interrupt(a)
        if hit is not None:
            msgs = [self._fill(m) for m in hit["send"]]
            if "goal" in hit:
                self.goal = hit["goal"]
            for f in hit.get("gives", []):
                self.disclosed[f] = self.facts.get(f)
            if hit.get("then") == "stop":
                self._send(msgs)
                self.over = True
                return msgs
            if hit.get("then") == "answer":
                if ctx.get("hangup"):
                    return self._send(msgs)
                for k in ("groups", "hard"):             # what was just given is not said a second time
                    a[k] = [g for g in a[k] if g["fields"][0] not in hit.get("gives", [])]
                more = [] if a["kind"] == "ask" and not a["groups"] else self._rule(a, bot_text, ctx)
                return self._send(msgs + (more or []))
            return self._send(msgs)
        if ctx.get("hangup"):
            self.over = True
            return None
        if self.queue and a["kind"] not in ("consent", "menu", "confirm", "handed", "bye", "withdraw_confirm"):
            seen = a["groups"] or (self.last_groups or [] if a["kind"] == "reprompt" else [])
            if not seen or any(g["fields"][0] in ("matter", "reason", "other") for g in seen):
                self.last_groups = a["groups"] or self.last_groups
                for g in a["groups"]:
                    self.asked[g["fields"][0]] = self.asked.get(g["fields"][0], 0) + 1
                return self._send([self._pop()])
        out = self._rule(a, bot_text, ctx)
        if out is None:
            late = self._interrupt(a, done=True)
            if late is not None:
                if "goal" in late:
                    self.goal = late["goal"]
                for f in late.get("gives", []):
                    self.disclosed[f] = self.facts.get(f)
                msgs = self._send([self._fill(m) for m in late["send"]])
                self.over = late.get("then") == "stop"
                return msgs
            self.over = True
            return None
        return self._send(out)

    # ---- steps after the main dialogue; the driver calls this until it returns None
    def later(self):
        steps = self.script.get("after", [])
        while self.after_i < len(steps):
            s = steps[self.after_i]
            self.after_i += 1
            if s.get("if_unasked") and self.asked.get(s["if_unasked"]):
                continue
            if s.get("if_unsaid") and any(s["if_unsaid"] in text_of(m) for m in self.sent):
                continue
            self.over = False
            self.queue = []
            if "goal" in s:
                self.goal = s["goal"]
            r = dict(s)
            if "send" in s:
                r["send"] = self._send([self._fill(m) for m in s["send"]])
            return r
        return None

    # ---- inner part
    def _fill(self, m):
        def sub(t):
            for k, v in list(self.refs.items()):
                t = (t.replace("{%s_SPOKEN}" % k, spoken(v)).replace("{%s_DIGITS}" % k, re.sub(r"\D", "", v)).replace("{%s}" % k, v))
            return t
        if isinstance(m, str):
            return sub(m)
        return {k: sub(v) if isinstance(v, str) else v for k, v in m.items()}

    def _pop(self):
        m = self.queue.pop(0)
        if not self.queue:
            for f in self.script.get("opening_gives", []):
                self.disclosed[f] = self.facts.get(f)
        return m

    def _note(self, m):
        self.sent.append(m)
        t = simple(zh_digits(text_of(m)))
        for f in ("name", "phone", "policy_number", "claim_number", "agent_name"):
            v = self.facts.get(f)
            if v and simple(v) in t:
                self.disclosed[f] = v

    def _send(self, msgs):
        if self.channel == "phone" and len(msgs) > 1 and all(isinstance(m, str) for m in msgs):
            msgs = ["。".join(msgs)]                  # one prompt, one utterance
        for m in msgs:
            self._note(m)
        if msgs:
            self.answers_sent += 1
        return msgs

    def _interrupt(self, a, done=False):
        for i, it in enumerate(self.script.get("interrupts", [])):
            if i in self.fired:
                continue
            on = it["on"]
            hit = (on == "turn" and self.turns >= it.get("n", 1) and (self.turns == it.get("n", 1) or not done)
                   or on == "ask" and it["field"] in a["fields"]
                   or on == "given" and it["field"] in self.disclosed
                   or on == "confirm" and a["kind"] == "confirm" and self.confirms + 1 >= it.get("n", 1)
                   or done and it.get("or_done", True))
            if hit and it.get("once") in self.once:
                self.fired.add(i)
                continue
            if hit and not (on == "turn" and not done and a["kind"] in ("handed", "bye") and it.get("then") != "stop"):
                self.fired.add(i)
                self.once.add(it.get("once", i))
                if on == "confirm":
                    self.confirms += 1
                return it
        return None

    def _digits_only(self, bot_text, ctx):
        g = ctx.get("gather")
        if g:
            return g == ["dtmf"]
        t = nfkc(bot_text)
        return self.channel == "phone" and bool(re.search(r"按(?:键)?\s*[0-9#*]|按键|井号", t)) and not re.search(r"说|讲|语音|同意", t)

    def _choice(self, word, goal, bot_text, ctx):
        d = menu_digit(bot_text, goal)
        if self.channel == "phone":
            if d and (self.style.get("keys") == "always" or self._digits_only(bot_text, ctx)):
                return {"type": "dtmf", "digits": d}
            return word
        return d if d else word

    def _say(self, text):
        if self.style.get("voice") and self.channel == "wechat" and isinstance(text, str):
            return {"type": "voice", "media_id": "VOI_%s_a%d" % (self.o["id"], self.answers_sent), "format": "amr", "recognition": text}
        return text

    def _value(self, field):
        """(known, list of messages) for one asked field, counting the ask."""
        n = self.asked[field] = self.asked.get(field, 0) + 1
        if field in self.disclosed and self.disclosed[field] is not None and n == 1 and field not in NONHARD:
            self.asked_again.append(field)
        lst = self.script.get("answers", {}).get(field)
        v = lst[min(n, len(lst)) - 1] if lst else None
        if v is not None:
            full = v if isinstance(v, list) else [v]
            words = "" if isinstance(full[0], dict) and full[0].get("type") == "dtmf" else text_of(full[0])
            if field == "phone":
                if re.search(r"就是|就打", words):
                    self.disclosed["phone"] = self.facts.get("phone")
            elif field not in ("name", "policy_number", "claim_number") and words and not EVASIVE.search(words):
                self.disclosed[field] = self.facts.get(field) or words
            return True, [self._fill(m) for m in full]
        f = self.facts
        unknown = self.style.get("unknown", "不知道")
        if field == "evidence":
            left = (f.get("evidence") or [])
            sent = self.script.get("evidence_sent", 0)
            left = left[sent:] if self.evidence_left > 0 else []
            if not left or self.channel == "phone":
                return False, [self.style.get("none", "没有了") if self.channel == "wechat" else "没有，电话里发不了"]
            self.evidence_left = 0
            kinds = {"photo": "image"}
            return True, [{"type": kinds.get(k, k), "media_id": "EV_%s_%d" % (self.o["id"], i)} for i, k in enumerate(left)]
        if field == "case_number":
            c = (self.refs.get("CASE") or self.refs.get("OTHER_CASE")) if self.goal != "complaint" else None
            return bool(c), [c or unknown]
        if field == "documents":
            return f.get("documents") is not None, ["这两天补给你们" if f.get("documents") else "没有，是我本人"]
        if field in ("other", "solved"):
            return True, [self.style.get("none", "没有了") if field == "other" else "还不知道"]
        if field == "rating":
            return True, ["3"]
        if field == "callback_time":
            return True, ["都可以"]
        if field == "safety":
            return True, ["我没事"]
        if field == "people_count":
            return True, ["就我一个"]
        if field == "org_name":
            return ("uscc" in f), [f["name"] if "uscc" in f else "个人投诉"]
        if field == "phone_last4":
            p = f.get("phone")
            return bool(p), [p[-4:] if p else unknown]
        if field == "id_number":
            v = f.get("id_number")
            return (True, [v]) if v else (False, ["身份证后四位%s" % f["id_last4"] if f.get("id_last4") else "不方便发身份证号"])
        if field == "region":
            return False, [f.get("respondent") or unknown]
        if field == "relation":
            return True, [f.get("relation", "本人")]
        v = f.get(field)
        if v in (None, ""):
            return False, [unknown]
        self.disclosed[field] = v
        return True, [v]

    def _known(self, field):
        if self.script.get("answers", {}).get(field):
            return True
        if field in ("evidence", "other", "relation", "callback_time", "rating", "safety"):
            return True
        if field == "phone_last4":
            return bool(self.facts.get("phone"))
        if field == "case_number":
            return self.goal != "complaint" and bool(self.refs)
        return self.facts.get(field) not in (None, "")

    def _mismatch(self, bot_text):
        """First fact that a read-back shows wrongly: (field, right value) or None."""
        t = zh_digits(bot_text)
        ph = self.facts.get("phone")
        if ph:
            for m in re.finditer(r"(?<!\d)(1\d{10}|1\d{2}[*xX]{4}\d{4})(?!\d)", t):
                g = m.group()
                ok = all(x == y or x in "*xX" for x, y in zip(g, re.sub(r"^\+86", "", ph)))
                if not ok and not ("*" in g and g[-4:] == ph[-4:]):
                    return "phone", ph
        for f, rx in (("name", r"(?:姓名|投诉人|称呼)\s*[:是为]\s*([\u4e00-\u9fff]{2,20})"), ("policy_number", r"保单(?:号|号码)\s*[:是为]\s*([0-9A-Za-z*]{6,})"),
                      ("claim_number", r"(?:赔案|报案)(?:号|号码)\s*[:是为]\s*([0-9A-Za-z*]{6,})")):
            v = self.facts.get(f)
            m = re.search(rx, t)
            if v and m and "*" not in m.group(1):
                a, b = simple(m.group(1)), simple(v)
                names = [b, simple(self.facts.get("agent_name", "")), simple(self.facts.get("contact_name", ""))]
                if not any(n and (a.startswith(n) or n.startswith(a) and f != "name") for n in names):
                    return f, v
        return None

    def _rule(self, a, bot_text, ctx):
        kind = a["kind"]
        if kind == "consent":
            self.asked["consent"] = self.asked.get("consent", 0) + 1
            lst = self.script.get("answers", {}).get("consent")
            self.disclosed["consent"] = not lst
            if lst:
                return [self._choice(lst[min(self.asked["consent"], len(lst)) - 1], "refuse", bot_text, ctx)]
            return [self._choice("同意", "agree", bot_text, ctx)]
        if kind == "withdraw_confirm":
            w = self.script.get("answers", {}).get("withdraw_confirm", ["确认撤回"])[0] if self.goal == "withdraw" else "不撤回，继续投诉"
            return [self._choice(w, "yes" if self.goal == "withdraw" else "no", bot_text, ctx)]
        if kind == "confirm":
            self.confirms += 1
            bad = self._mismatch(bot_text)
            if bad and self.confirms <= 4:
                label = {"phone": "电话", "name": "姓名", "policy_number": "保单号", "claim_number": "赔案号"}[bad[0]]
                self.disclosed[bad[0]] = bad[1]
                return ["不对，%s是%s" % (label, bad[1])]
            yes = self._choice(self.style.get("yes", "对"), "yes", bot_text, ctx)
            m = re.search(r"(?:并|同时|另外|还)[^。]{0,4}(?:补充|提供|缺|需)|请(?:您)?补充", nfkc(bot_text))
            if m:                                        # a read-back that also asks for something new
                more = [g for g in asked_fields("请提供" + nfkc(bot_text)[m.start():]) if g["fields"][0] not in self.disclosed]
                if more:
                    return [yes] + (self._answer_groups(dict(a, groups=more, hard=more, accepted=False), bot_text, ctx) or [])
            return [yes]
        if kind == "handed":
            return None
        if kind == "offer_human":
            return ["要" if self.goal == "human" else "不用，你帮我记一下"]
        if kind == "menu":
            goal = "complaint" if self.goal == "none" else self.goal
            if goal == "none":
                return [self.script.get("fallback", "没事")]
            word = {"complaint": "投诉", "progress": "查询进度", "human": "人工", "withdraw": "撤回投诉", "supplement": "补充材料"}[goal]
            return [self._choice(word, goal, bot_text, ctx)]
        if kind == "reprompt" and self.last_groups:
            return self._answer_groups(dict(a, groups=self.last_groups, hard=self.last_groups, accepted=False), bot_text, ctx)
        if kind == "ask":
            self.last_groups = a["groups"]
            return self._answer_groups(a, bot_text, ctx)
        if kind in ("withdrawn", "bye"):
            return None
        if kind == "accepted":
            return None
        if kind in ("unknown_ask", "reprompt"):
            n = self.asked["?"] = self.asked.get("?", 0) + 1
            if n > self.MAX_SAME:
                self.gave_up = "?"
                return None
            if self.goal == "human" and "fallback_msg" in self.script:
                return [self.script["fallback_msg"]]
            return [self._say(self.script.get("fallback") or ("我不太明白" if n == 1 else self.style.get("unknown", "不知道")))]
        if self.goal == "progress" and re.search(r"处理|受理|核实|登记|调查|进度|未查询到|无法", bot_text):
            return None
        return []                                        # a statement: listen on

    def _answer_groups(self, a, bot_text, ctx):
        groups = a["groups"]
        must = [g for g in groups if not g["optional"]]
        if a["accepted"] and not a["hard"]:              # accepted; only optional offers follow
            if any(g["fields"][0] == "evidence" for g in groups) and self.evidence_left > 0 and self.channel == "wechat" and not self.script.get("answers", {}).get("evidence"):
                return self._value("evidence")[1]
            if any(g["fields"][0] in ("rating", "solved") for g in groups):
                groups = [g for g in groups if g["fields"][0] in ("rating", "solved")]
            else:
                return None
        if self.goal == "human" and not self.script.get("answers"):
            self.asked["?"] = self.asked.get("?", 0) + 1
            if self.asked["?"] > self.MAX_SAME:
                self.gave_up = "?"
                return None
            return [self.script.get("fallback_msg") or "转人工"]
        if must and len(must) < len(groups):             # optional things are answered only when they can be
            groups = [g for g in groups if not g["optional"] or g["fields"][0] == "evidence" and self.evidence_left > 0]
        if self.style.get("multi") == "first_only":
            groups = groups[:1]
        texts, media = [], []
        for g in groups:
            f = next((x for x in g["fields"] if self._known(x)), g["fields"][0])
            if self.asked.get(f, 0) >= self.MAX_SAME:
                self.gave_up = f
                return None
            _, msgs = self._value(f)
            for m in msgs:
                if isinstance(m, str):
                    if len(groups) > 1:
                        lab = {"policy_number": "保单号", "claim_number": "赔案号", "id_last4": "身份证后四位", "phone_last4": "手机尾号"}.get(f)
                        if lab and self.facts.get(f) == m:
                            m = lab + m
                        elif not self._known(f):
                            m = {"policy_number": "保单号", "claim_number": "赔案号", "amount": "金额", "when": "时间", "email": "邮箱", "product": "险种"}.get(f, "") + m
                    texts.append((f, m))
                else:
                    media.append(m)
        out = []
        if texts:
            if self.channel == "phone" and len(texts) == 1 and (self._digits_only(bot_text, ctx) or self.style.get("keys") == "always"):
                d = re.sub(r"\D", "", zh_digits(texts[0][1]))
                f = texts[0][0]
                if d and f in ("phone", "policy_number", "claim_number", "case_number", "id_last4", "phone_last4", "rating") and re.fullmatch(r"[\d#]+", zh_digits(texts[0][1])):
                    return media + [{"type": "dtmf", "digits": d + "#"}]
            if self.style.get("multi") == "separate":
                out = [self._say(t) for _, t in texts]
            else:
                uniq = list(dict.fromkeys(t for _, t in texts))
                out = [self._say("，".join(uniq))]
        return out + media


# --------------------------------------------------------------------------- judging helpers (answering.md section 7)
HARD = ("complainant_name", "contact", "matter", "request")


def expected_missing(p):
    """Hard fields that the person never disclosed in this run."""
    gone = []
    if not (p.disclosed.get("name")):
        gone.append("complainant_name")
    contact = p.channel == "wechat" or p.disclosed.get("phone")
    if p.channel == "phone":
        frm = next((m.get("from") for m in p.o["opening"] if isinstance(m, dict) and m.get("event") == "call"), "")
        contact = contact or str(frm).startswith("+") and frm != "+266696687"
    if not contact:
        gone.append("contact")
    if "matter" not in p.disclosed:
        gone.append("matter")
    if "request" not in p.disclosed:
        gone.append("request")
    return gone


def said(p, key, want):
    """Was the expected value said in this run? Product, amounts, dates and respondent count as said with the matter."""
    if key in ("policy_number", "claim_number"):
        return bool(p.disclosed.get(key))
    if "matter" not in p.disclosed:
        return False
    blob = simple(zh_digits(" ".join(text_of(m) for m in p.sent)))
    if key == "respondent":
        return simple(want) in blob
    if key == "amounts":
        return all(("%g" % a) in blob or "%g万" % (a / 10000) in blob for a in want)
    if key == "dates":
        md = [[int(x) for x in d.split("-")[1:]] for d in want]
        return all("%d月%d" % (m, d) in blob or "%s月%s" % (zh_num(m), zh_num(d)) in blob for m, d in md)
    return True


def compare_record(p, got):
    """[(key, ok, want, got)] for expect.record against one record in the README's keys. Conditional keys (see answering.md 7.3) are skipped."""
    out = []
    frm = next((m.get("from") for m in p.o["opening"] if isinstance(m, dict) and m.get("event") == "call"), None)
    for k, want in p.o["expect"]["record"].items():
        g = got.get(k)
        if k == "phone" and p.channel == "phone" and not p.disclosed.get("phone"):
            want = frm if str(frm).startswith("+") else None       # README: else the caller's number
        if k in ("policy_number", "claim_number", "respondent", "amounts", "dates", "product") and want and not said(p, k, want):
            continue
        if k == "phone" and want and p.channel == "wechat" and not p.disclosed.get("phone"):
            continue
        if k == "complainant_name" and want and not p.disclosed.get("name"):
            continue
        if k == "request" and want and "request" not in p.disclosed:
            continue
        if want is None:
            ok = g in (None, "", [])
        elif k == "complainant_name":
            ok = simple(g) == simple(want)
        elif k in ("respondent", "request"):
            ok = simple(want) in simple(g)
        elif k == "category":
            ok = str(g or "")[:3] == want
        elif k == "product":
            ok = bool(g) and (str(g).startswith(want) or want.startswith(str(g)))
        elif k == "amounts":
            ok = {float(x) for x in want} <= {float(x) for x in (g or [])}
        elif k == "dates":
            ok = set(want) <= set(g or [])
        elif k == "flags":
            top = {"self_harm", "safety", "group", "disaster", "media", "regulator", "legal_action", "fraud", "data_leak", "minor"}
            ok = set(want) <= set(g or []) and not (set(g or []) & top - set(want))
        elif k == "missing":
            ok = set(g or []) == set(want)
        else:
            ok = g == want
        out.append((k, ok, want, g))
    return out

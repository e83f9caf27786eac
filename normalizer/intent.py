"""What a message wants, decided with the state of the conversation in mind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizer.heard import says_nothing
from normalizer.learned import leading
from normalizer.lexicon import Hit
from normalizer.record import Complaint, Gesture, Intent, Submission
from normalizer.text import HAN, LATIN

TAKING_BACK = re.compile("撤|取消")  # looked for first: few messages speak of it
OWN_WILL = re.compile(
    r"(?:^|[，。!;,\s]|所以|现在|那)(?:我|我们|本人)?(?:就|也|还是|决定|同意|自愿|现在|想|要|申请)*(?:要|想|申请|决定|自愿|同意)(?:撤回|撤销|取消|撤掉|撤)(?:了|掉)?(?:这个|我的|该|那个|上次的|之前的|这次的?)?(?:投诉|申诉|诉)(?![^，。]{0,4}(?:才|的话|之前|吗))"
    r"|^(?:我|你好，?我)?(?:就|还是)?(?:要|想|想要|申请|决定)?(?:撤回|撤销)(?:吧|了)?[。!]?$"
)
NUMBERED = re.compile(
    r"[Tt][Ss][\s-]?\d{6,12}(?:[\s-]\d{1,6})?|查询|查一下|查下|查|进度|进展|编号|投诉|单号|手机|电话|身份证|尾号|后四位|末四位|号码|我的|一下|是|为|[，,。:：;\s?!]|[0-9Xx]{4}(?![0-9])"
)
HOW_GOES = re.compile(
    r"how(?:'s| is| are)? (?:my |the )?(?:complaint|case|claim)|any (?:news|update)"
    r"|what(?:'s| is) (?:happening|going on) with",
    re.I,
)
CASE = re.compile(r"[Tt][Ss]\s?-?\d{6,}")
QUESTION = re.compile(r"[?]|吗|呢[，。!]?|没有[啊呀]?[?。]?$|没[?]?$|什么时候|多少|几|怎么|如何|哪")
ASKING = re.compile(r"请问|想问|咨询|了解|问一下|问下")
RHETORICAL = re.compile(
    r"有[这那]么难|难道|凭什么|凭啥|不是[^，。]{1,12}吗|还有没有|讲不讲|什么意思|合理吗|怎么能|怎么可以|算什么|哪有|至于吗|要脸|像话吗|对得起|搞什么|有意思吗|气[死炸]"
)
FEW = 6  # characters
CERTAIN = ("intent.danger", "intent.nothing_said")  # nothing that was taught weighs against these
# What the rules' choice adds to the logarithm of its odds: praise and questions they know best, a grievance least, as
# one cue word of many is enough for it. Chosen on the cases that were seen (tests/cases/normalizer/dev-*).
TRUST = {Intent.COMPLAINT: 0.5, Intent.CONSULT: 1.5, Intent.PRAISE: 2.0}
ANYBODY = re.compile(r"有人|人工|客服")  # 有人吗 asks for one
MENU = {
    Gesture.COMPLAINT: Intent.COMPLAINT,
    Gesture.PROGRESS: Intent.PROGRESS,
    Gesture.HUMAN: Intent.HUMAN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What in a text speaks for which intent."""

    text: str
    names: frozenset[str]  # tags of intents that have a cue
    details: float  # weight of the strongest cause
    request: bool
    flags: bool  # danger
    serious: bool  # something that nobody merely asks about: a death, fraud, sums with a name and a number
    counts: dict[str, int]

    def has(self, *names: str) -> bool:
        return any(name in self.names for name in names)


def signs_of(text: str, hits: list[Hit], *, request: bool, flags: bool, serious: bool) -> Signs:
    counts: dict[str, int] = {}
    for hit in hits:
        if hit.tag.startswith("intent:"):
            name = hit.tag.removeprefix("intent:")
            counts[name] = counts.get(name, 0) + 1
    details = max(
        (hit.weight for hit in hits if hit.tag.startswith("detail:") and not hit.tag.startswith("detail:C99")),
        default=0,
    )
    return Signs(
        text=text,
        names=frozenset(counts),
        details=details,
        request=request,
        flags=flags,
        serious=serious,
        counts=counts,
    )


def intent_of(submission: Submission, signs: Signs, so_far: Complaint | None) -> tuple[Intent, str]:
    """(intent, name of the rule that decided)."""
    if submission.gesture in MENU:
        return MENU[submission.gesture], "intent.menu"
    if not signs.text.strip():
        return Intent.OTHER, "intent.empty"
    intent, rule = next(
        ((intent, rule) for intent, rule, decides in RULES if decides(signs, submission, so_far)),
        (Intent.OTHER, "intent.nothing"),
    )
    alone = so_far is None and submission.thread is None
    tells = len(signs.text) >= FEW and HAN.search(signs.text)  # the sentences are Chinese, and no single words
    return _as_taught(signs.text, intent, rule) if alone and tells and rule not in CERTAIN else (intent, rule)


def _as_taught(text: str, ruled: Intent, rule: str) -> tuple[Intent, str]:
    """What first messages of many people have taught, and the rules' own choice as one weighty voice among them."""
    best = Intent(leading("intent", text, {ruled: TRUST.get(ruled, 1.0)})[0][0])
    return (ruled, rule) if best is ruled else (best, f"intent.learned, not {rule}")


def _withdraws(signs: Signs, *_: object) -> bool:
    return signs.has("withdraw") or (bool(TAKING_BACK.search(signs.text)) and bool(OWN_WILL.search(signs.text)))


def _danger(signs: Signs, *_: object) -> bool:
    return signs.flags


def _says_nothing(signs: Signs, *_: object) -> bool:
    return says_nothing(signs.text.strip()) and not ANYBODY.search(signs.text)


def _wants_person(signs: Signs, *_: object) -> bool:
    if not signs.has("human"):
        return False
    rest = re.sub(
        r"[，。!?\s]|转接?|人工|客服|我要?|找|请|帮|给|服务|不要?|跟|你说|坐席|真人|机器人|啊|吧|快|的", "", signs.text
    )
    return len(rest) <= 6 or (len(signs.text) <= 40 and signs.details < 5 and signs.counts.get("grievance", 0) <= 1)


def _asks_progress(signs: Signs, submission: Submission, so_far: Complaint | None) -> bool:
    if CASE.search(signs.text) and not NUMBERED.sub("", signs.text):
        return True
    if LATIN.search(signs.text) and HOW_GOES.search(signs.text):
        return True
    if not signs.has("progress"):
        return False
    known = signs.has("previous") or bool(CASE.search(signs.text)) or submission.thread is not None
    short = len(signs.text) <= 30 and signs.counts.get("grievance", 0) <= 1
    return (known and not _new_grievance(signs)) or (short and (signs.details < 5 or so_far is not None))


def _new_grievance(signs: Signs) -> bool:
    return signs.counts.get("grievance", 0) >= 6 and signs.request


def _adds(signs: Signs, submission: Submission, so_far: Complaint | None) -> bool:
    known = (
        so_far is not None or signs.has("previous") or submission.thread is not None or bool(CASE.search(signs.text))
    )
    if not known and (len(signs.text) > 60 or (signs.request and signs.details >= 5)):
        return False
    if signs.has("supplement") and (known or signs.details < 5 or len(signs.text) < 40):
        return not (signs.counts.get("grievance", 0) >= 4 and signs.request and not known)
    return False


def _praises(signs: Signs, *_: object) -> bool:
    if signs.counts.get("praise", 0) >= 2 and not signs.has("grievance") and not signs.request:
        return True
    return (signs.has("praise") and signs.details < 5 and signs.counts.get("grievance", 0) <= 1) or (
        signs.counts.get("praise", 0) >= 3 and signs.counts.get("grievance", 0) <= 2
    )


def _consults(signs: Signs, *_: object) -> bool:
    if not signs.has("consult") or RHETORICAL.search(signs.text) or signs.counts.get("grievance", 0) >= 2:
        return False
    if signs.serious or (len(signs.text) > 80 and not ASKING.search(signs.text)):
        return False
    return bool(QUESTION.search(signs.text)) and (signs.details < 5 or signs.counts.get("grievance", 0) == 0)


def _complains(signs: Signs, *_: object) -> bool:
    return signs.has("grievance") or signs.details >= 2 or signs.request


def _in_thread(signs: Signs, submission: Submission, so_far: Complaint | None) -> bool:
    return submission.thread is not None


RULES = (
    (Intent.WITHDRAW, "intent.withdraw", _withdraws),
    (Intent.COMPLAINT, "intent.danger", _danger),
    (Intent.OTHER, "intent.nothing_said", _says_nothing),
    (Intent.HUMAN, "intent.human", _wants_person),
    (Intent.PROGRESS, "intent.progress", _asks_progress),
    (Intent.SUPPLEMENT, "intent.supplement", _adds),
    (Intent.SUPPLEMENT, "intent.thread", _in_thread),
    (Intent.PRAISE, "intent.praise", _praises),
    (Intent.CONSULT, "intent.consult", _consults),
    (Intent.COMPLAINT, "intent.complaint", _complains),
)

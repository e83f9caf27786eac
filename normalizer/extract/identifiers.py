"""ID number, policy and claim number, organisation code, bank card."""

from __future__ import annotations

import re

from normalizer.extract.grammars import CONTRACTS, candidates, grammar_of
from normalizer.extract.runs import OCR, SPACES, Run, id_is_valid, mobile
from normalizer.text import Found, Reading

CARD = re.compile(r"\d{16,19}")
USCC = re.compile(  # what stands before the first character is looked at after it: so it is found by that
    r"[0-9A-HJ-NPQRTUWXY](?<![0-9A-Za-z].)[0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLAUSIBLE = re.compile(r"(?=(?:.*\d){5})[0-9A-Za-z][0-9A-Za-z-]{4,30}$")
BANK = re.compile(r"银行|卡|账户|账号")
POLICY = re.compile("保单|合同|保险单")
GROUPS = re.compile(r"(\d{1,6})(?:-\d+)+$")
YEAR_GROUP = re.compile(r"(?:^|-)(?:19[5-9]|20[0-3])\d(?:-|$)")
CLAIM_SHAPE = re.compile(r"[A-Z]{1,5}\d{0,4}-?20[1-4]\d-?(?:0[1-9]|1[0-2])(?:[12]\d|3[01]|0[1-9])-?\d{3,8}$")
CLAIM = re.compile("理赔|报案|出险|赔案|赔付|索赔|定损|查勘")
WEAK = ("case_number", "phone")  # 编号, 号码: words for any number; a grammar knows better


def id_numbers(found_runs: list[Run]) -> list[Found]:
    """ID numbers whose check digit and birth date hold; print errors are undone only when it then holds."""
    found = []
    for run in found_runs:
        plain = SPACES.sub("", run.value).upper()
        if id_is_valid(plain):
            found.append(Found(value=plain, start=run.start, end=run.end, rule="id.check_digit"))
        elif id_is_valid(read_as := SPACES.sub("", run.value[:-1].translate(OCR) + run.value[-1:].upper())):
            found.append(Found(value=read_as, start=run.start, end=run.end, rule="id.print_errors", confidence=0.8))
    return found


def bank_cards(reading: Reading, found_runs: list[Run]) -> list[Found]:
    """Card numbers with a right check digit (Luhn, ISO/IEC 7812) that a word announces or that begin as UnionPay's."""
    found = []
    for run in found_runs:
        plain = SPACES.sub("", run.value)
        if not CARD.fullmatch(plain) or not luhn_is_valid(plain) or run.label in CONTRACTS or id_is_valid(plain):
            continue
        around = reading.flat[max(0, run.start - 16) : run.start]
        named = run.label == "other" or BANK.search(around)
        if named or (plain.startswith("62") and not POLICY.search(around)):
            rule = "bank_card.label" if named else "bank_card.check_digit"
            found.append(Found(value=plain, start=run.start, end=run.end, rule=rule))
    return found


def luhn_is_valid(number: str) -> bool:
    doubled = [int(c) * 2 if place % 2 else int(c) for place, c in enumerate(reversed(number))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def usccs(reading: Reading) -> list[Found]:
    """Unified social credit codes (GB 32100) with a right check character."""
    candidates = (
        m
        for m in USCC.finditer(reading.flat.upper())
        if uscc_is_valid(m[0]) or "信用代码" in reading.flat[max(0, m.start() - 10) : m.start()]
    )
    return [Found(value=m[0], start=m.start(), end=m.end(), rule="organisation.uscc") for m in candidates]


def uscc_is_valid(code: str) -> bool:
    if len(code) != 18 or any(c not in USCC_ALPHABET for c in code):
        return False
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def contract_numbers(reading: Reading, found_runs: list[Run], kind: str, *, asked: bool) -> list[Found]:
    """Policy or claim numbers: by the label before them, by their grammar, or because we had asked for one.

    Behind each number that fits no grammar follow those it may have been misread from, as candidates.
    """
    found = []
    for run in found_runs:
        value = _contract(run.value)
        if not PLAUSIBLE.match(value) or value.startswith("TS"):
            continue
        if rule := _why(reading, run, value, kind, asked=asked):
            sure = 0.7 if asked and not run.label else 0.95
            found.append(Found(value=value, start=run.start, end=run.end, rule=rule, confidence=sure))
            found += [
                Found(value=other, start=run.start, end=run.end, rule=f"{kind}.candidate", confidence=0.4)
                for other in candidates(value, kind)
            ]
    return found


def _contract(written: str) -> str:
    if "-" not in written:
        return SPACES.sub("", written).upper()
    value = "".join(written.split()).rstrip("-").upper()
    return value.replace("-", "") if _only_groups(value) else value


def _only_groups(value: str) -> bool:
    """8860-3317-2045-99 is cut for the eye like a card number; 8830-0110-2026-000415 has parts that mean something."""
    if not (match := GROUPS.match(value)) or YEAR_GROUP.search(value):
        return False
    *groups, last = value.split("-")
    return {len(each) for each in groups} == {len(match[1])} and len(last) <= len(match[1])


def _why(reading: Reading, run: Run, value: str, kind: str, *, asked: bool) -> str:
    plain = value.replace("-", "")
    if run.label == kind:
        return "" if id_is_valid(value) or _a_phone(value, run) else f"{kind}.label"
    if run.label in WEAK and not mobile().fullmatch(plain):
        if grammar_of(value) == kind or (kind == "policy_number" and _likely(reading.flat, run, plain)):
            return f"{kind}.grammar"
        return f"{kind}.shape" if kind == "claim_number" and _a_claim(reading.flat, run, value) else ""
    if run.label:
        return ""
    if grammar := grammar_of(value):
        return f"{kind}.grammar" if grammar == kind else ""
    if id_is_valid(value) or mobile().fullmatch(plain):
        return ""
    if asked and len(plain) >= 8:
        return f"{kind}.asked"
    if kind == "claim_number" and _a_claim(reading.flat, run, value):
        return f"{kind}.shape"
    return f"{kind}.shape" if kind == "policy_number" and _likely(reading.flat, run, plain) else ""


def _a_phone(value: str, run: Run) -> bool:
    return bool(mobile().fullmatch(value)) and "保单号" not in run.before


def _likely(flat: str, run: Run, plain: str) -> bool:
    """A long bare number in a sentence about a policy and not about a bank card."""
    around = flat[max(0, run.start - (48 if run.spoken else 20)) : run.start]
    return plain.isdigit() and 15 <= len(plain) <= 22 and bool(POLICY.search(around)) and not BANK.search(around)


def _a_claim(flat: str, run: Run, value: str) -> bool:
    """Letters, a day and a sequence (ZX-2026-0805-7713) where a claim is what is spoken of."""
    return bool(CLAIM_SHAPE.match(value)) and bool(CLAIM.search(flat[max(0, run.start - 40) : run.start]))

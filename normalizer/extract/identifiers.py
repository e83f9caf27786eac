"""ID number, policy and claim number, organisation code, e-mail."""

from __future__ import annotations

import re

from normalizer.extract.runs import OCR, SPACES, Run, id_is_valid, mobile
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){1,4}")
USCC = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLAUSIBLE = re.compile(r"(?=(?:.*\d){5})[0-9A-Za-z][0-9A-Za-z-]{4,30}$")
BANK = re.compile(r"银行|卡|账户|账号")


def emails(reading: Reading) -> list[Found]:
    return [
        Found(value=reading.words(m.start(), m.end()), start=m.start(), end=m.end(), rule="email.address")
        for m in EMAIL.finditer(reading.flat)
    ]


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
    """Policy or claim numbers: by the label before them, by their grammar, or because we had asked for one."""
    found = []
    for run in found_runs:
        value = (
            SPACES.sub("", run.value).upper()
            if "-" not in run.value
            else run.value.replace(" ", "").upper().rstrip("-")
        )
        if not PLAUSIBLE.match(value) or value.startswith("TS"):
            continue
        rule = _why(reading, run, value, kind, asked=asked)
        if rule:
            found.append(
                Found(
                    value=value,
                    start=run.start,
                    end=run.end,
                    rule=rule,
                    confidence=0.7 if asked and not run.label else 0.95,
                )
            )
    return found


def _why(reading: Reading, run: Run, value: str, kind: str, *, asked: bool) -> str:
    if run.label == kind:
        return "" if id_is_valid(value) or _a_phone(value, run) else f"{kind}.label"
    if run.label:
        return ""
    plain = value.replace("-", "")
    grammar = _grammar(plain)
    if grammar:
        return f"{kind}.grammar" if grammar == kind else ""
    if id_is_valid(value) or mobile().fullmatch(plain):
        return ""
    if asked and len(plain) >= 8:
        return f"{kind}.asked"
    return f"{kind}.shape" if kind == "policy_number" and _likely(reading.flat, run, plain) else ""


def _a_phone(value: str, run: Run) -> bool:
    return bool(mobile().fullmatch(value)) and "保单号" not in run.before


def _likely(flat: str, run: Run, plain: str) -> bool:
    """A long bare number in a sentence about a policy and not about a bank card."""
    around = flat[max(0, run.start - 16) : run.start]
    return plain.isdigit() and 15 <= len(plain) <= 22 and "保单" in around and not BANK.search(around)


@cached_rule
def _grammars() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((entry["kind"], re.compile(entry["pattern"])) for entry in rules("identifiers")["grammar"])


def _grammar(value: str) -> str:
    return next((kind for kind, pattern in _grammars() if pattern.fullmatch(value)), "")


def candidates(value: str) -> list[str]:
    """What a number may also be when letters and digits were confused in print; never written over the original."""
    confusable = str.maketrans(rules("identifiers")["policy"]["confusable"])
    head = len(value) - len(value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    other = value[:head] + value[head:].translate(confusable)
    return [other] if other != value else []

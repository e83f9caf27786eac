"""An insurer writes rules of their own beside ours, and the normalizer keeps to both."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, timedelta
from functools import _lru_cache_wrapper
from pathlib import Path

import pytest

import normalizer
from normalizer import cues, editions, number, rulebook
from normalizer.editions import shipped, shipped_files
from normalizer.rulebook import RULE_FILES, BrokenRules, rules, use, versions
from normalizer.rulecheck import Finding, check
from normalizer.rulesense import senseless
from normalizer.ruleshape import misshapen
from normalizer.urgency.level import SIGNS
from tests.normalizer.own_rules import DAY, shipped_only, write
from tests.normalizer.talking import talk


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    shipped_only()


def priority(text: str) -> str:
    return talk((None, text)).value("priority")


def test_a_word_of_ones_own_raises_a_flag(tmp_path: Path) -> None:
    text = "理赔拖了很久，再不赔我就去找大喇叭栏目"
    assert "media" not in talk((None, text)).flag_codes
    assert use(write(tmp_path, urgency='[[flag]]\ncode = "media"\ncues = ["大喇叭栏目"]\n'), DAY)
    assert "media" in talk((None, text)).flag_codes
    assert "media" in talk((None, "你们不赔我就去曝光")).flag_codes  # ours still count


def test_a_flag_of_ones_own_may_call_a_person_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, urgency='[[flag]]\ncode = "blockade"\nlevel = "P0"\ncues = ["{封|堵}了……收费站"]\n')
    text = "再不赔我就封了收费站"
    assert priority(text) != "P0"
    use(folder, DAY)
    assert (priority(text), "blockade" in talk((None, text)).flag_codes) == ("P0", True)


def test_a_word_of_ours_can_be_taken_out(tmp_path: Path) -> None:
    assert priority("我要投诉到12378，你们不理赔") == "P1"
    use(write(tmp_path, urgency='[[flag]]\ncode = "regulator"\ncues = { remove = ["12378"] }\n'), DAY)
    assert priority("我要投诉到12378，你们不理赔") == "P3"


def test_a_number_of_ours_is_replaced(tmp_path: Path) -> None:
    text = "我今年62岁了，你们不给我理赔"
    assert "elderly" in talk((None, text)).flag_codes
    use(write(tmp_path, urgency="elderly_age = 65\n"), DAY)
    assert "elderly" not in talk((None, text)).flag_codes
    assert rules("urgency")["minor_age"] == shipped("urgency.toml").data["minor_age"]


def test_the_policy_numbers_of_a_company_are_known_without_a_label(tmp_path: Path) -> None:
    text = "你们不给赔，QX88-201234，请处理"
    assert not talk((None, text)).value("policy_number")
    grammar = '[[grammar]]\nkind = "policy_number"\ncompany = "青湖保险"\npattern = "QX\\\\d{8}"\n'
    use(write(tmp_path, identifiers=grammar), DAY)
    assert talk((None, text)).value("policy_number") == "QX88-201234"


def test_the_insurers_grammar_is_tried_before_ours(tmp_path: Path) -> None:
    text = "我报的案 PDAA202641010000100005 一直没人处理"
    assert talk((None, text)).value("policy_number")
    grammar = '[[grammar]]\nkind = "claim_number"\ncompany = "青湖保险"\npattern = "PDAA\\\\d{18}"\n'
    use(write(tmp_path, identifiers=grammar), DAY)
    assert talk((None, text)).value("claim_number") == "PDAA202641010000100005"


def test_a_cue_for_a_cause_and_a_product_of_ones_own_count(tmp_path: Path) -> None:
    text = "青湖安心宝的红豆积分一直不给兑"
    causes = '[[detail]]\ncode = "C0605"\nstrong = ["红豆积分"]\n'
    products = '[[product]]\ncode = "L06"\nstrong = ["青湖安心宝"]\n'
    use(write(tmp_path, categories=causes, products=products), DAY)
    record = talk((None, text))
    assert (record.value("category_detail"), record.value("product")) == ("C0605", "L06")


def test_a_slip_of_recognition_that_people_here_make_is_undone(tmp_path: Path) -> None:
    use(write(tmp_path, text='[slips]\n"青胡宝险" = "青湖保险"\n[characters]\n"喺" = "在"\n'), DAY)
    from normalizer.text import fold

    assert fold("青胡宝险喺") == "青湖保险在"


def test_a_list_can_be_replaced_and_a_text_made_longer(tmp_path: Path) -> None:
    use(write(tmp_path, names='titles = { set = ["先生"] }\nsurnames = { add = "乸" }\n'), DAY)
    assert rules("names")["titles"] == ["先生"]
    assert rules("names")["surnames"].endswith("乸")


def test_of_several_editions_the_newest_that_has_begun_is_in_force(tmp_path: Path) -> None:
    folder = write(tmp_path, urgency="elderly_age = 61\n", urgency_2027_01_01="elderly_age = 62\n")
    new_year = date(2027, 1, 1)
    for day, age in ((DAY - timedelta(1), 60), (DAY, 61), (new_year - timedelta(1), 61), (new_year, 62)):
        use(folder, day)
        assert rules("urgency")["elderly_age"] == age


def test_the_versions_tell_what_was_laid_over(tmp_path: Path) -> None:
    use(write(tmp_path, urgency="elderly_age = 61\n"), DAY)
    assert versions()["urgency"] == "1.0 from 2026-11-22, with urgency.toml 1 from 2026-11-23"
    assert versions()["names"] == "1.0 from 2026-11-22"


def test_the_same_rules_again_change_nothing_and_cost_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, urgency="elderly_age = 61\n")
    assert use(folder, DAY)
    before = cues.lexicon()
    assert not use(folder, DAY + timedelta(1))
    assert cues.lexicon() is before
    assert use(None, DAY)


def test_our_own_rules_stay_as_they_are_under_those_of_others(tmp_path: Path) -> None:
    data = shipped("urgency.toml").data
    before = repr(data)
    use(write(tmp_path, urgency='elderly_age = 61\n[[flag]]\ncode = "media"\ncues = ["大喇叭"]\n'), DAY)
    rules("urgency")
    assert repr(data) == before


def test_everything_that_is_compiled_from_rules_follows_them() -> None:
    """A cache that is not emptied would keep to rules that are no longer in force."""
    of_no_rules = {number._check, editions.shipped, editions.shipped_files}
    for module in pkgutil.walk_packages(normalizer.__path__, "normalizer."):
        for name, kept in vars(importlib.import_module(module.name)).items():
            if isinstance(kept, _lru_cache_wrapper) and kept not in of_no_rules:
                assert kept in rulebook._KEPT, f"{module.name}.{name} must be a cached_rule, or follow_rules"


@pytest.mark.parametrize("name", RULE_FILES)
def test_our_own_rules_have_no_fault(name: str) -> None:
    data = shipped(f"{name}.toml").data
    assert not [*misshapen(data, data), *senseless(name, data)]


def test_every_rules_file_that_is_shipped_has_a_name_that_is_known() -> None:
    assert tuple(shipped_files()) == RULE_FILES


FAULTS = {
    "no TOML": ("urgency", "cues = [", "urgency.toml: cannot be read as TOML"),
    "a key misspelt": ("urgency", "elderly_agee = 61", "elderly_agee: is no key of these rules (did you mean"),
    "a key misspelt in an entry": ("urgency", '[[flag]]\ncode = "media"\ncue = ["x"]', "media.cue: is no key of these"),
    "a word where a list belongs": ("names", 'titles = "先生"', "titles: must be a list of texts"),
    "a number where a word belongs": ("names", "titles = [1]", "titles: must be a list of texts"),
    "a word where a number belongs": ("urgency", 'elderly_age = "61"', "elderly_age: must be a number greater than 0"),
    "a yes that is none": ("urgency", '[[flag]]\ncode = "media"\nnegatable = "yes"', "must be true or false"),
    "a table that is none": ("identifiers", "labels = 1", "labels: must be a table"),
    "an entry that is a table": ("urgency", '[flag]\ncode = "media"', "flag: must be written as [[flag]]"),
    "an entry without code": ("urgency", '[[flag]]\ncues = ["x"]', "[[flag]] 1: needs code"),
    "a new flag without level": ("urgency", '[[flag]]\ncode = "own"\ncues = ["x"]', "[[flag]] own: needs level"),
    "a level that is none": ("urgency", '[[flag]]\ncode = "own"\nlevel = "P9"', "own.level: must be one of P0"),
    "the same entry twice": ("urgency", '[[flag]]\ncode = "media"\n[[flag]]\ncode = "media"', "media: is given twice"),
    "a code that is none": ("categories", '[[detail]]\ncode = "X1"\nname = "x"', "the code must be C and four digits"),
    "a brace left open": ("urgency", '[[flag]]\ncode = "media"\ncues = ["{a|b"]', "has a brace without its other half"),
    "a bar without braces": ("urgency", '[[flag]]\ncode = "media"\ncues = ["a|b"]', "has a | outside of { }"),
    "a cue over two sentences": ("urgency", '[[flag]]\ncode = "media"\ncues = ["不赔。曝光"]', "beyond a sentence"),
    "a cue of nothing": ("urgency", '[[flag]]\ncode = "media"\ncues = ["……"]', "says nothing"),
    "a cue of a million": ("urgency", f'[[flag]]\ncode = "media"\ncues = ["{"{a|b|c|d}" * 10}"]', "too many choices"),
    "an expression that is none": ("roles", 'agent = ["(替"]', "is no expression"),
    "an expression with a group": ("roles", 'agent = ["(替|代)我爸"]', "write (?: ) instead"),
    "a grammar that is none": (
        "identifiers",
        '[[grammar]]\nkind = "policy_number"\ncompany = "x"\npattern = "["',
        "[[grammar]] policy_number x.pattern: '[' is no expression",
    ),
    "a grammar that takes telephones": (
        "identifiers",
        '[[grammar]]\nkind = "policy_number"\ncompany = "x"\npattern = "\\\\d{11}"',
        "also fits a mobile number",
    ),
    "a kind of number that is none": (
        "identifiers",
        '[[grammar]]\nkind = "phone"\ncompany = "x"\npattern = "A\\\\d{9}"',
        "kind: must be one of policy_number",
    ),
    "a slip of another length": ("text", '[slips]\n"青胡" = "青湖保险"', "slips.青胡: '青湖保险' must be as long"),
    "a question nobody can ask": ("completeness", 'blocking = ["shoe_size"]', "'shoe_size' is none of matter"),
    "a flag made less urgent": (
        "urgency",
        '[[flag]]\ncode = "self_harm"\nlevel = "P3"',
        "[[flag]] self_harm.level: P3 is less than the P0 it has",
    ),
    "rules of no name": ("urgancy", "", "there are no rules of this name (did you mean urgency?)"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "told"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_by_file_and_key(tmp_path: Path, name: str, text: str, told: str) -> None:
    findings = [str(finding) for finding in check(write(tmp_path, **{name: text})) if finding.grave]
    assert len(findings) == 1
    assert findings[0].startswith(f"{name}.toml: ")
    assert told in findings[0]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("urgency.toml", "effective_from = 2026-11-23", "version: is needed"),
        ("urgency.toml", 'version = "1"', "effective_from: is needed"),
        ("urgency.toml", 'version = "1"\neffective_from = "2026-11-23"', "effective_from: is needed"),
        (
            "urgency-2027-01-01.toml",
            'version = "1"\neffective_from = 2027-01-02',
            "but the file's name says 2027-01-01",
        ),
        ("Urgency (1).toml", "", "a rules file is called NAME.toml"),
    ],
)
def test_a_file_must_say_what_and_from_when_it_is(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (finding,) = map(str, check(tmp_path))
    assert finding.startswith(f"{name}: ")
    assert told in finding


def test_two_editions_for_one_day_are_refused(tmp_path: Path) -> None:
    write(tmp_path, urgency="", urgency_2026_11_23="")
    assert [str(one) for one in check(tmp_path)] == [
        "urgency.toml: effective_from: 2026-11-23 is also the day of urgency-2026-11-23.toml"
    ]


def test_a_folder_that_is_not_there_and_a_file_in_another_code_are_told(tmp_path: Path) -> None:
    (gone,) = check(tmp_path / "gone")
    assert "there is no such folder" in str(gone)
    (tmp_path / "urgency.toml").write_bytes('version = "版本"'.encode("gb18030"))
    (coded,) = check(tmp_path)
    assert "is not saved as UTF-8" in str(coded)


def test_an_editor_of_windows_may_be_used(tmp_path: Path) -> None:
    file = write(tmp_path, urgency="elderly_age = 61\n") / "urgency.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    use(tmp_path, DAY)
    assert rules("urgency")["elderly_age"] == 61


def test_what_works_but_hardly_as_meant_is_told_and_used(tmp_path: Path) -> None:
    text = '[[flag]]\ncode = "media"\ncues = { add = ["上電視台"], remove = ["没有这个词"] }\n'
    findings = check(write(tmp_path, urgency=text))
    assert not any(finding.grave for finding in findings)
    assert any("removes '没有这个词', which is not there" in str(finding) for finding in findings)
    assert any("'上電視台' is never found: texts are read as '上电视台'" in str(finding) for finding in findings)
    assert use(tmp_path, DAY)


def test_a_flag_may_be_made_more_urgent(tmp_path: Path) -> None:
    assert not check(write(tmp_path, urgency='[[flag]]\ncode = "regulator"\nlevel = "P0"\n'))


@pytest.mark.parametrize("change", ['remove = ["自杀"]', 'set = ["跳楼"]'])
def test_cues_for_danger_that_are_taken_out_are_told_and_the_rules_used(tmp_path: Path, change: str) -> None:
    folder = write(tmp_path, urgency=f'[[flag]]\ncode = "self_harm"\ncues = {{ {change} }}\n')
    (finding,) = check(folder)
    assert (finding.key, finding.grave) == ("[[flag]] self_harm.cues", False)
    assert "no longer count" in finding.what
    assert use(folder, DAY)


def test_a_meeting_may_raise_every_sign_there_is(tmp_path: Path) -> None:
    rules_of_all = "".join(f'[[together]]\nraises = "{sign}"\nwords = ["fuel"]\nwithin = 9\n' for sign in SIGNS)
    assert not check(write(tmp_path, urgency=rules_of_all))


def test_broken_rules_leave_in_force_what_was(tmp_path: Path) -> None:
    use(write(tmp_path, urgency="elderly_age = 61\n"), DAY)
    write(tmp_path, urgency="elderly_age = 0\n", names_2027_01_01="titles = 1\n")
    with pytest.raises(BrokenRules) as refused:
        use(tmp_path, DAY)
    assert len(str(refused.value).splitlines()) == 2  # also those of a day to come
    assert rules("urgency")["elderly_age"] == 61


def test_rules_changed_between_check_and_use_are_broken_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("elderly_age = 0\n", "elderly_age = ["):
        write(tmp_path, urgency="elderly_age = 61\n")

        def checked(folder: Path, text: str = text) -> list[Finding]:
            found = check(folder)
            write(folder, urgency=text)
            return found

        monkeypatch.setattr("normalizer.rulecheck.check", checked)
        with pytest.raises(BrokenRules, match="was changed"):
            use(tmp_path, DAY)
        assert rules("urgency")["elderly_age"] == 60


def test_a_folder_that_cannot_be_listed_is_broken_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(folder: Path) -> list[Path]:
        raise PermissionError(str(folder))

    monkeypatch.setattr("normalizer.rulebook.own_files", locked)
    with pytest.raises(BrokenRules, match="cannot be read"):
        use(tmp_path, DAY)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[words]\npier = ["渡口……船"]\n', "words.pier"),
        ('[words]\npier = "渡口"\n', "words.pier"),
        ('[[together]]\nraises = "mediaa"\nwords = ["fuel"]\n', "[[together]] "),
        ('[[together]]\nraises = "media"\nwords = ["fuell"]\n', "[[together]] "),
        ('[[together]]\nwords = ["fuel"]\n', "[[together]] "),
    ],
)
def test_words_that_speak_together_are_checked(tmp_path: Path, text: str, key: str) -> None:
    found = check(write(tmp_path, urgency=text))
    assert found
    assert all(finding.grave and finding.key.startswith(key) for finding in found)


@pytest.mark.parametrize(
    ("file", "text"),
    [("roles", 'proxy = ["(替"]\n'), ("roles", 'dead = { add = "|(没了)" }\n'), ("requests", 'acts = "退("\n')],
)
def test_a_broken_expression_of_roles_and_requests_is_told(tmp_path: Path, file: str, text: str) -> None:
    assert [finding.key for finding in check(write(tmp_path, **{file: text}))] == [text.split(" ")[0]]

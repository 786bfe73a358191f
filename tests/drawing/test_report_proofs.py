from typing import Any

import pytest

from tests.drawing.html import Page
from tests.drawing.test_report import metrics, render, share
from tradeglyph.drawing.report_proofs import proof_view
from tradeglyph.recognizers.reasons import Lang

pytest.importorskip("jinja2", reason="needs the extra `plot`")


def proven() -> dict[str, Any]:
    """Figures of the proofs, by hand, beside those of a report."""
    figures = metrics()
    figures["at_threshold"]["ambiguous"] = share(30, 40)
    figures["at_threshold"]["recall_at_alerts_per_day"] = [
        {"base_rate": 0.001, "alerts_per_day": 200, "recall": 0.18, "most": 0.2,
         "precision": 1.0, "precision_low": 0.31, "resolved": False},
    ]  # fmt: skip
    figures["worst_scenario"] |= {"least_low": 0.61, "least_high": 0.79}
    figures["money"]["gone_nightly"] = 0.987
    figures["calibration"]["tail"] = [
        {"from": 0.5, "to": 0.9, "windows": 77, "predicted": 0.71, "observed": 0.42,
         "low": 0.31, "high": 0.55, "off": True},
    ]  # fmt: skip
    figures["calibration"]["tail_tellable"] = [
        {"from": 0.5, "to": 0.9, "windows": 66, "predicted": 0.72, "observed": 0.74,
         "low": 0.63, "high": 0.82, "off": False},
    ]  # fmt: skip
    figures["untellable"] = [
        {"scenario": "front_runner", "label": "fraud", "flagged": share(79, 88),
         "roc_auc": 0.9942, "told": True},
        {"scenario": "sandwich_bot", "label": "normal", "flagged": share(0, 97),
         "roc_auc": 0.7311, "told": True},
        {"scenario": "one_leg", "label": "fraud", "flagged": share(0, 61),
         "roc_auc": 0.4567, "told": False},
    ]  # fmt: skip
    flagged = {"model": 0.93, "tree": 0.99, "tree_unseen": 0.123, "hand_rule": 0.0}
    row = {"windows": 48, "flagged": flagged, "roc_auc": flagged}
    moved = {"windows": 279, "largest": 0.0037, "limit": 0.02, "held": True}
    return figures | {
        "falling_rates": [{"rate": 1e-5, "allowed": 0, "recall": 0.66, "proven": 1.26e-4,
                           "resolved": False}],
        "methods": [{"method": "picture_only", "rate": 0.001, "recall": 0.87, "low": 0.8,
                     "high": 0.91, "least": 0.41, "least_scenario": "one_shot",
                     "most_flagged": 0.033, "most_flagged_scenario": "churner"}],
        "first_alert": {"windows": 120, "alerted": 114, "gone": 0.649, "low": 0.44, "high": 0.8,
                        "median_gone": 0.583, "before_half": 50},
        "scenarios_left_out": {"rate": 0.01, "scenarios": [
            {**row, "scenario": "one_shot", "label": "fraud", "trained_on": False},
            {**row, "scenario": "churner", "label": "normal", "trained_on": None}]},
        "markets_left_out": {"rate": 0.01, "markets": 20, "scores": {
            "tree_unseen": {"roc_auc": 0.9766, "recall": 0.87}}},
        "evasion": {"pairs": 1120, "by_trips": [{"trips": 3, "detected": [0.0, 0.8]}], "gaps": [
            {"gap": 0.35, "money": 0.0148, "trips": 12, "size": 0.45, "detected": 0.06},
            {"gap": 0.8, "money": None, "trips": None, "size": None, "detected": None}]},
        "artefacts": [{"name": "price_scale", **moved},
                      {"name": "dot_size", **moved, "largest": 0.31, "held": False}],
        "invariances": [{"name": "shuffled_rows", "windows": 279, "changed": 0, "largest": 0.0,
                         "held": True}],
        "gate": {"passed": False, "reasons": ["the dot counter is better"]},
        "verdicts": [{"scenario": "hacker", "windows": 20, "hold": share(0, 20),
                      "review": share(19, 20), "quiet": share(1, 20), "allowed": ["review"],
                      "right": share(19, 20)}],
    }  # fmt: skip


SHOWN = (
    "75.0%",  # ambiguous windows flagged
    "61.0% – 79.0%",  # the minimum's interval
    "31.0%",  # precision at worst
    "0.0126%",  # what none of the windows proves
    "87.0%", "41.0%",  # a part of the model
    "64.9%", "58.3%", "98.7%",  # money gone
    "71.0%", "42.0%",  # tail
    "72.0%", "74.0%",  # without the kinds that can't be told
    "0.9942", "0.7311", "0.4567",  # and whether they deserve that name
    "12.3%", "0.9766",  # left out
    "1.5%",  # evasion
    "0.0037", "0.31",  # moves
    "95.0%",  # verdicts
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_figure_is_on_the_page(lang: Lang) -> None:
    page = Page(render(lang, metrics=proven()))
    for figure in SHOWN:
        assert figure in page.words, figure
    assert "None" not in page.words
    assert "nan" not in page.words
    assert len(page.named("caption")) == len(page.named("table"))


def test_the_gate_on_all_fraud_is_said_where_it_differs() -> None:
    passed, refused = {"passed": True, "reasons": []}, {"passed": False, "reasons": ["a tree"]}
    metrics = proven() | {"gate": passed, "gate_on_all": refused}
    words = Page(render(metrics=metrics)).words
    assert "The leak gate passes" in words
    assert "fills alone cannot tell: The leak gate refuses: a tree" in words
    same = Page(render(metrics=metrics | {"gate_on_all": passed})).words
    assert "fills alone cannot tell: The leak gate" not in same


BEHIND = {"windows": 17619, "model": 0.951, "theirs": 0.9627}
FINDINGS = [
    {"kind": "below", "against": "grid", "baseline": "dot_counter", **BEHIND},
    {"kind": "not_above", "against": "all normal", "baseline": "tree", **BEHIND},
    {"kind": "one_class", "fraud": 0, "windows": 40},
]


def test_why_the_gate_refuses_is_said_in_either_language() -> None:
    gate = {"passed": False, "reasons": ["a", "b", "c"], "findings": FINDINGS}
    chinese = proof_view(proven() | {"gate": gate}, "zh")["gate"]
    assert chinese == (
        "泄漏检查未通过：欺诈与网格交易（17,619 个窗口）相比，本模型的 ROC-AUC 为 0.9510，"
        "低于数点法的 0.9627；欺诈与全部正常账户（17,619 个窗口）相比，本模型的 ROC-AUC 为 "
        "0.9510，没有高于特征决策树的 0.9627；验证集的 40 个窗口中有 0 个欺诈，缺少其中一类，"
        "无从判断"
    )
    english = proof_view(proven() | {"gate": gate}, "en")["gate"]
    assert english.startswith(
        "The leak gate refuses: fraud against Grid bot (17,619 windows): the model's ROC-AUC "
        "0.9510 is below that of the dot counter, 0.9627; fraud against all normal windows"
    )


def test_words_say_what_the_figures_are() -> None:
    words = Page(render(metrics=proven())).words
    for said in (
        "Picture only", "41.0% (One shot)", "Tree, never saw it", "every choice is caught",
        "outside the interval", "3 trips an hour", "The leak gate refuses: the dot counter is",
        "Price scale", "Dot size", "none at all", "114 of 120 windows",
    ):  # fmt: skip
        assert said in words, said
    assert "时间" not in words


def test_a_behaviour_that_the_model_was_trained_without_is_named() -> None:
    fraud, honest = proof_view(proven(), "en")["left_out"]
    assert fraud["rows"][0][-1] == "no"
    assert honest["rows"][0][-1] == "–"  # not known


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("missing", sorted(set(proven()) - set(metrics())))
def test_a_missing_proof_leaves_a_gap(missing: str, lang: Lang) -> None:
    figures = proven()
    for absent in ({}, {missing: None}):
        without = {name: value for name, value in figures.items() if name != missing} | absent
        words = Page(render(lang, metrics=without, cases=[])).words
        assert "None" not in words


def test_without_proofs_there_is_no_section_of_them() -> None:
    words = Page(render()).words
    for title in ("What was never learnt", "What gets past", "What must not matter", "Verdicts"):
        assert title not in words


@pytest.mark.parametrize(
    ("lang", "fraud", "honest"),
    [("en", "caught more surely", "flagged less than"), ("zh", "召回率明显高于", "标记率明显低于")],
)
def test_names_that_no_longer_fit_are_said_once_each(lang: Lang, fraud: str, honest: str) -> None:
    words = Page(render(lang, metrics=proven())).words
    assert words.count(fraud) == words.count(honest) == 1

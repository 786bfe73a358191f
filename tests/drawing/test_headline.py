"""The figures at the top: what can be acted on first, then fills alone, the worst kind with why."""

from typing import Any

import pytest

from tests.drawing.test_report import metrics, share
from tradeglyph.drawing.formats import DASH
from tradeglyph.drawing.headline import KeyFigure, headline

MISSED = {"scenario": "one_leg", "untellable": True, **share(0, 12)}


def with_sides() -> dict[str, Any]:
    """Figures of a report, and verdicts with the other sides known: 4 of 5 held, mules apart."""
    figures = metrics()
    figures["with_other_sides"] = {
        "held": share(72, 90),
        "least_held": {"scenario": "drip", **share(10, 20)},
        "quiet": share(11990, 12000),
        "least_quiet": {"scenario": "grid", **share(9, 10)},
        "apart": {"honest_day": 30, "mule": 9},
    }
    figures["held_role_right"] = share(71, 72)
    figures["verdicts_with"] = [{"scenario": "one_leg", "hold": share(9, 12)}]
    figures["at_threshold"]["recall_tellable"] = share(88, 91)
    figures["worst_scenario"] = MISSED
    figures["worst_tellable"] = {"scenario": "victim", "untellable": False, **share(40, 50)}
    return figures


def by_label(figures: tuple[KeyFigure, ...]) -> dict[str, KeyFigure]:
    return {figure.label: figure for figure in figures}


def test_what_can_be_acted_on_comes_first() -> None:
    held, role, quiet = headline(with_sides(), {}, "en").with_sides
    assert (held.label, held.value, held.basis) == ("Fraud put on hold", "80.0%", "72 of 90")
    assert "Least: Drip, 50.0%" in held.notes
    assert any("39 windows" in note and "Mule" in note for note in held.notes)
    assert (role.value, role.basis) == ("98.6%", "71 of 72")
    assert (quiet.value, quiet.basis) == ("99.917%", "11,990 of 12,000")
    assert "Least: Grid bot, 90.0%" in quiet.notes


def test_a_worst_kind_of_which_all_went_right_is_not_named() -> None:
    figures = with_sides()
    figures["with_other_sides"]["least_held"] = {"scenario": "drip", **share(20, 20)}
    held = headline(figures, {}, "en").with_sides[0]
    assert not any("Drip" in note for note in held.notes)


def test_recall_is_told_over_the_kinds_that_fills_can_tell_and_over_all() -> None:
    alone = by_label(headline(with_sides(), {}, "en").fills_alone)
    assert alone["Recall, kinds that fills can tell"].value == "96.7%"
    assert alone["Recall, all kinds"].value == "90.0%"
    assert list(alone)[-1] == "Worst fraud scenario"


def test_the_worst_kind_says_why_fills_miss_it_and_what_the_ledger_does() -> None:
    worst = headline(with_sides(), {}, "en").fills_alone[-1]
    assert (worst.value, worst.basis) == ("0%", "One leg: 0 of 12")
    assert any("Looks honest" in n and "75.0%" in n for n in worst.notes)
    assert any("Victim · Hacker, 80.0%" in note for note in worst.notes)


def test_without_the_other_sides_the_reason_promises_nothing() -> None:
    figures = metrics() | {"worst_scenario": MISSED}
    top = headline(figures, {}, "en")
    assert top.with_sides == ()
    (note,) = [note for note in top.fills_alone[-1].notes if "Looks honest" in note]
    assert "%" not in note


def test_a_worst_kind_that_fills_can_tell_gets_no_excuse() -> None:
    worst = headline(metrics(), {}, "en").fills_alone[-1]
    assert worst.basis == "Victim · Hacker: 40 of 50"
    assert not any("fills" in note for note in worst.notes)


def test_where_fills_can_tell_every_kind_there_is_one_recall() -> None:
    figures = metrics()
    figures["at_threshold"]["recall_tellable"] = figures["at_threshold"]["recall"]
    labels = list(by_label(headline(figures, {}, "en").fills_alone))
    assert [label for label in labels if "ecall" in label] == ["Recall at the model's threshold"]


def test_no_false_alarm_is_told_with_its_bound() -> None:
    figures = metrics()
    figures["at_threshold"]["false_positive_rate"] = {
        "hits": 0, "windows": 12000, "value": 0.0, "low": 0.0, "high": 0.000307,
    }  # fmt: skip
    alarms = by_label(headline(figures, {}, "en").fills_alone)[
        "False alarms per 1,000 honest windows"
    ]
    assert alarms.basis == "0 of 12,000"
    assert alarms.notes == ("None seen; up to 0.307 can't be ruled out",)


def test_a_budget_is_named_only_beside_the_threshold_that_was_set_for_it() -> None:
    note = "Threshold set to flag at most 0.1% of honest windows"
    assert note in headline(metrics(), {"threshold": 0.7}, "en").fills_alone[0].notes
    assert note not in headline(metrics(), {"threshold": 0.6}, "en").fills_alone[0].notes


@pytest.mark.parametrize("figures", [{}, {"worst_scenario": None, "at_threshold": None}])
def test_what_is_missing_is_a_dash(figures: dict[str, Any]) -> None:
    top = headline(figures, {}, "en")
    assert {figure.value for figure in top.fills_alone} == {DASH}


def test_in_chinese() -> None:
    top = headline(with_sides(), {}, "zh")
    for figure in (*top.with_sides, *top.fills_alone):
        assert any("\u4e00" <= char <= "\u9fff" for char in figure.label)
    assert any("账本" in note for note in top.fills_alone[-1].notes)

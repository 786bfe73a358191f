"""The screen that ends an evaluation: what to act on, the worst kinds, and where the rest is."""

from pathlib import Path
from typing import Any

import pytest

from tests.drawing.test_headline import with_sides
from tests.drawing.test_report import share
from tradeglyph.cli.summary import TEMPTING, WORST, print_summary
from tradeglyph.recognizers.reasons import Lang

REPORT = Path("out") / "report.html"


def entry(scenario: str, label: str, windows: int, share: float, counter: float | None) -> Any:
    baselines = {} if counter is None else {"dot_counter": {"share_at_same_recall": counter}}
    flagged = {"windows": windows, "value": share}
    return {"scenario": scenario, "label": label, "flagged": flagged, "baselines": baselines}


def many(count: int) -> list[Any]:
    """As many kinds of fraud that fills can tell, that they can't, and of honest accounts: the
    higher its number, the more of it is flagged, and the less by a count of trades."""
    shares = [n / count for n in range(count)]
    told = [entry(f"told{n}", "fraud", 9, share, 0.5) for n, share in enumerate(shares)]
    hidden = [
        {**entry(f"hidden{n}", "fraud", 9, s, 0.5), "untellable": True}
        for n, s in enumerate(shares)
    ]
    honest = [entry(f"honest{n}", "normal", 9, s, 1 - s) for n, s in enumerate(shares)]
    return [*told, *hidden, *honest]


def printed(metrics: dict[str, Any], capsys: pytest.CaptureFixture[str], lang: Lang = "en") -> str:
    print_summary(metrics, REPORT, lang)
    return capsys.readouterr().out


def kinds(out: str) -> list[str]:
    words = [line.split() for line in out.splitlines() if line.strip()]
    return [row[0] for row in words if row[1:3] in (["fraud", "9"], ["normal", "9"])]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_a_screen_of_80_by_30(lang: Lang, capsys: pytest.CaptureFixture[str]) -> None:
    metrics = with_sides() | {"scenarios": many(30)}
    metrics["verdicts_with"] = [{"scenario": "told0", "hold": {"value": 0.875}}]
    lines = printed(metrics, capsys, lang).splitlines()
    assert len(lines) <= 30
    assert all(len(line.rstrip()) <= 88 for line in lines)
    assert str(REPORT) in lines[-1]


def test_what_can_be_acted_on_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(with_sides() | {"scenarios": many(2)}, capsys)
    words = ("With the other sides", "Fraud put on hold", "80.0%", "72 of 90", "On fills alone",
             "that fills can tell", "all kinds", "One leg: 0 of 12", "dot counter")  # fmt: skip
    at = [out.index(word) for word in words]
    assert at == sorted(at)


def test_a_long_title_breaks_no_label(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = with_sides() | {"scenarios": many(2)}
    metrics["worst_scenario"] = {"scenario": "liquidated_victim", **share(0, 4321)}
    out = printed(metrics, capsys)
    assert "False alarms per 1,000 honest windows  0.500  6 of 12,000" in out


def test_the_worst_rows_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(with_sides() | {"scenarios": many(9)}, capsys)
    wanted = [f"told{n}" for n in range(WORST)]
    wanted += [f"hidden{n}†" for n in range(WORST)]
    wanted += [f"honest{n}" for n in (8, 7, 6)]  # flagged most
    wanted += [f"honest{n}" for n in range(TEMPTING)]  # that a count would flag most
    assert kinds(out) == wanted
    assert f"The worst {len(wanted)} of 27 scenarios; all of them in {REPORT}" in out
    assert "† looks honest on its fills alone" in out


def test_fraud_that_fills_cannot_tell_is_sorted_by_what_is_held(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hold = {"hidden8": 0.1, "hidden7": 0.2, "hidden6": 0.3, "told8": 0.0}
    held = [
        {"scenario": row["scenario"], "hold": {"value": hold.get(row["scenario"], 0.9)}}
        for row in many(9)
    ]
    out = printed(with_sides() | {"scenarios": many(9), "verdicts_with": held}, capsys)
    wanted = [f"told{n}" for n in range(WORST)]  # by what is flagged, whatever is held
    wanted += ["hidden8†", "hidden7†", "hidden6†"]
    assert kinds(out)[: 2 * WORST] == wanted


def test_few_scenarios_are_all_shown_and_nothing_is_said_to_be_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = {"scenarios": [entry("hacker", "fraud", 1234, 0.987, 0.95),
                             entry("grid", "normal", 77, 0.0, None)]}  # fmt: skip
    out = printed(metrics, capsys)
    rows = [line.split() for line in out.splitlines()]
    assert ["hacker", "fraud", "1,234", "98.7%", "95.0%"] in rows
    assert ["grid", "normal", "77", "0.0%", "-"] in rows
    assert str(REPORT) not in out
    assert "†" not in out
    assert "With the other sides" not in out


def test_held_stands_beside_flagged_where_the_other_sides_are_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = with_sides() | {"scenarios": [entry("one_leg", "fraud", 12, 0.0, 0.25),
                                            entry("grid", "normal", 77, 0.5, 0.25)]}  # fmt: skip
    rows = [line.split() for line in printed(metrics, capsys).splitlines()]
    assert ["one_leg", "fraud", "12", "0.0%", "25.0%", "75.0%"] in rows
    assert ["grid", "normal", "77", "50.0%", "25.0%", "-"] in rows  # no verdicts of it

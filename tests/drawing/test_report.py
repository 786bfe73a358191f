import re
import sys
from typing import Any

import numpy as np
import pytest

from tests.drawing.html import EVIL, Page
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.drawing.report import Case, render_report
from tradeglyph.drawing.svg import candlestick_chart
from tradeglyph.recognizers.reasons import Lang

pytest.importorskip("jinja2", reason="needs the extra `plot`")


def share(hits: int, windows: int) -> dict[str, Any]:
    value = hits / windows
    return {"hits": hits, "windows": windows, "value": value, "low": value * 0.9, "high": value}


def scenario(name: str, label: str, hits: int, windows: int, dots: float) -> dict[str, Any]:
    baseline = {"share_at_same_false_alarms": 0.02, "share_at_same_recall": dots, "roc_auc": 0.6}
    return {
        "scenario": name,
        "label": label,
        "answered": windows,
        "flagged": share(hits, windows),
        "roc_auc": 0.97,
        "baselines": {"dot_counter": baseline},
    }


def metrics() -> dict[str, Any]:
    """Figures as `measure` gives them, by hand."""
    area = {"value": 0.9912, "low": 0.9876, "high": 0.9934}
    worst = {"scenario": "victim", **share(40, 50)}
    bins = [{"predicted": 0.01, "observed": 0.02, "low": 0.001, "high": 0.05, "weight": 1.0}]
    return {
        "windows": {
            "total": 12100, "fraud": 100, "normal": 12000, "answered": 12088,
            "not_applicable": 12, "answered_share": 0.999, "groups": 40,
        },
        "threshold": 0.7,
        "alert_budget": 0.001,
        "active_accounts": 1_000_000,
        "bootstrap": 200,
        "seed": 0,
        "ranking": {name: {"roc_auc": area, "pr_auc": area} for name in ("model", "dot_counter")},
        "curves": {
            "model": {"roc": [[0, 0], [0.01, 0.9], [1, 1]], "pr": [[0.5, 1.0], [1.0, 0.1]]},
            "dot_counter": {"roc": [[0, 0], [1, 1]], "pr": [[1.0, 0.1]]},
        },
        "at_threshold": {
            "recall": share(90, 100),
            "false_positive_rate": share(6, 12000),
            "base_rates": [
                {"base_rate": 0.001, "precision": 0.5, "precision_low": 0.4,
                 "alerts_per_day": 1234.5, "false_alarms_per_day": 617,
                 "false_alarms_per_day_high": 900},
            ],
            "recall_at_false_alarms_per_day": [
                {"false_alarms_per_day": 20, "false_positive_rate": 2e-5, "recall": 0.61,
                 "resolved": False},
            ],
        },
        "comparison": {
            "false_alarms": 0.001,
            "recall": 0.9,
            "baselines": {"dot_counter": {"recall_at_same_false_alarms": 0.03,
                                          "false_alarms_at_same_recall": 0.44}},
        },
        "scenarios": [
            scenario("hacker", "fraud", 50, 50, 0.9),
            scenario("victim", "fraud", 40, 50, 0.9),
            scenario("day_trader", "normal", 3, 6000, 0.985),
            scenario(EVIL, "normal", 3, 6000, 0.2),
        ],
        "worst_scenario": worst,
        "money": {"recall": 0.93, "bins": [{"from": 10, "to": 99, "recall": share(9, 10)}]},
        "role": {
            "right": share(85, 90),
            "by_role": {"victim": {"right": share(40, 45), "unclear": 4, "wrong": 1}},
        },
        "calibration": {"prior": 0.01, "error": 0.004, "brier": 0.0123, "bins": bins},
    }  # fmt: skip


def case(**changed: Any) -> Case:
    one = np.array([100.0])
    fill = (np.array([0]), one, np.array([1], dtype=np.int8), one)
    chart = candlestick_chart(np.array([0]), one, one, one, one, *fill, title="COIN")
    fields = {
        "title_kind": "hit",
        "account": "acct-7",
        "symbol": "COIN",
        "window_start": "2026-03-02T00:00:00Z",
        "scenario": "hacker",
        "probability": 0.9987,
        "verdict": "review",
        "reason": "bought low and sold high",
        "picture_png": b"\x89PNG",
        "chart_svg": chart,
        "role": "beneficiary",
    }
    return Case(**{**fields, **changed})


def render(lang: Lang = "en", **changed: Any) -> str:
    parts: dict[str, Any] = {"metrics": metrics(), "card": {}, "cases": [case()], "data": {}}
    return render_report(**{**parts, **changed}, lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_stands_alone(lang: Lang) -> None:
    html = render(lang)
    page = Page(html)
    assert page.named("script") == page.named("link") == []
    policy = [m["content"] for m in page.named("meta") if m.get("http-equiv")]
    assert len(policy) == 1
    assert set((policy[0] or "").split("; ")) == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    }
    sources = [a.get("src") for _, a in page.tags if "src" in a]
    assert sources == ["data:image/png;base64,iVBORw=="]
    assert re.sub(r'xmlns="[^"]*"', "", html).count("://") == 0
    assert not any(name.startswith("on") for _, a in page.tags for name in a)
    assert "None" not in page.words
    assert "nan" not in page.words


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_people_named_is_never_markup(lang: Lang) -> None:
    evil = case(account=EVIL, symbol=EVIL, scenario=EVIL, reason=EVIL, window_start=EVIL)
    html = render(
        lang,
        cases=[evil],
        card={"name": EVIL, "picture": {"name": EVIL, "hash": EVIL}},
        data={"description": EVIL, EVIL: EVIL, "seed": EVIL},
    )
    page = Page(html)
    assert page.named("script") == []
    assert [image.get("src", "")[:5] for image in page.named("img")] == ["data:"]  # type: ignore[index]
    assert EVIL in page.words


def test_key_figures_stand_at_the_top() -> None:
    words = Page(render()).words
    top = words[: words.index("Who gets flagged")]
    for figure in ("90.0%", "0.500", "0.9912", "0.9876 – 0.9934", "80.0%", "40 of 50"):
        assert figure in top
    assert "Fills alone never justify a hold" in top


def test_what_can_be_acted_on_stands_above_fills_alone() -> None:
    figures = metrics() | {
        "with_other_sides": {
            "held": share(72, 90), "least_held": None, "quiet": share(11990, 12000),
            "least_quiet": None, "apart": {},
        },
    }  # fmt: skip
    words = Page(render(metrics=figures)).words
    at = [words.index(w) for w in ("With the other sides of the trades known", "80.0%",
                                   "On fills alone", "90.0%", "Who gets flagged")]  # fmt: skip
    assert at == sorted(at)
    assert "These trades name no other side" not in words
    assert "These trades name no other side" in Page(render()).words


@pytest.mark.parametrize(("kinds", "more"), [(12, 0), (13, 5)])
def test_of_a_long_table_the_worst_rows_are_open_and_the_rest_unfolds(
    kinds: int, more: int
) -> None:
    figures = metrics()
    figures["scenarios"] = [scenario(f"kind {n:02}", "fraud", n, 20, 0.1) for n in range(kinds)]
    html = render(metrics=figures)
    folded = "".join(re.findall(r"<details>.*?</details>", html, re.S))
    shown = html.replace(folded, "")
    assert [n for n in range(kinds) if f"kind {n:02}" in folded] == list(range(kinds - more, kinds))
    assert [n for n in range(kinds) if f"kind {n:02}" in shown] == list(range(kinds - more))
    assert "All fraud windows" in shown
    assert (f"{more} more rows" in html) == (more > 0)


def test_kinds_that_fills_cannot_tell_are_marked() -> None:
    figures = metrics()
    assert "†" not in render(metrics=figures)
    figures["scenarios"][1]["untellable"] = True
    words = Page(render(metrics=figures)).words
    assert "Victim · Hacker†" in words
    assert "† looks honest on its fills alone" in words


def test_the_dot_counter_stands_beside_the_model_in_both_tables() -> None:
    html = render()
    words = Page(html).words
    assert (
        "To catch as much fraud as the model, the dot counter would flag 98.5% of the windows of "
        "“Day trader”. The model flags 0.050%." in words
    )
    honest, fraud = (table for table in re.findall(r"<table class=.*?</table>", html, re.S))
    assert "98.5%" in honest
    assert "44.0%" in honest
    assert "Hacker" not in honest
    assert "2.0%" in fraud
    assert "3.0%" in fraud
    assert "Day trader" not in fraud


def test_a_model_that_is_no_better_gets_no_finding() -> None:
    figures = metrics()
    figures["scenarios"][2] = scenario("day_trader", "normal", 5990, 6000, 0.985)
    assert "To catch as much fraud" not in render(metrics=figures)


def test_more_false_alarms_than_the_budget_are_admitted() -> None:
    figures = metrics()
    figures["at_threshold"]["false_positive_rate"] = share(60, 12000)
    words = Page(render(metrics=figures)).words
    assert "flagged 0.50% of the honest windows, more than its budget of 0.1%" in words
    assert "more than its budget" not in render()


def test_cases_stand_under_their_heading_with_picture_beside_chart() -> None:
    cases = [case(), case(title_kind="false_alarm", account="acct-9", probability=None)]
    html = render(cases=cases)
    words = Page(html).words
    at = [words.index(heading) for heading in ("Hits", "acct-7", "No fraud was missed.", "acct-9")]
    assert at == sorted(at)
    views = re.findall(r'<div class="views">(.*?)</div>', html, re.S)
    assert len(views) == 2
    assert all("<img" in view and "<svg" in view for view in views)
    alts = [image["alt"] for image in Page(html).named("img")]
    assert alts[0] == "Picture of account acct-7, COIN, 2026-03-02T00:00:00Z, as the model read it"


def test_simulated_data_and_labelled_data_have_their_own_limits() -> None:
    assert "This data is simulated" in render(data={"simulated": True})
    assert "as good as the labels" in render(data={"simulated": False})


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("missing", [*metrics(), "everything"])
def test_a_missing_figure_leaves_a_gap_and_no_fault(missing: str, lang: Lang) -> None:
    figures = metrics()
    figures = {} if missing == "everything" else {k: figures[k] for k in figures if k != missing}
    page = Page(render(lang, metrics=figures, cases=[]))
    assert "None" not in page.words


def test_card_and_data_are_named() -> None:
    card = {
        "name": "demo",
        "picture": {"name": "default", "hash": "9f3c2a7b11d04e5a"},
        "prior": 0.01,
        "weights_sha256": "ab" * 32,
        "data": {"description": "4,000 accounts", "seed": 7},
    }
    data = {"first_day": "2026-03-01", "last_day": "2026-03-25", "accounts": 20000}
    words = Page(render("zh", card=card, data=data)).words
    for named in ("9f3c2a7b11d04e5a", "4,000 accounts", "abababab", "2026-03-01 – 2026-03-25"):
        assert named in words
    assert "账户数" in words


def test_tables_and_figures_can_be_read_aloud() -> None:
    page = Page(render())
    assert len(page.named("caption")) == len(page.named("table"))
    assert all("scope" in head for head in page.named("th"))
    assert all(svg["aria-label"] for svg in page.named("svg"))
    assert all(image["alt"] for image in page.named("img"))


def test_missing_jinja_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "markupsafe", None)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtra, match=r"jinja2 .*tradeglyph\[plot\]"):
        render()


def test_the_same_figures_give_the_same_page() -> None:
    assert render() == render()

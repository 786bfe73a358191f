import copy
from typing import Any

import pytest

from tests.drawing.html import EVIL, Page
from tradeglyph.drawing.backtest import SHOWN, budget_remarks, plain, render_backtest
from tradeglyph.recognizers.reasons import Lang

pytest.importorskip("jinja2", reason="needs the extra `plot`")


def share(hits: int, windows: int) -> dict[str, float | int]:
    value = hits / windows
    return {"hits": hits, "windows": windows, "value": value, "low": value / 2, "high": value}


def half(alerts: float, hits: int) -> dict[str, Any]:
    return {
        "alerts": round(4 * alerts),
        "alerts_per_day": alerts,
        "held_per_day": 0.3,
        "flagged_per_day": 47.5,
        "accounts": share(hits, 10),
        "money": share(hits - 1, 10),
        "transfers": share(hits // 2, 5),
    }


def budget(alerts: float, threshold: float, hits: int) -> dict[str, Any]:
    return {
        "alerts_per_day": alerts,
        "threshold": threshold,
        "early": half(0.9 * alerts, hits),
        "late": half(1.1 * alerts, hits),
        "groups": {
            "grade": {"blatant": share(hits, 10), "faint": share(1, 10)},
            "share": {"<2%": share(2, 8), "unknown": share(1, 9)},
            "cover": {"0": share(3, 7)},
            "role": {},
        },
        "held": share(3, 8),
        "never": share(1, 16),
        "role_right": share(hits, 10),
        "alerts_before": share(1, 10),
    }


def figures() -> dict[str, Any]:
    return {
        "budgets": [budget(2.0, 0.9871, 4), budget(0.5, 0.25, 7)],
        "curves": {"all": [[0.5, 0.1, 0.2], [40.0, 1.0, 1.0]], "faint": [[0.5, 0.0, 0.0]]},
    }


def change(kind_count: int) -> dict[str, Any]:
    entry = {
        "account_id": EVIL,
        "symbol": "COIN",
        "window_start": "2026-03-02T00:00:00Z",
        "day": "2026-03-02",
        "current": None,
        "candidate": 0.75,
    }
    return {
        "alerts_per_day": 2.0,
        "newly": {"count": kind_count, "windows": [entry] * kind_count},
        "no_longer": {"count": 0, "windows": []},
        "both": 31,
        "planted": {"newly": 17, "no_longer": 13},
    }


def result(*, candidate: bool = False, **changed: Any) -> dict[str, Any]:
    half = {"days": 4, "first_day": "2026-03-02", "last_day": "2026-03-05", "windows": 1234}
    model = {"name": "default@1a2b", "weights_sha256": "0" * 64, "picture": "default 4dc5"}
    names = ("current", "candidate") if candidate else ("current",)
    return {
        "seed": 77,
        "data": {"sha256": "ab" * 32, "windows": 2468, "answered": 2400, "days": 8,
                 "trades": EVIL},
        "verdicts": "other_sides",
        "split": {"ordered": True, "early": half, "late": {**half, "last_day": "2026-03-09"}},
        "planting": {"asked": 400, "planted": 321, "in_own_days": 200, "strangers": 442,
                     "trips": 1999, "money": 7_654_321.0, "most_trips": 12, "least_ticks": 5,
                     "least_share": 0.005, "most_share": 0.4, "large_share": 0.2},
        "models": {name: {**model, "threshold": 0.3245} for name in names},
        "figures": {name: figures() for name in names},
        "changes": [change(25), change(1)] if candidate else [],
        **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Backtest on your own traffic", "No look-ahead", "faint, 20-40%", "not known"]),
        ("zh", ["用自有数据回测", "不使用未来数据", "极隐蔽，20–40%", "未知"]),
    ],
)
def test_figures_are_told(lang: Lang, words: list[str]) -> None:
    page = Page(render_backtest(result(), lang=lang))
    shown = ["0.9871", "0.25", "40.0%", "2026-03-09", "1,234", "77", "ab" * 32, "7,654,321", "321"]
    for word in [*words, *shown, "default@1a2b", "0.5%", "20%"]:
        assert word in page.words, word
    assert len(page.named("svg")) == 2
    assert len(page.named("circle")) == 4  # two budgets on each chart


@pytest.mark.parametrize(
    ("lang", "rests_on", "words"),
    [
        ("en", "other_sides", ["holds or puts up for review", "37.5% of the planted"]),
        ("zh", "other_sides", ["判为止付或复核", "植入账户中有 37.5% 判止付"]),
        ("en", "fills", ["do not tell the other sides"]),
        ("zh", "fills", ["没有对手方"]),
        ("en", "model", ["by the model alone"]),
        ("zh", "model", ["只凭模型判定"]),
    ],
)
def test_what_an_alert_is(lang: Lang, rests_on: str, words: list[str]) -> None:
    page = Page(render_backtest(result(verdicts=rests_on), lang=lang))
    for word in words:
        assert word in page.words, word
    assert ("37.5%" in page.words) == (rests_on == "other_sides")
    assert "47.5" in page.words  # what the model flags, beside the alerts
    assert "6.2%" in page.words  # and what is no alert at any threshold


def test_a_single_day_is_no_proof() -> None:
    split = {**result()["split"], "ordered": False}
    words = Page(render_backtest(result(split=split), lang="en")).words
    assert "No look-ahead" not in words
    assert "one day only" in words


def test_a_candidate_stands_beside() -> None:
    page = Page(render_backtest(result(candidate=True), lang="en"))
    assert len(page.named("svg")) == 3
    for word in ("31", "17", "13", f"{SHOWN} of 25", "75.0%"):
        assert word in page.words
    assert page.words.count("COIN") == SHOWN
    assert "What the candidate would change" not in Page(render_backtest(result(), lang="en")).words


def test_nobodys_name_becomes_markup() -> None:
    html = render_backtest(result(candidate=True), lang="en")
    page = Page(html)
    assert "<script" not in html
    assert not page.named("img")
    assert EVIL in page.words
    assert not any("http" in (a.get("href") or a.get("src") or "") for _, a in page.tags)


def test_without_plants_on_the_later_days() -> None:
    bare = result()
    nothing = {"value": None, "low": None, "high": None, "windows": 0}
    bare["figures"] = copy.deepcopy(bare["figures"])
    bare["figures"]["current"]["curves"] = {}
    for entry in bare["figures"]["current"]["budgets"]:
        entry["late"].update(accounts=nothing, money=nothing, transfers=nothing)
        entry["groups"] = {"grade": {}}
    page = Page(render_backtest(bare, lang="en"))
    assert "No transfer was planted on the later days." in page.words
    assert not page.named("svg")


def test_budgets_that_the_data_can_not_resolve() -> None:
    every, none = budget(20.0, 0.0, 4), budget(0.01, 0.9, 4)
    none["early"] = {**none["early"], "alerts": 0}
    ledger = budget(0.2, 1.0, 4)
    ledger["early"] = half(1.5, 4)
    first, second, third = budget_remarks([every, budget(2.0, 0.5, 4), none, ledger], "en")
    assert third.startswith("The ledger alone raises 1.50 alerts a day")
    assert first.startswith("A budget of 20 alerts a day covers every window")
    assert second.startswith("A budget of 0.01 alerts a day comes to no alert")


def test_a_budget_is_shown_as_it_was_written() -> None:
    assert [plain(b) for b in (20.0, 0.05, 1000.0, 2.5)] == ["20", "0.05", "1,000", "2.5"]

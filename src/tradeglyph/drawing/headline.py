"""What an evaluation comes to, in the order a risk team asks: what it can act on, then the rest.

With the other sides of the trades known, a verdict stops money: is the fraud held, on the right
side, and are honest accounts left alone? Fills alone only say where to look: there recall is told
first over the kinds that fills can tell, then over all, and the worst kind is named with the reason
where fills cannot tell it. The report's tiles and the console show the same figures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tradeglyph.drawing.formats import interval, number, percent, percent_range, ratio, stated
from tradeglyph.drawing.texts import scenario_title, text
from tradeglyph.recognizers.reasons import Lang

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One figure that stands at the top."""

    label: str
    value: str
    """As people read it; a dash where it is not known."""
    basis: str = ""
    """What it was counted on, in few words."""
    notes: tuple[str, ...] = ()
    """What else belongs to it: intervals, the worst kind, what is counted apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The figures at the top of an evaluation, in two groups."""

    with_sides: tuple[KeyFigure, ...]
    """Where the other sides of the trades are known; empty where the trades name none."""
    fills_alone: tuple[KeyFigure, ...]


def headline(metrics: Figures, card: Figures, lang: Lang) -> Headline:
    """The top of an evaluation from `metrics.json` and a model's card; what is missing in either
    is left out or shown as a dash."""
    return Headline(
        with_sides=tuple(_with_sides(metrics, lang)),
        fills_alone=tuple(_fills_alone(metrics, card, lang)),
    )


def _under(figures: Any, *path: str) -> Figures:
    for key in path:
        figures = figures.get(key) if isinstance(figures, Mapping) else None
    return figures if isinstance(figures, Mapping) else {}


def _with_sides(metrics: Figures, lang: Lang) -> Iterator[KeyFigure]:
    acted = _under(metrics, "with_other_sides")
    if not acted:
        return
    held, quiet, role = acted["held"], acted["quiet"], _under(metrics, "held_role_right")
    apart = acted.get("apart") or {}
    yield _share_figure(
        "tile_held", held, lang, _least(acted.get("least_held"), lang), _apart(apart, lang)
    )
    yield _share_figure("tile_role", role, lang)
    yield _share_figure("tile_quiet", quiet, lang, _least(acted.get("least_quiet"), lang))


def _share_figure(key: str, share: Figures, lang: Lang, *notes: str) -> KeyFigure:
    return KeyFigure(
        label=text(key, lang),
        value=percent(share.get("value")),
        basis=_counted(share, lang),
        notes=_said(_share_spread(share, lang), *notes),
    )


def _said(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def _counted(share: Figures, lang: Lang) -> str:
    if not share.get("windows"):
        return ""
    shown = {key: number(share.get(key)) for key in ("hits", "windows")}
    return text("tile_counted", lang, **shown)


def _least(share: Figures | None, lang: Lang) -> str:
    """The worst kind, where not all of it went right."""
    if not share or share["value"] == 1:
        return ""
    title = scenario_title(str(share["scenario"]), lang)
    return text("tile_least", lang, scenario=title, share=percent(share["value"]))


def _apart(apart: Figures, lang: Lang) -> str:
    if not apart:
        return ""
    titles = text("list_comma", lang).join(scenario_title(str(name), lang) for name in apart)
    return text("tile_apart", lang, windows=number(sum(apart.values())), scenarios=titles)


def _fills_alone(metrics: Figures, card: Figures, lang: Lang) -> Iterator[KeyFigure]:
    working = _under(metrics, "at_threshold")
    recall, tellable = _under(working, "recall"), _under(working, "recall_tellable")
    budget = _budget_note(metrics, card, lang)
    if tellable and tellable.get("windows") != recall.get("windows"):
        yield _share_figure("tile_recall_tellable", tellable, lang, budget)
        yield _share_figure("tile_recall_all", recall, lang, _areas(metrics, lang))
    else:
        yield _share_figure("tile_recall", recall, lang, budget, _areas(metrics, lang))
    yield _false_alarms(_under(working, "false_positive_rate"), lang)
    yield _worst(metrics, lang)


def _areas(metrics: Figures, lang: Lang) -> str:
    ranking = _under(metrics, "ranking", "model")
    area = _under(ranking, "roc_auc")
    ends = interval(ratio(area.get("low")), ratio(area.get("high")))
    pr = ratio(_under(ranking, "pr_auc").get("value"))
    return text("tile_areas", lang, roc=ratio(area.get("value")), ends=ends, pr=pr) if ends else ""


def _budget_note(metrics: Figures, card: Figures, lang: Lang) -> str:
    """What the threshold was set for; nothing for a threshold that isn't the card's."""
    own = card.get("threshold", metrics.get("threshold")) == metrics.get("threshold")
    budget = metrics.get("alert_budget")
    if budget is None or not own:
        return ""
    return text("tile_recall_budget", lang, budget=stated(budget))


def _per_thousand(share: float | None) -> str:
    return number(None if share is None else 1000 * share)


def _false_alarms(rate: Figures, lang: Lang) -> KeyFigure:
    ends = _ends(interval(_per_thousand(rate.get("low")), _per_thousand(rate.get("high"))), lang)
    if rate.get("windows") and not rate.get("hits"):
        high = _per_thousand(rate.get("high"))
        ends = text("tile_false_none", lang, high=high)
    return KeyFigure(
        label=text("tile_false", lang),
        value=_per_thousand(rate.get("value")),
        basis=_counted(rate, lang),
        notes=_said(ends),
    )


def _worst(metrics: Figures, lang: Lang) -> KeyFigure:
    worst = _under(metrics, "worst_scenario")
    if not worst:
        return KeyFigure(
            label=text("tile_worst", lang), value=percent(None), notes=(text("no_fraud", lang),)
        )
    named = text("tile_named", lang, scenario=scenario_title(str(worst["scenario"]), lang),
                 counted=_counted(worst, lang))  # fmt: skip
    return KeyFigure(
        label=text("tile_worst", lang),
        value=percent(worst.get("value")),
        basis=named,
        notes=_said(_share_spread(worst, lang), *_why_missed(metrics, worst, lang)),
    )


def _why_missed(metrics: Figures, worst: Figures, lang: Lang) -> Iterator[str]:
    """Why fills miss this kind, what the ledger makes of it, and the worst that fills can tell."""
    if not worst.get("untellable"):
        return
    rows = {row["scenario"]: row for row in metrics.get("verdicts_with") or []}
    held = _under(rows, str(worst["scenario"]), "hold").get("value")
    if held is None:
        yield text("untellable", lang)
    else:
        yield text("untellable_held", lang, held=percent(held))
    other = _under(metrics, "worst_tellable")
    if other:
        title = scenario_title(str(other["scenario"]), lang)
        yield text("tile_worst_tellable", lang, scenario=title, share=percent(other.get("value")))


def _share_spread(share: Figures, lang: Lang) -> str:
    return _ends(percent_range(share.get("low"), share.get("high")), lang)


def _ends(ends: str, lang: Lang) -> str:
    return f"{text('interval', lang)} {ends}" if ends else ""

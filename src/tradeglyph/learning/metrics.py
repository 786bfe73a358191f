"""Every figure of an evaluation, from arrays: what stands in `metrics.json`.

Three rules run through all of it.

- Not applicable (a NaN score) is not zero: such windows stay out of areas, curves and calibration.
  Where windows are counted as flagged or not they count, as not flagged: a fraud that gets no
  answer is missed.
- A baseline is judged at the model's own working point: at as many false alarms, and at as much
  recall. Its ties are broken in expectation (`ranking.Cut`).
- There is no accuracy. At a base rate of 0.1 % silence has 99.9 % of it.

Honest windows are the normal ones without those that fills alone cannot tell from fraud
(`Judged.ambiguous`): these may be flagged for a person to look at, and are counted apart. Ranking
and curves spare nobody: there they are normal windows like the rest. Recall counts all fraud;
beside it stands that of the kinds that fills alone can tell (`Judged.untellable` names the rest).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.alerts import ALERTS_A_DAY, at_base_rates, recall_at_alerts
from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.false_positives import falling_rates
from tradeglyph.learning.intervals import rule_of_three, share_within, upper_bound
from tradeglyph.learning.methods import method_table
from tradeglyph.learning.ranking import Cut, Ranking, areas, curves, roc_auc, spread, unknown_last
from tradeglyph.learning.reliability import calibration_table, quantile_bins, tail_table

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

FORMAT = 2
"""Version of the layout of `metrics.json`."""
MONEY_BINS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """n windows that have a label, and what the model and the baselines said about them.

    Raises ValueError where columns differ in length or a label is neither 0 nor 1.
    """

    label: NDArray[np.int8]
    """1 fraud, 0 normal."""
    score: Floats
    """The model's probability; NaN where the window is not applicable."""
    scenario: NDArray[np.object_]
    role_true: NDArray[np.object_]
    """`beneficiary`, `victim` or empty."""
    role_said: NDArray[np.object_]
    """`beneficiary`, `victim`, `unclear` or empty."""
    flagged: Mask
    money: Floats
    """Gross money moved, in quote currency; NaN where it is not known."""
    group: NDArray[np.object_]
    """The world of a window, `symbol|day`: what the bootstrap draws."""
    threshold: float
    baselines: Mapping[str, Floats] = field(default_factory=dict)
    """Scores by name, higher is more suspicious; NaN where not applicable."""
    parts: Mapping[str, Floats] = field(default_factory=dict)
    """The same of parts of the model (picture only, features only) or of other models."""
    ambiguous: Mask | None = None
    """Normal windows that fills alone cannot tell from fraud; None for none."""
    untellable: Mask | None = None
    """Fraud windows that fills alone cannot tell from honest ones; None for none."""
    account: NDArray[np.object_] | None = None
    """Whose window it is; None where money before the first alert is not asked for."""
    start: NDArray[np.int64] | None = None
    """Its beginning, microseconds UTC; None as for `account`."""

    def __post_init__(self) -> None:
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        columns = {k: v for k, v in columns.items() if isinstance(v, np.ndarray)}
        for name, column in {**columns, **self.baselines, **self.parts}.items():
            if len(column) != len(self.label):
                raise ValueError(f"{name} has {len(column)} windows, label {len(self.label)}")
        if not np.isin(self.label, (0, 1)).all():
            raise ValueError("label must be 1 (fraud) or 0 (normal)")

    def __len__(self) -> int:
        return len(self.label)

    @property
    def fraud(self) -> Mask:
        """Which windows are fraud."""
        return self.label == 1

    @property
    def honest(self) -> Mask:
        """Which windows must not be flagged: the normal ones that fills can clear."""
        normal = self.label == 0
        return normal if self.ambiguous is None else normal & ~self.ambiguous.astype(bool)

    @property
    def unclear(self) -> Mask:
        """Which normal windows fills alone cannot clear."""
        return ~self.fraud & ~self.honest

    @property
    def tellable(self) -> Mask:
        """Which fraud windows fills alone can tell."""
        if self.untellable is None:
            return self.fraud
        return self.fraud & ~self.untellable.astype(bool)

    @property
    def answered(self) -> Mask:
        """Which windows have a probability."""
        return ~np.isnan(self.score)

    @property
    def caught(self) -> Mask:
        """Which windows were flagged; one without an answer never is."""
        return self.flagged.astype(bool) & self.answered


def measure(
    judged: Judged,
    *,
    alert_budget: float,
    prior: float | None = None,
    active_accounts: int = 1_000_000,
    bootstrap: int = 200,
    seed: int = 0,
) -> Figures:
    """The content of `metrics.json`: plain dicts, lists and numbers, with None for unknown.

    `alert_budget` is the share of honest windows that may be flagged. `prior` is the share of
    fraud at which the probabilities were calibrated; None takes the sample's own. Alerts per day
    count one window per active account and day. Same input, same output, whatever the order of
    the windows; `seed` only draws the bootstrap.

    Raises MissingExtra without scikit-learn.
    """
    stated = float(judged.fraud.mean()) if prior is None and len(judged) else prior
    draws = Draws.of(judged.group, bootstrap, seed)
    working = _at_threshold(judged, active_accounts, draws)
    cuts = _Cuts.of(judged, alert_budget, working)
    scenarios = _scenarios(judged, cuts)
    figures = {
        "format": FORMAT,
        "windows": _counts(judged),
        "threshold": judged.threshold,
        "alert_budget": alert_budget,
        "prior": stated,
        "active_accounts": active_accounts,
        "bootstrap": bootstrap,
        "seed": seed,
        **_ranked(judged, bootstrap, seed),
        "at_threshold": working,
        "falling_rates": _falling(judged),
        "comparison": cuts.to_json(judged),
        "methods": method_table(
            _scorers(judged),
            judged.fraud,
            judged.honest,
            judged.scenario,
            rate=cuts.false_alarms,
            draws=draws,
        ),
        "scenarios": scenarios,
        "worst_scenario": _worst(scenarios, judged, draws),
        "worst_tellable": _worst([s for s in scenarios if not s["untellable"]], judged, draws),
        "worst_honest": _worst_honest(scenarios),
        "money": _money(judged, draws),
        "role": _role(judged),
        "calibration": {
            **calibration_table(judged.fraud, judged.score, stated),
            "tail": tail_table(judged.fraud, judged.score, stated),
            "tail_tellable": _tail_tellable(judged, stated),
        },
        "untellable": _untellable(scenarios),
    }
    return jsonable(figures)


def _counts(judged: Judged) -> Figures:
    n, answered = len(judged), int(judged.answered.sum())
    return {
        "total": n,
        "fraud": int(judged.fraud.sum()),
        "normal": int((~judged.fraud).sum()),
        "ambiguous": int(judged.unclear.sum()),
        "answered": answered,
        "not_applicable": n - answered,
        "answered_share": answered / n if n else math.nan,
        "groups": len(set(judged.group.tolist())),
    }


# Ranking ------------------------------------------------------------------------------------


def _scorers(judged: Judged) -> dict[str, Floats]:
    return {"model": judged.score, **judged.parts, **judged.baselines}


def _ranked(judged: Judged, bootstrap: int, seed: int) -> Figures:
    """Areas and curves of all scorers over the windows that the model answered."""
    mask = judged.answered
    _, group = np.unique(judged.group[mask].astype(str), return_inverse=True)
    ranking: Figures = {}
    drawn: Figures = {}
    for name, score in _scorers(judged).items():
        ranked = Ranking.of(judged.fraud[mask], unknown_last(score[mask]))
        ranking[name] = areas(ranked, group, bootstrap=bootstrap, seed=seed)
        drawn[name] = curves(ranked)
    return {"ranking": ranking, "curves": drawn}


# At the threshold ---------------------------------------------------------------------------


def _at_threshold(judged: Judged, active_accounts: int, draws: Draws) -> Figures:
    recall = _clustered_share(judged, judged.fraud, draws)
    rate = _clustered_share(judged, judged.honest, draws)
    if rate["windows"]:
        rate["upper"] = upper_bound(rate["hits"], rate["windows"])
    if rate["windows"] and not rate["hits"]:
        rate["rule_of_three"] = rule_of_three(rate["windows"])
    score = unknown_last(judged.score)
    fraud, honest = score[judged.fraud], score[judged.honest]
    return {
        "recall": recall,
        "recall_tellable": _clustered_share(judged, judged.tellable, draws),
        "false_positive_rate": rate,
        "ambiguous": share_within(judged.caught, judged.unclear).to_json(),
        "base_rates": at_base_rates(recall, rate, active_accounts),
        "recall_at_false_alarms_per_day": [
            _recall_at(fraud, honest, alarms, active_accounts) for alarms in ALERTS_A_DAY
        ],
        "recall_at_alerts_per_day": recall_at_alerts(fraud, honest, active_accounts),
    }


def _falling(judged: Judged) -> list[Figures]:
    score = unknown_last(judged.score)
    return falling_rates(score[judged.fraud], score[judged.honest])


def _clustered_share(judged: Judged, within: Mask, draws: Draws) -> Figures:
    """The flagged share with the wider, at each end, of its exact and its cluster interval.

    The exact one holds where nothing or everything is flagged, where a bootstrap sees no spread;
    the cluster one where whole days go wrong together.
    """
    share = share_within(judged.caught, within).to_json()
    hits = (judged.caught & within).astype(np.float64)
    low, high = draws.ratio(hits, within.astype(np.float64))
    return {**share, "low": np.fmin(share["low"], low), "high": np.fmax(share["high"], high)}


def _recall_at(fraud: Floats, honest: Floats, alarms: int, active_accounts: int) -> Figures:
    """Recall of the score alone where `alarms` honest accounts a day may be flagged.

    `resolved` is false where the sample has too few honest windows to show one such false alarm;
    the recall is then that above the highest honest score.
    """
    rate = alarms / active_accounts
    return {
        "false_alarms_per_day": alarms,
        "false_positive_rate": rate,
        "recall": Cut.at(honest, rate).flagged(fraud) if len(honest) else math.nan,
        "resolved": len(honest) * rate >= 1,
    }


# Baselines at the model's working point -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Where each baseline would be cut to be compared with the model."""

    false_alarms: float
    """Share of honest windows each baseline may flag: the alert budget, or what the model really
    flagged where that is more, so that a baseline never has less room than the model took."""
    recall: float
    """Share of fraud the model flagged."""
    at_false_alarms: dict[str, Cut]
    at_recall: dict[str, Cut]

    @classmethod
    def of(cls, judged: Judged, alert_budget: float, working: Figures) -> "_Cuts":
        room = float(np.fmax(alert_budget, working["false_positive_rate"]["value"]))
        recall = float(working["recall"]["value"])
        known = {name: unknown_last(score) for name, score in judged.baselines.items()}
        return cls(
            room,
            recall,
            {name: Cut.at(score[judged.honest], room) for name, score in known.items()},
            {
                name: Cut.at(score[judged.fraud], 0.0 if math.isnan(recall) else recall)
                for name, score in known.items()
            },
        )

    def to_json(self, judged: Judged) -> Figures:
        baselines = {}
        for name, score in judged.baselines.items():
            known = unknown_last(score)
            baselines[name] = {
                "recall_at_same_false_alarms": self.at_false_alarms[name].flagged(
                    known[judged.fraud]
                ),
                "false_alarms_at_same_recall": self.at_recall[name].flagged(known[judged.honest]),
            }
        return {"false_alarms": self.false_alarms, "recall": self.recall, "baselines": baselines}


# By scenario --------------------------------------------------------------------------------


def _scenarios(judged: Judged, cuts: _Cuts) -> list[Figures]:
    """One entry per scenario and label, fraud first: flagged share, and the same of baselines.

    `roc_auc` of an honest scenario is all fraud against it alone; of a fraud scenario it is that
    fraud against all honest windows.
    """
    keys = sorted({(-int(label), str(name)) for label, name in _pairs(judged)})
    names = judged.scenario.astype(str)
    return [
        _scenario(judged, cuts, name, (names == name) & (judged.label == -minus))
        for minus, name in keys
    ]


def _pairs(judged: Judged) -> set[tuple[int, str]]:
    return set(zip(judged.label.tolist(), judged.scenario.tolist(), strict=True))


def _scenario(judged: Judged, cuts: _Cuts, name: str, within: Mask) -> Figures:
    fraud = bool(judged.fraud[within][0])
    against = within | (judged.fraud != fraud)
    baselines = {}
    for baseline, score in judged.baselines.items():
        known = unknown_last(score)
        baselines[baseline] = {
            "share_at_same_false_alarms": cuts.at_false_alarms[baseline].flagged(known[within]),
            "share_at_same_recall": cuts.at_recall[baseline].flagged(known[within]),
            "roc_auc": _auc(judged, score, against),
        }
    return {
        "scenario": name,
        "label": "fraud" if fraud else "normal",
        "ambiguous": bool(judged.unclear[within][0]),
        "untellable": fraud and not judged.tellable[within][0],
        "answered": int((within & judged.answered).sum()),
        "flagged": share_within(judged.caught, within).to_json(),
        "roc_auc": _auc(judged, judged.score, against),
        "baselines": baselines,
    }


def _auc(judged: Judged, score: Floats, within: Mask) -> float:
    mask = within & judged.answered
    ranked = Ranking.of(judged.fraud[mask], unknown_last(score[mask]))
    return roc_auc(*ranked.masses())


def _untellable(scenarios: Sequence[Figures]) -> list[Figures]:
    """What the model makes of the kinds that fills alone are said not to tell, one entry each.

    `told` says that it does tell one: a fraud that it flags more often, beyond its interval, than
    the tellable fraud that it flags least; or an honest kind that it flags less often, beyond its
    interval, than the other honest kind that it flags most. The name no longer fits it then. None
    where there is nothing to compare with.
    """
    tellable = [s for s in scenarios if not (s["untellable"] or s["ambiguous"])]
    shares: dict[str, list[float]] = {
        label: [s["flagged"]["value"] for s in tellable if s["label"] == label]
        for label in ("fraud", "normal")
    }
    return [
        {
            **{key: entry[key] for key in ("scenario", "label", "flagged", "roc_auc")},
            "told": _told(entry, shares[entry["label"]]),
        }
        for entry in scenarios
        if entry["untellable"] or entry["ambiguous"]
    ]


def _told(entry: Figures, others: Sequence[float]) -> bool | None:
    if not others:
        return None
    if entry["label"] == "fraud":
        return bool(entry["flagged"]["low"] > min(others))
    return bool(entry["flagged"]["high"] < max(others))


def _tail_tellable(judged: Judged, prior: float | None) -> list[Figures]:
    """The tail without those kinds, which a model that was not taught them was not calibrated on;
    empty where there are none."""
    known = judged.tellable | judged.honest
    return [] if known.all() else tail_table(judged.fraud[known], judged.score[known], prior)


def _worst(scenarios: Sequence[Figures], judged: Judged, draws: Draws) -> Figures | None:
    """The fraud scenario of least recall: a mean hides the one that gets through.

    `least_low` and `least_high` are the 95 % interval of the minimum itself, taken anew in each
    resample of the worlds: whichever scenario is worst there.
    """
    fraud = [s for s in scenarios if s["label"] == "fraud"]
    if not fraud:
        return None
    worst = min(fraud, key=lambda s: (s["flagged"]["value"], s["scenario"]))
    names, caught = judged.scenario.astype(str), judged.caught
    shares = []
    for entry in fraud:
        within = judged.fraud & (names == entry["scenario"])
        shares.append(draws.ratios((within & caught).astype(float), within.astype(float)))
    drawn = np.stack(shares)
    seen = ~np.isnan(drawn).all(axis=0)
    low, high = spread(np.nanmin(drawn[:, seen], axis=0).tolist()) if seen.any() else (None, None)
    return {
        "scenario": worst["scenario"],
        "untellable": worst["untellable"],
        **worst["flagged"],
        "least_low": low,
        "least_high": high,
    }


def _worst_honest(scenarios: Sequence[Figures]) -> Figures | None:
    """The honest scenario that is flagged most, ambiguous ones apart."""
    honest = [s for s in scenarios if s["label"] == "normal" and not s["ambiguous"]]
    if not honest:
        return None
    worst = max(honest, key=lambda s: (s["flagged"]["value"], s["scenario"]))
    return {"scenario": worst["scenario"], **worst["flagged"]}


# Money and role -----------------------------------------------------------------------------


def _money(judged: Judged, draws: Draws) -> Figures:
    """Recall weighted by money, and recall in quarters of the fraud windows by money."""
    known = judged.fraud & np.isfinite(judged.money)
    weight = np.where(known, judged.money, 0.0)
    money, caught = judged.money[known], judged.caught[known]
    total, found = float(money.sum()), float(money[caught].sum())
    low, high = draws.ratio(np.where(judged.caught, weight, 0.0), weight)
    return {
        "windows": len(money),
        "total": total,
        "caught": found,
        "recall": found / total if total > 0 else math.nan,
        "low": low,
        "high": high,
        "gone_nightly": _gone_nightly(judged, known),
        "bins": [
            _money_bin(money, caught, low, high) for low, high in quantile_bins(money, MONEY_BINS)
        ],
    }


def _gone_nightly(judged: Judged, known: Mask) -> float:
    """Share of the money gone when an account's first flagged window is over.

    Money of an account's fraud windows up to and with the first that is flagged, all of it where
    none is; over all fraud accounts. A batch at night can't stop what its own day saw.
    """
    if judged.account is None or judged.start is None or not known.any():
        return math.nan
    _, account = np.unique(judged.account[known].astype(str), return_inverse=True)
    start, money = judged.start[known], judged.money[known]
    first = np.full(account.max() + 1, np.iinfo(np.int64).max)
    flagged = judged.caught[known]
    np.minimum.at(first, account[flagged], start[flagged])
    total = float(money.sum())
    return float(money[start <= first[account]].sum()) / total if total > 0 else math.nan


def _money_bin(money: Floats, caught: Mask, low: float, high: float) -> Figures:
    within = (money > low) & (money <= high)
    return {
        "from": float(money[within].min()),
        "to": float(money[within].max()),
        "recall": share_within(caught, within).to_json(),
    }


def _role(judged: Judged) -> Figures:
    """Among flagged fraud of known role: how often the role said is the right one."""
    true, said = judged.role_true.astype(str), judged.role_said.astype(str)
    known = judged.fraud & judged.caught & (true != "")
    by_role = {}
    for role in sorted(set(true[known].tolist())):
        within = known & (true == role)
        unclear = np.isin(said, ("", "unclear"))
        by_role[role] = {
            "right": share_within(said == true, within).to_json(),
            "unclear": int((within & unclear).sum()),
            "wrong": int((within & ~unclear & (said != true)).sum()),
        }
    return {"right": share_within(said == true, known).to_json(), "by_role": by_role}


def jsonable(figures: Figures) -> Figures:
    """The same with plain Python numbers, and None where a float is not finite."""
    plain: Figures = _plain(figures)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value

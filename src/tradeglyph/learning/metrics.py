"""Every figure of an evaluation, from arrays: what stands in `metrics.json`.

Three rules run through all of it.

- Not applicable (a NaN score) is not zero: such windows stay out of areas, curves and calibration.
  Where windows are counted as flagged or not they count, as not flagged: a fraud that gets no
  answer is missed.
- A baseline is judged at the model's own working point: at as many false alarms, and at as much
  recall. Its ties are broken in expectation (`ranking.Cut`).
- There is no accuracy. At a base rate of 0.1 % silence has 99.9 % of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import exact_share, rule_of_three
from tradeglyph.learning.ranking import Cut, Ranking, areas, curves, resamples, roc_auc, spread
from tradeglyph.learning.reliability import calibration_table, quantile_bins

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

FORMAT = 1
"""Version of the layout of `metrics.json`."""
BASE_RATES = (0.5, 0.01, 0.001)
"""Shares of fraud among active accounts at which precision and alerts are reported."""
FALSE_ALARMS_A_DAY = (20, 50, 200)
"""What a team of analysts can look at in a day, small to large."""
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

    def __post_init__(self) -> None:
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        columns = {k: v for k, v in columns.items() if isinstance(v, np.ndarray)}
        for name, column in {**columns, **self.baselines}.items():
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
    working = _at_threshold(judged, active_accounts, bootstrap, seed)
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
        "comparison": cuts.to_json(judged),
        "scenarios": scenarios,
        "worst_scenario": _worst(scenarios),
        "money": _money(judged),
        "role": _role(judged),
        "calibration": calibration_table(judged.fraud, judged.score, stated),
    }
    cleaned: Figures = _jsonable(figures)
    return cleaned


def _counts(judged: Judged) -> Figures:
    n, answered = len(judged), int(judged.answered.sum())
    return {
        "total": n,
        "fraud": int(judged.fraud.sum()),
        "normal": int((~judged.fraud).sum()),
        "answered": answered,
        "not_applicable": n - answered,
        "answered_share": answered / n if n else math.nan,
        "groups": len(set(judged.group.tolist())),
    }


# Ranking ------------------------------------------------------------------------------------


def _known(score: Floats) -> Floats:
    """Scores with -inf for not applicable: ranked last and never flagged."""
    return np.where(np.isnan(score), -np.inf, score)


def _scorers(judged: Judged) -> dict[str, Floats]:
    return {"model": judged.score, **judged.baselines}


def _ranked(judged: Judged, bootstrap: int, seed: int) -> Figures:
    """Areas and curves of all scorers over the windows that the model answered."""
    mask = judged.answered
    _, group = np.unique(judged.group[mask].astype(str), return_inverse=True)
    ranking: Figures = {}
    drawn: Figures = {}
    for name, score in _scorers(judged).items():
        ranked = Ranking.of(judged.fraud[mask], _known(score[mask]))
        ranking[name] = areas(ranked, group, bootstrap=bootstrap, seed=seed)
        drawn[name] = curves(ranked)
    return {"ranking": ranking, "curves": drawn}


# At the threshold ---------------------------------------------------------------------------


def _share(mask: Mask, within: Mask) -> Figures:
    return exact_share(int((mask & within).sum()), int(within.sum())).to_json()


def _at_threshold(judged: Judged, active_accounts: int, bootstrap: int, seed: int) -> Figures:
    recall = _clustered_share(judged, judged.fraud, bootstrap, seed)
    rate = _clustered_share(judged, ~judged.fraud, bootstrap, seed)
    if rate["windows"] and not rate["hits"]:
        rate["rule_of_three"] = rule_of_three(rate["windows"])
    return {
        "recall": recall,
        "false_positive_rate": rate,
        "base_rates": [_at_base_rate(b, recall, rate, active_accounts) for b in BASE_RATES],
        "recall_at_false_alarms_per_day": [
            _recall_at(judged, a, active_accounts) for a in FALSE_ALARMS_A_DAY
        ],
    }


def _clustered_share(judged: Judged, within: Mask, bootstrap: int, seed: int) -> Figures:
    """The flagged share with the wider, at each end, of its exact and its cluster interval.

    The exact one holds where nothing or everything is flagged, where a bootstrap sees no spread;
    the cluster one where whole days go wrong together.
    """
    share = _share(judged.caught, within)
    _, group = np.unique(judged.group.astype(str), return_inverse=True)
    drawn = [
        float(np.sum(w, where=within & judged.caught) / total)
        for w in resamples(group, bootstrap, seed)
        if (total := np.sum(w, where=within))
    ]
    low, high = spread(drawn)
    return {**share, "low": np.fmin(share["low"], low), "high": np.fmax(share["high"], high)}


def _at_base_rate(base: float, recall: Figures, rate: Figures, active_accounts: int) -> Figures:
    """Precision and alerts where a share `base` of the accounts is fraud (Bayes' rule).

    `precision_low` takes recall and false-positive rate at the bad ends of their intervals: a
    precision of 100 % because no false alarm was seen is not a promise.
    """
    return {
        "base_rate": base,
        "precision": _precision(base, recall["value"], rate["value"]),
        "precision_low": _precision(base, recall["low"], rate["high"]),
        "alerts_per_day": active_accounts * (base * recall["value"] + (1 - base) * rate["value"]),
        "false_alarms_per_day": active_accounts * (1 - base) * rate["value"],
        "false_alarms_per_day_high": active_accounts * (1 - base) * rate["high"],
    }


def _precision(base: float, recall: float, rate: float) -> float:
    flagged = base * recall + (1 - base) * rate
    return base * recall / flagged if flagged > 0 else math.nan


def _recall_at(judged: Judged, alarms: int, active_accounts: int) -> Figures:
    """Recall of the score alone where `alarms` honest accounts a day may be flagged.

    `resolved` is false where the sample has too few honest windows to show one such false alarm;
    the recall is then that above the highest honest score.
    """
    score, rate = _known(judged.score), alarms / active_accounts
    honest = score[~judged.fraud]
    return {
        "false_alarms_per_day": alarms,
        "false_positive_rate": rate,
        "recall": Cut.at(honest, rate).flagged(score[judged.fraud]) if len(honest) else math.nan,
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
        known = {name: _known(score) for name, score in judged.baselines.items()}
        return cls(
            room,
            recall,
            {name: Cut.at(score[~judged.fraud], room) for name, score in known.items()},
            {
                name: Cut.at(score[judged.fraud], 0.0 if math.isnan(recall) else recall)
                for name, score in known.items()
            },
        )

    def to_json(self, judged: Judged) -> Figures:
        baselines = {}
        for name, score in judged.baselines.items():
            known = _known(score)
            baselines[name] = {
                "recall_at_same_false_alarms": self.at_false_alarms[name].flagged(
                    known[judged.fraud]
                ),
                "false_alarms_at_same_recall": self.at_recall[name].flagged(known[~judged.fraud]),
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
        known = _known(score)
        baselines[baseline] = {
            "share_at_same_false_alarms": cuts.at_false_alarms[baseline].flagged(known[within]),
            "share_at_same_recall": cuts.at_recall[baseline].flagged(known[within]),
            "roc_auc": _auc(judged, score, against),
        }
    return {
        "scenario": name,
        "label": "fraud" if fraud else "normal",
        "answered": int((within & judged.answered).sum()),
        "flagged": _share(judged.caught, within),
        "roc_auc": _auc(judged, judged.score, against),
        "baselines": baselines,
    }


def _auc(judged: Judged, score: Floats, within: Mask) -> float:
    mask = within & judged.answered
    ranked = Ranking.of(judged.fraud[mask], _known(score[mask]))
    return roc_auc(*ranked.masses())


def _worst(scenarios: Sequence[Figures]) -> Figures | None:
    """The fraud scenario of least recall: a mean hides the one that gets through."""
    fraud = [s for s in scenarios if s["label"] == "fraud"]
    if not fraud:
        return None
    worst = min(fraud, key=lambda s: (s["flagged"]["value"], s["scenario"]))
    return {"scenario": worst["scenario"], **worst["flagged"]}


# Money and role -----------------------------------------------------------------------------


def _money(judged: Judged) -> Figures:
    """Recall weighted by money, and recall in quarters of the fraud windows by money."""
    known = judged.fraud & np.isfinite(judged.money)
    money, caught = judged.money[known], judged.caught[known]
    total = float(money.sum())
    return {
        "windows": len(money),
        "total": total,
        "caught": float(money[caught].sum()),
        "recall": float(money[caught].sum()) / total if total > 0 else math.nan,
        "bins": [
            _money_bin(money, caught, low, high) for low, high in quantile_bins(money, MONEY_BINS)
        ],
    }


def _money_bin(money: Floats, caught: Mask, low: float, high: float) -> Figures:
    within = (money > low) & (money <= high)
    return {
        "from": float(money[within].min()),
        "to": float(money[within].max()),
        "recall": _share(caught, within),
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
            "right": _share(said == true, within),
            "unclear": int((within & unclear).sum()),
            "wrong": int((within & ~unclear & (said != true)).sum()),
        }
    return {"right": _share(said == true, known), "by_role": by_role}


def _jsonable(value: Any) -> Any:
    """The same with plain Python numbers, and None where a float is not finite."""
    if isinstance(value, Mapping):
        return {str(key): _jsonable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(entry) for entry in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value

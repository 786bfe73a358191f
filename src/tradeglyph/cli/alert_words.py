"""An alert for a person, in English or Chinese, and for a machine."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tradeglyph.domain.instants import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradeglyph.domain.alerts import Alert, TrailEntry
    from tradeglyph.domain.findings import Finding
    from tradeglyph.recognizers.reasons import Lang

_WORDS: dict[str, tuple[str, str]] = {
    "account": ("account", "账户"),
    "window": ("window", "时间窗口"),
    "decision": ("decision", "处置"),
    "status": ("status", "状态"),
    "opened": ("opened", "创建时间"),
    "changed": ("changed", "更新时间"),
    "version": ("version", "版本"),
    "events": ("events", "事件"),
    "unanswered": ("no answer", "无结论原因"),
    "reasons": ("reasons", "理由"),
    "findings": ("findings", "检查结果"),
    "exhibits": ("exhibits", "附件"),
    "replay": ("made of", "复现依据"),
    "trail": ("trail", "处理记录"),
    "to": ("to", "至"),
    "none": ("there are no alerts", "没有告警"),
    "more": ("more: --cursor {cursor}", "下一页：--cursor {cursor}"),
    "trades": ("{count} fills", "{count} 笔成交"),
    "probability": ("probability {value}", "概率 {value}"),
    "transferred": ("transferred {value}", "转移金额 {value}"),
    # Decisions and verdicts
    "let_through": ("let through", "放行"),
    "delay": ("delay", "延后"),
    "review": ("review", "人工复核"),
    "hold": ("hold", "止付"),
    "quiet": ("quiet", "无需处理"),
    # Status, and what was done
    "open": ("open", "待处理"),
    "confirmed": ("confirmed", "已确认"),
    "dismissed": ("dismissed", "已排除"),
    "joined": ("joined by another event", "并入新事件"),
    "reopened": ("reopened", "重新打开"),
    "noted": ("noted", "备注"),
    "action_opened": ("opened", "创建"),
    # Why there is no answer
    "source_gone": ("trades or candles could not be reached", "取不到成交或 K 线"),
    "stale_feed": ("trades or candles are late", "行情或成交数据滞后"),
    "timed_out": ("it took too long", "处理超时"),
    "no_model": ("there is no model", "没有可用模型"),
    "no_trades": ("no trades in the window", "窗口内没有成交"),
    "too_few_fills": ("fewer than two fills in every symbol", "每个标的成交都不足两笔"),
    "no_candles": ("candles of the market are missing", "缺少行情 K 线"),
    "too_many_trades": ("more trades than one question may fetch", "成交笔数超过单次查询上限"),
    "unreadable": ("trades, or the event, can't be read", "成交记录或事件无法读取"),
    # Sides
    "beneficiary": ("beneficiary", "受益账户"),
    "victim": ("victim", "受害账户"),
    "unclear": ("unclear", "角色不明"),
}


def word(key: str, lang: "Lang", **values: object) -> str:
    """The words of `key` with `values` put in."""
    return _WORDS[key][0 if lang == "en" else 1].format(**values)


def line(alert: "Alert", lang: "Lang") -> str:
    """One line of a list."""
    said = word(alert.status, lang), word(alert.decision, lang)
    return "  ".join((alert.alert_id, rfc3339(alert.opened_at), *said, _plain(alert.account_id)))


def lines(alert: "Alert", trail: "Iterable[TrailEntry]", lang: "Lang") -> list[str]:
    """Everything that is known of it."""
    span = (rfc3339(alert.window_start), word("to", lang), rfc3339(alert.window_end))
    facts = {
        "account": _plain(alert.account_id),
        "window": " ".join(span),
        "decision": word(alert.decision, lang),
        "status": word(alert.status, lang),
        "opened": rfc3339(alert.opened_at),
        "changed": rfc3339(alert.changed_at),
        "version": str(alert.version),
    }
    if alert.unanswered is not None:
        facts["unanswered"] = word(alert.unanswered, lang)
    told = [alert.alert_id]
    told += [f"  {word(key, lang)}{_colon(lang)}{value}" for key, value in facts.items()]
    lists = {
        "reasons": map(_plain, alert.reasons),
        "findings": (_finding(finding, lang) for finding in alert.findings),
        "events": map(_plain, alert.events),
        "exhibits": map(_plain, alert.exhibits),
        "replay": (f"{_plain(name)}={_plain(value)}" for name, value in alert.replay),
        "trail": (_entry(entry, lang) for entry in trail),
    }
    for key, entries in lists.items():
        if listed := list(entries):
            told.append(f"  {word(key, lang)}{_colon(lang).rstrip()}")
            told += [f"    - {entry}" for entry in listed]
    return told


def as_json(alert: "Alert") -> dict[str, Any]:
    """The alert for a machine: times in RFC 3339."""
    known = _timed(asdict(alert), "window_start", "window_end", "opened_at", "changed_at")
    known["findings"] = [_timed(f, "window_start", "window_end") for f in known["findings"]]
    known["replay"] = dict(known["replay"])
    return known


def entry_as_json(entry: "TrailEntry") -> dict[str, Any]:
    """A line of the trail for a machine."""
    return _timed(asdict(entry), "time")


def _timed(known: dict[str, Any], *names: str) -> dict[str, Any]:
    return known | {name: rfc3339(known[name]) for name in names}


def _finding(finding: "Finding", lang: "Lang") -> str:
    said = [_plain(finding.symbol), word("trades", lang, count=finding.trade_count)]
    if finding.probability is not None:
        said.append(word("probability", lang, value=f"{finding.probability:.4f}"))
    if finding.verdict is not None:
        said.append(word(finding.verdict, lang))
    if finding.role:
        said.append(word(finding.role, lang))
    if finding.transferred is not None:
        said.append(word("transferred", lang, value=f"{finding.transferred:,.2f}"))
    if finding.reason:
        said.append(_plain(finding.reason))
    return (", " if lang == "en" else "，").join(said)


def _entry(entry: "TrailEntry", lang: "Lang") -> str:
    action = word("action_opened" if entry.action == "opened" else entry.action, lang)
    note = f"{_colon(lang)}{_plain(entry.note)}" if entry.note else ""
    event = f" [{_plain(entry.event_key)}]" if entry.event_key else ""
    return f"{rfc3339(entry.time)} {_plain(entry.who)} {action}{event}{note}"


def _colon(lang: "Lang") -> str:
    return ": " if lang == "en" else "："


def _plain(text: str) -> str:
    """What somebody sent, without what would move the cursor or colour the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

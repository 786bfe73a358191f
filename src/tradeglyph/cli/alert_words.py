"""An alert for a person, in English or Chinese, and for a machine."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tradeglyph.domain.instants import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradeglyph.app.replay import Again
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
    "replay": ("answered with", "复现依据"),
    "trail": ("trail", "处理记录"),
    "to": ("to", "至"),
    "none": ("there are no alerts", "没有告警"),
    "more": ("more: --cursor {cursor}", "下一页：--cursor {cursor}"),
    "trades": ("{count} fills", "{count} 笔成交"),
    "probability": ("probability {value}", "概率 {value}"),
    "transferred": ("transferred {value}", "转移金额 {value}"),
    "no_verdict": ("no verdict", "没有结论"),
    # Which evidence speaks
    "by_money": (
        "the money: at least {value} moved from one account to another, beyond what the market "
        "explains",
        "资金：扣除行情能解释的部分，至少有 {value} 从一个账户转到了另一个账户",
    ),
    "by_money_unmeasured": (
        "the money: the ledger of who traded with whom",
        "资金：对手方账本",
    ),
    "picture_flagged": (
        "the picture: it looks like a transfer (probability {value})",
        "图像：像是资金转移（概率 {value}）",
    ),
    "picture_calm": (
        "the picture: nothing conspicuous (probability {value})",
        "图像：没有看出异常（概率 {value}）",
    ),
    "picture_overruled": (
        "the picture: nothing conspicuous (probability {value}); where the other sides are known, "
        "the money decides",
        "图像：没有看出异常（概率 {value}）；已知对手方时以资金为准",
    ),
    "picture_blank": (
        "the picture: too few fills, or no candles, to say anything",
        "图像：成交太少或缺少 K 线，看不出什么",
    ),
    # Made again
    "as_it_was": ("as it was", "与当时一致"),
    "was": ("was: {value}", "当时：{value}"),
    "nothing_found": ("nothing found", "没有结果"),
    "score_again": ("score it anywhere: {command}", "在任何机器上重新评分：{command}"),
    "answer_changed": (
        "{alert}: the answer is another now: trades or candles were changed since, or [ledger] or "
        "[wash] were",
        "{alert}：现在的结论与当时不同：成交或 K 线后来有改动，或者 [ledger]、[wash] 设置变了",
    ),
    # Decided
    "decided": ("{alert}: {status}", "{alert}：{status}"),
    "decided_again": (
        "{alert}: was {status} already ({who}, {time}); your note is added to the trail",
        "{alert}：此前已经是“{status}”（{who}，{time}）；你的备注已写入处理记录",
    ),
    "decided_anew": (
        "{alert}: {status}; it was {before} before ({who}, {time}), which stays in the trail",
        "{alert}：{status}；此前是“{before}”（{who}，{time}），处理记录保留",
    ),
    "open_already": ("{alert}: is open; nothing to reopen", "{alert}：本来就待处理，不必重新打开"),
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
    "no_candles": ("candles are missing", "缺少 K 线"),
    "outside_candles": ("prices lie far outside the candles", "成交价远在 K 线之外"),
    "too_many_trades": ("more trades than can be fetched at once", "成交笔数超过单次查询上限"),
    "unreadable": ("trades, or the event, can't be read", "成交记录或事件无法读取"),
    # Sides
    "beneficiary": ("beneficiary", "受益账户"),
    "victim": ("victim", "受害账户"),
    "unclear": ("unclear", "角色不明"),
}


_LINE = 100
"""Characters of a reason in a list."""
_SMALL = 0.0001
"""Probabilities below this are said to be less than it."""


def word(key: str, lang: "Lang", **values: object) -> str:
    """The words of `key` with `values` put in."""
    return _WORDS[key][0 if lang == "en" else 1].format(**values)


def line(alert: "Alert", lang: "Lang") -> str:
    """One line of a list, with the first reason."""
    said = word(alert.status, lang), word(alert.decision, lang)
    told = "  ".join((alert.alert_id, rfc3339(alert.opened_at), *said, _plain(alert.account_id)))
    if not alert.reasons:
        return told
    reason = _plain(alert.reasons[0])
    return f"{told}  {reason if len(reason) <= _LINE else reason[: _LINE - 3] + '...'}"


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
        "findings": (
            text for finding in alert.findings for text in _finding(finding, alert.reasons, lang)
        ),
        "events": map(_plain, alert.events),
        "exhibits": map(_plain, alert.exhibits),
        "replay": (_made_of(name, value) for name, value in alert.replay),
        "trail": (_entry(entry, lang) for entry in trail),
    }
    for key, entries in lists.items():
        if listed := list(entries):
            told.append(f"  {word(key, lang)}{_colon(lang).rstrip()}")
            told += [f"    {'' if text.startswith(' ') else '- '}{text}" for text in listed]
    return told


def as_json(alert: "Alert") -> dict[str, Any]:
    """The alert for a machine: times in RFC 3339."""
    known = _timed(asdict(alert), "window_start", "window_end", "opened_at", "changed_at")
    known["findings"] = [finding_as_json(finding) for finding in alert.findings]
    known["replay"] = dict(known["replay"])
    return known


def entry_as_json(entry: "TrailEntry") -> dict[str, Any]:
    """A line of the trail for a machine."""
    return _timed(asdict(entry), "time")


def _timed(known: dict[str, Any], *names: str) -> dict[str, Any]:
    return known | {name: rfc3339(known[name]) for name in names}


def finding_as_json(finding: "Finding") -> dict[str, Any]:
    """A finding for a machine."""
    return _timed(asdict(finding), "window_start", "window_end")


def again_line(again: "Again", lang: "Lang") -> str:
    """A symbol whose verdict was made again, and what it was where that is something else."""
    comma = _comma(lang)
    now = word("nothing_found", lang) if again.now is None else _figures(again.now, lang)
    if again.same:
        return f"{_plain(again.symbol)}{_colon(lang)}{now}{comma}{word('as_it_was', lang)}"
    kept = word("nothing_found", lang) if again.kept is None else _figures(again.kept, lang)
    return f"{_plain(again.symbol)}{_colon(lang)}{now}{comma}{word('was', lang, value=kept)}"


def decided(before: "Alert", last: "TrailEntry", after: "Alert", lang: "Lang") -> str:
    """What a person's decision changed; `last` is the line of the trail before it."""
    said = {"alert": after.alert_id, "status": word(after.status, lang)}
    if before.status == "open":
        return word("decided", lang, **said)
    said |= {"who": _plain(last.who), "time": rfc3339(last.time)}
    if before.status == after.status:
        return word("decided_again", lang, **said)
    return word("decided_anew", lang, before=word(before.status, lang), **said)


def _figures(finding: "Finding", lang: "Lang") -> str:
    said = [word(finding.verdict or "no_verdict", lang)]
    if finding.role:
        said.append(word(finding.role, lang))
    said.append(word("trades", lang, count=finding.trade_count))
    if finding.transferred:
        said.append(word("transferred", lang, value=f"{finding.transferred:,.2f}"))
    if finding.probability is not None:
        said.append(word("probability", lang, value=_probability(finding.probability)))
    return _comma(lang).join(said)


def _finding(finding: "Finding", reasons: "Iterable[str]", lang: "Lang") -> "Iterable[str]":
    """A line on the symbol, then one for each kind of evidence, indented."""
    said = [word(finding.verdict or "no_verdict", lang)]
    if finding.role:
        said.append(word(finding.role, lang))
    said.append(word("trades", lang, count=finding.trade_count))
    yield f"{_plain(finding.symbol)}{_colon(lang)}{_comma(lang).join(said)}"
    yield from (f"    {text}" for text in _evidence(finding, lang))
    # Not twice: an alert's reasons are those of its grave findings, each after its symbol.
    if finding.reason and not any(reason.endswith(finding.reason) for reason in reasons):
        yield f"    {_plain(finding.reason)}"


def _evidence(finding: "Finding", lang: "Lang") -> "Iterable[str]":
    if finding.transferred:
        yield word("by_money", lang, value=f"{finding.transferred:,.2f}")
    elif finding.verdict == "hold":
        yield word("by_money_unmeasured", lang)
    if finding.probability is None:
        yield word("picture_blank", lang)
        return
    if finding.flagged:
        key = "picture_flagged"
    else:
        key = "picture_overruled" if finding.verdict == "hold" else "picture_calm"
    yield word(key, lang, value=_probability(finding.probability))


def _probability(value: float) -> str:
    return f"< {_SMALL}" if value < _SMALL else f"{value:.4f}"


def _made_of(name: str, value: str) -> str:
    if name == "look_back_us" and value.isdigit():
        from tradeglyph.sources.interval import interval_text

        name, value = "look_back", interval_text(int(value))
    return f"{_plain(name)}={_plain(value)}"


def _entry(entry: "TrailEntry", lang: "Lang") -> str:
    action = word("action_opened" if entry.action == "opened" else entry.action, lang)
    note = f"{_colon(lang)}{_plain(entry.note)}" if entry.note else ""
    event = f" [{_plain(entry.event_key)}]" if entry.event_key else ""
    return f"{rfc3339(entry.time)} {_plain(entry.who)} {action}{event}{note}"


def _comma(lang: "Lang") -> str:
    return ", " if lang == "en" else "，"


def _colon(lang: "Lang") -> str:
    return ": " if lang == "en" else "："


def _plain(text: str) -> str:
    """What somebody sent, without what would move the cursor or colour the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

"""What is said of a check, and what to do, in English and Chinese."""

from collections.abc import Mapping
from typing import NamedTuple

from tradeglyph.app.doctor.check import Check
from tradeglyph.recognizers.reasons import Lang


class Words(NamedTuple):
    """Of one code. `{name}` is a value of the check; an empty remedy: nothing is to be done."""

    en: str
    zh: str
    remedy_en: str = ""
    remedy_zh: str = ""


_UNREACHABLE = (
    "check that it runs, and the address, user and password",
    "请确认服务已启动，地址、用户名和密码正确",
)
_INIT = "`tradeglyph init --out example.toml`"

TEXTS: Mapping[str, Words] = {
    "configuration_read": Words("{file} is read", "已读取 {file}"),
    "configuration_none": Words(
        "there is no {file}: defaults apply",
        "没有 {file}，全部使用默认设置",
        "write one: tradeglyph init",
        "生成一份：tradeglyph init",
    ),
    "configuration_wrong": Words(
        "{what}",
        "设置有误：{what}",
        f"fix it; {_INIT} shows every setting there is",
        f"请改正；{_INIT} 会列出全部设置",
    ),
    "variable_unknown": Words(
        "{name} is not a setting and has no effect",
        "环境变量 {name} 不是任何设置，没有作用",
        f"check its spelling; {_INIT} shows every setting there is",
        f"请检查拼写；{_INIT} 会列出全部设置",
    ),
    "wrong": Words(
        "{what}",
        "无法使用：{what}",
        "fix the setting, or the file that it names",
        "请改正相应的设置或文件",
    ),
    "missing_extra": Words(
        "{package} is not installed",
        "没有安装 {package}",
        "pip install 'tradeglyph[{extra}]'",
        "pip install 'tradeglyph[{extra}]'",
    ),
    "broken": Words(
        "a fault of ours: {kind}",
        "程序自身出错：{kind}",
        "report it, with what TRADEGLYPH_DEBUG=1 shows",
        "请报告该错误，并附上 TRADEGLYPH_DEBUG=1 时的输出",
    ),
    "model_ready": Words(
        "{model} loads, is unaltered and answers a blank picture; reads {spec}, flags above "
        "{threshold:.4g}, made by tradeglyph {made_by}",
        "{model} 加载正常，校验和一致，能回答空白图像；图像规格 {spec}，阈值 {threshold:.4g}，"
        "由 tradeglyph {made_by} 训练",
    ),
    "model_gone": Words(
        "no model: {what}",
        "没有可用模型：{what}",
        "until then events get no answer; set `model` to a complete model folder",
        "在此之前事件得不到结论；请把 `model` 设为完整的模型目录",
    ),
    "model_odd": Words(
        "{model} answers a blank picture with {answer}, which is no probability",
        "{model} 对空白图像的回答是 {answer}，不是概率",
        "set `model` back to the previous one, and train again",
        "请把 `model` 改回上一个模型，并重新训练",
    ),
    "policy_signals": Words(
        "review becomes hold where an event says: {signals}",
        "事件带有下列信号时，人工复核升为止付：{signals}",
    ),
    "policy_no_signals": Words(
        "no signal of an event turns review into hold", "没有设置任何信号把人工复核升为止付"
    ),
    "source_none": Words(
        "there is no [{section}]",
        "没有 [{section}] 这一节",
        "without it events get no answer (files can still be scored); add url and table, or path",
        "没有它，事件得不到结论（对文件评分不受影响）；请写上 url 和 table，或者 path",
    ),
    "source_ready": Words("[{section}] answers in {ms} ms", "[{section}] 可用，{ms} 毫秒应答"),
    "source_unreachable": Words("{what}", "连接不上：{what}", *_UNREACHABLE),
    "source_refused": Words(
        "the database refuses to answer: {what}",
        "数据库拒绝查询：{what}",
        "correct `query`, `table` or `columns`, or let this user read: GRANT SELECT",
        "请改正 `query`、`table` 或 `columns`，或授予该用户读取权限（GRANT SELECT）",
    ),
    "source_no_file": Words(
        "{what}",
        "打不开：{what}",
        "check the path in `url`, and that this user may read the file and its folder",
        "请检查 `url` 里的路径，以及当前用户能否读取该文件和所在目录",
    ),
    "source_no_table": Words(
        "{where}: {what}", "{where}：没有这张表；{what}", "correct `table`", "请改正 `table`"
    ),
    "source_no_column": Words(
        "{where}: {what}",
        "{where}：缺少列 {columns}；{what}",
        "{remedy}",
        "在 columns 里对应到你的列名",
    ),
    "source_no_index": Words(
        "{where}: {what}",
        "{where}：没有以 ({columns}) 开头的索引，每次查询都要读整张表",
        "{remedy}",
        "{remedy}",
    ),
    "source_index_unseen": Words(
        "{where}: {what}",
        "{where}：是视图或查询，看不出下面的表有没有合适的索引",
        "{remedy}",
        "请确认下面的表有以 {columns} 所对应的列开头的索引",
    ),
    "source_unreadable": Words(
        "{what}", "读不了：{what}", "fix the file or the setting", "请改正文件或设置"
    ),
    "source_empty": Words(
        "{where}: has no rows that can be read",
        "{where}：没有可读的行",
        "until there are some, events get no answer; where there are, check `time_unit`",
        "有数据之前，事件得不到结论；如果其实有数据，请核对 `time_unit`",
    ),
    "source_clash": Words(
        "{where}: {what}",
        "{where}：同一代码、同一起始时间有两根不同的 K 线（{what}）",
        "{remedy}",
        "如果表里有多种长度的 K 线，请用 `query` 只取其中一种",
    ),
    "source_bad_row": Words(
        "{where}: {what}",
        "{where}：有一行的 {columns} 读不了",
        "{remedy}; sides are buy, sell, B, S, 1 and -1: translate others with CASE in `query`",
        "这样的行会被略去，其账户的事件会转人工复核；方向可用 buy、sell、B、S、1、-1，其他写法请在 "
        "`query` 里用 CASE 转换",
    ),
    "source_fresh": Words("the newest is from {time}", "最新一条的时间是 {time}"),
    "source_stale": Words(
        "the newest is from {time}, {age} {unit} ago: events get no answer",
        "最新一条的时间是 {time}，已是 {age} {unit}之前：事件得不到结论",
        "check what feeds it, and `timezone` where its times say no zone; if the market closes for "
        "hours, set investigate.feeds_rest = true",
        "请检查数据的写入；如果时间不带时区，再核对 `timezone`；如果市场会休市数小时，"
        "设 investigate.feeds_rest = true",
    ),
    "source_ahead": Words(
        "the newest is from {time}, {age} {unit} in the future",
        "最新一条的时间是 {time}，比现在还晚 {age} {unit}",
        "times are read in the wrong zone: set `timezone` of the source",
        "时区理解错了：请设置该来源的 `timezone`",
    ),
    "source_read_only": Words("{where}: sessions are read only", "{where}：会话是只读的"),
    "source_writable": Words(
        "{where}: sessions may write",
        "{where}：会话不是只读的",
        "tradeglyph writes nothing there; still, give it a user that may only select",
        "tradeglyph 不会写入，但仍建议换成只有 select 权限的用户",
    ),
    "queue_new": Words("{where}: made by the first event", "{where}：收到第一个事件时创建"),
    "queue_ready": Words(
        "{where}: {waiting:,} waiting, {leased:,} being worked on; answers in {ms} ms",
        "{where}：{waiting:,} 条等待，{leased:,} 条处理中；{ms} 毫秒应答",
    ),
    "queue_dead": Words(
        "{dead:,} dead letters: events that nobody could answer",
        "{dead:,} 条死信：没能处理的事件",
        "see why: tradeglyph queue dead list; then: tradeglyph queue dead retry --all",
        "查看原因：tradeglyph queue dead list；改正后：tradeglyph queue dead retry --all",
    ),
    "queue_late": Words(
        "the oldest message has waited for {minutes:,} minutes",
        "最早的一条消息已等待 {minutes:,} 分钟",
        "check that a worker is running: tradeglyph worker",
        "请确认有工作进程在运行：tradeglyph worker",
    ),
    "queue_locked": Words(
        "{where}: another program has locked the file; workers can't take messages",
        "{where}：文件被其他程序锁定，工作进程取不到消息",
        "find it and end it: fuser {file}",
        "找出该程序并结束它：fuser {file}",
    ),
    "queue_gone": Words("{what}", "连接不上：{what}", *_UNREACHABLE),
    "store_new": Words("{where}: made when it is first used", "{where}：第一次使用时创建"),
    "store_ready": Words(
        "{where}: version {version}, writable; answers in {ms} ms",
        "{where}：表结构版本 {version}，可以写入；{ms} 毫秒应答",
    ),
    "store_answers": Words(
        "{where}: writable; answers in {ms} ms", "{where}：可以写入；{ms} 毫秒应答"
    ),
    "store_without_tables": Words(
        "{where}: has no tables of tradeglyph",
        "{where}：还没有 tradeglyph 的表",
        "tradeglyph store upgrade",
        "tradeglyph store upgrade",
    ),
    "store_old": Words(
        "{where}: its tables are at version {version}; this release needs {needed}",
        "{where}：表结构版本是 {version}，本版本需要 {needed}",
        "back it up, then: tradeglyph store upgrade",
        "先备份，然后：tradeglyph store upgrade",
    ),
    "store_newer": Words(
        "{where}: its tables are at version {version}, newer than this release ({needed})",
        "{where}：表结构版本 {version} 比本版本（{needed}）新",
        "install the release that made them, or with it: tradeglyph store downgrade {needed}",
        "请安装创建它的版本，或用那个版本运行：tradeglyph store downgrade {needed}",
    ),
    "store_gone": Words("{what}", "连接不上：{what}", *_UNREACHABLE),
    "service_open": Words(
        "[service] host {host} can be reached from other machines, and no API key is valid: "
        "`tradeglyph serve` does not start",
        "[service] host {host} 可以从其他机器访问，却没有有效的 API 密钥："
        "`tradeglyph serve` 不会启动",
        "make a key (tradeglyph key new) and add it to [service] keys, or set host to 127.0.0.1",
        "生成一个 API 密钥（tradeglyph key new）并加入 [service] keys，或把 host 设为 127.0.0.1",
    ),
    "key_expired": Words(
        "API keys that have expired: {names}",
        "已过期的 API 密钥：{names}",
        "make new ones for those who still call (tradeglyph key new), and remove the old lines",
        "为仍在调用的一方生成新密钥（tradeglyph key new），并删除旧的",
    ),
    "clock_agrees": Words("{place}: within {seconds:+.1f} s", "{place}：相差 {seconds:+.1f} 秒"),
    "clock_off": Words(
        "this clock is {seconds:+.1f} s off that of {place}",
        "本机时钟与 {place} 相差 {seconds:+.1f} 秒",
        "let both follow NTP: the ages of events and feeds are computed from them",
        "请让两边都用 NTP 校时：事件和数据的新旧都按时钟判断",
    ),
    "room": Words("{folder}: {gib:,.2f} GiB free", "{folder}：剩余空间 {gib:,.2f} GiB"),
    "room_little": Words(
        "{folder}: only {gib:,.2f} GiB free",
        "{folder}：剩余空间只有 {gib:,.2f} GiB",
        "free some space before alerts can't be kept",
        "请尽快清理，否则告警将无法保存",
    ),
    "room_none": Words(
        "{folder}: no room, {gib:,.2f} GiB free",
        "{folder}：空间耗尽，剩余 {gib:,.2f} GiB",
        "free some space now: alerts can't be kept",
        "请立即清理：告警已无法保存",
    ),
    "file_closed": Words(
        "{file}: can't be written by this user",
        "{file}：当前用户不能写入",
        "run as its owner, or change its owner",
        "请换成文件所有者运行，或修改所有者",
    ),
    "disk_read_only": Words(
        "{file}: its file system is read-only",
        "{file}：所在的文件系统是只读的",
        "mount it for writing, or name a file elsewhere ([queue] url, [store] url)",
        "请以可写方式挂载，或改用别处的文件（[queue] url、[store] url）",
    ),
    "file_is_folder": Words(
        "{file}: is a folder, not a file",
        "{file}：是目录，不是文件",
        "name a file in it ([queue] url, [store] url)",
        "请写目录里的文件（[queue] url、[store] url）",
    ),
    "folder_is_file": Words(
        "{file}: is no folder",
        "{file}：不是目录",
        "name a file in a folder ([queue] url, [store] url), or move that file away",
        "请改用某个目录里的文件（[queue] url、[store] url），或移走这个文件",
    ),
    "file_open": Words(
        "everybody on this machine may read {files}",
        "本机任何用户都能读取 {files}",
        "chmod o-rwx {files}",
        "chmod o-rwx {files}",
    ),
    "file_private": Words("{file}: closed to others", "{file}：其他用户不能读取"),
    "password_open": Words(
        "{file} holds a password, and everybody on this machine may read it",
        "{file} 里有密码，而本机任何用户都能读取它",
        "chmod 600 {file}, or move the password into the environment",
        "chmod 600 {file}，或把密码移到环境变量里",
    ),
}

PARTS: Mapping[str, tuple[str, str]] = {
    "configuration": ("configuration", "配置"),
    "model": ("model", "模型"),
    "policy": ("policy", "策略"),
    "service": ("service", "服务"),
    "trades": ("trades", "成交"),
    "candles": ("candles", "K 线"),
    "queue": ("queue", "队列"),
    "store": ("store", "告警库"),
    "clock": ("clock", "时钟"),
    "files": ("files", "文件"),
}
LEVELS: Mapping[str, tuple[str, str]] = {
    "ok": ("ok", "正常"),
    "warning": ("warning", "注意"),
    "fault": ("fault", "故障"),
}
_UNANSWERED: Mapping[str, tuple[str, str]] = {
    "source_gone": ("trades or candles can't be reached", "取不到成交或 K 线"),
    "stale_feed": ("they are late", "数据滞后"),
    "timed_out": ("it takes too long", "处理超时"),
    "no_model": ("there is no model", "没有可用模型"),
    "no_trades": ("the account made no trades", "账户没有成交"),
    "too_few_fills": ("it made too few", "成交太少"),
    "no_candles": ("candles are missing", "缺少 K 线"),
    "outside_candles": ("candles don't fit the trades", "K 线与成交对不上"),
    "too_many_trades": ("there are too many trades", "成交太多"),
    "unreadable": ("trades of the account can't be read", "账户的成交无法读取"),
}
_DECISIONS: Mapping[str, tuple[str, str]] = {
    "let_through": ("goes through", "放行"),
    "delay": ("is delayed", "延后"),
    "review": ("goes to a person", "转人工复核"),
    "hold": ("is held", "止付"),
}


def said(check: Check, lang: Lang) -> str:
    """What was found."""
    if check.code == "policy_band":
        return _band(check, lang)
    words = TEXTS[check.code]
    if lang == "en":
        return words.en.format(**check.values)
    unit = _UNITS_ZH.get(check.values.get("unit", ""))
    return words.zh.format(**{**check.values, "unit": unit})


_UNITS_ZH = {"m": "分钟", "h": "小时", "d": "天"}


def remedy(check: Check, lang: Lang) -> str:
    """What to do; empty where nothing is."""
    words = TEXTS.get(check.code)
    if words is None:
        return ""
    return (words.remedy_en if lang == "en" else words.remedy_zh).format(**check.values)


def _band(check: Check, lang: Lang) -> str:
    """A sentence: which withdrawals, and what becomes of them for which reasons."""
    at = 0 if lang == "en" else 1
    reasons: dict[str, list[str]] = {}
    for why, decision in check.values["unanswered"].items():
        reasons.setdefault(decision, []).append(_UNANSWERED[why][at])
    which = _amounts(check.values["above"], check.values["below"], lang)
    if lang == "en":
        parts = [f"{_DECISIONS[d][0]} where {', or '.join(whys)}" for d, whys in reasons.items()]
        return f"a withdrawal {which}: {'; '.join(parts)}"
    parts = [f"{'、'.join(whys)}时{_DECISIONS[d][1]}" for d, whys in reasons.items()]
    return f"{which}：{'；'.join(parts)}"


def _amounts(above: str | None, below: str | None, lang: Lang) -> str:
    if above is None and below is None:
        return "of any amount" if lang == "en" else "任何金额的提现"
    if below is None:
        return (
            f"of {above} or more, or of no said amount"
            if lang == "en"
            else (f"金额不低于 {above} 或没有金额的提现")
        )
    if above is None:
        return f"below {below}" if lang == "en" else f"金额低于 {below} 的提现"
    return (
        f"from {above} to below {below}"
        if lang == "en"
        else (f"金额不低于 {above}、低于 {below} 的提现")
    )

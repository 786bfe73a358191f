"""The words that only the page of a backtest has, in English and Chinese; `texts` has the rest."""

from collections.abc import Callable, Mapping

from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.reasons import Lang

BACKTEST_TEXTS: Mapping[str, tuple[str, str]] = {
    # Head
    "title": ("Backtest on your own traffic", "用自有数据回测"),
    "subject": (
        (
            "Transfers of graded subtlety were planted into a copy of real accounts' days. How "
            "many of them does the model find, for so many alerts a day?"
        ),
        (
            "在真实账户交易日的副本中植入了隐蔽程度不同的对敲转移。"
            "每天处理一定数量的告警，模型能找出其中多少？"
        ),
    ),
    "tile": ("{budget} alerts a day", "每日 {budget} 条告警"),
    "tile_accounts": ("of planted accounts found, {spread}", "植入账户的召回率，{spread}"),
    "tile_money": ("of the money: {money}", "按金额：{money}"),
    "tile_threshold": ("threshold {threshold}", "阈值 {threshold}"),
    "limits": (
        (
            "Your traffic has no labels: an alert in it may be real fraud. Recall is that of "
            "transfers planted as described below; thieves may do otherwise."
        ),
        (
            "自有数据没有标签，其中的告警也可能是真正的欺诈。"
            "召回率只针对按下述方式植入的转移，实际作案手法可能不同。"
        ),
    ),
    # What an alert is, by what verdicts rest on
    "alerts_other_sides": (
        (
            "An alert is a window that score holds or puts up for review. Your trades tell the "
            "other sides, so that the ledger has its say: it holds what it can show, whatever the "
            "model says, and clears what it can explain. Planted trades name both sides."
        ),
        (
            "告警是指 score 判为止付或复核的窗口。你的成交带有对手方，因此对手方账本参与判定："
            "账本能证实的转移，不论模型怎么说都判止付；能解释的则不告警。植入的成交同样写明双方。"
        ),
    ),
    "alerts_fills": (
        (
            "An alert is a window that score puts up for review. Your trades do not tell the other "
            "sides, so that nothing is held; one or two small round trips are quiet, and so are "
            "trips that made no more than the spread."
        ),
        (
            "告警是指 score 判为复核的窗口。你的成交没有对手方，因此不会判止付；"
            "一两个小额来回不告警，来回盈亏不超过买卖价差的也不告警。"
        ),
    ),
    "alerts_model": (
        (
            "An alert is a window that score puts up for review. There are too many trades to be "
            "held in memory at once, so that score judges by the model alone, and leaves one or "
            "two small round trips quiet."
        ),
        (
            "告警是指 score 判为复核的窗口。成交过多，无法一次读入内存，"
            "因此 score 只凭模型判定；一两个小额来回不告警。"
        ),
    ),
    "alerts_held": (
        (
            "On the later days {held} of your windows a day are held, and {share} of the planted "
            "accounts, at every threshold."
        ),
        "无论阈值多少，后段每日有 {held} 个自有窗口判止付，植入账户中有 {share} 判止付。",
    ),
    # Budgets
    "budgets_title": ("Thresholds for an alert budget", "告警预算对应的阈值"),
    "split_ordered": (
        (
            "No look-ahead: each threshold was chosen on the earlier {early_days} days "
            "({early_first} to {early_last}, {early_windows} windows). What counts is the later "
            "{late_days} days ({late_first} to {late_last}, {late_windows} windows), which had no "
            "part in it; the earlier ones stand beside them."
        ),
        (
            "不使用未来数据：阈值只由前 {early_days} 天（{early_first} 至 {early_last}，"
            "{early_windows} 个窗口）确定，以未参与定阈值的后 {late_days} 天"
            "（{late_first} 至 {late_last}，{late_windows} 个窗口）的结果为准，"
            "前段结果列在一旁对照。"
        ),
    ),
    "split_one_day": (
        (
            "There is one day only ({late_first}, {late_windows} windows), so that thresholds are "
            "judged on the day they were chosen on. Expect less on other days; give more days."
        ),
        (
            "数据只有一天（{late_first}，{late_windows} 个窗口），阈值的确定和检验用的是同一天，"
            "结果偏乐观。请提供更多天的数据。"
        ),
    ),
    "budgets_caption": ("What each budget finds", "各告警预算的效果"),
    "budget": ("Alerts a day, wanted", "每日告警预算"),
    "threshold": ("Threshold", "阈值"),
    "alerts_early": ("Alerts a day, earlier days", "每日告警（前段）"),
    "alerts_late": ("Alerts a day, later days", "每日告警（后段）"),
    "accounts_early": ("Recall by account, earlier", "按账户召回率（前段）"),
    "accounts_late": ("Recall by account, later", "按账户召回率（后段）"),
    "money_late": ("Recall by money, later", "按金额召回率（后段）"),
    "transfers_late": ("Either side found, later", "至少一方被发现（后段）"),
    "budgets_note": (
        (
            "By account: planted accounts that are alerts, both sides counted. By money: the "
            "same, each weighted with the money that its transfer moved (in quote currency, added "
            "up as it stands). A threshold goes into score --threshold. Days without a window are "
            "not counted. Small figures are 95% intervals."
        ),
        (
            "按账户：触发告警的植入账户占比，转移双方都计入。按金额：同上，以该笔转移的金额加权"
            "（按计价货币直接相加）。阈值可用于 score --threshold。没有窗口的日子不计入天数。"
            "小字为 95% 置信区间。"
        ),
    ),
    "budget_all": (
        (
            "A budget of {budget} alerts a day covers every window of the earlier days that can be "
            "an alert: ask for less."
        ),
        "每日 {budget} 条的预算已覆盖前段所有可能告警的窗口，请改用更小的预算。",
    ),
    "budget_none": (
        (
            "A budget of {budget} alerts a day comes to no alert at all on the earlier days: give "
            "more days, or ask for more."
        ),
        "按每日 {budget} 条的预算，前段一条告警也没有，请提供更多天的数据，或提高预算。",
    ),
    "budget_ledger": (
        (
            "The ledger alone raises {alerts} alerts a day on the earlier days, whatever the model "
            "says: more than a budget of {budget}, whose threshold of 1 leaves nothing else."
        ),
        (
            "前段每日已有 {alerts} 条告警来自对手方账本，与模型无关，超过每日 {budget} 条的预算；"
            "该预算的阈值取 1，只剩这些告警。"
        ),
    ),
    "flagged": (
        (
            "At {budget} alerts a day the model flags {flagged} windows a day on the later days; "
            "{alerts} a day are alerts."
        ),
        (
            "每日 {budget} 条告警的阈值下，后段每日有 {flagged} 个窗口被模型标记，"
            "实际告警 {alerts} 条。"
        ),
    ),
    "never": (
        (
            "{share} of the planted accounts on the later days are alerts at no threshold: they "
            "have no answer, or what they moved is within what the market explains."
        ),
        ("后段有 {share} 的植入账户在任何阈值下都不告警：没有结论，或者盈亏在行情可解释的范围内。"),
    ),
    "alerts_before": (
        (
            "Before anything was planted, {share} of the hosts' own windows on the later days were "
            "already alerts at the threshold of {budget} alerts a day: so much of the recall is "
            "not the plants' doing."
        ),
        (
            "植入之前，按每日 {budget} 条告警的阈值，后段已有 {share} 的宿主窗口告警，"
            "这部分召回与植入无关。"
        ),
    ),
    "role_right": (
        "The role named for the accounts found at {budget} alerts a day is right in {share}.",
        "每日 {budget} 条告警下，已发现账户的角色判断正确率为 {share}。",
    ),
    # Curves
    "curves_title": ("Recall against alerts a day", "召回率与每日告警数"),
    "curve_accounts": ("By account", "按账户"),
    "curve_money": ("By money", "按金额"),
    "curve_caption": (
        ("Later days, over all thresholds. Dots are the thresholds chosen on the earlier days."),
        "后段数据，遍历全部阈值。圆点为由前段确定的阈值。",
    ),
    "curve_caption_one_day": (
        "Over all thresholds. Dots are the thresholds chosen for the budgets.",
        "遍历全部阈值。圆点为各预算对应的阈值。",
    ),
    "curve_models": ("Current and candidate model, by account", "现用模型与候选模型（按账户）"),
    "axis_alerts": ("Alerts a day on your traffic", "自有数据每日告警数"),
    "axis_recall": ("Recall on planted windows", "植入窗口召回率"),
    "no_late_plants": (
        "No transfer was planted on the later days.",
        "后段没有植入任何转移。",
    ),
    "all": ("All", "全部"),
    # Groups
    "groups_title": ("What is found, and what is missed", "能发现什么，会漏掉什么"),
    "groups_caption": (
        "Share of planted accounts found on the later days, by alerts a day",
        "后段植入账户的召回率（按每日告警预算）",
    ),
    "way_grade": ("Gap taken from the candle", "买卖价差占 K 线高度"),
    "way_trips": ("Round trips", "来回次数"),
    "way_share": ("Size: share of the candle's volume", "规模：占 K 线成交量"),
    "way_cover": ("Cover: the account's own fills around it", "掩护：当日自身成交笔数"),
    "way_role": ("Side", "角色"),
    "blatant": ("blatant, 80-100%", "明显，80–100%"),
    "plain": ("plain, 60-80%", "较明显，60–80%"),
    "subtle": ("subtle, 40-60%", "隐蔽，40–60%"),
    "faint": ("faint, 20-40%", "极隐蔽，20–40%"),
    "unknown": ("not known", "未知"),
    "cover_0": ("none: it did not trade that day", "无：当日没有其他成交"),
    # Candidate
    "changes_title": ("What the candidate would change", "候选模型带来的变化"),
    "changes_note": (
        (
            "Each model at its own threshold for the same budget, on the later days of your "
            "traffic, untouched."
        ),
        "在后段未改动的自有数据上，两个模型各用同一预算下自己的阈值。",
    ),
    "changes_caption": ("What changes, by alerts a day", "告警的变化（按每日告警预算）"),
    "both": ("Alerts of both", "两者都告警"),
    "newly": ("New alerts", "新增告警"),
    "no_longer": ("No longer alerts", "不再告警"),
    "planted_newly": ("Planted, newly found", "植入窗口：新增发现"),
    "planted_no_longer": ("Planted, no longer found", "植入窗口：不再发现"),
    "recall_current": ("Recall by account, current", "按账户召回率（现用）"),
    "recall_candidate": ("Recall by account, candidate", "按账户召回率（候选）"),
    "newly_caption": (
        "New alerts at {budget} alerts a day: {shown} of {count}",
        "每日 {budget} 条告警下新增告警：{count} 个中的 {shown} 个",
    ),
    "no_longer_caption": (
        "No longer alerts at {budget} alerts a day: {shown} of {count}",
        "每日 {budget} 条告警下不再告警：{count} 个中的 {shown} 个",
    ),
    "day": ("Day", "日期"),
    "current": ("Current", "现用模型"),
    "candidate": ("Candidate", "候选模型"),
    # How
    "how_title": ("What was planted, and how", "植入方式"),
    "how_planted": (
        (
            "{planted} transfers ({asked} asked for) with {trips} round trips that moved {money}, "
            "seed {seed}. {own} sides are accounts that traded that day, with their own trades "
            "left around the plant; {strangers} are accounts that did not. No account and day "
            "takes two plants."
        ),
        (
            "植入 {planted} 笔转移（要求 {asked} 笔），共 {trips} 个来回，转移金额 {money}，"
            "种子 {seed}。其中 {own} 个账户当日本有交易，植入成交夹在其自身成交之间；"
            "另有 {strangers} 个账户当日没有交易。同一账户同一天最多植入一笔。"
        ),
    ),
    "how_trips": (
        (
            "Each has 1 to {most_trips} round trips inside single candles at least {least_ticks} "
            "ticks tall: the beneficiary buys low and sells high, the victim is on the other side "
            "of both, at prices on the symbol's tick within the candle. A trip's size is {least} "
            "to {most} of the candle's volume, which is raised to cover it. One or two trips are "
            "normal by definition, so that such plants have at least {large}. Gap, trips, size and "
            "cover are drawn apart, so that the rows of a table compare like with like."
        ),
        (
            "每笔转移由 1 至 {most_trips} 个来回组成，每个来回在同一根 K 线内完成，"
            "K 线高度不小于 {least_ticks} 个最小变动价位：受益账户低买高卖，受害账户为对手方，"
            "价格在 K 线范围内并落在最小变动价位上。每次规模为 K 线成交量的 {least} 至 {most}，"
            "成交量相应调高。一两个来回按定义视为正常，因此这类植入的规模至少为 {large}。"
            "价差、次数、规模和掩护各自独立抽取，因此表中各行可以直接比较。"
        ),
    ),
    "how_alerts": (
        (
            "Alerts are counted on your windows as they are, {answered} of {windows} with a "
            "probability; the planted copy has no part in them. Planted windows without a "
            "verdict count as missed. Intervals are the wider of the exact one over transfers "
            "(Clopper–Pearson) and a bootstrap over symbols and days."
        ),
        (
            "告警按未改动的自有窗口计数，{windows} 个窗口中 {answered} 个有概率，植入副本不计入。"
            "没有结论的植入窗口按漏报计。置信区间取两者中较宽的一个："
            "按转移笔数的 Clopper–Pearson 精确区间，和按标的交易日的自助法区间。"
        ),
    ),
    "facts_models": ("Models", "模型"),
    "fact_sha256": ("Hash of the data", "数据哈希"),
    "fact_answered": ("With a probability", "有概率的窗口"),
    "fact_days": ("Days", "天数"),
    "card_threshold": ("Threshold on its card", "模型卡阈值"),
}


def backtest_text(key: str, lang: Lang, /, **values: object) -> str:
    """The words of `key` with `values` put in; a key of the other pages says what it says there."""
    if key not in BACKTEST_TEXTS:
        return text(key, lang, **values)
    words = BACKTEST_TEXTS[key][0 if lang == "en" else 1]
    return words.format(**values) if values else words


def backtest_speaker(lang: Lang) -> Callable[..., str]:
    """`backtest_text` in one language."""

    def speak(key: str, /, **values: object) -> str:
        return backtest_text(key, lang, **values)

    return speak

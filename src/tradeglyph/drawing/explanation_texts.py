"""Words of the explanation page's own sections, in English and Chinese; part of `texts`."""

from collections.abc import Mapping

EXPLANATION_TEXTS: Mapping[str, tuple[str, str]] = {
    "matters_title": ("Trades that matter", "关键成交"),
    "matters_caption": (
        "The probability without each of them, everything else as it was. {asked} pictures asked.",
        "逐笔去掉后重新计算的概率，其余不变。共计算 {asked} 张图像。",
    ),
    "matters_none": (
        "No single trade decides: without any one of them the odds fall by less than a tenth.",
        "没有哪一笔起决定作用：去掉任意一笔，几率的降幅都不到一成。",
    ),
    "matters_quiet": (
        "Nothing to explain: the probability is below {least}.",
        "无需说明：概率低于 {least}。",
    ),
    "matters_unknown": (
        "Can't be known: without any one of its fills too little is left to answer.",
        "无法得知：去掉任意一笔后，剩下的成交不足以给出概率。",
    ),
    "matters_more": ("{count} more are in the JSON output.", "另有 {count} 项见 JSON 输出。"),
    "trade_time": ("Time (UTC)", "时间（UTC）"),
    "trade_side": ("Side", "方向"),
    "trade_quantity": ("Quantity", "数量"),
    "trade_price": ("Price", "价格"),
    "trade_place": ("Place in candle", "K 线内位置"),
    "trade_without": ("Probability without", "去掉后的概率"),
    "trade_fall": ("Falls by", "降幅"),
    "points": ("{points} pp", "{points} 个百分点"),
    "some_fills": ("{count} fills", "{count} 笔"),
    "ring": ("matters", "关键成交"),
    "ring_note": ("without it {without}", "去掉后为 {without}"),
    "ring_caption": (
        "A ring marks a trade that matters: the thicker, the further the odds fall without it.",
        "圆圈标出关键成交，线越粗，去掉后几率降得越多。",
    ),
    "marked_title": ("What mattered in it", "其中的关键成交"),
    "benign_title": ("Harmless readings", "可能的正常解释"),
    "benign_caption": (
        "Ruled out means by the criterion beside it. A person decides.",
        "“可排除”仅就右侧标准而言，结论由人工作出。",
    ),
    "benign_none": ("Not asked: there is no probability.", "未评估：没有概率。"),
    "benign_reading": ("Reading", "解释"),
    "benign_state": ("Finding", "结论"),
    "benign_figure": ("Figure", "依据"),
    "benign_criterion": ("Criterion", "标准"),
    "money_title": ("Money moved", "资金转移"),
    "money_met": (
        "{trades} matched trades between the two, {share} of the symbol's volume in {span}",
        "{span}内两者对敲 {trades} 笔，占该标的成交量的 {share}",
    ),
    "money_met_once": (
        "One matched trade between the two, {share} of the symbol's volume in {span}",
        "{span}内两者成交 1 笔，占该标的成交量的 {share}",
    ),
    "money_day": ("a day", "一天"),
    "money_days": ("{count} days", "{count} 天"),
    "money_hours": ("{count} hours", "{count} 小时"),
    "money_group": ("Who", "账户"),
    "money_pair": ("{one} and {other}", "{one} 与 {other}"),
    "money_cluster": (
        "With all who work with them, {accounts} accounts",
        "连同与之配合的账户，共 {accounts} 个",
    ),
    "money_lost": ("Lost", "亏损"),
    "money_gained": ("Gained", "得利"),
    "money_third": ("Third parties gained", "第三方得利"),
    "money_fees": ("Fees", "手续费"),
    "money_least": ("at least {low}", "至少 {low}"),
    "money_most": ("likely {middle}, at most {high}", "估计 {middle}，至多 {high}"),
    "money_between": ("{low} to {high}", "{low} 至 {high}"),
    "money_abstained": (
        "Can't be known: no independent price near their trades.",
        "无法得知：成交前后没有独立的参考价。",
    ),
    "money_note": (
        "Quote currency, over all their trades of the symbol in that time, also those with "
        "others, against prices that others made. What one side lost, fees included, is what the "
        "other gained, net of fees, what third parties gained, and all fees.",
        "按计价货币计，统计这段时间内它们在该标的的全部成交（包括与其他账户的），"
        "参考价出自其他账户的成交。"
        "亏损（含手续费）= 得利（已扣手续费）+ 第三方得利 + 全部手续费。",
    ),
    "money_note_quoted": (
        "Quote currency, over all their trades of the symbol in that time, also those with "
        "others, against quoted prices, or what others paid where nothing better is quoted. What "
        "one side lost, fees included, is what the other gained, net of fees, what third parties "
        "gained, and all fees.",
        "按计价货币计，统计这段时间内它们在该标的的全部成交（包括与其他账户的），"
        "参考价为所给报价；没有更好的报价时取其他账户的成交价。"
        "亏损（含手续费）= 得利（已扣手续费）+ 第三方得利 + 全部手续费。",
    ),
    "replay_title": ("To make this again", "复现依据"),
    "replay_model": ("Model", "模型"),
    "replay_weights_sha256": ("Weights, SHA-256", "权重 SHA-256"),
    "replay_picture": ("Picture spec", "图像规格"),
    "replay_data_sha256": ("Fills and candles, SHA-256", "成交与 K 线 SHA-256"),
    "replay_rules": ("Numbers of the ledger and of wash volume", "账本和刷量的参数"),
    "replay_version": ("Version", "版本"),
}

"""Words of the report's proofs: what was never learnt, what gets past, what must not matter."""

from collections.abc import Mapping

EVALUATION_TEXTS: Mapping[str, tuple[str, str]] = {
    # Side by side
    "methods_caption": (
        "Every method where it flags {rate} of the honest windows",
        "各方法误报率同为 {rate} 时的表现",
    ),
    "worst_fraud_head": ("Worst fraud scenario", "召回率最低的欺诈场景"),
    "worst_honest_head": ("Honest scenario flagged most", "误报率最高的正常场景"),
    "ambiguous_note": (
        (
            "{windows} windows are of kinds that fills alone cannot tell from fraud (latency "
            "arbitrage, orders resting in the wicks, sandwich bots). {share} of them were flagged "
            "for review, which is allowed; they count in the rankings, not among the false alarms."
        ),
        (
            "另有 {windows} 个窗口属于仅凭成交无法与欺诈区分的类型（延迟套利、影线挂单、"
            "夹子机器人），其中 {share} 被标记为人工复核，这是允许的；"
            "它们计入排序指标，不计入误报。"
        ),
    ),
    "least_interval": (
        "Interval of the worst, whichever it is: {ends}",
        "最差者（不论是哪一类）的置信区间：{ends}",
    ),
    # Alerts
    "falling_caption": (
        "How few false alarms this sample can show",
        "本样本最低能证明到多低的误报率",
    ),
    "rate_wanted": ("False-positive rate", "误报率"),
    "allowed_windows": ("Honest windows above the cut", "阈值以上的正常窗口"),
    "proven": ("Proven to be under", "可证明低于"),
    "falling_note": (
        (
            "One-sided 95% bounds (Clopper–Pearson). With none of n honest windows above the cut "
            "the bound is 3.0 / n: 1 in 100,000 needs 300,000 of them."
        ),
        (
            "单侧 95% 上界（Clopper–Pearson）。n 个正常窗口无一超过阈值时，上界为 3.0 / n："
            "要证明十万分之一，需要 30 万个正常窗口。"
        ),
    ),
    "alert_caption": (
        "Recall when a team looks at the highest scores of {accounts} active accounts a day",
        "{accounts} 个日活跃账户中，每天只查看评分最高的若干个时的召回率",
    ),
    "alerts_looked_at": ("Alerts looked at", "每日查看数"),
    "most_possible": ("Most possible", "理论上限"),
    # Money
    "first_alert_note": (
        (
            "Scored as the account trades, {gone} of the money had changed hands when the first "
            "alert came ({ends}), half of the windows by {median}; {alerted} of {windows} windows "
            "alerted at all, and the money of the others is counted as gone."
        ),
        (
            "随成交逐步评分时，首次告警之前已有 {gone} 的金额成交（{ends}），"
            "窗口中位数为 {median}；{windows} 个窗口中有 {alerted} 个发出告警，其余按全部转走计。"
        ),
    ),
    "nightly_note": (
        "Scored once a night, {gone} had gone by the end of the first flagged window.",
        "每晚评分一次时，首个被标记窗口结束前已转走 {gone}。",
    ),
    # Tail
    "tail_caption": (
        "Calibration where alerts are, at a share of fraud of {prior}",
        "告警区间的校准情况（基准欺诈率 {prior}）",
    ),
    "tail_tellable_caption": (
        "The same without the kinds marked †, which the shipped models were not taught",
        "同上，不含标 † 的类型（自带模型没有学过它们）",
    ),
    "untellable_caption": (
        "Kinds marked †: does the name still fit?",
        "标 † 的类型：这个标记是否仍然成立？",
    ),
    "flagged_share": ("Flagged", "被标记"),
    "told_fraud": (
        "told: caught more surely than the tellable fraud that is caught least",
        "能识别：召回率明显高于可识别欺诈中最差的一类",
    ),
    "told_normal": (
        "told: flagged less than the other honest kind that is flagged most",
        "能识别：标记率明显低于其他正常类型中最高的一类",
    ),
    "tail_range": ("Probability", "概率区间"),
    "tail_off": ("outside the interval", "不在区间内"),
    # Left out
    "left_out_title": ("What was never learnt", "没有学过的行为和市场"),
    "left_out_note": (
        (
            "Half of the worlds teach a tree, the other half asks. The last tree never met the "
            "behaviour; flagged shares are where 1% of the other honest windows are flagged. The "
            "hand rule learns nothing. The network is not trained again here; the last column says "
            "whether its own training had the behaviour."
        ),
        (
            "一半标的交易日用于训练决策树，另一半用于检验；“未见过”的树没有学过该行为。"
            "标记比例取其余正常窗口误报 1% 处。人工规则不需要学习。"
            "网络不在此处重新训练，末列说明其训练数据是否包含该行为。"
        ),
    ),
    "left_out_fraud": ("Fraud caught, behaviour by behaviour", "逐类留出：欺诈召回率"),
    "left_out_honest": (
        "Honest windows flagged, behaviour by behaviour",
        "逐类留出：正常账户误报率",
    ),
    "tree_unseen": ("tree, never saw it", "决策树（未见过）"),
    "trained_on": ("In the model's training", "模型训练中有无"),
    "markets_caption": (
        "Markets left out: {markets} symbols in four groups, each asked by what the others taught",
        "留出市场：{markets} 个标的分四组，每组由其余三组训练后检验",
    ),
    "recall_at_one": ("Recall at 1% false alarms", "误报 1% 时的召回率"),
    # Evasion
    "evasion_title": ("What gets past", "规避空间"),
    "evasion_caption": (
        (
            "Share of simulated pairs caught, by the part of the candle's height they take on each "
            "trip."
        ),
        "模拟的对敲账户对被识别的比例，横轴为每个来回吃掉的 K 线高度比例。",
    ),
    "axis_gap": ("Gap taken, of the candle's height", "价差占 K 线高度"),
    "axis_detected": ("Caught", "识别率"),
    "trips_named": ("{trips} trips an hour", "每小时 {trips} 个来回"),
    "evasion_table": (
        "The most money an hour that is more likely missed than caught",
        "识别率不超过 50% 时每小时最多能转移的金额",
    ),
    "gap": ("Gap", "价差"),
    "money_an_hour": ("Money an hour, of the market's turnover", "每小时金额占市场成交额"),
    "in_trips": ("In so many trips", "来回数"),
    "of_volume": ("Each of the candle's volume", "每次占 K 线成交量"),
    "none_evades": ("every choice is caught", "任何组合都会被识别"),
    "evasion_note": (
        (
            "{pairs} pairs without any other trades, in one hour of twelve tall candles. Turnover "
            "is what everybody else traded in that hour."
        ),
        "共 {pairs} 对账户，只做对敲、没有其他成交，限一小时内十二根较高的 K 线。"
        "成交额指该小时内其他人的成交额。",
    ),
    # Proofs
    "proofs_title": ("What must not matter", "不应影响结果的因素"),
    "artefacts_caption": (
        "Probabilities when what carries no behaviour changes",
        "与行为无关的因素改变时概率的变化",
    ),
    "changed_what": ("Changed", "改变的因素"),
    "largest_move": ("Largest move", "最大变化"),
    "limit_of": ("Limit", "允许范围"),
    "held_up": ("Held", "是否通过"),
    "price_scale": ("price scale", "价格单位"),
    "symbol_name": ("symbol name", "标的名称"),
    "day": ("day", "日期"),
    "candles_outside": ("candles outside the trades' span", "成交时段以外的 K 线"),
    "dot_size": ("dot size", "圆点大小"),
    "jpeg_quality": ("JPEG quality", "JPEG 质量"),
    "shuffled_rows": ("order of the rows", "行的顺序"),
    "fill_in_parts": ("a fill in parts", "一笔成交拆成几笔"),
    "input_time_zone": ("time zone of the file", "文件的时区"),
    "exactly": ("none at all", "完全不变"),
    "gate_passed": (
        "The leak gate passes: better than the dot counter everywhere, not behind the tree.",
        "泄漏检查通过：处处优于数点法，且不落后于决策树。",
    ),
    "gate_refused": ("The leak gate refuses: {reason}", "泄漏检查未通过：{reason}"),
    "gate_one_class": (
        "validation has {fraud} fraud windows of {windows}; it needs both classes to say anything",
        "验证集的 {windows} 个窗口中有 {fraud} 个欺诈，缺少其中一类，无从判断",
    ),
    "gate_not_above": (
        "fraud against {against} ({windows} windows): the model's ROC-AUC {model} is not above "
        "that of the {baseline}, {theirs}",
        "欺诈与{against}（{windows} 个窗口）相比，本模型的 ROC-AUC 为 {model}，"
        "没有高于{baseline}的 {theirs}",
    ),
    "gate_below": (
        "fraud against {against} ({windows} windows): the model's ROC-AUC {model} is below that "
        "of the {baseline}, {theirs}",
        "欺诈与{against}（{windows} 个窗口）相比，本模型的 ROC-AUC 为 {model}，"
        "低于{baseline}的 {theirs}",
    ),
    "all_normal": ("all normal windows", "全部正常账户"),
    "gate_on_all": (
        "With the fraud added that fills alone cannot tell:",
        "把单凭成交无法识别的欺诈也算进来：",
    ),
    # Verdicts
    "verdicts_title": ("Verdicts", "结论分布"),
    "verdicts_caption": ("On their fills alone", "只凭成交记录"),
    "verdicts_with_caption": ("With the other sides of their trades known", "知道对手方时"),
    "account_days_caption": (
        "Days of accounts in several symbols, under review or on hold, on their fills alone",
        "跨多个标的的账户日，只凭成交记录被复核或止付的比例",
    ),
    "account_days": ("Account's day", "账户日"),
    "days_counted": ("Days", "天数"),
    "days_of_fraud": ("With fraud", "含欺诈"),
    "days_of_honest": ("Honest", "正常"),
    "up_by_window": ("By a window", "单看窗口"),
    "up_with_day": ("With all symbols as one", "加上合并看"),
    "allowed": ("Allowed", "允许的结论"),
    "right": ("As allowed", "符合比例"),
}

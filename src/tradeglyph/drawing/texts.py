"""Every word on the pages, in English and Chinese.

Keys are names of places on a page. A key that is not here is shown as it is, with spaces for `_`,
so that a caller's own figure or column still has a label.
"""

from collections.abc import Callable, Mapping

from tradeglyph.drawing.evaluation_texts import EVALUATION_TEXTS
from tradeglyph.drawing.explanation_texts import EXPLANATION_TEXTS
from tradeglyph.drawing.headline_texts import HEADLINE_TEXTS
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.simulate.parts import parts

TEXTS: Mapping[str, tuple[str, str]] = {
    # Frame
    "html_lang": ("en", "zh-CN"),
    "skip": ("Skip to the content", "跳到正文"),
    "model": ("Model", "本模型"),
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "brackets": (" ({words})", "（{words}）"),
    "interval": ("95% interval", "95% 置信区间"),
    "none": ("none", "无"),
    # Report: head
    "report_title": ("Evaluation report", "模型评估报告"),
    "report_subject": (
        (
            "One account, one symbol, one day at a time: does it look like one side of an asset "
            "transfer?"
        ),
        "逐个账户、标的、交易日判断：当日成交是否像对敲转移资金的一方？",
    ),
    "limits_simulated": (
        "This data is simulated: expect more misses and more false alarms on real accounts.",
        "本数据为模拟生成，用于真实账户时，漏报和误报都可能更多。",
    ),
    "limits_labelled": (
        "The figures are as good as the labels: fraud that nobody found counts as honest here.",
        "指标的可信度取决于标签：未被发现的欺诈在这里会被当作正常。",
    ),
    "limits": (
        (
            "One or two round trips are normal by definition. Fills alone never justify a hold; "
            "they say where a person should look."
        ),
        "一天只有一两个来回，按定义视为正常。仅凭成交记录不足以止付，只用于提示哪些账户应由人工复核。",
    ),
    # Report: scenarios
    "scenarios_title": ("Who gets flagged", "哪些账户会被标记"),
    "finding": (
        (
            "To catch as much fraud as the model, the {baseline} would flag {theirs} of the "
            "windows of “{scenario}”. The model flags {ours}."
        ),
        (
            "要达到与本模型相同的召回率，{baseline}会误报“{scenario}”{theirs} 的窗口，"
            "本模型只有 {ours}。"
        ),
    ),
    "honest_caption": (
        (
            "Honest windows flagged by mistake, when every method catches {recall} of the fraud. "
            "Less is better."
        ),
        "各方法都识别出 {recall} 的欺诈窗口时，各类正常账户被误报的比例。越低越好。",
    ),
    "fraud_caption": (
        (
            "Fraud windows caught, when no method may flag more than {budget} of the honest ones. "
            "More is better."
        ),
        "各方法的误报都不超过正常窗口的 {budget} 时，各欺诈场景的召回率。越高越好。",
    ),
    "scenarios_note": (
        (
            "The model stands at its own threshold; the others are cut to match it, with ties "
            "flagged in proportion. Small figures are 95% intervals."
        ),
        (
            "本模型按自身阈值计；其余方法的阈值按相同口径对齐，评分相同的窗口按比例计入。"
            "小字为 95% 置信区间。"
        ),
    ),
    "over_budget": (
        (
            "On this data the model flagged {rate} of the honest windows, more than its budget of "
            "{budget}; the others were given as much room."
        ),
        (
            "在本数据上，本模型误报了 {rate} 的正常窗口，超出 {budget} 的预算；"
            "其余方法也按同样的额度放宽。"
        ),
    ),
    "scenario": ("Scenario", "场景"),
    "windows": ("Windows", "窗口数"),
    "more_rows": ("{rows} more rows", "其余 {rows} 行"),
    "whole_table": ("{caption} ({rows} rows)", "{caption}（{rows} 行）"),
    "all_honest": ("All honest windows", "全部正常窗口"),
    "all_fraud": ("All fraud windows", "全部欺诈窗口"),
    "no_honest": ("There are no honest windows in this data.", "本数据中没有正常窗口。"),
    "no_fraud": ("There are no fraud windows in this data.", "本数据中没有欺诈窗口。"),
    # Report: curves
    "curves_title": ("How well the score separates", "评分的区分能力"),
    "roc_title": ("ROC curve", "ROC 曲线"),
    "roc_caption": (
        (
            "Recall against false alarms. The dot is the model at its threshold; its rate leaves "
            "out honest kinds that fills cannot clear, which the curve counts."
        ),
        (
            "召回率与误报率的关系。圆点为本模型的阈值位置，其误报率不含只看成交无法排除嫌疑的正常类型，"
            "曲线则计入。"
        ),
    ),
    "roc_low_title": ("ROC curve, few false alarms", "ROC 曲线（低误报区间）"),
    "roc_low_caption": (
        "The same on a logarithmic axis: this is the part where one works.",
        "横轴取对数的同一曲线：实际工作就在低误报这一段。",
    ),
    "pr_title": ("Precision and recall", "PR 曲线"),
    "pr_caption": (
        "At this data's share of fraud, {share}. Precision falls where fraud is rarer.",
        "按本数据的欺诈占比 {share} 绘制。欺诈越少见，精确率越低。",
    ),
    "axis_false": ("False-positive rate", "误报率"),
    "axis_recall": ("Recall", "召回率"),
    "axis_precision": ("Precision", "精确率"),
    "areas_caption": ("Area under the curves", "曲线下面积"),
    "method": ("Method", "方法"),
    "auc_caption": (
        "ROC-AUC of all fraud against one kind of honest account",
        "全部欺诈窗口与单类正常账户之间的 ROC-AUC",
    ),
    "no_curves": (
        "Curves need both fraud and honest windows.",
        "同时有欺诈和正常窗口时才能绘制曲线。",
    ),
    # Report: calibration
    "reliability_title": ("Reliability", "校准曲线"),
    "reliability_caption": (
        (
            "Predicted and seen share of fraud in ten bins, where {prior} of the windows are "
            "fraud. On the dotted line a probability means what it says; bars are 95% intervals."
        ),
        (
            "按概率分为十组，比较预测与实际的欺诈占比，基准欺诈率为 {prior}。"
            "落在虚线上表示概率名副其实；竖线为 95% 置信区间。"
        ),
    ),
    "axis_predicted": ("Predicted", "预测"),
    "axis_observed": ("Seen", "实际"),
    "calibration_error": (
        "Predicted and seen shares differ by {error} on average (ECE). Brier score {brier}.",
        "预测与实际欺诈占比的平均偏差（ECE）为 {error}，Brier 评分为 {brier}。",
    ),
    # Report: production
    "production_title": ("What it means at work", "上线后意味着什么"),
    "base_caption": (
        "Alerts for {accounts} active accounts a day, by how rare fraud is",
        "按 {accounts} 个日活跃账户计算，不同欺诈率下的告警量",
    ),
    "base_rate": ("Share of fraud", "欺诈率"),
    "precision": ("Precision", "精确率"),
    "precision_low": ("Precision, at worst", "精确率（最差情形）"),
    "alerts_per_day": ("Alerts a day", "每日告警数"),
    "false_alarms_per_day": ("Of them false", "其中误报"),
    "false_alarms_high": ("False, at worst", "误报（最差情形）"),
    "at_worst": (
        "“At worst” takes recall and false alarms at the bad ends of their 95% intervals.",
        "“最差情形”取召回率与误报率置信区间的不利一端。",
    ),
    "alarms_caption": (
        "Recall when so many honest accounts a day may be flagged",
        "每日误报限定在以下数量时的召回率",
    ),
    "alarms": ("False alarms a day", "每日误报数"),
    "remark": ("Remark", "备注"),
    "unresolved": ("too few honest windows to be sure", "正常窗口太少，仅供参考"),
    # Report: money and role
    "money_title": ("Money and role", "金额与角色"),
    "money_caption": (
        (
            "Recall by money moved: quarters of the fraud windows, small to large. By money, "
            "{recall} was caught."
        ),
        "按涉及金额从小到大将欺诈窗口分为四组的召回率。按金额计，召回率为 {recall}。",
    ),
    "money_none": ("The money moved is not known.", "涉及金额未知。"),
    "role_caption": (
        "Role named, among flagged fraud: {right} right",
        "已标记的欺诈窗口中，角色判断正确率为 {right}",
    ),
    "role_true": ("True role", "真实角色"),
    "role_right": ("Right", "判断正确"),
    "role_wrong": ("Mistaken for the other", "判断相反"),
    "role_unclear": ("Unclear", "无法判断"),
    "role_none": ("No flagged fraud with a known role.", "没有已知角色且被标记的欺诈窗口。"),
    # Report: gallery
    "gallery_title": ("Cases", "案例"),
    "gallery_note": (
        "Left the picture that the model read, right the same day on the candles, for people.",
        "左侧是模型读取的图像，右侧是同一天的 K 线与成交，供人工查看。",
    ),
    "hit": ("Hits", "命中"),
    "miss": ("Misses", "漏报"),
    "false_alarm": ("False alarms", "误报"),
    "hit_none": ("No fraud was caught.", "没有识别出欺诈。"),
    "miss_none": ("No fraud was missed.", "没有漏报。"),
    "false_alarm_none": ("No honest window was flagged.", "没有误报。"),
    "picture_alt": (
        "Picture of account {account}, {symbol}, {window_start}, as the model read it",
        "模型读取的图像：账户 {account}，{symbol}，{window_start}",
    ),
    "probability": ("Probability", "概率"),
    "verdict": ("Verdict", "结论"),
    "reason": ("Reason", "理由"),
    # Report: foot
    "how_title": ("How this was measured", "评估口径"),
    "how_windows": (
        (
            "{total} windows with a label: {fraud} fraud, {normal} honest, in {groups} worlds "
            "(symbol and day). {answered} were answered; the other {left} are not applicable, "
            "which is not the same as harmless: a fraud among them counts as missed."
        ),
        (
            "共 {total} 个有标签的窗口：欺诈 {fraud} 个，正常 {normal} 个，来自 {groups} 个"
            "标的交易日。其中 {answered} 有概率；另有 {left} 个不适用。"
            "不适用不等于无害，其中的欺诈按漏报计。"
        ),
    ),
    "how_intervals": (
        (
            "Intervals are 95%. Areas: bootstrap over worlds, {bootstrap} resamples, seed {seed}. "
            "Shares: exact (Clopper–Pearson); recall and false alarms over all: the wider of both."
        ),
        (
            "置信区间均为 95%。曲线下面积按标的交易日整体重抽样（自助法 {bootstrap} 次，种子 "
            "{seed}）；各比例用 Clopper–Pearson 精确区间；总体召回率和误报率取两者中较宽的一个。"
        ),
    ),
    "how_accuracy": (
        "Accuracy is not reported: where fraud is one in a thousand, silence is 99.9% accurate.",
        "不报告准确率：欺诈率为千分之一时，什么都不标记也有 99.9% 的准确率。",
    ),
    "facts_model": ("Model", "模型"),
    "facts_data": ("Data", "数据"),
    "fact_name": ("Name", "名称"),
    "fact_picture": ("Picture spec", "图像规格"),
    "fact_weights": ("Weights, SHA-256", "权重 SHA-256"),
    "fact_threshold": ("Threshold", "阈值"),
    "fact_alert_budget": ("Alert budget", "告警预算"),
    "fact_prior": ("Base rate it was set for", "设定阈值所用的欺诈率"),
    "fact_trained_on": ("Trained on", "训练数据"),
    "fact_train_seed": ("Training data's seed", "训练数据种子"),
    "fact_train_hash": ("Training data's hash", "训练数据哈希"),
    "fact_description": ("Description", "说明"),
    "fact_first_day": ("First day", "首日"),
    "fact_last_day": ("Last day", "末日"),
    "fact_seed": ("Seed", "种子"),
    "fact_hash": ("Hash", "哈希"),
    "fact_trades": ("Trades", "成交文件"),
    "fact_candles": ("Candles", "K 线文件"),
    "fact_labels": ("Labels", "标签文件"),
    "fact_accounts": ("Accounts", "账户数"),
    "fact_symbols": ("Symbols", "标的数"),
    "fact_fills": ("Fills", "成交笔数"),
    "fact_windows": ("Windows", "窗口数"),
    "fact_simulated": ("Simulated", "是否模拟"),
    "fact_split": ("Split", "切分方式"),
    "fact_budget_value": ("{share} of honest windows", "正常窗口的 {share}"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    # Explanation
    "explanation_title": ("Why this window", "单个窗口说明"),
    "account": ("Account", "账户"),
    "symbol": ("Symbol", "标的"),
    "threshold_note": ("flagged above {threshold}", "高于 {threshold} 即标记"),
    "not_applicable": ("not applicable", "不适用"),
    "reasons_title": ("Reasons", "理由"),
    "reasons_none": ("Nothing stands out.", "没有明显异常。"),
    "economics_title": ("Economics", "交易概况"),
    "picture_title": ("What the model read", "模型读取的图像"),
    "chart_title": ("The day on the candles", "当日 K 线与成交"),
    "chart_caption": (
        "The tip of a triangle is the price of a fill, its area the quantity. Times are UTC.",
        "三角形尖端为成交价，面积为数量。时间为 UTC。",
    ),
    "trips_title": ("Round trips inside one candle", "同一根 K 线内的来回"),
    "trips_caption": (
        "Place inside the candle: 0% is its low, 100% its high.",
        "位置指在该 K 线内的高低：0% 为最低价，100% 为最高价。",
    ),
    "trips_none": ("There are none.", "没有。"),
    "trip_time": ("Candle (UTC)", "K 线（UTC）"),
    "trip_bought": ("Bought at", "买入位置"),
    "trip_sold": ("Sold at", "卖出位置"),
    "trip_quantity": ("Quantity", "数量"),
    "trip_result": ("Gain", "盈亏"),
    "explanation_limits": (
        (
            "Fills alone never justify a hold. Before any measure: counterparties, devices, "
            "password changes and the account's history."
        ),
        "仅凭成交记录不足以止付。采取措施前，请核对对手方、登录设备、密码修改记录和账户历史。",
    ),
    "buy": ("buy", "买入"),
    "sell": ("sell", "卖出"),
    **EXPLANATION_TEXTS,
    **HEADLINE_TEXTS,
    **EVALUATION_TEXTS,
    # Figures of an explanation
    "trade_count": ("Fills", "成交笔数"),
    "bought": ("Quantity bought", "买入数量"),
    "sold": ("Quantity sold", "卖出数量"),
    "paid": ("Paid for the buys", "买入金额"),
    "received": ("Received for the sales", "卖出金额"),
    "left_over": ("Quantity left over", "净买入数量"),
    "trip_count": ("Round trips inside one candle", "同一根 K 线内的来回"),
    "trip_gain": ("Their gain", "来回交易的盈亏"),
    "transferred": ("Transferred, low estimate", "转移金额（低估计）"),
    # Words of a score
    "quiet": ("quiet", "无需处理"),
    "review": ("review", "人工复核"),
    "hold": ("hold", "止付"),
    "beneficiary": ("beneficiary", "受益账户"),
    "victim": ("victim", "受害账户"),
    "unclear": ("unclear", "角色不明"),
    "role": ("Role", "角色"),
    # Baselines
    "dot_counter": ("dot counter", "数点法"),
    "pixel_counter": ("pixel counter", "数像素法"),
    "hand_rule": ("hand rule", "人工规则"),
    "tree": ("tree on features", "特征决策树"),
    "picture_only": ("picture only", "仅图像"),
    "features_only": ("features only", "仅特征"),
    "fused": ("fused", "图像加特征"),
    "about_dot_counter": ("The dot counter counts trades.", "数点法只看成交笔数。"),
    "about_pixel_counter": (
        "The pixel counter counts coloured pixels.",
        "数像素法只看图像中的着色像素数。",
    ),
    "about_hand_rule": (
        (
            "The hand rule asks for three or more round trips wider than 0.65 of their candle, "
            "over half of all."
        ),
        "人工规则：同一根 K 线内跨度超过 65% 的来回不少于三次，且占全部来回的一半以上。",
    ),
    "about_tree": (
        "The tree is gradient boosting on features with meaning.",
        "特征决策树：在有业务含义的特征上做梯度提升。",
    ),
}


def text(key: str, lang: Lang, /, **values: object) -> str:
    """The words of `key` with `values` put in; an unknown key is shown with spaces for `_`."""
    if key not in TEXTS:
        return key.replace("_", " ")
    words = TEXTS[key][0 if lang == "en" else 1]
    return words.format(**values) if values else words


def speaker(lang: Lang) -> Callable[..., str]:
    """`text` in one language: `t = speaker("zh")`, then `t(key, **values)`."""

    def speak(key: str, /, **values: object) -> str:
        return text(key, lang, **values)

    return speak


def scenario_title(name: str, lang: Lang) -> str:
    """The title of what simulated labels can hold; anybody else's label as it stands."""
    for part in parts():
        if part.name == name:
            return part.title_en if lang == "en" else part.title_zh
    return name

"""Words of the figures at the top of an evaluation, on the page and on the console."""

from collections.abc import Mapping

HEADLINE_TEXTS: Mapping[str, tuple[str, str]] = {
    "key_figures": ("Key figures", "关键指标"),
    "group_with_sides": ("With the other sides of the trades known", "知道对手方时"),
    "group_fills_alone": ("On fills alone", "只看账户自己的成交时"),
    "no_other_sides": (
        (
            "These trades name no other side (trade_id or counterparty_id), so no verdict can rest "
            "on who took what from whom."
        ),
        "这份成交数据没有对手方信息（trade_id 或 counterparty_id），无法判断谁从谁那里拿走了多少。",
    ),
    # With the other sides
    "tile_held": ("Fraud put on hold", "欺诈被止付"),
    "tile_role": ("Held on the right side", "止付时角色判断正确"),
    "tile_quiet": ("Honest windows left alone", "正常窗口未受打扰"),
    "tile_counted": ("{hits} of {windows}", "{windows} 个中 {hits} 个"),
    "tile_least": ("Least: {scenario}, {share}", "最低：{scenario}，{share}"),
    "tile_apart": (
        "Apart, as other verdicts are right too: {windows} windows ({scenarios})",
        "另计 {windows} 个窗口（{scenarios}）：其他结论也算对",
    ),
    "list_comma": (", ", "、"),
    # On fills alone
    "tile_recall": ("Recall at the model's threshold", "模型阈值下的召回率"),
    "tile_recall_tellable": ("Recall, kinds that fills can tell", "召回率（看成交能分辨的类型）"),
    "tile_recall_all": ("Recall, all kinds", "召回率（全部类型）"),
    "tile_recall_budget": (
        "Threshold set to flag at most {budget} of honest windows",
        "阈值按误报不超过正常窗口的 {budget} 设定",
    ),
    "tile_areas": ("ROC-AUC {roc} ({ends}), PR-AUC {pr}", "ROC-AUC {roc}（{ends}），PR-AUC {pr}"),
    "tile_false": ("False alarms per 1,000 honest windows", "每千个正常窗口的误报数"),
    "tile_false_none": (
        "None seen; up to {high} can't be ruled out",
        "未见误报，但不排除最高 {high}",
    ),
    "tile_worst": ("Worst fraud scenario", "召回率最低的欺诈场景"),
    "tile_named": ("{scenario}: {counted}", "{scenario}：{counted}"),
    "tile_worst_tellable": (
        "Worst of the kinds that fills can tell: {scenario}, {share}",
        "看成交能分辨的类型中最低：{scenario}，{share}",
    ),
    "untellable": (
        "Looks honest on its fills alone; it takes the other sides of the trades to tell",
        "只看成交与正常交易相似，要有对手方信息才能分辨",
    ),
    "untellable_held": (
        "Looks honest on its fills alone; the ledger knows the other sides and holds {held}",
        "只看成交与正常交易相似；知道对手方时，账本止付了其中的 {held}",
    ),
    "mark_untellable": (
        "† looks honest on its fills alone; the ledger decides where it knows the other sides",
        "† 只看成交与正常交易相似，知道对手方时由账本判断",
    ),
}

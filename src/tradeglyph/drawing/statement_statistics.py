"""Words for the statistics of our recognizers on statements; a user's own keep their keys."""

from collections.abc import Mapping

from tradeglyph.recognizers.reasons import Lang

STATISTIC_TEXTS: Mapping[str, tuple[str, str]] = {
    "accounts": ("Accounts", "账户数"),
    "accounts_with_findings": ("Accounts with findings", "有疑点的账户数"),
    "accounts_without_any_balance": ("Accounts without any balance", "全无余额的账户数"),
    "bank_postings": ("Lines posted by the bank itself", "银行自动记账笔数"),
    "by_amount": ("Found by amount", "按金额发现笔数"),
    "by_count": ("Found by number", "按笔数发现笔数"),
    "frequent": ("Frequent", "频发笔数"),
    "high_frequency_periods": ("Crowded hours", "高频小时数"),
    "in_parts": ("Passed on in parts", "分笔转出的收入笔数"),
    "inactive_periods": ("Times without a line", "长期未交易段数"),
    "incomes": ("Incomes looked at", "考察的收入笔数"),
    "interest_lines": ("Lines of interest", "结息笔数"),
    "lines_of_wallets": ("Lines of wallets, not asked", "支付账户笔数（未判断）"),
    "lines_over_threshold": ("Lines over the threshold", "超过阈值笔数"),
    "lines_without_balance": ("Lines without a balance, not judged", "无余额笔数（未判断）"),
    "lines_without_time_of_day": (
        "Lines without a time of day, not asked",
        "没有时刻的笔数（未判断）",
    ),
    "max_inactive_days": ("Longest time without a line, days", "最长未交易天数"),
    "missing_balances": ("Lines without a balance", "缺失余额笔数"),
    "mitigated_by_keyword": ("Made less grave by a keyword", "因关键词降级笔数"),
    "neutral_lines": ("Neutral lines", "中性笔数"),
    "night_transactions": ("Lines of the night", "夜间笔数"),
    "not_judged": ("Lines of interest not judged", "未判断的结息笔数"),
    "occasional": ("Occasional", "偶发笔数"),
    "passed": ("Incomes passed on", "已过账的收入笔数"),
    "passed_amount": ("Amount passed on", "过账金额"),
    "period_statistics.avg_amount_per_hour": ("Amount an hour, mean", "每小时金额：平均"),
    "period_statistics.avg_transactions_per_hour": ("Lines an hour, mean", "每小时笔数：平均"),
    "period_statistics.max_amount_per_hour": ("Amount an hour, most", "每小时金额：最大"),
    "period_statistics.max_transactions_per_hour": ("Lines an hour, most", "每小时笔数：最多"),
    "period_statistics.min_amount_per_hour": ("Amount an hour, least", "每小时金额：最小"),
    "period_statistics.min_transactions_per_hour": ("Lines an hour, least", "每小时笔数：最少"),
    "rolling_periods": ("Crowds at no full hour", "滚动时段数"),
    "silenced_by_keyword": ("Silenced by a keyword", "因关键词未报笔数"),
    "steps": ("Balances compared", "核对的余额数"),
    "steps_not_judged": ("Balances not judged", "未判断的余额数"),
    "steps_of_several_lines": ("Balances after several lines at once", "同时刻多笔的余额数"),
    "total_periods": ("Hours with a line", "有交易的小时数"),
    "total_transactions": ("Lines", "笔数"),
    "without_history": ("Lines without any before them", "此前无交易的笔数"),
}


def statistic_text(key: str, lang: Lang) -> str:
    """The words for a key; one that is not known as it stands."""
    words = STATISTIC_TEXTS.get(key)
    return key if words is None else words[0 if lang == "en" else 1]

"""Crowded hours as the recognizer was first written: in pandas, a record per row.

Step by step what it does: days and hours as columns; a loop over the groups of date and hour, each
with its sum and its directions counted; then for every crowded hour a look through all rows, and a
loop over those found, with a record each. One thing is added: it reads one account's statement, so
its groups and its look through all rows are told the account too, as a number, which costs it
least. Its prints are left out.
"""

from typing import Any

import polars as pl

from tradeglyph.domain.statements import IN

THRESHOLD = 10


def table_of(lines: pl.DataFrame) -> Any:
    """The columns that it reads, as a pandas frame; not part of what is timed."""
    import pandas as pd

    told = lines.select(
        account=pl.col("account").rank("dense"),
        txId=pl.col("line").cast(pl.String),
        datetime=pl.col("time"),
        txAmount=pl.col("amount") / 100,
        txDirection=pl.when(pl.col("direction") == IN)
        .then(pl.lit("收入"))
        .otherwise(pl.lit("支出")),
    )
    return pd.DataFrame({name: told[name].to_list() for name in told.columns})


def crowded_hours(df: Any) -> dict[str, Any]:
    """Its answer for the rows of `table_of`."""
    hour_stats = _hourly_statistics(df)
    hour_stats["is_high_frequency"] = hour_stats["transaction_count"] > THRESHOLD
    crowded = hour_stats[hour_stats["is_high_frequency"]]
    anomalies = []
    for _, period in crowded.iterrows():
        for _, row in _lines_of(df, period).iterrows():
            anomalies.append(_record(row, period))
    count, amount = hour_stats["transaction_count"], hour_stats["amount_sum"]
    return {
        "identified_count": len(anomalies),
        "identified_anomalies": anomalies,
        "statistics": {
            "total_transactions": len(df),
            "total_periods": len(hour_stats),
            "high_frequency_periods": len(crowded),
            "transactions_per_hour": (int(count.max()), int(count.min()), float(count.mean())),
            "amount_per_hour": (float(amount.max()), float(amount.min()), float(amount.mean())),
        },
    }


def _hourly_statistics(df: Any) -> Any:
    import pandas as pd

    df["date_hour"] = df["datetime"].dt.strftime("%Y-%m-%d %H")
    df["date"] = df["datetime"].dt.date
    df["hour"] = df["datetime"].dt.hour
    found = []
    for (account, date, hour), group in df.groupby(["account", "date", "hour"]):
        count, total = len(group), group["txAmount"].sum()
        directions = group["txDirection"].value_counts().to_dict()
        found.append(
            {
                "account": account,
                "date": date,
                "hour": hour,
                "transaction_count": count,
                "amount_sum": total,
                "amount_avg": total / count if count > 0 else 0,
                "in_count": directions.get("收入", 0),
                "out_count": directions.get("支出", 0),
            }
        )
    return pd.DataFrame(found)


def _lines_of(df: Any, period: Any) -> Any:
    return df[
        (df["datetime"].dt.date == period["date"])
        & (df["datetime"].dt.hour == period["hour"])
        & (df["account"] == period["account"])
    ].copy()


def _record(row: Any, period: Any) -> dict[str, Any]:
    date, hour, count = period["date"], period["hour"], period["transaction_count"]
    return {
        "txId": row["txId"],
        "datetime": row["datetime"],
        "txAmount": row["txAmount"],
        "txDirection": row["txDirection"],
        "reason": f"{date} {hour:02d}:00-{hour + 1:02d}:00 共{count}笔交易，超过阈值{THRESHOLD}笔",
        "severity": "high",
        "check_type": "high_frequency_transaction",
        "period_info": {
            "date": date.strftime("%Y-%m-%d"),
            "hour": int(hour),
            "start_time": f"{hour:02d}:00",
            "end_time": f"{hour + 1:02d}:00",
            "transaction_count": int(count),
            "amount_sum": float(period["amount_sum"]),
            "amount_avg": float(period["amount_avg"]),
            "in_count": int(period["in_count"]),
            "out_count": int(period["out_count"]),
        },
        "business_rule": {"statistic_unit": "日期 + 小时", "threshold": THRESHOLD},
    }

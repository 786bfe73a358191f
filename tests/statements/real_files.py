"""Lines of the files that banks and wallets gave out, under `data/bank_cn_exports`."""

COUNTS = {
    "abc_debit/example-abc_debit-records.csv": 5,
    "bocom_debit/example-bocom_debit-records.csv": 6,
    "boc/debit/example-boc-records.csv": 17,
    "boc/credit/example-boc-records.csv": 14,
    "cmb/debit/example-cmb-records.csv": 5,
    "cmb/credit/example-cmb-records.csv": 6,
    "icbc/debit-v1/example-icbc-debit-v1-records.csv": 11,
    "icbc/debit-v2/example-icbc-debit-v2-records.csv": 11,
    "icbc/credit/example-icbc-credit-records.csv": 9,
    "jd/example-jd-records.csv": 26,
    "wechat/example-wechat-records.csv": 27,
    "wechat/example-wechat-records.xlsx": 27,
}

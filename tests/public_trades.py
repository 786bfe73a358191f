"""How the real files of trades are read, as docs/howto/public-trades.md tells it."""

from tradeglyph.sources.options import ReadOptions, parse_mapping

POLYMARKET = ReadOptions(
    mapping=parse_mapping(
        ["account_id=user_id,symbol=option_type+option_yes_no,time=timestamp,"
         "side=trade_direction,price=price,quantity=shares"]
    ),
    time_format="%A, %B %d, %Y %H:%M:%S %Z",
    timezone="EST",
)  # fmt: skip
HYPERLIQUID = ReadOptions(
    mapping=parse_mapping(
        ["account_id=Account,symbol=Coin,time=Timestamp IST,side=Side,price=Execution Price,"
         "quantity=Size Tokens"]
    ),
    time_format="%d-%m-%Y %H:%M",
    timezone="Asia/Kolkata",
)  # fmt: skip

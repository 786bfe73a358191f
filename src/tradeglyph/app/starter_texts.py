"""Remarks and examples of the configuration file that `tradeglyph init` writes."""

from collections.abc import Mapping

from tradeglyph.domain.findings import Unanswered
from tradeglyph.pipeline.policy import Band

HEAD: Mapping[str, str] = {
    "en": (
        "Configuration of tradeglyph. A setting that begins with # is left out, and shows its\n"
        "default (or an example, where there is none). Remove the # to set it.\n"
        "Each can be a variable of the environment instead, which wins over this file:\n"
        "TRADEGLYPH_LANG, TRADEGLYPH_STORE__URL, TRADEGLYPH_SOURCES__TRADES__URL ...\n"
        "`tradeglyph doctor` says whether it works."
    ),
    "zh": (
        "tradeglyph 的配置文件。以 # 开头的设置没有生效，等号右边是默认值（或一个例子）；\n"
        "要修改时去掉 #。每一项都可以改用环境变量给出，环境变量优先于本文件：\n"
        "TRADEGLYPH_LANG、TRADEGLYPH_STORE__URL、TRADEGLYPH_SOURCES__TRADES__URL 等。\n"
        "配置好之后，用 `tradeglyph doctor` 检查能否正常工作。"
    ),
}

_FROM_URL = (
    "Database: sqlite, postgresql, mysql or mariadb; nothing is written there. A password is\n"
    "better kept in the variable TRADEGLYPH_SOURCES__{0}__URL.",
    "数据库地址：sqlite、postgresql、mysql 或 mariadb，只读不写。密码最好放在环境变量\n"
    "TRADEGLYPH_SOURCES__{0}__URL 里。",
)
_FROM: Mapping[str, tuple[str, str]] = {
    "path": (
        "Instead of url and table: a file, or a folder of files (CSV, JSONL, Parquet, Feather).",
        "不用数据库时，写文件或目录（CSV、JSONL、Parquet、Feather），代替 url 和 table。",
    ),
    "table": (
        "With url: the table, or schema.table.",
        "与 url 搭配：表名，或“模式.表名”。",
    ),
    "query": (
        "With url, instead of table: a select that yields the contract's column names.",
        "与 url 搭配，代替 table：一条 select，输出列用规定的列名。",
    ),
    "timezone": (
        "Of times that have none, where it is not the general one.",
        "时间不带时区时按哪个时区理解；不写则用上面的 timezone。",
    ),
    "time_unit": (
        "s, ms, us or ns, of times that are counts since 1970; left out: what their size shows.",
        "时间是 1970 年以来的计数时，单位是 s、ms、us 还是 ns；不写则按数值大小判断。",
    ),
    "connect_s": (
        "Longest wait for a connection, seconds.",
        "建立连接最多等多少秒。",
    ),
    "statement_s": (
        "Longest wait for one statement, seconds.",
        "一条查询最多等多少秒。",
    ),
    "pool_size": (
        "Connections that one process opens at most.",
        "每个进程最多开多少个连接。",
    ),
    "max_rows": (
        "Rows of one question at most; more is no answer, instead of part of one.",
        "一次查询最多取多少行；超过时不给结论，而不是只看一部分。",
    ),
}

REMARKS: Mapping[str, tuple[str, str]] = {
    "lang": (
        "Language of reasons and texts: en or zh.",
        "理由和说明的语言：en 或 zh。",
    ),
    "model": (
        "A shipped model (default, seed), or the folder of one that `tradeglyph train` wrote.",
        "随包的模型（default、seed），或 `tradeglyph train` 写出的模型目录。",
    ),
    "timezone": (
        "Zone of times in your data that have none.",
        "数据里的时间不带时区时，按哪个时区理解。",
    ),
    "columns": (
        "Files on the command line (score, explain ...) whose columns have other names.",
        "命令行（score、explain 等）读的文件，列名不同时在这里对应。",
    ),
    "columns.trades": (
        "Column of the contract = yours; + joins two.",
        "规定的列名 = 你的列名；用 + 连接两列。",
    ),
    "columns.candles": ("The same for candles.", "K 线文件，写法相同。"),
    "ledger": (
        "The ledger of money moved between accounts, where the other sides are known. The page\n"
        '"Set your own numbers" explains each.',
        "知道对手方时，资金转移账本的参数；详见文档“设定自己的参数”。",
    ),
    "ledger.look_back": (
        "Flows are summed so far back.",
        "资金流往回加总多久。",
    ),
    "ledger.half_widths_minutes": (
        "Minutes around a trade that its reference price looks at; the first with enough accounts.",
        "参考价在成交前后各看多少分钟，依次放宽，账户数够了就停。",
    ),
    "ledger.accounts": (
        "Accounts that a reference price needs.",
        "一个参考价至少要有多少个账户。",
    ),
    "ledger.spreads": (
        "Only what is over so many half-spreads counts.",
        "超过多少倍半个买卖价差才算数。",
    ),
    "ledger.priced_share": (
        "Two accounts are not judged where less of their quantity has a reference.",
        "两个账户的成交量中有参考价的比例低于它时，不下结论。",
    ),
    "statements": (
        "Bank statements: tradeglyph statement. What each recognizer goes by stands at the end of\n"
        "this file.",
        "银行流水（tradeglyph statement）。各识别器的参数在本文件末尾。",
    ),
    "statements.profile": (
        "Defaults of all parameters: seed, the rules as they were first written down, or audit.",
        "全部参数的默认值：seed 为规则原文，audit 为审计口径。",
    ),
    "statements.rules": (
        "Recognizers to ask, by name; none: those of the profile.",
        "要运行的识别器名称；不写则运行该口径下的全部识别器。",
    ),
    "statements.profiles": (
        "A folder with layouts of banks of your own, one TOML file each.",
        "自有银行版式所在的目录，每种版式一个 TOML 文件。",
    ),
    "wash": (
        "Wash volume: named in reasons, changes no verdict.",
        "刷量的参数：只写进理由，不影响结论。",
    ),
    "wash.self_trades": (
        "Trades of one owner with itself, a day.",
        "同一控制人一天自成交的次数。",
    ),
    "wash.windows": (
        "Trades must cancel out within these.",
        "成交要在这些时长内相互抵消。",
    ),
    "wash.margin": (
        "Of the mean trade: a position below is closed.",
        "净持仓低于平均单笔的多少算已平。",
    ),
    "wash.occurrences": (
        "Trades in each direction.",
        "每个方向至少成交几次。",
    ),
    "wash.largest_set": ("Accounts of a set at most.", "一组最多多少个账户。"),
    "wash.trades": (
        "Matched trades of a set in a window.",
        "一个时段内一组账户至少对倒多少笔。",
    ),
    "wash.set_share": (
        "Of all that the set trades.",
        "占这组账户全部成交的比例。",
    ),
    "wash.gain": (
        "Half-spreads per unit that an account may gain.",
        "每单位最多赚多少倍半个价差。",
    ),
    "wash.chance": (
        "Deviations from chance at most.",
        "盈亏偏离随机最多几个标准差。",
    ),
    "wash.trip_span": (
        "A round trip without gain lasts so long at most.",
        "无收益往返最长多久。",
    ),
    "wash.trip_loss": (
        "It loses so many half-spreads at most.",
        "最多亏多少倍半个价差。",
    ),
    "wash.trips": (
        "Such round trips of an account in a day.",
        "一个账户一天至少几次。",
    ),
    "wash.trip_share": (
        "Of all that the account trades.",
        "占该账户成交的比例。",
    ),
    "wash.crowd_accounts": (
        "Accounts that do hardly anything else.",
        "几乎只做这种往返的账户至少多少个。",
    ),
    "wash.crowd_share": ("Of the symbol's volume.", "占该标的成交量的比例。"),
    "sources": (
        "Where trades and candles come from while events are answered. These must be set.",
        "处理事件时，成交和 K 线从哪里来。这两节必须填写。",
    ),
    "sources.trades.url": (_FROM_URL[0].format("TRADES"), _FROM_URL[1].format("TRADES")),
    "sources.candles.url": (_FROM_URL[0].format("CANDLES"), _FROM_URL[1].format("CANDLES")),
    **{
        f"sources.{of}.{name}": said for of in ("trades", "candles") for name, said in _FROM.items()
    },
    "sources.trades.columns": (
        "Column of the contract = yours. Needed: account_id, symbol, time, side, price, quantity.",
        "规定的列名 = 你的列名。必需的列：account_id、symbol、time、side、price、quantity。",
    ),
    "sources.candles.columns": (
        "Column of the contract = yours. Needed: symbol, time, high, low.",
        "规定的列名 = 你的列名。必需的列：symbol、time、high、low。",
    ),
    "sources.candles.interval": (
        "Length of a candle; left out: the commonest distance between two.",
        "K 线的长度；不写则取最常见的间隔。",
    ),
    "sources.candles.label": (
        "Which end of a candle its time names: start or end (needs interval).",
        "时间是 K 线的开始（start）还是结束（end，需要填写 interval）。",
    ),
    "queue": ("Where events wait.", "事件在哪里排队。"),
    "queue.url": (
        "sqlite:///FILE (relative; four slashes: absolute), or sqs://NAME?dead=NAME.",
        "sqlite:///文件（相对路径；绝对路径用四个斜杠），或 sqs://队列名?dead=死信队列名。",
    ),
    "store": ("Where alerts are kept.", "告警存在哪里。"),
    "store.url": (
        "sqlite:///FILE, postgresql://..., mysql://... or dynamodb://TABLE. Servers need\n"
        "`tradeglyph store upgrade` first. A password is better kept in TRADEGLYPH_STORE__URL.",
        "sqlite:///文件、postgresql://...、mysql://... 或 dynamodb://表名。数据库服务器要先运行\n"
        "`tradeglyph store upgrade`。密码最好放在环境变量 TRADEGLYPH_STORE__URL 里。",
    ),
    "investigate": (
        "What is looked at when an event comes.",
        "事件到来时看什么。",
    ),
    "investigate.window": (
        "How much of the account's trades before the event is judged.",
        "看事件之前多长时间的成交。",
    ),
    "investigate.longest_look_back": (
        "Money is summed back to the last clean check, but no further than this.",
        "资金流最多往回加总到上一次正常的检查，但不超过这么久。",
    ),
    "investigate.stale_after": (
        "No answer where the newest trade or candle is older than this.",
        "最新的成交或 K 线比这还旧时，不给结论。",
    ),
    "investigate.feeds_rest": (
        "true: the market closes for hours, and an old feed is no stale one; an empty one is.",
        "true：市场会休市数小时，数据旧不算滞后；一行都没有才算。",
    ),
    "policy": (
        "What becomes of a withdrawal without an answer, and which signals hold one.",
        "没有结论的提现怎么处理，哪些信号可以止付。",
    ),
    "policy.bands": (
        "What is done without an answer, for each reason: let_through, delay, review or hold. For\n"
        "bands of the amount, put other blocks like this one before it, ascending, each with\n"
        "`below = 1000` under its [[policy.bands]]; the last block, without `below`, is for every\n"
        "other amount and for events without one.",
        "没有结论时按原因怎么处理：let_through（放行）、delay（延后）、review（人工复核）、hold（止付）。\n"
        "要按金额分档，就在这一段前面再写几段同样的内容，金额从小到大，每段在\n"
        "[[policy.bands]] 下面写 `below = 1000`；最后一段不写 below，适用于其余金额，\n"
        "也适用于没有金额的事件。",
    ),
    "policy.hold_signals": (
        'Signals of events that turn review into hold where they are true: ["new_device"].',
        '事件里的哪些信号为 true 时把人工复核升为止付，例如 ["new_device"]。',
    ),
    "policy.young_address_hours": (
        "An address_age_hours below this does so, too; left out: it does not count.",
        "address_age_hours 低于这个小时数时同样升为止付；不写则不考虑。",
    ),
    "worker": (
        "How `tradeglyph worker` goes about its queue.",
        "`tradeglyph worker` 怎样处理队列。",
    ),
    "worker.processes": ("Processes.", "进程数。"),
    "worker.batch": ("Events answered together.", "一批处理多少个事件。"),
    "worker.wait_s": (
        "How long it waits for a first message, seconds.",
        "没有消息时一次等多少秒。",
    ),
    "worker.lease_s": (
        "Nobody else gets a message for so long, seconds.",
        "一条消息独占多少秒。",
    ),
    "worker.delay_limit_s": (
        "An event delayed for so long goes to a person instead, seconds.",
        "延后超过这么多秒的事件，转人工复核。",
    ),
    "worker.most_delays": (
        "An event delayed so often, or delivered for the last time, goes to a person, too.",
        "延后这么多次同样转人工复核；到了队列的最后一次投递也一样。",
    ),
    "worker.most_faults": (
        "A message that fails so often goes to the dead letters.",
        "一条消息出错多少次后进入死信。",
    ),
    "service": (
        "`tradeglyph serve`, the REST service.",
        "REST 服务 `tradeglyph serve`。",
    ),
    "service.host": (
        "Where it listens; beyond this machine only with a key.",
        "监听地址；没有 API 密钥时只能监听本机。",
    ),
    "service.port": ("0 takes a free one.", "0 表示任选一个空闲端口。"),
    "service.score_s": (
        "How long a score may take before the policy decides without one, seconds.",
        "一次评分最多等多少秒；超时按策略处理。",
    ),
    "service.body_bytes": (
        "Bodies of requests have so many bytes at most.",
        "请求体最多多少字节。",
    ),
    "service.per_second": (
        "Requests a second of one key, on the average.",
        "每个 API 密钥平均每秒最多多少次请求。",
    ),
    "service.burst": (
        "Requests of one key at once, before that counts.",
        "每个密钥瞬时最多多少次请求。",
    ),
    "service.threads": (
        "Scores worked on at once, apart from small requests that bring their trades.",
        "同时处理多少个评分，自带成交的小请求不算。",
    ),
    "service.keys": (
        "Who may ask: `tradeglyph key new` prints a key, which is kept nowhere, and its lines.\n"
        "Scopes: score, read, review, admin.",
        "谁可以调用：`tradeglyph key new` 生成密钥（不留底）并打印要写在这里的几行。\n"
        "权限：score 评分，read 查看，review 处理告警，admin 管理。",
    ),
}
"""Of each setting and section, in English and Chinese."""

NEEDED: Mapping[str, str] = {
    "sources.trades.url": '"sqlite:///exchange.db"',
    "sources.trades.table": '"trades"',
    "sources.candles.url": '"sqlite:///exchange.db"',
    "sources.candles.table": '"candles"',
}
"""What must be set, with a value that shows its form."""

KEY: Mapping[str, str] = {
    "name": '"withdrawals"',
    "sha256": f'"{"0" * 64}"',
    "scopes": '["score"]',
    "expires": "2027-01-01T00:00:00Z",
}
"""An API key's settings."""

EXAMPLES: Mapping[str, str] = {
    "timezone": '"Asia/Shanghai"',
    "statements.profiles": '"layouts"',
    "columns.trades": 'account_id = "uid"\nsymbol = "market+outcome"',
    "columns.candles": 'time = "timestamps"',
    "sources.trades.path": '"trades.parquet"',
    "sources.candles.path": '"candles.parquet"',
    "sources.trades.query": '"select uid as account_id, ... from fills"',
    "sources.candles.query": '"select market as symbol, ... from bars"',
    "sources.trades.columns": 'account_id = "uid"\ntime = "created_at"',
    "sources.candles.columns": 'symbol = "market"\ntime = "opened_at"',
    "sources.trades.timezone": '"UTC"',
    "sources.candles.timezone": '"UTC"',
    "sources.trades.time_unit": '"ms"',
    "sources.candles.time_unit": '"ms"',
    "sources.candles.interval": '"5m"',
    "policy.bands": "[[policy.bands]]\n[policy.bands.unanswered]\n"
    + "\n".join(f'{why} = "{Band().decision(why)}"' for why in Unanswered),
    "policy.young_address_hours": "24",
    "service.keys": "\n".join(
        ["[[service.keys]]", *(f"{name} = {text}" for name, text in KEY.items())]
    ),
}
"""Of settings that have no default, and of those whose default does not show what it does."""

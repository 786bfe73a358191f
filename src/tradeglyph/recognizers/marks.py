"""What a team's lists say of the accounts of a finding, in words. A mark never silences one."""

from tradeglyph.domain.lists import Mark, MarkKind
from tradeglyph.recognizers.reasons import Lang

_KINDS: dict[Lang, dict[MarkKind, str]] = {
    "en": {
        MarkKind.HOUSEHOLD: "one household, group {group}",
        MarkKind.OWN: "under one person's control, group {group}",
        MarkKind.MARKET_MAKER: "market maker",
        MarkKind.EXEMPT: "exempt",
    },
    "zh": {
        MarkKind.HOUSEHOLD: "同一家庭（{group} 组）",
        MarkKind.OWN: "实际控制关系账户（{group} 组）",
        MarkKind.MARKET_MAKER: "做市商",
        MarkKind.EXEMPT: "豁免",
    },
}
_LINKED: dict[Lang, str] = {
    "en": "by your lists the two accounts belong together",
    "zh": "按你的名单，这两个账户属于一家",
}


def mark_words(mark: Mark, lang: Lang) -> str:
    """What the list says of an account, and the reason that it gives."""
    kind = _KINDS[lang][mark.kind].format(group=mark.group)
    return f"名单：{kind}（{mark.reason}）" if lang == "zh" else f"listed: {kind} ({mark.reason})"


def linked(lang: Lang) -> str:
    """What to say of a flow between two accounts of one owner or household."""
    return _LINKED[lang]

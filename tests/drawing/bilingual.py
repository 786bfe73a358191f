"""A text in both languages."""

from string import Formatter


def places(words: str) -> set[str]:
    """Names of what is put into the text."""
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def check_pair(english: str, chinese: str) -> None:
    """They say the same figures, each in its own script."""
    assert places(english) == places(chinese)
    assert not any("\u4e00" <= char <= "\u9fff" for char in english)
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)

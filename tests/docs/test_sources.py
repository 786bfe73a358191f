"""What the page on sources shows is taken as it stands."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.docs.commands import ROOT
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import Settings, load_settings

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
PAGES = ("docs/howto/sources.md", "docs/howto/sources.zh-CN.md")


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def configured(text, tmp_path, monkeypatch) -> Settings:
    file = tmp_path / "tradeglyph.toml"
    file.write_text(text)
    monkeypatch.setenv("TRADEGLYPH_CONFIG", str(file))
    return load_settings()


@pytest.mark.parametrize("page", PAGES)
def test_tables_and_indexes_of_the_page(page, tmp_path, monkeypatch):
    table, _ = blocks(page, "toml")
    (indexes,) = blocks(page, "sql")
    settings = configured(table, tmp_path, monkeypatch)
    open_candles(settings).close()
    with closing(sqlite3.connect(tmp_path / "exchange.db")) as database:
        database.execute("CREATE TABLE fills (uid, market, created_at, side, price, amount)")
        database.execute("INSERT INTO fills VALUES ('a', 'X', '2024-10-04 17:30', 'buy', 1, 1)")
        database.executescript(indexes)
        database.commit()
    monkeypatch.setenv("TRADEGLYPH_SOURCES__TRADES__URL", f"sqlite:///{tmp_path}/exchange.db")
    with closing(open_trades(load_settings())) as source:
        assert source.check() == []
        # 17:30 in Shanghai is 09:30 UTC.
        assert source.watermark(1 << 62) == 1_728_034_200_000_000


@pytest.mark.parametrize("page", PAGES)
def test_the_query_of_the_page(page, tmp_path, monkeypatch):
    _, query = blocks(page, "toml")
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("exchange.db")) as database:
        database.execute("CREATE TABLE users (id, name)")
        database.execute("CREATE TABLE fills (user_id, market, created_at, side, price, quantity)")
        database.execute("INSERT INTO users VALUES (7, 'alice')")
        database.execute("INSERT INTO fills VALUES (7, 'X', 1728034200, 'sell', 2, 3)")
        database.commit()
    with closing(open_trades(configured(query, tmp_path, monkeypatch))) as source:
        assert [problem.code for problem in source.check()] == ["index_unseen"]
        assert len(source.of_account("alice", 0, 1_728_034_200_000_001)) == 1


def test_the_pages_show_the_same_settings():
    english, chinese = (blocks(page, "toml") for page in PAGES)
    assert english == chinese

"""Tools over trades and candles: `score` and `explain`, asked and answered as the commands are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tradeglyph.agents.arguments import model_of, needed, optional, page_of, paged
from tradeglyph.agents.tool import Reply, Tool, as_json
from tradeglyph.agents.words import NOTE, TITLES, tool_words
from tradeglyph.agents.workplace import Workplace
from tradeglyph.app.explained_summary import summary_of as summary_of_window
from tradeglyph.app.explanation import explain_window, write_explanation
from tradeglyph.app.market_inputs import MarketInputs
from tradeglyph.app.scoring import ScoreRequest, score_files, summary_of
from tradeglyph.results.page import shortened
from tradeglyph.results.rejects import write_rejects
from tradeglyph.results.scores import ENDINGS as SCORE_ENDINGS
from tradeglyph.results.scores import score_rows, write_scores
from tradeglyph.sources.formats import ENDINGS as FORMATS
from tradeglyph.sources.formats import Format

ENDINGS = (
    *FORMATS,
    *(f"{one}.gz" for one, of in FORMATS.items() if of in (Format.CSV, Format.JSONL)),
)
"""Of files that are read as trades, candles, lists and reference prices."""
WINDOWS, TRADES = 50, 20
"""Scores, and trades of one window, that an answer shows unless a call says otherwise."""
_CUTTING = ("day_timezone", "window", "as_of")
_READING = (
    *("map", "symbol", "time_format", "timezone", "epoch_base", "on_error", "drop_duplicates"),
    *("candles_map", "candles_symbol", "candles_time_format", "candles_timezone"),
    *("candles_epoch_base", "candle_label"),
)
_FIELDS = {"map": "mapping", "window": "span", "candles_map": "candles_mapping"}
"""Arguments that `MarketInputs` calls otherwise."""
_GRAVEST_FIRST = ("hold", "review")


def market_tools(place: Workplace) -> list[Tool]:
    """`score` and `explain`. What they may write is asked for only where results may be written."""
    return [_scoring(place), _explaining(place)]


def _scoring(place: Workplace) -> Tool:
    fields = _inputs(place) | paged(WINDOWS, place.lang)
    if place.output is not None:
        fields["out"] = optional("score_out", place.lang)
    return Tool(
        name="score",
        title=TITLES["score"][place.lang],
        description=tool_words("score", place.lang),
        arguments=model_of("ScoreInput", fields),
        run=lambda asked: _score(asked, place),
        writes=place.output is not None,
    )


def _explaining(place: Workplace) -> Tool:
    fields = {
        **_inputs(place),
        "account": needed("account", place.lang),
        "symbol": needed("explained_symbol", place.lang),
        "window": optional("explained_window", place.lang),
        **paged(TRADES, place.lang),
    }
    if place.output is not None:
        fields["out"] = optional("explain_out", place.lang)
    return Tool(
        name="explain",
        title=TITLES["explain"][place.lang],
        description=tool_words("explain", place.lang),
        arguments=model_of("ExplainInput", fields),
        run=lambda asked: _explain(asked, place),
        writes=place.output is not None,
    )


def _inputs(place: Workplace) -> dict[str, Any]:
    """The arguments that say what to read, and how."""
    files = {name: needed(name, place.lang) for name in ("trades", "candles")}
    others = ("lists", "references", "threshold", *_CUTTING, *_READING)
    return files | {name: optional(name, place.lang) for name in others}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A call, ready to be answered."""

    inputs: MarketInputs
    lists: Path | None
    references: Path | None
    remarks: list[str] = field(default_factory=list)
    """What is said on the way."""

    def request(self, inputs: MarketInputs, asked: Any, place: Workplace) -> ScoreRequest:
        return inputs.to_score(
            place.settings,
            threshold=asked.threshold,
            lang=place.lang,
            lists=self.lists,
            references=self.references,
        )


@contextmanager
def _reading(asked: Any, place: Workplace) -> Iterator[_Asked]:
    """The call with its files, which stay what they are while the block lasts."""
    tables = [asked.trades, asked.candles]
    others = [name for name in (asked.lists, asked.references) if name is not None]
    said = {name: getattr(asked, name) for name in (*_CUTTING, *_READING)}
    plain = {_FIELDS.get(name, name): one for name, one in said.items() if one is not None}
    with (
        place.folder.files_or_folders(tables, ENDINGS) as (trades, candles),
        place.folder.files(others, ENDINGS) as paths,
    ):
        by_name = dict(zip(others, paths, strict=True))
        yield _Asked(
            inputs=MarketInputs(trades=trades, candles=candles, **plain),
            lists=by_name.get(asked.lists),
            references=by_name.get(asked.references),
        )


def _score(asked: Any, place: Workplace) -> Reply:
    out = _out(asked, place, SCORE_ENDINGS)
    with _reading(asked, place) as told:
        request = told.request(told.inputs, asked, place)
        scored = score_files(request, told.remarks.append)
    answer = summary_of(scored, request.rules) | {"remarks": _remarks(told, place)}
    if out is not None:
        write_scores(scored.frame, out)
        answer |= _written(place, scores=out, rejects=write_rejects(scored.rejects, out))
    page = page_of(asked)
    rows = score_rows(_gravest_first(scored.frame).slice(page.offset, page.limit))
    return _reply(
        answer | {"scores": shortened(rows), "page": page.told({"scores": len(scored.frame)})},
        place,
    )


def _gravest_first(frame: pl.DataFrame) -> pl.DataFrame:
    last = len(_GRAVEST_FIRST)
    grave = pl.col("verdict").replace_strict(_GRAVEST_FIRST, range(last), default=last)
    keys = [grave, -pl.col("probability"), "account_id", "symbol", "window_start"]
    return frame.sort(keys, nulls_last=True)


def _explain(asked: Any, place: Workplace) -> Reply:
    out = _out(asked, place)
    with _reading(asked, place) as told:
        inputs, day = told.inputs.of_one_day()
        request = told.request(inputs, asked, place)
        found = explain_window(request, asked.account, asked.symbol, day, told.remarks.append)
    lengths: dict[str, int] = {}
    page, answer = page_of(asked), summary_of_window(found, place.lang)
    for name in ("trips", "occlusion"):
        answer[name] = page.cut(answer[name], name, lengths)
    answer |= {"rejected": len(found.rejects), "remarks": _remarks(told, place)}
    if out is not None:
        write_explanation(found, out)
        files = {"page": "explanation.html", "picture": "picture.png", "chart": "chart.svg"}
        answer |= _written(place, **{key: out / name for key, name in files.items()})
    return _reply(shortened(answer) | {"page": page.told(lengths)}, place, found.picture)


def _out(asked: Any, place: Workplace, endings: tuple[str, ...] = ()) -> Path | None:
    """Where a call wants its result; checked before any work is done."""
    if place.output is None or asked.out is None:
        return None
    return place.output.new(asked.out, endings)


def _written(place: Workplace, **paths: Path | None) -> dict[str, Any]:
    return {"written": {key: place.shown(str(one)) for key, one in paths.items() if one}}


def _remarks(told: _Asked, place: Workplace) -> list[str]:
    return [place.shown(line) for line in told.remarks]


def _reply(answer: dict[str, Any], place: Workplace, picture: bytes | None = None) -> Reply:
    return Reply(text=as_json({"note": NOTE[place.lang]} | answer), picture=picture)

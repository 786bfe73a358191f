"""`tradeglyph serve`: answers over HTTP."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli import reading
from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Language
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.app.settings import Settings
    from tradeglyph.recognizers.reasons import Lang
    from tradeglyph.service.demo import RunningDemo


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on (default: \\[service] host, 127.0.0.1)"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="0 for a free one (default: \\[service] port, 8000)"),
    ] = None,
    sagemaker: Annotated[
        bool,
        typer.Option(
            "--sagemaker",
            help="Also /ping and /invocations, without a key, answered by the model `seed`",
        ),
    ] = False,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="On simulated accounts, with a worker and a key of its own"),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="With --demo: folder to keep its state in (default: a temporary one)"),
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer withdrawals, take events and show alerts over HTTP, until SIGTERM or Ctrl-C.

    What can't be reached when it starts, or later, makes it not ready (/readyz) until it can be.
    Its log are JSON lines on stderr, without accounts and bodies.
    """
    from tradeglyph.service.installed import check_installed

    check_installed()
    if demo:
        _demo(host, port, out, _language(lang), as_json=as_json)
        return
    if out is not None:
        raise InputError(
            "--out is for --demo; [store] and [queue] say where a service keeps things"
        )
    from tradeglyph.app.settings import load_settings

    settings = load_settings()
    if lang is not None:
        settings = settings.model_copy(update={"lang": reading.language(lang)})
    _serve(settings, host, port, sagemaker=sagemaker, as_json=as_json)


def _serve(
    settings: "Settings",
    host: str | None,
    port: int | None,
    *,
    sagemaker: bool,
    as_json: bool = False,
    demo: "RunningDemo | None" = None,
) -> None:
    import gc

    from tradeglyph.app.log import log_warnings
    from tradeglyph.service.configured import limits_of
    from tradeglyph.service.server import serve as serve_parts
    from tradeglyph.service.wiring import has_sources, wired

    if not has_sources(settings):
        tell(
            "no [sources.trades] and [sources.candles] in tradeglyph.toml: only requests that "
            "bring their trades and candles are answered"
        )
    log_warnings("service")
    with wired(settings, sagemaker=sagemaker) as parts:
        # What is here now stays: no collection of garbage has to look at it while somebody waits.
        gc.collect()
        gc.freeze()
        serve_parts(
            parts,
            host=settings.service.host if host is None else host,
            port=settings.service.port if port is None else port,
            limits=limits_of(settings.service),
            sagemaker=sagemaker,
            started=lambda address: _started(address, demo, settings.lang, as_json=as_json),
        )


def _demo(
    host: str | None, port: int | None, out: Path | None, lang: "Lang", *, as_json: bool
) -> None:
    from tradeglyph.service.demo import running_demo
    from tradeglyph.service.server import HOST, PORT, is_free

    host = HOST if host is None else host
    if port is None:  # it needs nothing, not even this one
        port = PORT if is_free(host, PORT) else 0
    with running_demo(out, lang=lang, port=port) as demo:
        _serve(demo.made.settings, host, port, sagemaker=True, as_json=as_json, demo=demo)


def _language(lang: str | None) -> "Lang":
    from tradeglyph.app.settings import load_settings

    return reading.language(lang if lang is not None else load_settings().lang)


def _started(address: str, demo: "RunningDemo | None", lang: "Lang", *, as_json: bool) -> None:
    if as_json:
        more = {} if demo is None else {"key": demo.key, "out": str(demo.made.folder)}
        give({"address": address, **more})
    elif demo is None:
        typer.echo(address)
    else:
        from tradeglyph.service.demo import curls

        words = _WORDS[lang]
        said = {
            "address": address,
            "key": demo.key,
            "count": len(demo.made.withdrawals),
            "alerts": f"{demo.alerts}+" if demo.alerts == 50 else demo.alerts,
            "folder": demo.made.folder,
        }
        score, send, alerts = curls(demo, address)
        lines = [words["head"].format(**said), words["score"], score, words["send"], send]
        typer.echo("\n".join([*lines, words["alerts"], alerts, words["tail"].format(**said)]))
    sys.stdout.flush()


_WORDS: "dict[Lang, dict[str, str]]" = {
    "en": {
        "head": "address  {address}\nkey      {key}\n\n{count} simulated withdrawals were answered "
        "by the worker, {alerts} alerts are open.\n",
        "score": "# may this account's money leave?",
        "send": "# put a withdrawal into the queue, for the worker",
        "alerts": "# what a person should look at; /v1/alerts/ID/picture.png is what the model saw",
        "tail": "\nIts state is in {folder}: `tradeglyph alerts list` works there.\n"
        "SageMaker's /ping and /invocations are on. Ctrl-C ends it.",
    },
    "zh": {
        "head": "地址  {address}\nAPI 密钥  {key}\n\n工作进程已答复 {count} 笔模拟提现，"
        "未处理的告警有 {alerts} 条。\n",
        "score": "# 这个账户的钱能放行吗？",
        "send": "# 把一笔提现放进队列，交给工作进程",
        "alerts": "# 需要人看的告警；/v1/alerts/ID/picture.png 是模型看到的图",
        "tail": "\n状态都在 {folder} 里，进这个目录可以用 `tradeglyph alerts list`。\n"
        "SageMaker 的 /ping 和 /invocations 已打开。按 Ctrl-C 结束。",
    },
}

"""The command `tradeglyph` and what becomes of a fault.

Exit status: 0 done; 1 a fault of ours, or a gate that refuses; 2 the user's input or arguments
are wrong; 3 done, and alerts raised with `--fail-on-alert`; 130 stopped by Ctrl-C.
"""

import os
import signal
import sys
import threading
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from tradeglyph import __version__
from tradeglyph.cli import (
    alerts,
    backtest,
    candles,
    dataset,
    demo,
    doctor,
    draw,
    enqueue,
    evaluate,
    explain,
    init,
    key,
    mcp,
    queue,
    score,
    serve,
    simulate,
    statement,
    store,
    train,
    worker,
)
from tradeglyph.cli.console import tell
from tradeglyph.domain.errors import TradeglyphError

# typer keeps a copy of click's exceptions of its own, or click's, as its version has it; only this
# one is public. Its parent stands for every wrong argument.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

DEBUG_VARIABLE = "TRADEGLYPH_DEBUG"
INTERRUPTED, TERMINATED = 130, 143

app = typer.Typer(
    name="tradeglyph",
    help="Looks at what an account did and says whether a human should look, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.add_typer(candles.app, name="candles")
app.command()(simulate.simulate)
app.command()(draw.draw)
app.command()(dataset.dataset)
app.command()(train.train)
app.command()(evaluate.evaluate)
app.command()(score.score)
app.command()(explain.explain)
app.command()(backtest.backtest)
app.command()(statement.statement)
app.command()(enqueue.enqueue)
app.command()(worker.worker)
app.command()(serve.serve)
app.add_typer(queue.app, name="queue")
app.add_typer(alerts.app, name="alerts")
app.add_typer(store.app, name="store")
app.add_typer(key.app, name="key")
app.command()(mcp.mcp)
app.command()(init.init)
app.command()(doctor.doctor)


def _version(asked: bool) -> None:
    if not asked:
        return
    from tradeglyph.model.shipped import open_model

    model = open_model("default")
    typer.echo(f"tradeglyph {__version__} (model {model.name}, picture spec {model.spec_hash})")
    raise typer.Exit


@app.callback()
def tradeglyph(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Version, shipped model and picture spec",
        ),
    ] = False,
) -> None:
    """Options before the command."""


def run() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.unraisablehook = stop_again
    try:
        status = app(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except _UsageError as error:
        status = _wrong_arguments(error)
    except TradeglyphError as error:
        for line in str(error).splitlines():
            tell(f"error: {line}")
        status = error.exit_status
    except BrokenPipeError:
        # The reader of our stdout has gone, as with `| head`. Nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        first = (str(error) or "no message").splitlines()[0]
        tell(f"error: a fault of ours: {type(error).__name__}: {first}")
        tell(f"error: set {DEBUG_VARIABLE}=1 and run it again to see where; your data is as it was")
        status = 1
    if status == INTERRUPTED:
        tell("stopped")
    sys.exit(status or 0)


def _wrong_arguments(error: Any) -> int:
    """One line and status 2; where no command was named, its help is shown by now: status 0."""
    message = " ".join(error.format_message().split())
    if not message:
        return 0
    where = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
    tell(f"error: {message}{where}")
    return 2


def stop_again(lost: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised while an object is cleared away, and a signal may come just
    then; it is sent once more, a moment later, when somebody can hear it."""
    asked = {KeyboardInterrupt: signal.SIGINT, SystemExit: signal.SIGTERM}.get(lost.exc_type)
    if asked is None:
        sys.__unraisablehook__(lost)
        return
    # To the main thread itself, which may sleep or wait for a file until a signal wakes it.
    main = threading.main_thread().ident
    again = threading.Timer(0.01, signal.pthread_kill, [main, asked])
    again.daemon = True
    again.start()


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that half-written outputs are removed."""
    sys.exit(TERMINATED)

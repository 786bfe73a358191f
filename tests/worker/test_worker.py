"""`tradeglyph worker` as it is started: one process or several, to the end or until it is told."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.worker.world import World, environment, wait_for
from tradeglyph.domain.findings import Decision


def once(world: World, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tradeglyph", "worker", "--once", *options],
        cwd=world.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_once_answers_what_waits_and_ends(world: World) -> None:
    accounts = world.market.accounts[:6]
    keys = world.send([world.event(name) for name in [*accounts, "nobody-knows-me"]])
    done = once(world, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["received"], counts["answered"], counts["buried"]) == (7, 7, 0)
    found = world.handled(keys)
    assert [found[key].account_id for key in keys] == [*accounts, "nobody-knows-me"]
    assert found[keys[-1]].decision is Decision.REVIEW  # by the policy
    raised = [key for key in keys if found[key].decision in (Decision.REVIEW, Decision.HOLD)]
    assert counts["alerts"] == len(raised)
    assert sorted(key for _, events in world.alerts().values() for key in events) == sorted(raised)
    assert (world.depth().waiting, world.depth().leased) == (0, 0)
    for secret in [*accounts, "nobody-knows-me", "occurred_at", str(world.folder)]:
        assert secret not in done.stderr


def test_several_processes_answer_each_event_once(world: World) -> None:
    keys = world.send([world.event(f"ghost-{n}") for n in range(60)])
    done = once(world, "--processes", "2", "--json", "--fail-on-alert")
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["answered"] == 60
    assert len(world.handled(keys)) == len(world.alerts()) == 60
    assert once(world, "--fail-on-alert").returncode == 0  # nothing new


def test_without_sources_it_says_what_to_do(world: World) -> None:
    (world.folder / "tradeglyph.toml").write_text("")
    done = once(world, "--processes", "2")  # the crew's, since a worker's is the same
    assert done.returncode == 2
    assert "[sources.trades]" in done.stderr
    assert "Traceback" not in done.stderr


def test_once_with_a_store_that_is_gone_loses_nothing(world: World) -> None:
    keys = world.send([world.event("ghost")])
    done = once(world, "--store", "postgresql://nobody:s3cret@127.0.0.1:1/nowhere")
    assert done.returncode == 1
    assert "waits in the queue" in done.stderr
    assert "s3cret" not in done.stderr
    assert once(world).returncode == 0
    assert set(world.handled(keys)) == set(keys)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_nothing_in_its_hands(world: World, number: signal.Signals) -> None:
    keys = world.send([world.event(f"ghost-{n}") for n in range(40)])
    with world.worker("--processes", "2") as crew:
        wait_for(lambda: world.handled(keys), "an answer")
        crew.send_signal(number)
        assert crew.wait(60) == 0
    depth = world.depth()
    assert (depth.leased, depth.dead) == (0, 0)
    assert depth.waiting + len(world.handled(keys)) == 40


def test_one_that_dies_is_started_again(world: World) -> None:
    with world.worker("--processes", "2"):
        wait_for(lambda: len(world.said("ready")) == 2, "two that are ready")
        victim = world.living()[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(world.said("ready")) == 3, "a third one")
        assert world.said("worker died")[0]["status"] == -signal.SIGKILL
        keys = world.send([world.event("ghost")])
        wait_for(lambda: len(world.handled(keys)) == 1, "an answer")


def test_workers_do_not_outlive_their_crew(world: World) -> None:
    with world.worker("--processes", "2") as crew:
        wait_for(lambda: len(world.said("ready")) == 2, "two that are ready")
        workers = world.living()
        crew.kill()
        wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers), "their end")

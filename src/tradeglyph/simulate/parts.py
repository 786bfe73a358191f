"""Every name that simulated labels can hold: leads, their victims and company, and the rest."""

from tradeglyph.simulate.scenario import ANY_VERDICT, QUIET, Part
from tradeglyph.simulate.scenarios import SCENARIOS

CROWD = "crowd"
HONEST_DAY = "honest_day"

UNTELLABLE = (
    "clustered_hacker",
    "clustered_victim",
    "deep",
    "deep_victim",
    "drip",
    "drip_victim",
    "front_run_fund",
    "front_runner",
    "latency_arbitrage",
    "liquidate_first",
    "liquidated_victim",
    "mule",
    "one_leg",
    "one_leg_victim",
    "sandwich_bot",
    "wick_ladder",
)
"""What an account's fills of one day do not tell from honest ones, or the other way round; the
ledger does, where the other sides are known. A network that is shown them learns to see fraud where
there is nothing to be seen, so they are judged but not learnt from."""

CROWD_PART = Part(
    name=CROWD,
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    title_en="Everybody else in the market",
    title_zh="市场上的其他参与者",
)

HONEST_DAY_PART = Part(
    name=HONEST_DAY,
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    # A look-back over days may still hold what happened the day before.
    allowed_with=ANY_VERDICT,
    title_en="A day on which a fraud's party only trades honestly",
    title_zh="涉案账户只做正常交易的日子",
)


def parts() -> tuple[Part, ...]:
    """In the order of the scenarios; the crowd last."""
    found: list[Part] = []
    for info in (scenario.info for scenario in SCENARIOS):
        found += [part for part in (info.lead, info.victim, info.company) if part is not None]
    return (*found, HONEST_DAY_PART, CROWD_PART)

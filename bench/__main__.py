"""`make bench`: speed as ratios measured in one run, because machines differ and are noisy.

    python -m bench [--json]     prints a table (or JSON) and writes build/bench.json

`other` is the seeds' way on the same work: their call sequence for the drawings, a ResNet-18 at
250 x 150 for the network, both one after the other on every core for a score, a scan of all lines
per crowded hour for statements.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from bench import drawing, explanation, inference, ledger, scoring, service, statements, worker
from bench.seed_event import seed_event_ms

OUT = Path("build/bench.json")


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    drawn = drawing.measure()
    sequence = next(row["other"] for row in drawn if row["name"] == "draw_jpeg")
    inferred = inference.measure()
    events = seed_event_ms()
    rows = [
        *drawn,
        inferred,
        *scoring.measure(sequence, inferred["other"]),
        ledger.measure(),
        explanation.measure(),
        *service.measure(events),
        *worker.measure(1_000 / float(np.mean(events))),
        *statements.measure(),
    ]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=2) + "\n")
    if asked.json:
        print(json.dumps(rows, indent=2))
        return 0
    print(f"{'name':<40}{'unit':<14}{'ours':>12}{'other':>12}{'ratio':>10}")
    for row in rows:
        print(
            f"{row['name']:<40}{row['unit']:<14}{row['ours']:>12,.1f}{row['other']:>12,.1f}"
            f"{row['ratio']:>10,.0f}"
        )
    print(f"written to {OUT}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

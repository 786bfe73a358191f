"""The verdict where the other sides are not known: what the spread explains is quiet."""

import numpy as np

from tradeglyph.pipeline.verdict import rule_on_costs


def test_within_the_spread_is_quiet_and_the_rest_stays() -> None:
    verdict = np.array(["review", "review", "review", "quiet"], dtype=object)
    role = np.array(["victim", "victim", "beneficiary", ""], dtype=object)
    ruling = rule_on_costs(verdict, role, np.array([3.0, 3.1, np.nan, np.nan]), 3.0)
    assert ruling.verdict.tolist() == ["quiet", "review", "review", "quiet"]
    assert ruling.role.tolist() == ["", "victim", "beneficiary", ""]
    assert ruling.cleared.tolist() == [True, False, False, False]

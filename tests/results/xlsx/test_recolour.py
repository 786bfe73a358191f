"""Sheets of originals that other programs wrote, in ways that Excel does not."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tradeglyph.results.xlsx.markup import Unreadable, tree
from tradeglyph.results.xlsx.original import Original
from tradeglyph.results.xlsx.recolour import Painted, extent, recolour
from tradeglyph.results.xlsx.styles import Styles

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font><b/></font></fonts><fills><fill><patternFill/></fill>'
    '</fills><borders><border/></borders><cellXfs><xf/><xf numFmtId="14" fontId="0"/></cellXfs>'
    "</styleSheet>"
)
STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><r><rPr><b/></rPr><t>=1</t></r><r><t>+1</t></r>'
    "<rPh><t>jia</t></rPh></si></sst>"
)


def workbook(path: Path, sheet: str, *, strings: str = STRINGS) -> Path:
    """An archive with one sheet of this XML."""
    relation = f'<Relationship Id="rId{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    targets = ("worksheets/s.xml", "/xl/sharedStrings.xml", "styles.xml")
    kinds = ("worksheet", "sharedStrings", "styles")
    relations = "".join(
        relation.format(number, kind, target)
        for number, (kind, target) in enumerate(zip(kinds, targets, strict=True), 1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/styles.xml", STYLES)
        archive.writestr("xl/worksheets/s.xml", sheet)
    return path


def shown(path: Path, *painted: tuple[int, Painted], columns: int = 2) -> str:
    """The sheet written anew; sound XML."""
    styles = Styles("Calibri")
    original = Original(path, styles)
    out = io.StringIO()
    rows: Iterator[tuple[int, Painted]] = iter(painted)
    recolour(
        original,
        original.sheets["S"],
        out,
        styles=styles,
        painted=rows,
        columns=columns,
        widths=(9.0,),
    )
    original.close()
    ElementTree.fromstring(out.getvalue())  # noqa: S314
    ElementTree.fromstring(styles.xml())  # noqa: S314
    return out.getvalue()


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A sheet of these rows."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:o="urn:other">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


RED = Painted(colour="FF0000", cells=('<c r="C2" s="0"/>',))


def test_cells_without_references_and_with_a_prefix(tmp_path: Path) -> None:
    xml = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="s">'
        "<x:v>0</x:v></x:c><x:c><x:v>1.50</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    text = re.sub(r' s="\d+"', "", shown(workbook(tmp_path / "o.xlsx", xml)))
    assert '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c>' in text
    assert '<c r="B1"><v>1.50</v></c></row>' in text


def test_a_row_with_gaps_is_coloured_throughout_and_ours_come_behind(tmp_path: Path) -> None:
    xml = sheet('<row r="2" hidden="1"><c r="B2" s="1"><v>7</v></c></row>')
    text = shown(workbook(tmp_path / "o.xlsx", xml), (2, RED))
    row = text[text.index("<row") : text.index("</row>")]
    assert [part.split('"')[1] for part in row.split("<c ")[1:]] == ["A2", "B2", "C2"]
    assert "hidden" not in row
    assert "<v>7</v>" in row


def test_rich_texts_stay_and_are_known_for_what_they_look_like(tmp_path: Path) -> None:
    xml = sheet('<row r="1"><c r="A1" t="s"><v>1</v></c></row>')
    path = workbook(tmp_path / "o.xlsx", xml)
    text = shown(path)
    assert "<r><rPr><b></b></rPr><t>=1</t></r><r><t>+1</t></r></is>" in text
    assert "jia" not in text
    styles = Styles("Calibri")
    assert Original(path, styles).live == {1}


def test_what_reaches_out_of_the_sheet_is_left_out(tmp_path: Path) -> None:
    before = (
        '<sheetPr codeName="Evil"><tabColor rgb="FF00FF00"/></sheetPr><sheetViews>'
        '<sheetView tabSelected="1" workbookViewId="3" o:a="1"><pane ySplit="1" state="frozen"/>'
        '</sheetView><sheetView workbookViewId="4"/></sheetViews>'
        '<cols><col min="1" max="16384" width="5" hidden="1" style="1"/></cols>'
    )
    after = (
        '<sheetProtection sheet="1"/><autoFilter ref="A1:B9"><filterColumn colId="0">'
        '<colorFilter dxfId="7"/></filterColumn></autoFilter>'
        '<conditionalFormatting sqref="A1"/><dataValidations/><hyperlinks><hyperlink ref="A1" '
        'r:id="rId9"/></hyperlinks><pageSetup paperSize="9" r:id="rId8"/>'
        "<headerFooter><oddHeader>&amp;G</oddHeader></headerFooter>"
        '<drawing r:id="rId7"/><legacyDrawing r:id="rId6"/><oleObjects/><o:evil/><tableParts/>'
    )
    xml = sheet('<row r="1"><c r="A1" cm="1"><v>7</v></c></row>', before=before, after=after)
    text = shown(workbook(tmp_path / "o.xlsx", xml))
    assert "rId" not in text
    for left in (
        "Evil",
        "sheetProtection",
        "olor" + "Filter",
        "hyperlink",
        "rawing",
        "ole",
        "evil",
    ):
        assert left not in text
    assert '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" state="frozen">' in text
    assert '<autoFilter ref="A1:B9"></autoFilter>' in text
    assert "&amp;G" not in text
    columns = text[text.index("<cols>") : text.index("</cols>")]
    assert columns.count("<col ") == 3
    assert '<col min="3" max="3" width="9" customWidth="1"/>' in columns, "ours is not hidden"


def test_shared_formulas_go_together(tmp_path: Path) -> None:
    def cells(text: str) -> str:
        return "".join(
            f'<row r="{row}"><c r="B{row}"><f t="shared" {ref}si="0">{told}</f><v>{row}</v></c>'
            "</row>"
            for row, ref, told in ((1, 'ref="B1:B2" ', text), (2, "", ""))
        )

    kept = shown(workbook(tmp_path / "o.xlsx", sheet(cells("A1+1"))))
    assert '<f t="shared" ref="B1:B2" si="0">A1+1</f><v>1</v>' in kept
    assert '<f t="shared" si="0"></f><v>2</v>' in kept
    replaced = shown(workbook(tmp_path / "p.xlsx", sheet(cells("NOW()"))))
    assert "<f" not in replaced.replace("<fill", "")
    assert "<v>1</v>" in replaced
    assert "<v>2</v>" in replaced


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
        '<row r="1"><c r="A1" t="n&quot;&gt;&lt;f&gt;1&lt;/f&gt;"><v>1</v></c></row>',
        '<row r="1"><c r="D1"><v>1</v></c></row>',
    ],
    ids=["rows", "cells", "string", "kind", "behind"],
)
def test_what_is_not_known_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(Unreadable):
        shown(workbook(tmp_path / "o.xlsx", sheet(rows)))


def test_a_row_to_colour_that_is_not_there_is_refused_and_a_heading_is_written(
    tmp_path: Path,
) -> None:
    path = workbook(tmp_path / "o.xlsx", sheet('<row r="3"><c r="A3"><v>1</v></c></row>'))
    with pytest.raises(Unreadable):
        shown(path, (2, RED))
    head = Painted(colour="", cells=('<c r="C2" s="0"/>',))
    assert '<row r="2"><c r="C2" s="0"/></row><row r="3">' in shown(path, (2, head))


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE s [<!ENTITY a "aaaa">]><sst>&a;</sst>'
    with pytest.raises(Unreadable):
        Original(workbook(tmp_path / "o.xlsx", sheet(""), strings=bomb), Styles("Calibri"))


@pytest.mark.parametrize(
    ("rows", "after", "wanted"),
    [
        ('<row r="1"><c r="B1"><v>1</v></c></row>', "", 2),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="E1" s="1"/></row>', "", 2),
        ('<row r="1"><c r="E1"><v>1</v></c></row>', "", 5),
        ("<row><c/><c/><c><v>1</v></c></row>", "", 3),
        ('<row r="1"><c r="B1"><v>1</v></c></row>', "A1:F1", 6),
        ('<row r="1"><c r="B1"><v>1</v></c></row>', "A1:XFD1", 2),
    ],
)
def test_how_far_values_reach(tmp_path: Path, rows: str, after: str, wanted: int) -> None:
    merged = f'<mergeCells><mergeCell ref="{after}"/></mergeCells>' if after else ""
    path = workbook(tmp_path / "o.xlsx", sheet(rows, after=merged))
    original = Original(path, Styles("Calibri"))
    assert extent(original, original.sheets["S"], 2) == wanted


def test_colours_of_a_theme_are_written_out() -> None:
    xml = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font><color theme="4" tint="0.5"/><name val="等线"/>'
        '<scheme val="minor"/></font></fonts><cellXfs><xf fontId="0"/></cellXfs></styleSheet>'
    )
    styles = Styles("Calibri")
    styles.taken_from(tree(xml.encode()), ["111111"] * 4 + ["ABCDEF"])
    assert '<color rgb="FFABCDEF" tint="0.5">' in styles.xml()
    assert "theme" not in styles.xml()
    assert "scheme" not in styles.xml()

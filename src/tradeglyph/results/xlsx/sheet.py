"""A sheet of our own, from its head to its foot."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from tradeglyph.results.xlsx.cells import letters
from tradeglyph.results.xlsx.markup import MAIN, attribute
from tradeglyph.results.xlsx.names import quoted

MAX_LINKS = 65_530
"""Links that Excel takes in one sheet (its published limits: hyperlinks in a worksheet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a sheet looks like around its cells."""

    widths: Sequence[float]
    """Of the columns, in digits."""
    frozen: int = 0
    """Rows at the top that stay."""
    selected: bool = False
    texts: str = ""
    """The range whose numbers are texts on purpose."""


@dataclass(slots=True)
class Foot:
    """What stands below the rows of a sheet."""

    filtered: str = ""
    """The range with a filter, such as `A1:E9`."""
    links: list[str] = field(default_factory=list)

    def link(self, at: str, sheet: str, to: str) -> bool:
        """A link from one cell to a cell of a sheet; whether there is room for it."""
        if len(self.links) >= MAX_LINKS:
            return False
        place = attribute(f"{quoted(sheet)}!{to}")
        self.links.append(f'<hyperlink ref="{at}" location="{place}" display="{attribute(to)}"/>')
        return True


@contextmanager
def worksheet(out: IO[str], layout: Layout) -> Iterator[Foot]:
    """Head before, foot after; the rows are written in between."""
    foot = Foot()
    out.write(
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'{_view(layout)}<sheetFormatPr defaultRowHeight="15"/>{_columns(layout.widths)}<sheetData>'
    )
    yield foot
    out.write("</sheetData>")
    if foot.filtered:
        out.write(f'<autoFilter ref="{foot.filtered}"/>')
    if foot.links:
        out.write("<hyperlinks>")
        out.writelines(foot.links)
        out.write("</hyperlinks>")
    out.write(
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;A  &amp;P / &amp;N</oddFooter></headerFooter>"
    )
    if layout.texts:
        ignored = f'<ignoredError sqref="{layout.texts}" numberStoredAsText="1"/>'
        out.write(f"<ignoredErrors>{ignored}</ignoredErrors>")
    out.write("</worksheet>")


def column(number: int, width: float, last: int = 0) -> str:
    """One column's width."""
    return f'<col min="{number}" max="{last or number}" width="{width:g}" customWidth="1"/>'


def _columns(widths: Iterable[float]) -> str:
    columns = "".join(column(number, width) for number, width in enumerate(widths, 1))
    return f"<cols>{columns}</cols>" if columns else ""


def _view(layout: Layout) -> str:
    pane = ""
    if layout.frozen:
        pane = (
            f'<pane ySplit="{layout.frozen}" topLeftCell="A{layout.frozen + 1}" '
            'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
        )
    selected = ' tabSelected="1"' if layout.selected else ""
    return f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'


def span(first_row: int, last_row: int, columns: int) -> str:
    """The range from column A."""
    return f"A{first_row}:{letters(columns)}{last_row}"

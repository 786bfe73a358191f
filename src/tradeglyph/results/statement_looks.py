"""How the sheets of a report on statements look."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradeglyph.domain.recognizers import Lang, Severity
from tradeglyph.results.xlsx.cells import LIVE
from tradeglyph.results.xlsx.styles import Look, Styles

COLOURS: Mapping[str, str] = {
    Severity.HIGH.value: "F4B4B4",
    Severity.MEDIUM.value: "FCD9A6",
    Severity.LOW.value: "FFF6C4",
}
"""Red, orange and yellow that black letters can be read on; in grey the gravest is the darkest."""
OTHER = "E0E0E0"
"""Of a severity that is none of ours."""
_FONTS: Mapping[Lang, str] = {"en": "Calibri", "zh": "等线"}
_TOP = '<alignment vertical="top"/>'
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_AS_TEXT = 49
"""Excel's own number of the format @."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Numbers of the looks, for cells."""

    title: int
    head: int
    plain: int
    wrapped: int
    live: int
    """A text that looks like a formula."""
    link: int
    whole: int
    money: int
    moment: int
    day: int
    severity: Mapping[str, int]
    """A cell on the colour of a severity."""
    original: Mapping[str, tuple[int, int]]
    """A cell of a file as text, by severity (empty for none); and one that looks like a formula."""

    def text(self, text: str) -> int:
        """For a text of a file or of ours."""
        return self.live if text.startswith(LIVE) else self.plain

    def cell(self, severity: str, text: str) -> int:
        """For a text of an original, in a row of a severity."""
        plain, live = self.original.get(severity) or self.original["other"]
        return live if text.startswith(LIVE) else plain


def new_styles(lang: Lang) -> Styles:
    """Styles whose letters the language's readers have."""
    return Styles(_FONTS[lang])


def looks(styles: Styles) -> Looks:
    """Adds the report's looks."""
    bold = styles.font(bold=True)
    as_text = Look(number=_AS_TEXT)
    coloured = {"": as_text} | {
        name: Look(number=_AS_TEXT, fill=styles.fill(colour))
        for name, colour in (*COLOURS.items(), ("other", OTHER))
    }
    return Looks(
        title=styles.add(Look(font=styles.font(bold=True, size=14))),
        head=styles.add(
            Look(font=bold, fill=styles.fill("D9E1EC"), border=styles.border("5B6B82"), inside=_TOP)
        ),
        plain=styles.add(Look(number=_AS_TEXT, inside=_TOP)),
        wrapped=styles.add(Look(number=_AS_TEXT, inside=_WRAPPED)),
        live=styles.add(Look(number=_AS_TEXT, inside=_TOP, quoted=True)),
        link=styles.add(Look(font=styles.font(colour="0B5394", line=True), inside=_TOP)),
        whole=styles.add(Look(number=3, inside=_TOP)),
        money=styles.add(Look(number=4, inside=_TOP)),
        moment=styles.add(Look(number=styles.format("yyyy-mm-dd hh:mm:ss"), inside=_TOP)),
        day=styles.add(Look(number=styles.format("yyyy-mm-dd"), inside=_TOP)),
        severity={
            name: styles.add(Look(font=bold, fill=styles.fill(colour), inside=_TOP))
            for name, colour in (*COLOURS.items(), ("other", OTHER))
        },
        original={
            name: (styles.add(look), styles.add(_quoted(look))) for name, look in coloured.items()
        },
    )


def _quoted(look: Look) -> Look:
    return Look(number=look.number, fill=look.fill, quoted=True)

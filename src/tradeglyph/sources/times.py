"""Times of any form that files hold, as instants in UTC."""

from datetime import UTC, datetime

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.cell_text import text_of
from tradeglyph.sources.epochs import from_base, from_epoch, unit_of
from tradeglyph.sources.options import OtherOptions, ReadOptions
from tradeglyph.sources.parsed import NO_REASON, NO_VALUE, Parsed, with_reasons
from tradeglyph.sources.tables import UTC_TIME
from tradeglyph.sources.time_format import chrono_format, ends_in_zone_name, has_offset
from tradeglyph.sources.zones import GAP, UNIVERSAL, check_zone, from_abbreviations, localise

NAIVE_FORMS: tuple[str, ...] = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y%m%dT%H%M%S%.f",
    "%Y%m%d %H:%M:%S%.f",
    "%Y%m%d %H:%M",
)
_DIGITS = "%Y%m%d%H%M%S"
_EPOCH = "epoch"
_FORMS = (
    *(form + zone for form in NAIVE_FORMS for zone in ("%#z", " %#z")),
    _EPOCH,
    *NAIVE_FORMS,
    _DIGITS,
)
_NUMBER = r"^[+-]?\d+(\.\d*)?$"
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_AFTER = datetime(2262, 1, 1, tzinfo=UTC)


class NaiveTime(OtherOptions):
    """A time without a zone, where none was named."""

    def __init__(self, where: str, value: str) -> None:
        self.value = value
        self.fault = f"{where}: {value!r} has no time zone"
        super().__init__(
            f"{self.fault}; add --timezone, for instance --timezone Asia/Shanghai or --timezone "
            "UTC",
            f'{self.fault}; set timezone of this source, for instance "Asia/Shanghai" or "UTC"',
        )


class TimeReader:
    """Reads one file's time column, batch by batch.

    The unit of epochs is settled by the first batch and holds for the file. A local time that
    the clock showed twice is taken as the earlier instant and counted in `ambiguous`.
    """

    def __init__(self, options: ReadOptions, file: str) -> None:
        if options.timezone is not None:
            check_zone(options.timezone)
        self._options = options
        self._file = file
        self._unit: str | None = None
        self.ambiguous = 0

    def parse(self, cells: pl.Series, *, required: bool = True) -> Parsed:
        """UTC instants, Datetime us. Raises NaiveTime for naive times without a time zone."""
        values = self._instants(cells)
        if values.is_between(_FIRST, _AFTER, closed="left").fill_null(False).all():
            return Parsed(values)
        return with_reasons(values, text_of(cells), self._reason(required=required))

    def _instants(self, cells: pl.Series) -> pl.Series:
        options = self._options
        if cells.dtype.is_temporal():
            return self._typed(cells)
        if options.epoch_base is not None:
            numeric = cells.dtype.is_numeric()
            return from_base(cells if numeric else _floats(text_of(cells)), options.epoch_base)
        if options.time_format is not None:
            return self._formatted(text_of(cells), options.time_format)
        if cells.dtype.is_numeric():
            return self._epochs(cells if cells.dtype.is_integer() else _whole_if_all(cells))
        return self._any_form(text_of(cells))

    def _typed(self, cells: pl.Series) -> pl.Series:
        if not isinstance(cells.dtype, pl.Datetime):
            raise InputError(
                f"{self._file}: the time column holds {cells.dtype}, not a date with a time of day"
            )
        if cells.dtype.time_zone is None:
            return self._localised(cells, cells)
        return cells.dt.convert_time_zone("UTC").cast(UTC_TIME)

    def _formatted(self, text: pl.Series, strptime: str) -> pl.Series:
        form = chrono_format(strptime)
        try:
            parsed = _strptime(text, form, aware=has_offset(form))
        except (pl.exceptions.PolarsError, ValueError) as error:
            raise InputError(f"--time-format {strptime!r} can't be used: {error}") from error
        if has_offset(form):
            return parsed
        return (
            self._named_zone(parsed, text)
            if ends_in_zone_name(form)
            else (self._localised(parsed, text))
        )

    def _named_zone(self, naive: pl.Series, text: pl.Series) -> pl.Series:
        """UTC goes before --timezone, which goes before other abbreviations (EST, PDT, ...)."""
        names = text.str.extract(r"([A-Za-z]+)$").str.to_uppercase()
        known = from_abbreviations(naive, names)
        if self._options.timezone is None:
            self._require_zone(naive.is_not_null() & known.is_null(), text)
            return known
        universal = names.is_in(UNIVERSAL).fill_null(False)
        return known.zip_with(universal, self._localised(naive, text))

    def _any_form(self, text: pl.Series) -> pl.Series:
        values = pl.Series("time", [None], dtype=UTC_TIME).new_from_index(0, len(text))
        pending = text.is_not_null().arg_true()
        for form in _fitting_first(text):
            if not len(pending):
                break
            values = values.scatter(pending, self._in_form(form, text.gather(pending)))
            pending = pending.filter(values.gather(pending).is_null())
        return values

    def _in_form(self, form: str, text: pl.Series) -> pl.Series:
        if form == _EPOCH:
            return self._epochs(_counts(text))
        if form.endswith("z"):
            return _strptime(text, form, aware=True)
        if form == _DIGITS:
            text = text.set(text.str.len_chars() != len("20240131093000"), None)
        return self._localised(_strptime(text, form, aware=False), text)

    def _epochs(self, numbers: pl.Series) -> pl.Series:
        self._unit = self._unit or unit_of(numbers)
        if self._unit is None:
            return pl.Series("time", [None], dtype=UTC_TIME).new_from_index(0, len(numbers))
        return from_epoch(numbers, self._unit)

    def _localised(self, naive: pl.Series, text: pl.Series) -> pl.Series:
        zone = self._options.timezone
        if zone is None:
            self._require_zone(naive.is_not_null(), text)
            return naive.cast(UTC_TIME)
        local = localise(naive, zone)
        self.ambiguous += local.ambiguous
        return local.values

    def _require_zone(self, naive: pl.Series, text: pl.Series) -> None:
        if naive.any():
            raise NaiveTime(self._file, str(text.filter(naive)[0]))

    def _reason(self, *, required: bool) -> pl.Expr:
        value = pl.col("value")
        inside = value.is_between(_FIRST, _AFTER, closed="left")
        gap = f"no such local time in {self._options.timezone}: the clock went forward"
        reason = (
            pl.when(pl.col("text").is_null())
            .then(pl.lit(NO_VALUE) if required else NO_REASON)
            .when(inside)
            .then(NO_REASON)
            .when(value == GAP)
            .then(pl.lit(gap))
            .when(value.is_not_null())
            .then(pl.lit("not in the years 1900 to 2261"))
        )
        for pattern, why in self._patterns():
            reason = reason.when(pl.col("text").str.contains(pattern)).then(pl.lit(why))
        return reason.otherwise(pl.lit("not a time that can be read; say how with --time-format"))

    def _patterns(self) -> list[tuple[str, str]]:
        if self._options.epoch_base is not None:
            return [("", "not a number of seconds since --epoch-base")]
        if self._options.time_format is not None:
            return [("", f"does not fit --time-format {self._options.time_format!r}")]
        unit = f"; the column counts in {self._unit}" if self._unit else "; see --epoch-base"
        return [
            (r"^\d(\.\d+)?[eE]\+?\d+$", "an epoch in scientific notation has lost its digits"),
            (_NUMBER, f"not an epoch of 1990 to 2261 in s, ms, us or ns{unit}"),
            (r"^\d{1,2}:\d{2}", "a time of day without its date: --map time=DATE+TIME"),
            (r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}$", "a date without a time of day"),
        ]


def _fitting_first(text: pl.Series) -> list[str]:
    """All forms, those that fit the first cell in front."""
    first = text.drop_nulls().head(1)
    return sorted(_FORMS, key=lambda form: not _fits(form, first))


def _fits(form: str, first: pl.Series) -> bool:
    if form == _EPOCH:
        return bool(first.str.contains(_NUMBER).all())
    return not _strptime(first, form, aware=form.endswith("z")).null_count()


def _strptime(text: pl.Series, form: str, *, aware: bool) -> pl.Series:
    zone = "UTC" if aware else None
    return text.str.to_datetime(form, strict=False, time_unit="us", time_zone=zone)


def _counts(text: pl.Series) -> pl.Series:
    """The numbers among the texts, as Int64 where all of them are whole: nanoseconds are exact."""
    numbers = text.set(~text.str.contains(_NUMBER), None)
    whole = numbers.cast(pl.Int64, strict=False)
    return whole if whole.null_count() == numbers.null_count() else _floats(numbers)


def _floats(text: pl.Series) -> pl.Series:
    return text.cast(pl.Float64, strict=False)


def _whole_if_all(numbers: pl.Series) -> pl.Series:
    whole = numbers.cast(pl.Int64, strict=False)
    return whole if bool((whole == numbers).all()) else numbers.cast(pl.Float64)

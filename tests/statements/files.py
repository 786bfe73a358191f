"""Statements that tests write."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tradeglyph.statements import ReadOptions, Statements, read_statements

HEADINGS = ("交易日期", "交易时间", "摘要", "收入", "支出", "余额", "对方户名", "对方账号")
LINES = (
    ("2024-03-01", "09:10:11", "工资", "8,000.00", "", "8,100.00", "某公司", "6222000011112222"),
    ("2024-03-02", "10:00:00", "消费", "", "100.50", "7,999.50", "超市", "6222000011113333"),
    ("2024-03-03", "23:59:59", "转账", "", "999.50", "7,000.00", "李四", "6222000011114444"),
)


def written(folder: Path, text: str, name: str = "s.csv", encoding: str = "utf-8") -> Path:
    """A text file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV, every cell quoted."""
    return "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )


def read(path: Path, *pairs: str) -> Statements:
    """One file, with answers as `--map` has them."""
    return read_statements([path], options=ReadOptions.from_map(pairs))


def read_text(folder: Path, text: str, *pairs: str) -> Statements:
    """A text, read as a file."""
    return read(written(folder, text), *pairs)


def money(found: Statements) -> list[tuple[str, int, int]]:
    """Day, direction and minor units of each line."""
    rows = found.lines.select(pl.col("time").dt.date().cast(pl.String), "direction", "amount")
    return rows.rows()


def codes(found: Statements) -> list[str]:
    """Kinds of the notices of the first file."""
    return [notice.code for notice in found.files[0].notices]


def pdf_bytes(pages: Sequence[Sequence[tuple[float, float, str]]]) -> bytes:
    """A PDF with texts at places (points from the left and the bottom), in a font whose codes are
    UTF-16 (so that Chinese can be read back)."""
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body if isinstance(body, bytes) else body.encode())
        return len(objects)

    descendant = add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        "/W [1 95 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
        "/FontBBox [0 -120 1000 880] /Ascent 880 /Descent -120 "
        "/ItalicAngle 0 /CapHeight 880 /StemV 93 >> >>"
    )
    font = add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{descendant} 0 R] >>"
    )
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for page in pages:
        stream = b"".join(
            f"BT /F1 8 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()
            for x, y, text in page
        )
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 842 595] "
                f"/Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    add(f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>")
    catalog = add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, catalog, start)
    )
    return out.getvalue()

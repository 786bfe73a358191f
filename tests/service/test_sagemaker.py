"""The SageMaker container contract, asked with AWS's own client."""

import json
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import boto3
import numpy as np
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from PIL import Image

from tests.rows import DAY, candles_of, placed_of
from tests.service.conftest import Made, Service, running, serviced
from tests.service.parts import parts_of
from tests.service.test_guard import is_problem
from tradeglyph.domain.errors import InputError
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.picture.encode import encode_jpeg, encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import SEED
from tradeglyph.service.images import MOST_PIXELS, raster_of
from tradeglyph.service.limits import Limits


@pytest.fixture(scope="module")
def seed() -> OnnxScorer:
    return open_model("seed")


@pytest.fixture(scope="module")
def raster() -> np.ndarray:
    """A picture drawn by spec `seed`: four round trips."""
    market = candles_of([("X", DAY + 300 * at, 9.0, 11.0) for at in range(4)])
    rows = [
        ("a", "X", DAY + 300 * at + 100 * nth, side, price, 5.0)
        for at in range(4)
        for nth, (side, price) in enumerate([("buy", 9.1), ("sell", 10.9)])
    ]
    return draw(placed_of(rows, market), market, SEED)[0]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, seed: OnnxScorer) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("sagemaker")
    with serviced(folder, sagemaker=True, seed=seed) as one:
        yield one


def own(seed: OnnxScorer, raster: np.ndarray) -> list[float]:
    fraud = float(seed.probability(raster[None])[0])
    return [fraud, 1 - fraud]


def ask(service: Service, content: bytes, media_type: str = "image/png"):  # type: ignore[no-untyped-def]
    headers = {"Content-Type": media_type}
    return service.ask("POST", "/invocations", None, content=content, headers=headers)


def test_boto3_gets_the_models_own_answer(
    tmp_path: Path, seed: OnnxScorer, raster: np.ndarray
) -> None:
    parts = parts_of(tmp_path, seed=seed)
    with running(parts, sagemaker=True) as address:
        client = boto3.client(
            "sagemaker-runtime",
            endpoint_url=address,
            region_name="us-east-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",  # noqa: S106  nobody asks for it
            config=Config(retries={"max_attempts": 1, "mode": "standard"}),
        )

        def invoke(content: bytes, media_type: str) -> list[float]:
            said = client.invoke_endpoint(EndpointName="any", ContentType=media_type, Body=content)
            answer: list[float] = json.loads(said["Body"].read())
            return answer

        jpeg = encode_jpeg(raster)
        png = encode_png(raster)
        unpacked = np.asarray(Image.open(BytesIO(jpeg)).convert("RGB"))
        assert invoke(png, "image/png") == own(seed, raster)
        assert invoke(png, "application/x-image") == own(seed, raster)
        assert invoke(jpeg, "image/jpeg") == own(seed, unpacked)
        with pytest.raises(ClientError) as refused:
            invoke(b"no picture", "image/jpeg")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert "the body is no picture" in str(refused.value)
        with pytest.raises(ClientError, match="send the body as image/jpeg"):
            invoke(png, "image/gif")
        client.close()
    parts.queue.close()


def test_ping_and_invocations_take_no_key(
    service: Service, seed: OnnxScorer, raster: np.ndarray
) -> None:
    assert service.ask("GET", "/ping", None).status_code == 200
    said = ask(service, encode_png(raster))
    assert said.json() == own(seed, raster)
    assert sum(said.json()) == 1


def test_the_contract_is_off_unless_asked_for(make: Made, raster: np.ndarray) -> None:
    service = make()
    is_problem(service.ask("GET", "/ping", None), 404)
    is_problem(ask(service, encode_png(raster)), 404)
    is_problem(service.ask("POST", "/endpoints/a/invocations", None), 404)
    with pytest.raises(InputError, match="seed"):
        make(sagemaker=True)


@pytest.mark.parametrize("size", [(512, 512), (1, 1), (125, 75), (3_000, 20)])
def test_other_sizes_are_resized(
    service: Service, seed: OnnxScorer, raster: np.ndarray, size: tuple[int, int]
) -> None:
    image = Image.fromarray(raster).resize(size)
    out = BytesIO()
    image.save(out, "PNG")
    fitted = np.asarray(image.resize((SEED.width, SEED.height), Image.Resampling.BILINEAR))
    assert ask(service, out.getvalue()).json() == own(seed, fitted)


def test_other_colours_are_read(raster: np.ndarray) -> None:
    def read(image: Image.Image, kind: str = "PNG", **options: object) -> np.ndarray:
        out = BytesIO()
        image.save(out, kind, **options)
        return raster_of(out.getvalue(), SEED)

    whole = Image.fromarray(raster)
    assert (read(whole.convert("RGBA")) == raster).all()
    # Nothing at all on glass is white paper.
    assert (read(Image.new("RGBA", (250, 150), (0, 0, 0, 0))) == 255).all()
    grey = Image.fromarray(np.full((150, 250), 40_000, dtype=np.uint16))
    assert (read(grey) == 40_000 >> 8).all()
    assert (read(whole.convert("L")) == np.asarray(whole.convert("L"))[..., None]).all()
    assert read(whole.convert("P")).shape == raster.shape
    assert read(whole.convert("1")).shape == raster.shape
    assert read(whole.convert("CMYK"), "JPEG").shape == raster.shape


def png(width: int, height: int) -> bytes:
    """A small file that says it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(MOST_PIXELS, 2), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 0)]
)
def test_a_bomb_is_not_unpacked(service: Service, size: tuple[int, int]) -> None:
    detail = is_problem(ask(service, png(*size)), 400)["detail"]
    assert detail.startswith("the body is no picture")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_part_of_a_picture_is_none(service: Service, raster: np.ndarray, kind: str) -> None:
    whole = encode_jpeg(raster) if kind == "JPEG" else encode_png(raster)
    for share in (0.1, 0.5, 0.9):
        is_problem(ask(service, whole[: int(len(whole) * share)]), 400)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + bytes(100), b"<svg/>", b"\xff\xd8\xff", bytes(1_000)]
)
def test_what_is_no_picture(service: Service, content: bytes) -> None:
    is_problem(ask(service, content), 400)


def test_broken_pictures_are_never_a_fault_of_ours(service: Service, raster: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    for whole in (encode_jpeg(raster), encode_png(raster)):
        for _ in range(40):
            bytes_ = np.frombuffer(whole, dtype=np.uint8).copy()
            bytes_[rng.integers(0, len(bytes_), 3)] = rng.integers(0, 256, 3)
            assert ask(service, bytes_.tobytes(), "image/jpeg").status_code in (200, 400)


@pytest.mark.parametrize("media_type", ["", "text/csv", "image/gif", "application/json"])
def test_other_media_types_are_refused(
    service: Service, raster: np.ndarray, media_type: str
) -> None:
    is_problem(ask(service, encode_png(raster), media_type), 415)


def test_bodies_are_bounded_here_too(make: Made, seed: OnnxScorer) -> None:
    service = make(Limits(body_bytes=100), sagemaker=True, seed=seed)
    is_problem(ask(service, bytes(101)), 413)

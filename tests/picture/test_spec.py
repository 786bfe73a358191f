import hashlib
from dataclasses import FrozenInstanceError, asdict, fields, replace

import pytest

from tradeglyph.picture import spec as module
from tradeglyph.picture.spec import DEFAULT, SEED, SPECS, PictureSpec

SEED_JSON = (
    '{"axes":[0.125,0.11,0.9,0.88],"buy_colour":[255,0,0],"candle_width_s":86.4,'
    '"channels":["red","green","blue"],"dot_area":80.0,"dpi":100,"geometry":1,"height":150,'
    '"layout":"chart","margin":0.05,"name":"seed","sell_colour":[0,128,0],"width":250}'
)
"""What the seed documents draw, written down by hand: keys in order, no spaces."""


def test_the_hash_is_that_of_the_canonical_json() -> None:
    assert module.GEOMETRY_VERSION == 1
    assert SEED.hash == hashlib.sha256(SEED_JSON.encode()).hexdigest()[:16]


def test_the_default_spec_is_remembered_by_models() -> None:
    text = SEED_JSON
    for old, new in (
        ('["red","green","blue"]', '["buy","sell","buy_share","sell_share","candle_ticks",'
         '"candle_range","round_trip","pause"]'),
        ('"height":150', '"height":32'),
        ('"layout":"chart"', '"layout":"places"'),
        ('"name":"seed"', '"name":"default"'),
        ('"width":250', '"width":96'),
    ):  # fmt: skip
        text = text.replace(old, new)
    assert DEFAULT.hash == hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", [field.name for field in fields(PictureSpec)])
@pytest.mark.parametrize("spec", [SEED, DEFAULT], ids=["seed", "default"])
def test_every_field_decides_the_hash(spec: PictureSpec, name: str) -> None:
    value = getattr(spec, name)
    other = {
        str: lambda: "places" if value == "chart" else "chart",
        tuple: lambda: value[1:] + value[:1],
        int: lambda: value + 1,
        float: lambda: value + 1e-9,
    }[type(value)]()
    assert other != value
    assert replace(spec, **{name: other}).hash != spec.hash


def test_a_new_geometry_is_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    before = SEED.hash
    monkeypatch.setattr(module, "GEOMETRY_VERSION", 2)
    assert SEED.hash != before


def test_an_equal_spec_has_an_equal_hash() -> None:
    again = PictureSpec(**asdict(DEFAULT))
    assert again == DEFAULT
    assert again is not DEFAULT
    assert again.hash == DEFAULT.hash


def test_shapes() -> None:
    assert SEED.shape == (150, 250, 3)
    assert DEFAULT.shape == (8, 32, 96)
    assert SEED.is_rgb
    assert not DEFAULT.is_rgb


def test_names_are_those_of_the_specs() -> None:
    assert set(SPECS) == {"default", "seed"}
    assert all(spec.name == name for name, spec in SPECS.items())


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SEED.width = 1  # type: ignore[misc]

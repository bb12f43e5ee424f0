"""info.json: what can be asked of a picture (IIIF Image API 3.0, section 5)."""

from ..tile_index import TileIndex
from .parameters import QUALITIES, Limits

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROFILE = "level2"
PROFILE_ADDRESS = "http://iiif.io/api/image/3/level2.json"
EXTRA_FEATURES = ("canonicalLinkHeader", "mirroring", "profileLinkHeader", "rotationArbitrary", "sizeUpscaling")


def information(address: str, index: TileIndex, limits: Limits) -> dict:
    """The document for the picture whose base address this is."""
    scale_factors = [1 << level.number for level in index.levels]
    sizes = [
        {"width": -(-index.width // factor), "height": -(-index.height // factor)} for factor in reversed(scale_factors)
    ]
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": PROFILE,
        "width": index.width,
        "height": index.height,
        "maxWidth": limits.side,
        "maxHeight": limits.side,
        "maxArea": limits.area,
        "sizes": [size for size in sizes if limits.allow(size["width"], size["height"])],
        "tiles": [{"width": index.side, "height": index.side, "scaleFactors": scale_factors}],
        "extraFormats": ["webp"],
        "extraQualities": [quality for quality in QUALITIES if quality != "default"],
        "extraFeatures": list(EXTRA_FEATURES),
    }

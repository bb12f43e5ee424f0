"""From the colours that a file holds to those that a browser shows."""

import pyvips


def known_bands(picture: pyvips.Image) -> pyvips.Image:
    """Without the extra channels that print shops leave in TIFF files."""
    colours = {"cmyk": 4, "b-w": 1, "grey16": 1, "multiband": 1}.get(picture.interpretation, 3)
    if picture.interpretation == "multiband" and picture.bands >= 3:
        colours = 3
    kept = min(picture.bands, colours + 1)
    return picture if kept == picture.bands else picture.extract_band(0, n=kept)


def srgb(picture: pyvips.Image) -> pyvips.Image:
    """Eight-bit sRGB or grey, through the picture's own colour profile where it has one.

    Sixteen bits must be asked down to eight by name, or the conversion turns the picture white; a profile
    that does not belong to the picture's colours is ignored, as viewers do.
    """
    if picture.interpretation == "multiband":
        picture = picture.copy(interpretation="srgb" if picture.bands >= 3 else "b-w")
    if picture.interpretation in ("b-w", "grey16") and not picture.get_typeof("icc-profile-data"):
        return picture.colourspace("b-w").cast("uchar")
    if picture.get_typeof("icc-profile-data") or picture.interpretation == "cmyk":
        fallback = "cmyk" if picture.interpretation == "cmyk" else "srgb"
        try:
            return picture.icc_transform("srgb", embedded=True, input_profile=fallback, intent="perceptual", depth=8)
        except pyvips.Error:
            if picture.interpretation == "cmyk":
                return picture.icc_transform("srgb", input_profile="cmyk", intent="perceptual", depth=8)
    return picture.colourspace("srgb").cast("uchar")

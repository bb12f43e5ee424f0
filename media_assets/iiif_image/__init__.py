"""The IIIF Image API 3.0, level 2, answered from tiled pyramids of our own: https://iiif.io/api/image/3.0/."""

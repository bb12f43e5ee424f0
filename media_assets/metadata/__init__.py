"""What a picture tells of itself in EXIF, IPTC and XMP. Read inside the sandbox; nothing here imports Django."""

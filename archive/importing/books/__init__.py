"""Books come in: one class a format, which yields what it finds; what is made of it is decided elsewhere.

`contract` says what a format gives, `reading` runs one in the bounded process of `media_assets.sandbox`. Nothing of
these two nor of the formats knows Django, the database or the museum's pages.
"""

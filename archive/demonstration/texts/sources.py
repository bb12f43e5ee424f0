"""Where the pictures come from: the credits and sources that several of them share."""

OFFICE = "栖澜县地方志办公室（虚构）藏"
SHEN = {
    "agents": (("shen-mosheng", "pht"),),
    "rights": "pdm",
    "credit": "沈默生摄，栖澜县地方志办公室（虚构）藏",
    "source": "沈若澜1986年捐赠",
}
PRESS = {
    "agents": (("photo-group", "pht"),),
    "rights": "cc-by",
    "credit": "《栖澜报》摄影组摄，栖澜县地方志办公室（虚构）藏",
    "source": "《栖澜报》底片，1994年移交",
}
PRESS_CREDIT = "《栖澜报》摄影组"

"""Word files made for tests: the parts that Word writes, with the body that a test needs."""

import zipfile
from pathlib import Path

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = f"""<w:styles {W}>
<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="mine"><w:name w:val="志书标题"/><w:basedOn w:val="1"/></w:style>
<w:style w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="c"><w:name w:val="caption"/></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
</w:numbering>"""


def p(text: str = "", style: str = "", numbered: tuple[int, int] | None = None, inner: str = "") -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbered:
        level = f'<w:ilvl w:val="{numbered[1]}"/>'
        properties += f'<w:numPr>{level}<w:numId w:val="{numbered[0]}"/></w:numPr>'
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}{inner}</w:p>"


def cell(text: str, span: int = 1, merge: str = "") -> str:
    properties = f'<w:gridSpan w:val="{span}"/>' + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def picture(relation: str) -> str:
    return f'<w:r><w:drawing><a:blip r:embed="{relation}"/></w:drawing></w:r>'


def word_file(path: Path, body: str, parts: dict[str, str | bytes] | None = None) -> Path:
    document = f"<?xml version='1.0'?><w:document {W}><w:body>{body}</w:body></w:document>"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="media/image1.png"/><Relationship Id="r2" Target="media/image2.emf"/>'
        '<Relationship Id="r3" Target="http://example.org/x.png" TargetMode="External"/></Relationships>'
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": document,
        "word/_rels/document.xml.rels": relations,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/media/image1.png": b"\x89PNG one",
        "word/media/image2.emf": b"emf",
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path

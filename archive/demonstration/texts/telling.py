"""How the blocks of a story are written down."""


def paragraphs(*words: str) -> tuple[str, str]:
    return "text", "".join(f"<p>{paragraph}</p>" for paragraph in words)


def heading(title: str, *words: str) -> tuple[str, str]:
    return "text", f"<h2>{title}</h2>" + paragraphs(*words)[1]


def picture(key: str, caption: str) -> tuple[str, dict]:
    return "picture", {"image": key, "caption": caption}

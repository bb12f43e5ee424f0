"""What programs are called: neither an office document nor a PDF has a reason to carry one."""

_PROGRAMS = (
    *("exe", "com", "scr", "pif", "msi", "msp", "bat", "cmd", "vbs", "vbe", "jse", "wsf", "wsh", "hta", "ps1", "lnk"),
    *("reg", "dll", "ocx", "cpl", "sys", "jar", "class", "apk", "sh", "bash", "command", "php", "phtml", "jsp"),
    *("asp", "aspx", "cgi", "pl", "py", "rb", "swf"),
)
_MARKUP = ("html", "htm", "xhtml", "svg", "js")


def is_executable(name: str, *, markup_too: bool = True) -> bool:
    """By the ending of its name; an e-book is made of markup, which is then no reproach."""
    ending = name.rstrip(". ").rpartition(".")[2].lower()
    return ending in _PROGRAMS or (markup_too and ending in _MARKUP)

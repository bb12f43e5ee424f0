"""A public installation: refuses to start until its secret, its hosts and its storage are named."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .environment import env

_REQUIRED = {
    "SECRET_KEY": "会话与签名所用的密钥，至少五十个字符",
    "ALLOWED_HOSTS": "网站域名，以逗号分隔",
    "PUBLIC_BASE_URL": "网站的公开地址，例如 https://museum.example.gov.cn",
    "STORAGE": "文件存放处：local（本机 DATA_DIR）或 s3（另设 S3_BUCKET 等）",
}
_missing = [f"{name}（{meaning}）" for name, meaning in _REQUIRED.items() if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured("生产环境缺少设置：" + "；".join(_missing) + "。")
if env.str("STORAGE") not in {"local", "s3"}:
    raise ImproperlyConfigured("STORAGE 只能是 local 或 s3。")
if env.str("STORAGE") == "s3" and not env.str("S3_BUCKET", default=""):
    raise ImproperlyConfigured("STORAGE=s3 时须设 S3_BUCKET。")
if env.str("STORAGE") == "local" and not env.str("DATA_DIR", default=""):
    raise ImproperlyConfigured("STORAGE=local 时须设 DATA_DIR，指明文件存放的文件夹。")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.list("TRUSTED_PROXIES", default=[]) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

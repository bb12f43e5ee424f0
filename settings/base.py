"""The settings that every installation shares; safe by default, so that this file is what `make serve` runs.

Everything that an operator may change is read from the environment here and listed in the README.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from .environment import BASE_DIR, DATA_DIR, env, secret_key
from .storages import STATIC, backends, browser_origins, chosen

DEBUG = False
SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "archive.accounts",
    "archive",
    "media_assets",
    "search",
    "wagtailmedia",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.locales",
    "search.desk.apps.DeskSearchConfig",  # wagtail.search, with signal handlers that only write an outbox
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
# The Django admin is there for Wagtail's form widgets alone; no address leads to it.

MIDDLEWARE = [
    "media_assets.iiif_image.lane.ImageLane",
    "django.middleware.security.SecurityMiddleware",
    "archive.editing.content_security.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive.reading.compression.TextCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "archive.signing_in.door.DoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "archive.exchange.script_choice.TraditionalScriptMiddleware",
    "archive.reading.nul_bytes.NulByteMiddleware",
    "archive.access.AudienceMiddleware",
    "archive.editing.protected_deletion.ProtectedDeletionMiddleware",
    "archive.editing.own_work.OwnWorkMiddleware",
    "archive.reading.moved.MovedPageMiddleware",
    "media_assets.outage.StorageOutageMiddleware",
]

ROOT_URLCONF = "settings.urls"
WSGI_APPLICATION = "settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "archive.site_context.site_context",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'museum.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions: a read that turns into a write would otherwise fail at once when another writer
    # got there first, whatever the timeout. Foreign keys are always enforced by Django's SQLite back end.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if CACHE_URL:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}

STORAGE = chosen(env)
# Where files may lie, so that `move_storage` can carry them from one place to the other; STORAGES is the one in use.
MEDIA_BACKENDS = backends(env, DATA_DIR)
STORAGES = MEDIA_BACKENDS[STORAGE] | {"staticfiles": STATIC}
MEDIA_ORIGINS = browser_origins(MEDIA_BACKENDS[STORAGE])
# Threads of the worker that make display pictures and the like; there is one more for films.
MEDIA_JOB_WORKERS = env.int("MEDIA_JOB_WORKERS", default=1)
# Masters are read again and compared with their SHA-256: in these hours ("" is never), at most so many bytes a night,
# each once in so many days.
FIXITY_HOURS = env.str("FIXITY_HOURS", default="1-5")
FIXITY_BYTES_A_NIGHT = env.int("FIXITY_GIB_A_NIGHT", default=100) * 1024**3
FIXITY_DAYS = env.int("FIXITY_DAYS", default=90)
# Uploads in parts: what one person may have under way at once, how long an upload that nobody goes on with is kept, how
# large a part is, and where parts wait that come to the museum itself (with several web machines: a folder they share).
UPLOAD_BYTES_UNDER_WAY = env.int("UPLOAD_GIB_UNDER_WAY", default=200) * 1024**3
UPLOAD_DAYS = env.int("UPLOAD_DAYS", default=7)
UPLOAD_PART_BYTES = env.int("UPLOAD_PART_MIB", default=16) * 1024**2
UPLOAD_DIR = Path(env.str("UPLOAD_DIR", default=str(DATA_DIR / "media" / "uploads")))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page form with many inline rows
FILE_UPLOAD_TEMP_DIR = None

SEARCH = {
    "ENGINE": "search.engines.tantivy.TantivyEngine",
    "DIR": env.str("SEARCH_DIR", default=str(DATA_DIR / "search")),
    # How much one address may ask before it is told to wait (429).
    "QUESTIONS_A_MINUTE": env.int("SEARCH_QUESTIONS_A_MINUTE", default=240),
    "EXCERPTS_A_MINUTE": env.int("EXCERPTS_A_MINUTE", default=12),
    "SUGGESTIONS_A_MINUTE": env.int("SEARCH_SUGGESTIONS_A_MINUTE", default=900),
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- People and what they may see -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTHENTICATION_BACKENDS = ["archive.signing_in.passwords.ThrottledBackend"]
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "archive.signing_in.passwords.ThrottledPasswordResetForm"
LOGIN_URL = "wagtailadmin_login"
# Whoever signs in on the site, and came from nowhere in particular, is a contributor.
LOGIN_REDIRECT_URL = "contribute"
WAGTAIL_FRONTEND_LOGIN_TEMPLATE = "archive/signing_in/site.html"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"  # the CMS lifts it for the previews that it shows in a frame of its own

READING_ROOM_NETWORKS = env.list("READING_ROOM_NETWORKS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# The public site runs no script and no style that it does not serve itself. The CMS is looser, see
# archive.editing.content_security.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MEDIA_ORIGINS],
        # The player hands the browser the segments of a film as a blob that it fills (Media Source Extensions), and
        # fetches them itself; it starts no worker.
        "media-src": [SELF, "blob:", *MEDIA_ORIGINS],
        "connect-src": [SELF, *MEDIA_ORIGINS],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# --- Words and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "archive" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "archive.browser_libraries.BrowserLibraryFinder",
]
NODE_MODULES_DIR = BASE_DIR / "node_modules"
# Maps of sources are large, slow to compress, and asked for by no reader.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# --- Mail -----------------------------------------------------------------------------------------------------

# smtp+tls://name:secret@host:587. Without it nothing is sent, and nothing that needs a letter is offered.
_mail = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail["EMAIL_BACKEND"], _mail["EMAIL_FILE_PATH"] and f"/{_mail['EMAIL_FILE_PATH']}"
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="museum@localhost")
SENDS_MAIL = "dummy" not in EMAIL_BACKEND
WAGTAIL_PASSWORD_RESET_ENABLED = SENDS_MAIL

# --- The CMS --------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = env.str("MUSEUM_NAME", default="数字方志馆")
WAGTAILADMIN_BASE_URL = PUBLIC_BASE_URL
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no foreign host is asked for anything
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS = []
WAGTAILIMAGES_IMAGE_MODEL = "media_assets.ArchiveImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env.int("IMAGE_MAX_BYTES", default=1024**3)
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "j2k", "jp2", "jpg", "jpeg", "png", "tif", "tiff", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"tiff": "jpeg", "avif": "jpeg", "heic": "jpeg"}
WAGTAILIMAGES_IMAGE_FORM_BASE = "media_assets.forms.ArchiveImageForm"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILDOCS_DOCUMENT_MODEL = "media_assets.ArchiveDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media_assets.forms.ArchiveDocumentForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "media_assets.ArchiveVideo",
    "MEDIA_FORM_BASE": "media_assets.forms.ArchiveFilmForm",
    # What a file is, its bytes say; these are the names under which it may arrive.
    "AUDIO_EXTENSIONS": ["aac", "aif", "aiff", "flac", "m4a", "mka", "mp3", "oga", "ogg", "wav", "weba", "wma"],
    "VIDEO_EXTENSIONS": ["avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "ts", "webm", "wmv"],
}
# The stock back ends find no Chinese, and break at the size of a museum.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend"}}
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link", "document-link"]},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"vanished": {"()": "archive.vanished_links.WithoutVanished"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django_tasks": {"filters": ["vanished"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

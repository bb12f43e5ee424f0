"""For the machine that watches over the museum: is the process alive, and can it serve?"""

from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from search.indexing import index_state


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, file storage and search index answer, 503 with the one that does not. Names no secret."""
    checks = {"database": _database(), "storage": _storage(), "search": index_state()}
    ready = all(state == "ok" for state in checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _storage() -> str:
    try:
        storages["default"].exists("readiness")
    except Exception:  # noqa: BLE001 -- every storage library has errors of its own; all mean "not ready"
        return "unreachable"
    return "ok"

"""The blog as a WSGI application, on an SQLite database in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

# Those that the documentation of djangorestframework-jsonapi recommends.
_REST_FRAMEWORK: Final = {
    "PAGE_SIZE": 5,
    "EXCEPTION_HANDLER": "rest_framework_json_api.exceptions.exception_handler",
    "DEFAULT_PAGINATION_CLASS": "rest_framework_json_api.pagination.JsonApiPageNumberPagination",
    "DEFAULT_PARSER_CLASSES": ("rest_framework_json_api.parsers.JSONParser",),
    "DEFAULT_RENDERER_CLASSES": ("rest_framework_json_api.renderers.JSONRenderer",),
    "DEFAULT_METADATA_CLASS": "rest_framework_json_api.metadata.JSONAPIMetadata",
    "DEFAULT_FILTER_BACKENDS": (
        "rest_framework_json_api.filters.QueryParameterValidationFilter",
        "rest_framework_json_api.filters.OrderingFilter",
        "rest_framework_json_api.django_filters.DjangoFilterBackend",
    ),
    "DEFAULT_AUTHENTICATION_CLASSES": (),
    "UNAUTHENTICATED_USER": None,
}


@contextmanager
def second_server(folder: Path) -> Iterator[Any]:
    """Serve the blog with a few entries; Django can be set up once in a process."""
    settings.configure(
        SECRET_KEY=token_hex(),
        ALLOWED_HOSTS=["*"],
        APPEND_SLASH=False,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "blog.sqlite")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["rest_framework_json_api", "tests.conformance.second"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        ROOT_URLCONF="tests.conformance.second.api",
        LOGGING_CONFIG=None,
        USE_TZ=True,
        REST_FRAMEWORK=_REST_FRAMEWORK,
    )
    django.setup()
    _fill()
    yield WSGIHandler()
    connections.close_all()


def _fill() -> None:
    from django.db import connection  # noqa: PLC0415  (after the setup)

    from tests.conformance.second.models import Author, Comment, Entry  # noqa: PLC0415  (after the setup)

    with connection.schema_editor() as editor:
        for model in (Author, Entry, Comment):
            editor.create_model(model)
    authors = [Author.objects.create(name=name) for name in ("Ann", "Bob", "Cy")]
    for number in range(1, 13):
        entry = Entry.objects.create(
            headline=f"Entry {chr(64 + number)}",
            rating=number % 3,
            author=authors[number % 2],
            editor=None if number % 3 else authors[2],
        )
        for _ in range(number % 3):
            Comment.objects.create(body=f"On entry {number}", entry=entry)

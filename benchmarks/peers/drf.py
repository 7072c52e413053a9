"""djangorestframework-jsonapi, with django-filter for its filters."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import models
from django.test import RequestFactory

from benchmarks.parse import QUERY, STATUSES
from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "rest_framework", "django_filters"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
    JSON_API_FORMAT_FIELD_NAMES="dasherize",
)
django.setup()

from django_filters import rest_framework as filters  # noqa: E402  (it needs the settings)
from rest_framework.request import Request  # noqa: E402
from rest_framework_json_api import views  # noqa: E402
from rest_framework_json_api.django_filters import DjangoFilterBackend  # noqa: E402

NAME = "djangorestframework-jsonapi"


class Export(models.Model):
    """An order for a file."""

    status = models.TextField(choices=[(status, status) for status in STATUSES])
    rows_count = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    account_id = models.UUIDField()

    class Meta:
        """Which application it is of."""

        app_label = "peers"


class ExportFilters(filters.FilterSet):
    """The filters of exports."""

    class Meta:
        """What can be filtered by what."""

        model = Export
        fields = {
            "status": ["in", "exact"],
            "rows_count": ["gte", "lte", "exact"],
            "created_at": ["gte", "lte"],
            "account_id": ["exact"],
        }


class ExportView(views.ModelViewSet):
    """What a request is asked of."""

    queryset = Export.objects.all()
    filterset_class = ExportFilters


def parse() -> Adapter:
    """Read the query of a request that Django has made."""
    spelled = (
        QUERY.replace("status-in", "status.in")
        .replace("rows-count-gteq", "rows-count.gte")
        .replace("created-at-gteq", "created-at.gte")
        .replace("account-id-eq", "account-id")
    )
    environment = RequestFactory().get("/exports").environ
    backend = DjangoFilterBackend()
    view = ExportView()

    def run() -> Any:
        request = Request(WSGIRequest({**environment, "QUERY_STRING": spelled}))
        filterset = backend.get_filterset(request, Export.objects.all(), view)
        if not filterset.form.is_valid():
            raise ValueError(filterset.form.errors)
        return filterset.form.cleaned_data

    def shown(cleaned: dict[str, Any]) -> object:
        form = {"status__in": tuple, "account_id": str}
        return [
            (name, operator, form.get(member, lambda value: value)(cleaned[member]))
            for (name, operator, _), member in zip(
                tasks.PARSED, ("status__in", "rows_count__gte", "created_at__gte", "account_id"), strict=True
            )
        ]

    return Adapter(NAME, run, shown)

"""What the blog shows, and where: serializers, views and addresses."""

from __future__ import annotations

from django.urls import include, path
from rest_framework import routers
from rest_framework_json_api import serializers, views
from rest_framework_json_api.relations import ResourceRelatedField

from tests.conformance.second.models import Author, Comment, Entry


class AuthorSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Author
        fields = ("name", "url")


class CommentSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Comment
        fields = ("body", "url")


class EntrySerializer(serializers.HyperlinkedModelSerializer):
    included_serializers = {"author": AuthorSerializer, "editor": AuthorSerializer, "comments": CommentSerializer}

    author = ResourceRelatedField(
        queryset=Author.objects.all(),
        self_link_view_name="entry-relationships",
        related_link_view_name="entry-related",
    )
    editor = ResourceRelatedField(
        queryset=Author.objects.all(),
        allow_null=True,
        required=False,
        self_link_view_name="entry-relationships",
        related_link_view_name="entry-related",
    )
    comments = ResourceRelatedField(
        many=True,
        read_only=True,
        self_link_view_name="entry-relationships",
        related_link_view_name="entry-related",
    )

    class Meta:
        model = Entry
        fields = ("headline", "rating", "author", "editor", "comments", "url")


class AuthorViewSet(views.ModelViewSet):
    queryset = Author.objects.order_by("id")
    serializer_class = AuthorSerializer


class CommentViewSet(views.ModelViewSet):
    queryset = Comment.objects.all()
    serializer_class = CommentSerializer


class EntryViewSet(views.ModelViewSet):
    queryset = Entry.objects.all()
    serializer_class = EntrySerializer
    related_serializers = {"author": AuthorSerializer, "editor": AuthorSerializer, "comments": CommentSerializer}
    ordering_fields = ("headline", "rating")
    filterset_fields = {"headline": ("exact",), "rating": ("exact", "gte")}


class EntryRelationshipView(views.RelationshipView):
    queryset = Entry.objects.all()


router = routers.SimpleRouter(trailing_slash=False)
router.register("authors", AuthorViewSet)
router.register("comments", CommentViewSet)
router.register("entries", EntryViewSet)

urlpatterns = [
    path("", include(router.urls)),
    path("entries/<pk>/relationships/<related_field>", EntryRelationshipView.as_view(), name="entry-relationships"),
    path("entries/<pk>/<related_field>", EntryViewSet.as_view({"get": "retrieve_related"}), name="entry-related"),
]

"""The tables of the blog."""

from __future__ import annotations

from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "second"


class Entry(models.Model):
    headline = models.CharField(max_length=200)
    rating = models.IntegerField(default=0)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="entries")
    editor = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True, blank=True, related_name="edited")

    class Meta:
        app_label = "second"
        ordering = ("id",)


class Comment(models.Model):
    body = models.TextField()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="comments")

    class Meta:
        app_label = "second"
        ordering = ("id",)

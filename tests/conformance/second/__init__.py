"""A server that is not ours: a small blog, written with djangorestframework-jsonapi as its documentation shows."""

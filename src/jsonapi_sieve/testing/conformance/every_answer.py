"""What every answer is held to, whatever was asked: its media type, and the form of its document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.conformance.answer import NOTHING, Answer
from jsonapi_sieve.testing.conformance.evidence import EVIDENCE, is_judged
from jsonapi_sieve.testing.conformance.media_types import MediaType, media_type
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.document import check_document
from jsonapi_sieve.uris import is_uri

__all__ = ["EVERYWHERE", "judge"]

EVERYWHERE: Final = frozenset(EVIDENCE)
"""The rules that every answer is held to, whatever was asked."""

_status = re.compile("[1-5][0-9]{2}", re.ASCII)


def judge(answer: Answer) -> Iterator[Finding]:
    """Tell what is wrong with an answer by itself; there is nothing where it is not judged, as without a body."""
    if not is_judged(answer):
        return
    kind = media_type(answer.headers.get("content-type", ""))
    if kind is None or kind.name != MEDIA_TYPE:
        sent = answer.headers.get("content-type")
        told = "has no media type" if sent is None else f"is sent as {shown(sent)}"
        yield answer.breaks("CN-01", f"The {answer.status} answer {told}, and has to be {MEDIA_TYPE}.")
        if not isinstance(answer.document, dict):
            return
    else:
        yield from _judge_parameters(answer, kind)
    if answer.document is NOTHING:
        yield answer.breaks("DOC-01", f"The {answer.status} answer is no JSON.")
        return
    url = answer.target if answer.method == "GET" else ""
    # Without a document in the request, no pointer leads into one.
    sent = {} if answer.sent is None else answer.sent
    for found in check_document(answer.document, request=sent, url=url, recommended=True):
        yield answer.breaks(found.rule, f"{found.pointer or 'The document'}: {found.message}")
    yield from _judge_statuses(answer)


def _judge_parameters(answer: Answer, kind: MediaType) -> Iterator[Finding]:
    for name, value, quoted in kind.parameters:
        if name not in ("ext", "profile"):
            yield answer.breaks("CN-02", f"The media type is sent with the parameter {shown(name)}.")
        elif not quoted or not all(map(is_uri, value.split(" "))):
            yield answer.breaks("CN-03", f"{name} is {shown(value)}, and has to be a quoted list of URIs.")


def _judge_statuses(answer: Answer) -> Iterator[Finding]:
    statuses = [error.get("status") for error in answer.errors]
    told = {status for status in statuses if isinstance(status, str) and _status.fullmatch(status)}
    if not told:
        return
    classes = {status[0] for status in told}
    fitting = told | ({f"{kind}00" for kind in classes} if len(told) > 1 else set())
    if str(answer.status) not in fitting:
        listed = ", ".join(sorted(told))
        yield answer.breaks("ERR-09", f"The status is {answer.status}, and those of the errors are {listed}.")

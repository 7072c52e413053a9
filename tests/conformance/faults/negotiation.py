"""Faults of content negotiation: section CN of the rules."""

from __future__ import annotations

import re
from typing import Final

from tests.conformance.exchange import Answer, Fault, Request, misheard, misspoken, refusal

_MEDIA_TYPE: Final = "application/vnd.api+json"


def _is_sent_with(parameter: str, header: str, request: Request) -> bool:
    return re.search(rf";\s*{parameter}\s*=", request.headers.get(header, ""), re.IGNORECASE) is not None


def _sends_plain_json(_request: Request, answer: Answer) -> Answer:
    return answer.telling(content_type="application/json")


def _sends_a_charset(_request: Request, answer: Answer) -> Answer:
    return answer.telling(content_type=f"{answer.headers['content-type']}; charset=utf-8")


def _sends_profiles_without_quotes(_request: Request, answer: Answer) -> Answer:
    return answer.telling(content_type=answer.headers["content-type"].replace('"', ""))


def _hides_the_profile(_request: Request, answer: Answer) -> Answer:
    return answer.telling(content_type=_MEDIA_TYPE)


def _reads_no_parameters_of_bodies(request: Request) -> Request:
    if "content-type" in request.headers and not _is_sent_with("ext", "content-type", request):
        return request.telling(content_type=request.headers["content-type"].partition(";")[0])
    return request


def _takes_any_extension_of_bodies(request: Request) -> Request:
    is_extended = _is_sent_with("ext", "content-type", request)
    return request.telling(content_type=_MEDIA_TYPE) if is_extended else request


def _reads_no_parameters_of_accept(request: Request) -> Request:
    plain = re.sub(r";\s*(?!(?:ext|profile|q)\s*=)[-\w]+\s*=\s*[^;,]+", "", request.headers.get("accept", "*/*"))
    return request.telling(accept=plain)


def _takes_any_extension_of_accept(request: Request) -> Request:
    plain = re.sub(r';\s*ext\s*=\s*"[^"]*"', "", request.headers.get("accept", "*/*"), flags=re.IGNORECASE)
    return request.telling(accept=plain)


def _refuses_profiles(request: Request) -> Request | Answer:
    return refusal(406) if _is_sent_with("profile", "accept", request) else request


def _tells_caches_nothing(_request: Request, answer: Answer) -> Answer:
    return answer.silent("vary")


def _reads_no_weights(request: Request) -> Request:
    return request.telling(accept=re.sub(r";\s*q=[\d.]+", "", request.headers.get("accept", "*/*")))


def _believes_the_body(request: Request) -> Request | Answer:
    match request.document:
        case {"jsonapi": {"ext": _}}:
            return refusal(415)
        case _:
            return request


def _judges_bodies_that_are_not_there(request: Request) -> Request | Answer:
    is_judged = request.method == "GET" and "content-type" in request.headers
    return refusal(415) if is_judged else request


def _keeps_to_version_1_0(request: Request) -> Request | Answer:
    return refusal(415) if _is_sent_with("profile", "content-type", request) else request


FAULTS: Final[dict[str, Fault]] = {
    "CN-01": misspoken(_sends_plain_json),
    "CN-02": misspoken(_sends_a_charset),
    "CN-03": misspoken(_sends_profiles_without_quotes),
    "CN-04": misspoken(_hides_the_profile),
    "CN-05": misheard(_reads_no_parameters_of_bodies),
    "CN-06": misheard(_takes_any_extension_of_bodies),
    "CN-07": misheard(_reads_no_parameters_of_accept),
    "CN-08": misheard(_takes_any_extension_of_accept),
    "CN-09": misheard(_refuses_profiles),
    "CN-10": misspoken(_tells_caches_nothing),
    "CN-11": misheard(_reads_no_weights),
    "CN-12": misheard(_believes_the_body),
    "CN-13": misheard(_judges_bodies_that_are_not_there),
    "CN-14": misheard(_keeps_to_version_1_0),
}

"""One RFC 4180 record: how a query value holds one item or several.

Commas separate, double quotes protect, a doubled quote inside quotes is one quote, blanks belong to their item. Line
breaks outside quotes are ordinary text: a value is one record, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["MalformedRecord", "join_record", "quote_item", "split_record"]


class MalformedRecord(ValueError):
    """A double quote stands where RFC 4180 allows none."""


def split_record(text: str) -> list[str | None]:
    r"""Split a record into its items; None stands for an empty item without quotes.

    >>> split_record('a, b,"c,d","",')
    ['a', ' b', 'c,d', '', None]

    Raises:
        MalformedRecord: for a quote inside an unquoted item, text behind a closing quote, or a quote left open.
    """
    if '"' not in text:
        return [item or None for item in text.split(",")]
    items: list[str | None] = []
    start = 0
    while True:
        quoted = text.startswith('"', start)
        if quoted:
            item, end = _quoted(text, start)
        else:
            end = text.find(",", start)
            end = len(text) if end < 0 else end
            item = text[start:end]
            if '"' in item:
                raise MalformedRecord("a double quote stands inside an item that is not quoted")
        items.append(item or ("" if quoted else None))
        if end == len(text):
            return items
        start = end + 1


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Read the quoted item that begins at `start`; give it and the place of the comma or end behind it."""
    pieces: list[str] = []
    begin = start + 1
    while (close := text.find('"', begin)) >= 0:
        pieces.append(text[begin:close])
        begin = close + 2
        if text.startswith('"', close + 1):
            continue
        if close + 1 == len(text) or text[close + 1] == ",":
            return '"'.join(pieces), close + 1
        raise MalformedRecord("text stands behind a closing double quote")
    raise MalformedRecord("a double quote is left open")


def quote_item(item: str) -> str:
    """Write one item, in quotes only where it needs them.

    >>> print(quote_item("a b"), quote_item("a,b"), quote_item('say "hi" now'))
    a b "a,b" "say ""hi"" now"
    """
    if item and "," not in item and '"' not in item:
        return item
    return '"' + item.replace('"', '""') + '"'


def join_record(items: Iterable[str]) -> str:
    """Write a record of at least one item: `split_record(join_record(items)) == list(items)`.

    >>> join_record(["Pending", "a,b"])
    'Pending,"a,b"'
    """
    return ",".join(map(quote_item, items))

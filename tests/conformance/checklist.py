"""The rules of JSON:API 1.1 for a server: which there are, how binding each is, and how it is proved."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# One letter for each rule of a section, from number 01 on.
_SECTIONS: Final = {
    "CN": "MMMMMMMMMSOM-M",
    "DOC": "MMMMMMSOMMMMMMSMMMMMMMMOMOM",
    "LNK": "MMMM",
    "MEM": "MMMMS",
    "QRY": "MOMMMMMMM-S",
    "FET": "MMMMM",
    "INC": "MMMMMM-",
    "FLD": "MMMO--",
    "SRT": "MSMM--",
    "PAG": "MMMMS----",
    "FIL": "SRM--",
    "ERR": "MMSMSSM-SOO-",
    "CRE": "MMMMMSMMMMSO",
    "UPD": "MMMMMM",
    "REL": "MMMMMM",
    "DEL": "M",
    "REC": "RRRRRRR",
    "CUR": "MM-MMMMMMMMMMMMMOM--",
}

LEVEL_NAMES: Final = MappingProxyType({"M": "must", "S": "should", "O": "may", "R": "advice", "-": "our own"})
"""What the letters mean: the last stands for what the specification leaves open and the library has decided."""

LEVELS: Final = MappingProxyType(
    {
        f"{section}-{number:02}": LEVEL_NAMES[letter]
        for section, letters in _SECTIONS.items()
        for number, letter in enumerate(letters, start=1)
    }
)
"""How binding each rule is, by its id."""

_NO_UPDATES: Final = "resources are read and created; updates are refused (UPD-06, REL-06)"

_NOTHING_CHANGED: Final = "the kit changes nothing that exists"

OUT_OF_SCOPE: Final = MappingProxyType(
    {
        "CRE-08": "what is created is created at once; a queue belongs to the application",
        "UPD-01": _NO_UPDATES,
        "UPD-02": _NO_UPDATES,
        "UPD-03": _NO_UPDATES,
        "UPD-05": _NO_UPDATES,
        "REL-01": _NO_UPDATES,
        "REL-02": _NO_UPDATES,
        "REL-04": _NO_UPDATES,
        "REC-05": _NO_UPDATES,
        "REC-07": "a queue belongs to the application",
        "CUR-19": "it speaks of what JSON:API 1.1 has removed",
    }
)
"""Rules that concern the application, or what the library does not offer, and why."""

UNSEEN: Final = MappingProxyType(
    {
        "MEM-03": "what breaks it breaks MEM-02, which the kit tells",
        "QRY-02": "whether a server tells encoded commas from others is its own choice, and documented",
        "QRY-08": "it concerns the registration of parameters",
        "ERR-12": "a server tells machines what it likes",
        "CRE-12": "nothing is sent to collections that nothing can be created in",
        "UPD-04": _NOTHING_CHANGED,
        "REL-03": _NOTHING_CHANGED,
        "REL-05": _NOTHING_CHANGED,
        "FLD-04": "a server may show what it likes of types that are not restricted",
        "FIL-05": "only whoever knows the grammar can ask for it",
        "REC-03": "which filters there are is the server's choice",
        "CUR-03": "it takes somebody who removes a row between two requests",
        "CUR-06": "it concerns the declaration of pages",
    }
)
"""Rules that requests cannot show to be broken, and why; tests of the library's parts prove them."""

SHOWN_BY_FAULTS_ALONE: Final = frozenset({"DOC-11", "DOC-19", "DOC-27", "LNK-03"})
"""What the full API does not have: local ids, linkage with pages, members of an extension, links with a relation."""

IN_SCOPE: Final = tuple(rule for rule in LEVELS if rule not in OUT_OF_SCOPE)
"""What has to be proved, in the order of the specification."""

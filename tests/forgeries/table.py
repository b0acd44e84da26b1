"""Writes `docs/forgeries.md` and the record of what others say of each forgery.

python tests/forgeries/table.py          # asks the programs again, then writes both
python tests/forgeries/table.py --page   # writes the page from the record alone
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parent), str(HERE.parent / "support")]

from forgeries import others  # noqa: E402
from forgeries.case import HONEST, Case  # noqa: E402
from forgeries.families import CASES  # noqa: E402
from oracles.c2pats import C2paTs  # noqa: E402

PAGE = HERE.parent.parent / "docs" / "forgeries.md"
_HEAD = """# Forgeries, and who is deceived by them

Every row is a file that `tests/forgeries/` draws: a lie about a picture, or an honest file beside
it, made byte by byte. The second column is what genlabel has to answer, as far as it differs from
the answer about an honest generated picture (intact, a known signer, attested, no findings). The
others are what other programs answered when this page was written: c2pa-python (the engine, asked
for the whole file), encypher-c2pa and @trustnxt/c2pa-ts, which knows no trust lists and only some
formats. *accepts* means that the program found nothing to object to, *refuses* that it did,
*cannot* that it gives no answer, and a dash that it was not asked. Where one differs from genlabel,
the last column says why genlabel holds to its answer; whether a program is right for its own users
is theirs to say.

Written by `python tests/forgeries/table.py`; `tests/forgeries/test_forgeries.py` holds each row.
"""


def main(arguments: list[str]) -> None:
    if "--page" not in arguments:
        typescript = C2paTs()
        record = {case.title: others.asked(case.make(), typescript) for case in CASES}
        typescript.close()
        others.RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    return "\n".join([_HEAD, *_summary(), *_tables()]) + "\n"


def _summary() -> Iterator[str]:
    record = others.recorded()
    forged = [case for case in CASES if case.control]
    deceived: Counter[str] = Counter()
    for case in forged:
        answers = record.get(case.title, {})
        deceived.update(name for name, said in answers.items() if said == "accepts")
    yield f"{len(CASES)} files, {len(forged)} of them forged. Forged files that are accepted:"
    yield ""
    for name, program in others.NAMES.items():
        yield f"- {program}: {deceived[name]}"
    yield ""


def _tables() -> Iterator[str]:
    record = others.recorded()
    for family in dict.fromkeys(case.family for case in CASES):
        yield f"## {family.capitalize()}"
        yield ""
        yield f"| file | genlabel | {' | '.join(others.NAMES.values())} | why |"
        yield f"|---|---|{'---|' * len(others.NAMES)}---|"
        for case in CASES:
            if case.family == family:
                answers = record.get(case.title, {})
                said = (answers.get(name, "–") for name in others.NAMES)
                why = "; ".join(case.reasons(*others.differing(case.expected, answers)))
                yield f"| {case.name} | {_answer(case)} | {' | '.join(said)} | {why} |"
        yield ""


def _answer(case: Case) -> str:
    differing = (
        f"{name.replace('_', ' ')}: {_shown(value)}"
        for name, value in case.expected.items()
        if value != HONEST[name]
    )
    return "; ".join(differing) or "honest"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value) or "none"
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1:])

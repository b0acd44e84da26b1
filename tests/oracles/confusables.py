"""Writes the table of confusable characters that genlabel carries, from Unicode's own file.

python tests/oracles/confusables.py confusables.txt    # of https://www.unicode.org/Public/security/
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).parents[2] / "src" / "genlabel" / "model" / "confusables.txt"
_LINE = re.compile(r"([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA")
_HEAD = """\
# Characters that look alike: Unicode Technical Standard 39, section 4, confusables.txt.
# Unicode-Version: {version}
# Written by tests/oracles/confusables.py: each line is a prototype and all characters that stand
# for it, as code points. Kept are prototypes of the Latin, Greek, Cyrillic and Armenian scripts,
# digits, signs and combining marks; left out are those of other scripts.
#
{licence}
"""
_LICENCE = """\
UNICODE LICENSE V3

COPYRIGHT AND PERMISSION NOTICE

Copyright (c) 1991-2025 Unicode, Inc.

NOTICE TO USER: Carefully read the following legal agreement. BY
DOWNLOADING, INSTALLING, COPYING OR OTHERWISE USING DATA FILES, AND/OR
SOFTWARE, YOU UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE
TERMS AND CONDITIONS OF THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT
DOWNLOAD, INSTALL, COPY, DISTRIBUTE OR USE THE DATA FILES OR SOFTWARE.

Permission is hereby granted, free of charge, to any person obtaining a
copy of data files and any associated documentation (the "Data Files") or
software and any associated documentation (the "Software") to deal in the
Data Files or Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, and/or sell
copies of the Data Files or Software, and to permit persons to whom the
Data Files or Software are furnished to do so, provided that either (a)
this copyright and permission notice appear with all copies of the Data
Files or Software, or (b) this copyright and permission notice appear in
associated Documentation.

THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF
THIRD PARTY RIGHTS.

IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE
BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES,
OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,
WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA
FILES OR SOFTWARE.

Except as contained in this notice, the name of a copyright holder shall
not be used in advertising or otherwise to promote the sale, use or other
dealings in these Data Files or Software without prior written
authorization of the copyright holder.
"""


def table(text: str) -> str:
    """The table made from the whole of Unicode's file."""
    version = next(re.finditer(r"# Version: ([0-9.]+)", text))[1]
    groups: Mapping[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and all(map(_kept, match[2].split())):
            groups[match[2]].append(match[1])
    licence = "\n".join(f"# {line}".rstrip() for line in _LICENCE.splitlines())
    rows = (f"{prototype}; {' '.join(sorted(each))}" for prototype, each in sorted(groups.items()))
    return _HEAD.format(version=version, licence=licence) + "\n".join(rows) + "\n"


def _kept(code: str) -> bool:
    point = int(code, 16)
    return point < 0x590 or 0x1E00 <= point < 0x2100


if __name__ == "__main__":
    TABLE.write_text(table(Path(sys.argv[1]).read_text("utf-8-sig")), "utf-8")

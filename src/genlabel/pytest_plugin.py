"""A plugin of pytest: the fixture `assert_labelled`, for pictures that a build publishes.

    def test_what_we_publish_is_labelled(assert_labelled):
        assert_labelled("public/", trust="keys/anchors.pem")

It costs a run that does not ask for it next to nothing: genlabel is loaded with the first question.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from genlabel.model.report import Mark
    from genlabel.operations.options import Trusted
    from genlabel.policies import Books
    from genlabel.rendering.json import AnyReport
    from genlabel.storage import PathLike


@pytest.fixture(scope="session")
def assert_labelled() -> Callable[..., None]:
    """A function that fails the test unless a picture, or every one in a directory, is labelled."""
    return _assert_labelled


def _assert_labelled(
    path: PathLike | Iterable[PathLike],
    *,
    policy: Books = "labelled",
    declarations: PathLike | None = None,
    trust: Trusted = None,
    require: Collection[Mark | str] | None = None,
    against: PathLike | None = None,
    fail_on: str = "error",
) -> None:
    """Fail unless the picture at `path`, or every one below it, is labelled; also of several.

    With `policy`, `declarations`, `trust` and `fail_on` as for `genlabel verify`. `require` names
    marks that must be there; `against` is the labelled original, or a directory of originals, and
    then the question is that of `genlabel strip-check`. A directory without pictures fails, a
    file that cannot be judged fails, and the failure has one line a finding.
    """
    from genlabel import render, strip_check_files, verify_files
    from genlabel.model.report import Severity
    from genlabel.operations.convenient_forms import marks_of, one_of

    least = one_of(Severity, "fail_on", fail_on)
    marks = None if require is None else marks_of("require", require)
    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    reports: list[AnyReport] = []
    if against is None:
        reports.extend(verify_files(paths, policy=policy, declarations=declarations, trust=trust))
    if against is not None or marks is not None:
        kept = strip_check_files(paths, against=against, require=marks, trust=trust)
        reports.extend(kept)
    if not reports:
        pytest.fail(f"{path}: there is no picture", pytrace=False)
    failing = [
        each
        for each in reports
        if each.unjudged or ((worst := each.worst()) and worst.reaches(least))
    ]
    if failing:
        pytest.fail(f"not labelled:\n{render(failing, 'concise')}", pytrace=False)

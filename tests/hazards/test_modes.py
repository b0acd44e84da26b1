"""Modes, owners, attributes and access lists: kept in place, taken from nobody elsewhere."""

from __future__ import annotations

import errno
import os
import stat
import struct

import pytest

from genlabel import Integrity, Outcome
from written import EDITED, LABEL, MARKS, PLACES, codes, everywhere, posix


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o664)])
@pytest.mark.parametrize("source", [0o4777, 0o666, 0o400])
def test_results_take_the_umask_and_no_mode_of_the_source(labeller, cat, umask, mode, source):
    cat.chmod(source)
    before = os.umask(umask)
    try:
        labeller.sign_file(cat, LABEL, out=cat.with_name("out.png"), **MARKS)
    finally:
        os.umask(before)
    for name in ("out.png", "out.c2pa"):
        assert stat.S_IMODE(cat.with_name(name).stat().st_mode) == mode


@posix
@everywhere
def test_in_place_mode_and_attributes_are_kept(labeller, cat, options):
    cat.chmod(0o640)
    try:
        os.setxattr(cat, "user.origin", b"Acme")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes on this file system")
    report = labeller.sign_file(cat, LABEL, **options)
    assert codes(report) == []
    assert stat.S_IMODE(cat.stat().st_mode) == 0o640
    assert os.getxattr(cat, "user.origin") == b"Acme"
    beside = cat.with_name("cat.c2pa")
    if beside.exists():
        beside.chmod(0o600)
        labeller.sign_file(cat, EDITED, **options)
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("options", [PLACES["in place"], PLACES["marks"]])
def test_in_place_an_access_list_is_kept(labeller, cat, options):
    # acl(5) as the kernel keeps it: version 2; then tag, rights and number of each entry
    entries = [(1, 6, -1), (2, 4, 1234), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
    packed = b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(cat, "system.posix_acl_access", struct.pack("<I", 2) + packed)
    except (OSError, AttributeError):
        pytest.skip("no access lists on this file system")
    before = os.getxattr(cat, "system.posix_acl_access")
    report = labeller.sign_file(cat, LABEL, **options)
    assert codes(report) == []
    assert os.getxattr(cat, "system.posix_acl_access") == before


@posix
@everywhere
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("chmod", "genlabel.file.attributes"),
        ("fchown", "genlabel.file.attributes"),
        ("setxattr", "genlabel.file.attributes"),
        ("fsync", "genlabel.file.unsynced"),
    ],
)
def test_what_the_system_refuses_is_a_note_and_no_failure(
    labeller, cat, monkeypatch, options, call, code
):
    cat.chmod(0o4755)
    if call == "setxattr":
        try:
            os.setxattr(cat, "user.origin", b"Acme")
        except (OSError, AttributeError):
            pytest.skip("no extended attributes on this file system")
    fstat = os.fstat

    def others(descriptor: int) -> os.stat_result:
        fields = list(fstat(descriptor))
        fields[stat.ST_UID] += 1
        return os.stat_result(fields)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    if call == "fchown":
        monkeypatch.setattr(os, "fstat", others)
    monkeypatch.setattr(os, call, refused)
    report = labeller.sign_file(cat, LABEL, **options)
    monkeypatch.undo()
    assert report.outcome is Outcome.SIGNED
    dressed = "in_place" in options or call == "fsync"
    assert (code in codes(report)) == dressed
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    if call == "fchown" and "in_place" in options:
        assert not cat.stat().st_mode & stat.S_ISUID, "it would lend the rights of another owner"


@posix
def test_with_its_owner_a_file_keeps_its_set_user_bit(labeller, cat):
    cat.chmod(0o4755)
    labeller.sign_file(cat, LABEL, in_place=True)
    assert stat.S_IMODE(cat.stat().st_mode) == 0o4755

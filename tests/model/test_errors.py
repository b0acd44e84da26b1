"""Exceptions: a stable code beside the sentence, and all of it through a pool of processes."""

import copy
import errno
import pickle
import re
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import genlabel
import reports
from genlabel.model import errors
from genlabel.model.errors import ConfigurationError, remedy_of
from genlabel.model.report import Finding, Severity
from genlabel.model.results import Outcome, Signed
from genlabel.model.words.translation import translated
from genlabel.operations.explain import explain
from genlabel.operations.inspect import Inspection

KINDS = {
    "GenlabelError": "error",
    "LabelError": "label",
    "MalformedAsset": "malformed-asset",
    "UnsupportedFormat": "unsupported-format",
    "MalformedMetadata": "malformed-metadata",
    "CredentialError": "credential",
    "TrustError": "trust-list",
    "NetworkError": "network",
    "ExistingManifest": "existing-manifest",
    "SigningError": "signing",
    "TimeStampError": "time-stamp",
    "EngineError": "engine",
    "ConfigurationError": "configuration",
    "PolicyFailure": "policy",
}
"""Published: a code that changes here breaks somebody's program."""
GRAVE = Finding("genlabel.a", severity=Severity.ERROR, where="x", explanation="bad")
RAISED = [
    *(
        getattr(errors, name)(f"{name}: wrong", remedy="do better")
        for name in KINDS
        if name not in ("MalformedAsset", "PolicyFailure")
    ),
    errors.MalformedAsset("png", "ends early", offset=8, remedy="fetch it again"),
    errors.CredentialError("no", rule="C2PA 2.4 §14.5.1: order", remedy="sort"),
    errors.SigningError("refused", report=reports.full()),
    errors.TimeStampError("late", remedy="wait", report=reports.full()),
    errors.PolicyFailure("not let pass", [GRAVE]),
]


def test_every_exception_has_its_published_code():
    found = {
        name: kind.code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.GenlabelError)
    }
    assert found == KINDS
    assert len(set(KINDS.values())) == len(KINDS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in KINDS.values())
    assert set(KINDS) <= set(genlabel.__all__)


@pytest.mark.parametrize("error", RAISED, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("carry", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
def test_an_exception_survives_with_all_that_it_says(error, carry):
    again = carry(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.args == error.args
    assert vars(again) == vars(error)
    assert again.code == error.code


@pytest.mark.parametrize(
    "report",
    [
        reports.full(),
        reports.unjudged(),
        reports.stripped(),
        reports.signed(),
        explain(reports.full()),
        Inspection(path="cat.png", report=reports.full()),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_report_survives(report):
    assert pickle.loads(pickle.dumps(report)) == report


def test_the_old_name_of_the_format_still_reads():
    with pytest.warns(DeprecationWarning, match="format_name"):
        assert errors.MalformedAsset("png", "ends early").format == "png"


def test_a_malformed_file_does_not_end_a_pool_of_processes(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        first = pool.submit(genlabel.verify, broken.read_bytes())
        with pytest.raises(genlabel.MalformedAsset, match="png") as raised:
            first.result(timeout=120)
        assert (raised.value.code, raised.value.format_name) == ("malformed-asset", "png")
        second = pool.submit(genlabel.verify_file, broken)
        with pytest.raises(genlabel.MalformedAsset):
            second.result(timeout=120)


def test_a_signed_picture_survives_and_is_shown_on_one_line():
    picture = bytes(100_000)
    signed = Signed(
        content=memoryview(picture),
        sidecar=b"store",
        outcome=Outcome.SIGNED,
        manifest_id="urn:c2pa:1",
        report=reports.full(),
    )
    again = pickle.loads(pickle.dumps(signed))
    assert (again.data, again.sidecar, again.report) == (picture, b"store", signed.report)
    assert repr(signed) == (
        "Signed(content=<100,000 bytes>, sidecar=<5 bytes>, outcome=signed, "
        "manifest_id='urn:c2pa:1', report=Report(…))"
    )
    assert signed.to_dict() == {
        **reports.signed().to_dict(),
        **{"path": None, "output": None, "manifest_id": "urn:c2pa:1", "replaced": []},
        **{"verifies_until": None, "findings": []},
    }


def test_tracebacks_show_the_remedy():
    error = ConfigurationError("cat.png: no output was named", remedy="give an output")
    shown = traceback.format_exception(error)
    assert shown[-2:] == [
        "genlabel.model.errors.ConfigurationError: cat.png: no output was named\n",
        "hint: give an output\n",
    ]
    again = pickle.loads(pickle.dumps(error))
    assert again.remedy == "give an output"
    assert traceback.format_exception(again) == shown
    again.remedy = None
    assert traceback.format_exception(again)[-1] == shown[-2]


def test_an_address_is_no_path():
    for name in ("https://example.com/cat.png", "http:/example.com/cat.png"):
        refused = FileNotFoundError(errno.ENOENT, "No such file or directory", name)
        assert remedy_of(refused) == "an address is not fetched: download the file, and name it"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("\u2013overwrite", "an option begins with hyphens: --overwrite"),
        ("\u2014lang", "an option begins with hyphens: --lang"),
        ("\u2013-lang", "an option begins with hyphens: --lang"),
        ("\u201cphoto.jpg\u201d", "these quotes are part of the name"),
        ("\u00abphoto.jpg", "these quotes are part of the name"),
        ("*.png", "what to take of it with --include"),
        ("more/p?.png", "what to take of it with --include"),
        ("l\u2019\u00e9t\u00e9 2008/photo.jpg", "check the path"),
        ("photo.jpg", "check the path"),
    ],
)
def test_what_was_copied_out_of_a_text_is_told_for_what_it_is(name, told):
    remedy = remedy_of(FileNotFoundError(errno.ENOENT, "No such file or directory", name))
    assert remedy is not None
    assert told in remedy
    assert translated(remedy, "fr") != remedy

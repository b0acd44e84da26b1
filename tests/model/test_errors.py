"""Exceptions: a stable code beside the sentence, and all of it through a pool of processes."""

import copy
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import genlabel
import reports
from genlabel.model import errors
from genlabel.model.report import Finding, Severity
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

"""JSON is what the published schemas say."""

import json
from pathlib import Path

import jsonschema
import pytest

import reports
from genlabel.formats.format import Block
from genlabel.metadata.generator_traces import Trace
from genlabel.model.report import Report
from genlabel.model.results import SignReport, StripReport
from genlabel.operations.explain import explain
from genlabel.operations.inspect import Inspection, ManifestFacts
from genlabel.rendering import json as rendering
from genlabel.rendering.json import Frame

SCHEMAS = Path(__file__).parents[2] / "docs/schema"
EMPTY = {
    "verify": Report(),
    "strip": StripReport(),
    "sign": SignReport(),
    "inspect": Inspection(report=Report()),
    "explain": explain(Report()),
}


def inspected(text: str) -> Inspection:
    return Inspection(
        path=text,
        width=1,
        height=2,
        blocks=(Block(text, 0, 8),),
        slots={text: 9},
        traces=(Trace(where=text, size=3, value=text),),
        personal=(Trace(where=text, size=3, value=text),),
        manifest=ManifestFacts(
            claim_generator=text, assertions=(text,), actions=(text,), manifests=2
        ),
        report=reports.full(text),
    )


FULL = {
    "verify": reports.full,
    "strip": reports.stripped,
    "sign": reports.signed,
    "inspect": inspected,
    "explain": lambda text: explain(reports.full(text), "fr"),
}


def schema(name: str) -> dict:
    found = json.loads((SCHEMAS / f"{name}-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def frame(name: str) -> Frame:
    return Frame(
        schema=f"genlabel.{name}/1",
        started=reports.MOMENT,
        engine={"c2pa-python": "0.38.1"},
        trust_lists=("anchors.pem",),
        policy="labelled",
    )


def closed(shape: object) -> object:
    """The same schema with nothing allowed beside what it names."""
    if isinstance(shape, dict):
        inner = {name: closed(value) for name, value in shape.items()}
        if "properties" in inner:
            inner["additionalProperties"] = False
        return inner
    return [closed(each) for each in shape] if isinstance(shape, list) else shape


@pytest.mark.parametrize("name", sorted(FULL))
@pytest.mark.parametrize("text", ["Acme", reports.HOSTILE])
def test_every_output_is_what_its_schema_says_and_no_more(name, text):
    several = [FULL[name](text), EMPTY[name]]
    if name == "verify":
        several.append(reports.unjudged(text))
    written = rendering.document(
        frame(name), [each.to_dict() for each in several], rendering.summary(several)
    )
    jsonschema.validate(json.loads(written), closed(schema(name)))
    whole = schema(name)
    line_schema = {"$ref": "#/$defs/report", "$defs": closed(whole["$defs"])}
    for each in several:
        line = rendering.line(each)
        assert line.count("\n") == 1
        jsonschema.validate(json.loads(line), line_schema)


def test_json_is_ascii_that_commands_no_log_and_keeps_every_character():
    written = rendering.line(reports.full(reports.HOSTILE))
    assert written.isascii()
    assert written.isprintable() or written.rstrip("\n").isprintable()
    assert "::" not in written
    assert "##" not in written
    # half of a character is none: strict parsers refuse a document that holds one
    assert json.loads(written)["declared"]["producer"] == reports.HOSTILE.replace(
        "\ud800", "\\ud800"
    )


def test_times_are_rfc_3339_in_utc():
    assert reports.signed().to_dict()["verifies_until"] == "2026-05-01T12:30:15Z"


def test_the_summary_counts_files_by_their_gravest_answer():
    several = [reports.full(), reports.unjudged(), reports.stripped(), reports.signed()]
    assert rendering.summary(several) == {"files": 4, "errors": 2, "warnings": 1, "unjudged": 1}

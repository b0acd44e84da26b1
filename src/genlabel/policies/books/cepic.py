"""The rule book `cepic`: the picture agencies' guide, all three editions, sentence by sentence.

``docs/rulebooks.md`` says which sentence each rule carries, and which none can.
"""

from __future__ import annotations

from datetime import date

from genlabel.policies.books import cepic_checks as checks
from genlabel.policies.books.sheets import asked, never, of_ai, signed_mark
from genlabel.policies.declarations import Question, QuestionKind
from genlabel.policies.needs import STAMP, answer, visible_or_answer
from genlabel.policies.rule import Basis, Level, Policy, ReadFrom, Rule, RuleSource


def _guide(section: str) -> RuleSource:
    return RuleSource(
        title="CEPIC, AI Ethical Guidelines for Responsible Re-Use and Production of Visual "
        "Content, 2nd edition",
        section=section,
        url="https://www.cepic.org",
        published="2023-10-20",
        read=date(2026, 11, 29),
        how=ReadFrom.MIRROR,
    )


_TRANSPARENCY = _guide(
    "Transparency: “marked in an appropriate, timely, clear, and visible manner”"
)
_INFORM = _guide("Transparency: “Inform users …”")
_LAWFULNESS = _guide("Lawfulness: “No data is to be used without consent.”")
_HARM = _guide("Lawfulness: “Creators … should never produce content: …”")
_SECURITY = _guide("Security: “Prompt adjustments … internal compliance policies …”")
_MINIMISATION = _guide(
    "Necessity or minimisation: “… necessary to accomplish the specific project”"
)

CEPIC = Policy(
    name="cepic",
    title="cepic: what the picture agencies' guide asks of visual content, modified or generated",
    version="2nd edition",
    published="2023-10-20",
    questions=(
        Question("published", kind=QuestionKind.DATE, text="On which day was or is it published?"),
        Question(
            "visible",
            kind=QuestionKind.YES_NO,
            text="Is it told visibly, where it is published, that it is generated or modified?",
        ),
        Question("human_part", text="What did people do in making it? Write none if nothing."),
        Question(
            "sources",
            kind=QuestionKind.YES_NO,
            text="Is there a right to use each source of the picture, and is that on record?",
        ),
        Question(
            "licensed",
            kind=QuestionKind.CHOICE,
            choices=("licence", "own-work", "exception"),
            text="By what right are its sources used?",
        ),
        Question(
            "model_basis",
            text="On which legal basis did the model's maker obtain what it was trained on?",
        ),
        Question(
            "persons", kind=QuestionKind.YES_NO, text="Can persons be recognised in the picture?"
        ),
        Question(
            "opt_out",
            kind=QuestionKind.CHOICE,
            choices=("stated", "not-wanted"),
            text="Does the picture say that nobody may mine or train with it?",
        ),
        Question(
            "harmless",
            kind=QuestionKind.YES_NO,
            text="Is it sure to mislead and to defame nobody, and to show no invented event as "
            "news?",
        ),
        Question(
            "capabilities",
            text="Which page tells the capabilities, limits and risks of such content?",
        ),
        Question("complaint_contact", text="Where can people complain about the picture?"),
        Question("correction_time", text="In what time is a label corrected after a complaint?"),
        Question("policies", text="Which page has the internal rules for such pictures?"),
        Question("project", text="For which project was what it is made of collected?"),
        Question("retention", text="How long is what it is made of kept?"),
    ),
    rules=(
        Rule(
            "marked",
            asks="a signed mark says how the picture came to be",
            source=_guide(
                "Transparency: “Support and/or participate in all organisations/ initiatives "
                "aiming at authenticating media content”"
            ),
            level=Level.SHOULD,
            basis=Basis.SIGNED,
            check=signed_mark,
            fix="sign the picture with genlabel sign",
        ),
        Rule(
            "told",
            asks="caption, metadata or cryptography tells that it is generated or modified",
            source=_INFORM,
            check=of_ai(checks.told),
            fix="sign the picture with genlabel sign",
        ),
        Rule(
            "told-fully",
            asks="caption, metadata and cryptography, all three, tell it",
            source=_INFORM,
            level=Level.MAY,
            check=of_ai(checks.told_fully),
            fix="sign with --description, and say in it that a model made or changed the picture",
        ),
        Rule(
            "visible",
            asks="it is told clearly and visibly where the picture is seen",
            source=_TRANSPARENCY,
            check=of_ai(checks.visible),
            fix="draw a label into the picture, or tell it beside it and declare cepic.visible",
            needs=(visible_or_answer("cepic.visible"),),
        ),
        Rule(
            "in-time",
            asks="the label is not later than the publication",
            source=_TRANSPARENCY,
            basis=Basis.SIGNED,
            check=checks.in_time,
            fix="sign with --tsa before the picture is published",
            needs=(STAMP, answer("cepic.published")),
        ),
        Rule(
            "named",
            asks="as far as possible, the natural or legal person who generated or changed it is "
            "named",
            source=_TRANSPARENCY,
            check=checks.named,
            fix="sign with --by NAME",
        ),
        Rule(
            "uncontradicted",
            asks="no trace, mark or ancestor contradicts what is declared",
            source=_HARM,
            check=checks.uncontradicted,
            fix="declare what the traces show, or take a picture of which it is true",
        ),
        Rule(
            "human-part",
            asks="what people did in making it is documented",
            source=_guide(
                "Transparency: “Companies should document their content creation process”"
            ),
            level=Level.SHOULD,
            check=checks.human_part,
            fix="write the steps that people took with --steps, or declare cepic.human_part",
        ),
        Rule(
            "sources",
            asks="each source of the picture is recorded with the right to use it",
            source=_LAWFULNESS,
            check=checks.sources,
            fix="name the elements with their rights in a label file, or declare cepic.sources",
        ),
        Rule(
            "licensed",
            asks="sources are used by licence rather than by exception",
            source=_guide("Security: “Licensing of Data should be preferred.”"),
            level=Level.SHOULD,
            basis=Basis.DECLARED,
            check=asked(
                "cepic.licensed",
                fits=lambda value: value != "exception",
                otherwise="sources are used by an exception",
            ),
            fix="ask those who hold the rights for a licence",
        ),
        Rule(
            "model-basis",
            asks="the model's maker states the legal basis of what it was trained on",
            source=_guide("Lawfulness: “must indicate the legal basis”"),
            check=of_ai(checks.model_basis),
            fix="ask the model's maker, state it for the generator, or declare cepic.model_basis",
        ),
        Rule(
            "releases",
            asks="the persons in it have agreed, by releases",
            source=_guide(
                "Transparency: “transparent and informed consent of persons photographed”"
            ),
            check=checks.releases,
            fix="get the releases, and sign with --model-release",
        ),
        Rule(
            "opt-out",
            asks="what is wanted of mining, forbidden or allowed, is stated where machines read "
            "it, or no opt-out is wanted",
            source=_guide("Lawfulness: “sufficient to qualify as opt out”"),
            level=Level.MAY,
            check=checks.opt_out,
            fix="sign with --data-mining, or declare cepic.opt_out",
        ),
        Rule(
            "harmless",
            asks="it misleads and defames nobody",
            source=_HARM,
            basis=Basis.DECLARED,
            check=asked("cepic.harmless", otherwise="it is declared that it may do harm"),
            fix="do not publish it",
        ),
        Rule(
            "capabilities",
            asks="users are told the capabilities, limits and risks of such content",
            source=_INFORM,
            basis=Basis.DECLARED,
            check=of_ai(asked("cepic.capabilities")),
            fix="publish such a page, and declare cepic.capabilities",
        ),
        Rule(
            "complaints",
            asks="complaints about misleading and harmful content are met promptly: where, and in "
            "what time",
            source=_SECURITY,
            level=Level.SHOULD,
            basis=Basis.DECLARED,
            check=asked("cepic.complaint_contact", "cepic.correction_time"),
            fix="declare cepic.complaint_contact and cepic.correction_time",
        ),
        Rule(
            "policies",
            asks="internal rules are public",
            source=_SECURITY,
            level=Level.SHOULD,
            basis=Basis.DECLARED,
            check=asked("cepic.policies"),
            fix="publish them, and declare cepic.policies",
        ),
        Rule(
            "retention",
            asks="what it is made of is kept for a project, and no longer than needed",
            source=_MINIMISATION,
            level=Level.SHOULD,
            basis=Basis.DECLARED,
            check=asked("cepic.project", "cepic.retention"),
            fix="declare cepic.project and cepic.retention",
        ),
        Rule(
            "record",
            asks="a record of what was collected is kept",
            source=_guide(
                "Transparency: “Records of all content collected … should be maintained”"
            ),
            level=Level.SHOULD,
            check=never,
            fix="keep the record",
        ),
        Rule(
            "corrections",
            asks="a label was corrected promptly after each complaint",
            source=_SECURITY,
            level=Level.SHOULD,
            check=never,
            fix="correct the label",
        ),
    ),
)

"""The rule book `netflix`: what a broadcaster asks of partners who use generative AI.

Nearly all of it is declared, and nothing of it is written into a picture: it is between the partner
and the broadcaster. ``docs/rulebooks.md`` says which sentence each rule carries.
"""

from __future__ import annotations

from datetime import date

from genlabel.policies.answers import Check, by_word, failed, passed
from genlabel.policies.books.sheets import asked, of_ai, unanswered
from genlabel.policies.declarations import Approval, Question, QuestionKind
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Basis, Judgement, Level, Policy, ReadFrom, Rule, RuleSource

_SURE = ("yes", "no", "not-sure")
_APPROVAL = "The broadcaster's written approval, where the answer above needs one."
_ANSWER = "The contact's written answer, where the one above has to be put to the contact."


def _page(section: str, how: ReadFrom = ReadFrom.MIRROR) -> RuleSource:
    return RuleSource(
        title="Netflix, Using Generative AI in Content Production, in a copy of 2025-11-11",
        section=section,
        url="https://partnerhelp.netflixstudios.com/hc/en-us/articles/43393929218323",
        read=date(2026, 11, 29),
        how=how,
    )


_NEWS = RuleSource(
    title="HyperAI, Netflix impose des règles strictes pour l’utilisation de l’IA générative",
    section="“ce qui est présenté à l’écran est crédible et authentique”",
    read=date(2026, 11, 29),
    how=ReadFrom.SECONDARY,
)


def _approved(key: str, safe: str, lacking: str) -> Check:
    """The check of a rule that an answer other than `safe` fails until an approval is given.

    Who is not sure has to ask: the broadcaster's word decides, too. `lacking` says what is not
    declared.
    """

    def check(evidence: Evidence) -> Judgement:
        answer = evidence.declarations.get(key)
        approval = evidence.declarations.get(f"{key}_approval")
        if answer is None:
            return unanswered(evidence, key, alone=True)
        if answer.value == safe:
            return passed(**by_word(answer, key))
        if approval is not None and isinstance(approval.value, Approval):
            return passed("there is a written approval", **by_word(approval, f"{key}_approval"))
        unsure = answer.value == "not-sure"
        return failed(
            "nobody is sure, which has to be put to the contact" if unsure else lacking,
            **by_word(answer, key),
        )

    return of_ai(check)


def _sure(key: str, text: str, *, word: str = _APPROVAL) -> tuple[Question, Question]:
    """A question, and the one for the broadcaster's word where its answer needs one."""
    return (
        Question(key, kind=QuestionKind.CHOICE, choices=_SURE, text=text),
        Question(f"{key}_approval", kind=QuestionKind.APPROVAL, text=word),
    )


def _asked_for_approval(name: str, asks: str, key: str, *, section: str) -> Rule:
    """A rule of what the page always wants a written approval for."""
    return Rule(
        name,
        asks=asks,
        source=_page(section),
        basis=Basis.DECLARED,
        check=_approved(
            f"netflix.{key}", "no", "this needs a written approval, and none is declared"
        ),
        fix="put it to the contact, and declare the written approval",
    )


def _put_to_the_contact(
    name: str, asks: str, key: str, *, safe: str = "yes", source: RuleSource
) -> Rule:
    """A rule of a principle: who does not keep it, or is not sure, has to ask the contact."""
    return Rule(
        name,
        asks=asks,
        source=source,
        basis=Basis.DECLARED,
        check=_approved(
            f"netflix.{key}", safe, "this has to be put to the contact, and no answer is declared"
        ),
        fix="put it to the contact, and declare the written answer",
    )


def _declared(
    name: str,
    asks: str,
    *keys: str,
    source: RuleSource,
    fix: str,
    level: Level = Level.MUST,
) -> Rule:
    return Rule(
        name,
        asks=asks,
        source=source,
        level=level,
        basis=Basis.DECLARED,
        check=of_ai(asked(*(f"netflix.{key}" for key in keys))),
        fix=fix,
    )


NETFLIX = Policy(
    name="netflix",
    title="netflix: what the broadcaster asks of partners who use generative AI",
    version="2025-11-11 (copy)",
    questions=(
        Question("contact", text="Which contact at the broadcaster was told of the use?"),
        Question("notified_on", kind=QuestionKind.DATE, text="On which day was the contact told?"),
        *_sure("final", "Is any of it in the final deliverables, even in the background?"),
        *_sure(
            "talent",
            "Does it replace, replicate or significantly change the likeness or performance of a "
            "person?",
        ),
        *_sure(
            "data_use",
            "Did personal data, confidential material or works of others go into the system?",
        ),
        *_sure(
            "creative_output",
            "Is it a main character, a key visual or a setting that is central to the story, or "
            "drawn after protected works?",
        ),
        *_sure(
            "ethics",
            "Could it be taken for a real event, person or statement, or touch the work of union "
            "members?",
        ),
        *_sure(
            "inputs",
            "Is it sure that it recreates no protected work and infringes no copyright?",
            word=_ANSWER,
        ),
        *_sure(
            "tool",
            "Is it sure that the tool keeps no inputs or outputs and trains on none?",
            word=_ANSWER,
        ),
        Question(
            "enterprise",
            kind=QuestionKind.YES_NO,
            text="Was the tool used in an environment secured for enterprises?",
        ),
        *_sure("facts", "Is it shown in a documentary or another format of facts?", word=_ANSWER),
        Question("human_input", text="What did people do in making what is final?"),
    ),
    rules=(
        _declared(
            "notified",
            "the contact was told of the use",
            "contact",
            "notified_on",
            source=_page("expectation"),
            fix="tell the contact, and declare who was told and when",
        ),
        _asked_for_approval(
            "final",
            "what is generated is temporary, or its use in the final cut is approved",
            "final",
            section="principle 4; final and temporary",
        ),
        _asked_for_approval(
            "talent",
            "no likeness and no performance is generated without a written approval",
            "talent",
            section="principle 5; talent and performance",
        ),
        _asked_for_approval(
            "data-use",
            "no personal or proprietary data go in without a written approval",
            "data_use",
            section="data use",
        ),
        _asked_for_approval(
            "creative-output",
            "nothing central to the story is generated without a written approval",
            "creative_output",
            section="creative output",
        ),
        _asked_for_approval(
            "ethics",
            "nothing that could be taken for real is generated without a written approval",
            "ethics",
            section="ethics and representation",
        ),
        _put_to_the_contact(
            "inputs",
            "no protected work is recreated, and no copyright infringed",
            "inputs",
            source=_page("principle 1"),
        ),
        _put_to_the_contact(
            "tool",
            "the tool keeps nothing and trains on nothing",
            "tool",
            source=_page("principle 2; confidentiality"),
        ),
        _declared(
            "enterprise",
            "the tool is used in an environment secured for enterprises",
            "enterprise",
            source=_page("principle 3"),
            fix="use such an environment",
            level=Level.SHOULD,
        ),
        _put_to_the_contact(
            "facts",
            "nothing generated stands for facts where facts are expected",
            "facts",
            safe="no",
            source=_NEWS,
        ),
        _declared(
            "human-input",
            "people had a meaningful part in what is final",
            "human_input",
            source=_page("final and temporary"),
            fix="say what people did, and declare netflix.human_input",
            level=Level.SHOULD,
        ),
    ),
)

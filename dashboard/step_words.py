"""The steps in English, for pages in English. A translation of our own: what binds is the Vietnamese of the regulation.

A step that is not here keeps its Vietnamese title. The two regimes share these ids, and the English says what both do.
"""

STEP_WORDS = {
    "score-indicators": "Score the indicators, draft the report and the scorecard",
    "judge-indicators": "Judge the indicators, gather the evidence",
    "post-drafts": "Post the drafts in public",
    "explain-opinions": "Gather and answer the opinions",
    "hold-meeting": "Meet to assess the result",
    "submit-dossier": "Send the dossier (or report and scorecard, where the standard is not met)",
    "check-completeness": "Receive and check the dossier",
    "answer-supplement": "Supplement the dossier as asked",
    "send-council-papers": "Send the papers to the Council's members",
    "hold-council": "The Council meets, or gives written opinions",
    "appraise": "Appraise the dossier",
    "submit-to-chair": "Submit to the district chair",
    "decide": "Decide on recognition",
    "publish-decision": "Publish the decision",
    "report-to-province": "Report to the provincial People's Committee",
    "consolidate": "Consolidate; check that each commune stands in exactly one list",
    "publish-provincial-list": "Publish the provincial list",
    "report-to-ministry": "Report to the Ministry of Justice",
    "open-remedies": "Assign the remedies",
    "close-remedies": "Finish the remedies, hand in the proofs",
    "propose-commendations": "Propose commendations",
    "award-commendations": "Award commendations",
}


def step_said(step: str, title: str, language: str) -> str:
    """The step in the language asked for; `title` is the regulation's own."""
    return STEP_WORDS.get(step, title) if language == "en" else title

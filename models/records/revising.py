"""The commune revises its file where it was let in: indicators returned by the reviewers, or unlocked by an office."""

from collections.abc import Mapping, Sequence

from models.cycle.lifecycle import Act, State, holder_of
from models.records import appraising_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.appraisal_notes import reopen_notes, returned_places
from models.records.canonical import canonical
from models.records.dossiers import InHand, latest_cards, rows_of_cards, score_rows
from models.records.filing import Filing, keep_cards, received
from models.records.journal import Touched
from models.records.local_rows import open_doors
from models.records.reviewing import LEADER

ALL = "*"


def revise(sitting: Sitting, filing: Filing) -> list[str]:
    """Take a revised self-assessment in, as a new round; returns the indicators that changed, none if all stand so.

    Refused: a change anywhere else than where it was let in.
    """
    dossier = sitting.dossiers([filing.code])[filing.code]
    changed = _changed(sitting, dossier, filing)
    key = f"revise/{filing.code}/{filing.digest()}/{dossier.round}"
    if not changed or not sitting.fresh([key]):
        return []
    returned = State(dossier.state) is State.RETURNED
    opened = _opened(sitting, dossier, returned)
    locked = [place for place in changed if place not in opened and ALL not in opened]
    if locked:
        raise refusals.locked(filing.code, locked, sorted(opened))
    traces = Traces()
    to = State(dossier.state)
    if returned:
        to = traces.move(sitting, filing.code, dossier, Act.REVISE, new_round=True)
    else:
        traces.moves.append(_same_state(sitting, dossier))
    reopen_notes(sitting, dossier, changed)
    keep_cards(sitting, [(dossier, filing, "self", dossier.round + 1)])
    traces.words.append(received(sitting, dossier, "revise", str(dossier.round + 1)))
    change = {"from": dossier.state, "to": to, "changed": changed, "round": dossier.round + 1}
    line = Touched(dossier.unit_id, key, change)
    sitting.finish("revise-indicators", key, [line], traces)
    return changed


def _opened(sitting: Sitting, dossier: InHand, returned: bool) -> set[str]:
    opened = open_doors(sitting.session, sitting.cycle.id, dossier.unit_id, sitting.signed.day)
    if returned:
        opened |= set(returned_places(sitting.session, dossier.id, dossier.round))
    return opened


def _changed(sitting: Sitting, dossier: InHand, filing: Filing) -> list[str]:
    """The indicators (and LEADER) at which the new self-assessment differs from the last one."""
    card = latest_cards(sitting.session, [dossier.id], "self").get(dossier.id)
    own = rows_of_cards(sitting.session, [card.id])[card.id] if card else []
    before, after = _by_indicator(own), _by_indicator(score_rows(filing.submission))
    changed = sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))
    if card is None or card.leader_disciplined is not filing.submission.leader_disciplined:
        changed.append(LEADER)
    return changed


def _by_indicator(rows: Sequence[Mapping[str, object]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row["indicator"]), []).append(canonical(row))
    return {indicator: sorted(texts) for indicator, texts in found.items()}


def _same_state(sitting: Sitting, dossier: InHand) -> Mapping[str, object]:
    """An unlocked file stays where it is and with whom it is; only its round goes on."""
    return {
        "dossier": dossier.id,
        "state": dossier.state,
        "holder": str(holder_of(sitting.law.regulation, State(dossier.state))),
        "since": dossier.since,
        "round": dossier.round + 1,
    }

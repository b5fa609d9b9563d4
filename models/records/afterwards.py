"""After the decision, in one place: the acts on remedies and commendations, each at home in its own module."""

from models.records.awarding import (
    AWARD,
    PROPOSE,
    award_commendations,
    confirm_all,
    confirm_commendation,
    nominate,
    propose_commendations,
    refuse_commendation,
)
from models.records.commendations import Commendation
from models.records.mending import (
    Edit,
    Mended,
    carry_remedies,
    close_remedies,
    close_remedy,
    edit_remedy,
    prove_remedy,
    reopen_remedy,
)
from models.records.mending_begun import open_remedies
from models.records.remedies import CLOSE, OPEN, Remedy

__all__ = [
    "AWARD",
    "CLOSE",
    "OPEN",
    "PROPOSE",
    "Commendation",
    "Edit",
    "Mended",
    "Remedy",
    "award_commendations",
    "carry_remedies",
    "close_remedies",
    "close_remedy",
    "confirm_all",
    "confirm_commendation",
    "edit_remedy",
    "nominate",
    "open_remedies",
    "propose_commendations",
    "prove_remedy",
    "refuse_commendation",
    "reopen_remedy",
]

"""What an office is called: the actor's word and the unit's name, as official papers write them."""

from models.law.regulation import Actor

_PREFIX = {
    Actor.COMMUNE: "UBND",
    Actor.DISTRICT_JUSTICE: "Phòng Tư pháp",
    Actor.DISTRICT_COUNCIL: "Hội đồng đánh giá chuẩn tiếp cận pháp luật",
    Actor.DISTRICT_CHAIR: "Chủ tịch UBND",
    Actor.DISTRICT_COMMITTEE: "UBND",
    Actor.PROVINCE_JUSTICE: "Sở Tư pháp",
    Actor.PROVINCE_CHAIR: "Chủ tịch UBND",
    Actor.PROVINCE_COMMITTEE: "UBND",
}


def agency_name(actor: Actor, unit_name: str) -> str:
    """ "Phòng Tư pháp huyện U Minh" for the Justice Division of "Huyện U Minh"."""
    return f"{_PREFIX[actor]} {unit_name[:1].lower()}{unit_name[1:]}"

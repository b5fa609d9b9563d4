"""What a statement over one cycle is given each time it is sent, by the same names in every such statement."""

from sqlalchemy import Date, Integer, bindparam

from models.records.base import Moment

CYCLE, PROVINCE = bindparam("of_cycle", type_=Integer), bindparam("of_province", type_=Integer)
OPENED_ON, OPENED_AT = bindparam("opened_on", type_=Date), bindparam("opened_at", type_=Moment())
UNITS = bindparam("of_units", type_=Integer, expanding=True)

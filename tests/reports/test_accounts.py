from zoneinfo import ZoneInfo

from bot.health.people import Suspect
from bot.reports.accounts import suspicion, word
from bot.store.history import DASHBOARD, BotMark
from tests.health.examples import at


def test_a_suspicion_says_what_it_rests_on() -> None:
    assert suspicion(Suspect(6, "greeter", threads=40, instant=38, alike=0.975)) == (
        "answered on 38 of 40 threads within a minute; 98% of what it wrote is one text"
    )
    quiet = Suspect(6, "greeter", threads=1_200, instant=0, alike=0.96)
    assert suspicion(quiet) == "wrote on 1,200 threads; 96% of it is one text"


def test_a_word_says_who_gave_it_and_when() -> None:
    said = [BotMark(is_bot=True, by=by, at=at("2026-03-02 23:05")) for by in ("maya", DASHBOARD)]
    assert [word(each, ZoneInfo("Europe/Berlin")) for each in said] == [
        "maya said so on 3 March 2026, 00:05",
        "somebody with the dashboard's key said so on 3 March 2026, 00:05",
    ]

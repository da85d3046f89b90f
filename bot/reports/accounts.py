"""Why an account was taken for a bot, and who said what of it, in words."""

from zoneinfo import ZoneInfo

from bot.health.people import Suspect
from bot.reports.words import day, number, percent
from bot.store.history import DASHBOARD, BotMark


def suspicion(suspect: Suspect) -> str:
    """Why an account was taken for a bot."""
    if suspect.instant:
        return (
            f"answered on {number(suspect.instant)} of {number(suspect.threads)} threads within a minute; "
            f"{percent(suspect.alike)} of what it wrote is one text"
        )
    return f"wrote on {number(suspect.threads)} threads; {percent(suspect.alike)} of it is one text"


def word(said: BotMark, zone: ZoneInfo) -> str:
    """Who said that an account is a bot, or none, and when; somebody's login is other people's text."""
    at = said.at.astimezone(zone)
    who = "somebody with the dashboard's key" if said.by == DASHBOARD else said.by
    return f"{who} said so on {day(at.date())}, {at:%H:%M}"

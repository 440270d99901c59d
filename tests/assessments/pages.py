"""Reads what a page says, and fills in forms as a browser would."""

import re
from html import unescape

EVIDENCE = {
    "title": "Workforce race equality report 2026",
    "kind": "link",
    "url": "https://www.example.org/wres",
    "minute_reference": "",
    "dated_on_day": "14",
    "dated_on_month": "5",
    "dated_on_year": "2026",
    "ticks": ["published"],
    "coverage": "most",
    "shown": ["shown_to_community"],
    "version": "0",
}
STEP = {
    "what": "Publish the pay gap by ethnic group",
    "owner": "Chief People Officer",
    "due_on_day": "31",
    "due_on_month": "3",
    "due_on_year": "2027",
    "resource": "Two days a week of an analyst",
    "status": "on_track",
    "version": "0",
}
CHANGE = {
    "measure": "Bowel screening uptake",
    "unit": "%",
    "ethnic_group": "Bangladeshi",
    "other_group": "",
    "baseline": "44.1",
    "baseline_on_day": "31",
    "baseline_on_month": "3",
    "baseline_on_year": "2025",
    "later": "52.6",
    "later_on_day": "31",
    "later_on_month": "3",
    "later_on_year": "2026",
    "shows": "L-S1",
    "version": "0",
}
PLAN = {
    "title": "Said and Done",
    "url": "https://www.example.org/plan",
    "minute_reference": "ICB/24/067",
    "approved_on_day": "14",
    "approved_on_month": "5",
    "approved_on_year": "2026",
    "summary": "It puts three things first.",
    "version": "0",
}
MEASURE = {
    "name": "Bowel screening uptake",
    "source": "Local extract",
    "unit": "%",
    "ethnic_group": "other",
    "other_group": "Bangladeshi compared with all people",
    "direction": "up",
    "baseline": "44.1",
    "baseline_on_day": "31",
    "baseline_on_month": "3",
    "baseline_on_year": "2025",
    "target": "58",
    "target_on_day": "31",
    "target_on_month": "3",
    "target_on_year": "2028",
    "latest": "",
    "latest_on_day": "",
    "latest_on_month": "",
    "latest_on_year": "",
    "note": "",
    "version": "0",
}


def words(response):
    """The page as a reader sees it: text only, on one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def problems(response):
    """What the error summary says."""
    page = response.content.decode()
    summary = page.partition('<div class="nhsuk-error-summary')[2].partition("</ul>")[0]
    items = re.findall(r"<li>(.*?)</li>", summary, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", item)).split()) for item in items]


def hidden_version(response):
    return re.search(r'name="version" value="(\d+)"', response.content.decode())[1]

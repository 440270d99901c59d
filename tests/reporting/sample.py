"""Builds a believable Board paper of about sixteen pages for the PDF tests and benchmarks."""

from html import escape

from tests.reporting.sample_words import (
    COMMITMENTS,
    HISTORY,
    IN_OTHER_WORDS,
    LEVELS,
    NARRATIVES,
    STATUS,
    STEPS,
    SYMBOLS,
)

TITLE = "Tackling ethnic health inequalities: progress against our anti-racism plan"
REFERENCE = "NEL-2026-BP-V1"
ORGANISATION = "North East London Integrated Care System"
CHECK = "verify.example.org/NEL-2026-BP-V1"
CYCLES = ("2024", "2025", "2026")
SHADES = ("#ffffff", "#d9e6f2", "#a9c8e4", "#1e6fbf", "#003087")
INKS = ("#212b32", "#212b32", "#212b32", "#ffffff", "#ffffff")
RTL = {"ar", "ur", "he"}


def sample_report(chapters: int = 1) -> str:
    """Return the whole document; `chapters` repeats the full narratives to make it longer."""
    body = [_cover(), _page_one(), _summary(), _heatmap(), _not_known()]
    body += [_commitment(code, number) for number, code in enumerate(COMMITMENTS)]
    body.append(_steps())
    body += [_full(number) for number in range(1, chapters + 1)]
    body += [_languages(), _method()]
    return document("".join(body))


def document(body: str, title: str = TITLE, reference: str = REFERENCE) -> str:
    """Wrap a body in the running head and foot that every report has."""
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>"
        f'<header class="running-head"><p class="running-title">Board paper: progress against our '
        f'anti-racism plan, 2026</p><p class="running-organisation">{ORGANISATION}</p></header>'
        f'<p class="running-foot">Reference {escape(reference)} · version 1 · self-assessed, '
        f"signed off 20 November 2026<br>Check that this file is genuine: {CHECK}</p>"
        f"<main>{body}</main></body></html>"
    )


def level(value: int | None) -> str:
    """Return a level as word and symbol."""
    if value is None:
        return (
            '<span class="level level-none"><span class="level-symbol">–</span> Not assessed</span>'
        )
    return (
        f'<span class="level level-{value}"><span class="level-symbol">{SYMBOLS[value]}</span> '
        f"{LEVELS[value]}</span>"
    )


def profile(code: str, cycle: int = 2) -> str:
    """Draw one commitment's profile: a block an action, from the lowest level to the highest."""
    values = sorted(
        (HISTORY[f"{code}{n}"][cycle] for n in range(1, 6)), key=lambda v: -1 if v is None else v
    )
    words = ", ".join("not assessed" if v is None else LEVELS[v].lower() for v in values)
    blocks = []
    for position, value in enumerate(values):
        x = position * 40
        fill, ink, sign = "#ffffff", "#425563", "–"
        dash = ' stroke-dasharray="3 2"'
        if value is not None:
            fill, ink, sign, dash = SHADES[value], INKS[value], SYMBOLS[value], ""
        blocks.append(
            f'<rect x="{x + 1}" y="1" width="38" height="20" fill="{fill}" stroke="#003087" '
            f'stroke-width="0.8"{dash}/><text x="{x + 20}" y="16.5" font-family="Noto Sans" '
            f'font-size="15" text-anchor="middle" fill="{ink}">{sign}</text>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 22" width="44mm" height="4.84mm">'
        f"<title>Profile of five actions: {words}</title>{''.join(blocks)}</svg>"
    )


def counts(code: str) -> str:
    """Say the same profile in words."""
    values = [HISTORY[f"{code}{n}"][2] for n in range(1, 6)]
    parts = [f"{values.count(v)} {LEVELS[v].lower()}" for v in range(5) if v in values]
    if None in values:
        parts.append(f"{values.count(None)} not assessed")
    return ", ".join(parts)


def _cover() -> str:
    facts = [
        ("Board", "North East London Integrated Care Board, meeting in public"),
        ("Date", "27 January 2027"),
        ("Agenda item", "7.2"),
        ("Purpose", "Decision and assurance"),
        ("Executive sponsor", "Chief Medical Officer, who attests that the levels are the system's "
         "own honest view and that the evidence cited exists"),
        ("Author", "Associate Director, Health Equity"),
        ("Strategic objectives", "Reduce ethnic inequalities in outcomes and access; be an "
         "anti-racist employer"),
        ("Board Assurance Framework", "BAF 4, inequity of outcome"),
        ("Previously considered at", "People and Culture Committee, 9 December 2026"),
        ("Framework", "A Strategic Framework to Tackling Ethnic Health Inequalities through an "
         "Anti-Racist approach, version 1"),
        ("Cycle", "2026, assessed by the system itself"),
    ]  # fmt: skip
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in facts)
    return (
        f'<section class="cover"><p class="cover-organisation">{ORGANISATION}</p><h1>{TITLE}</h1>'
        f'<p class="cover-lead">Board paper. What we said we would do about racism and health, '
        "what we have done, what our communities say of it, and what the Board is asked.</p>"
        f'<table class="facts">{rows}</table><p class="cover-note">The levels are a '
        f"self-assessment. They are not a score, are not added up, and must not be used to "
        f"compare organisations by themselves.</p></section>"
    )


def _page_one() -> str:
    return (
        '<section class="page-one"><h2>What the Board is asked</h2>'
        '<div class="callout callout-ask"><h3>The Board is asked to</h3><ol>'
        "<li><strong>Decide</strong> whether to buy out the portering contract, at £410,000 a "
        "year, so that about 340 people are paid the London living wage (A2).</li>"
        "<li><strong>Agree</strong> a three-year grant for the community panel (C4).</li>"
        "<li><strong>Note</strong> that pay by ethnic group has not been looked at (W5).</li></ol>"
        "</div><h3>The lead's three messages</h3><ol class='key-messages'>"
        "<li>Where we moved money we moved outcomes: blood pressure control among Black Caribbean "
        "adults rose by seven percentage points in a year.</li>"
        "<li>Our communities do not recognise our view of how decisions are made. They are right "
        "about the papers, and we have not put it right.</li>"
        "<li>Two actions went backwards, both because funding ended.</li></ol>"
        "<h3>What the record says by itself</h3>"
        '<table class="figures"><thead><tr><th scope="col" class="w-34">Fact</th>'
        '<th scope="col">Actions</th></tr></thead><tbody>'
        f'<tr><th scope="row">Lowest level</th><td>W5, {level(0)}</td></tr>'
        "<tr><th scope='row'>Lower than a year ago</th><td>L4, from Under way to Committed; C4, "
        "from Embedded to Under way</td></tr>"
        "<tr><th scope='row'>Largest disagreement with communities</th><td>C1: we say Under way, "
        "their middle rating is Not started (7 ratings)</td></tr>"
        "<tr><th scope='row'>Steps without owner, money or date</th><td>1 of 8: A2</td></tr>"
        "<tr><th scope='row'>Previous asks</th><td>2 of 3 done; the pay audit was deferred on 14 "
        "May 2026, minute ICB/26/041</td></tr></tbody></table></section>"
    )


def _summary() -> str:
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{profile(code)}<p class="meta">{counts(code)}</p></td>'
        f"<td>{level(2)}</td><td>{'W5' if code == 'W' else code + '2'}</td>"
        f"<td>{'4 of 5' if code == 'A' else '5 of 5'}</td><td>▲ 3 ▼ {1 if code in 'LC' else 0}</td>"
        "</tr>"
        for code, (name, _) in COMMITMENTS.items()
    )
    return (
        '<section class="chapter"><h2>Summary</h2><p>Each block is one action, ordered by level. '
        'Nothing is averaged.</p><table class="figures"><caption>The five commitments, 2026'
        '</caption><thead><tr><th scope="col" class="w-22">Commitment</th>'
        '<th scope="col" class="w-30">Profile</th><th scope="col" class="w-15">Typical level</th>'
        '<th scope="col" class="w-10">Lowest</th><th scope="col" class="w-12">Assessed</th>'
        f'<th scope="col">Change</th></tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="legend">{_legend()}</p>{_dumbbells()}'
        '<h3>Enablers</h3><p class="nothing">The thirteen considerations are in the full report.'
        "</p></section>"
    )


def _legend() -> str:
    return " · ".join(level(value) for value in (0, 1, 2, 3, 4, None))


def _dumbbells() -> str:
    rows = []
    for number, (code, ours, theirs) in enumerate((("C1", 2, 0), ("L4", 1, 1), ("E4", 3, 2))):
        y = 24 + number * 20
        x1, x2 = 60 + ours * 90, 60 + theirs * 90
        rows.append(
            f'<text x="8" y="{y + 4}" font-family="Noto Sans" font-size="10">{code}</text>'
            f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}" stroke="#425563" stroke-width="1.5"/>'
            f'<circle cx="{x1}" cy="{y}" r="5" fill="#003087"/>'
            f'<rect x="{x2 - 4.5}" y="{y - 4.5}" width="9" height="9" fill="#ffffff" '
            f'stroke="#003087" stroke-width="1.6"/>'
        )
    axis = "".join(
        f'<text x="{60 + n * 90}" y="10" font-family="Noto Sans" font-size="8.5" '
        f'text-anchor="middle" fill="#425563">{LEVELS[n]}</text>'
        for n in range(5)
    )
    return (
        '<figure class="chart"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 78" '
        'width="150mm" height="24.4mm"><title>Our level and the communities’ middle rating. C1: '
        "ours Under way, theirs Not started. L4: both Committed. E4: ours Embedded, theirs Under "
        f"way.</title>{axis}{''.join(rows)}</svg><figcaption>Our level (filled circle) and the "
        "communities’ middle rating (open square): C1 Under way and Not started; L4 both "
        "Committed; E4 Embedded and Under way.</figcaption></figure>"
    )


def _heatmap() -> str:
    rows = []
    for code, (_, actions) in COMMITMENTS.items():
        for number, text in enumerate(actions, 1):
            cells = "".join(_cell(value) for value in HISTORY[f"{code}{number}"])
            rows.append(
                f'<tr><th scope="row"><span class="code">{code}{number}</span></th>'
                f"<td>{text[:62].rsplit(' ', 1)[0]} …</td>{cells}</tr>"
            )
    heads = "".join(f'<th scope="col" class="w-15">{year}</th>' for year in CYCLES)
    return (
        '<section class="chapter"><h2>The 25 actions over three cycles</h2>'
        '<table class="figures heatmap"><thead><tr><th scope="col" class="w-8">Action</th>'
        f'<th scope="col">In short</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        f'<p class="legend">{_legend()}</p></section>'
    )


def _cell(value: int | None) -> str:
    if value is None:
        return '<td class="cell level level-none">– Not assessed</td>'
    return (
        f'<td class="cell level level-{value}"><span class="level-symbol">{SYMBOLS[value]}</span> '
        f"{LEVELS[value]}</td>"
    )


def _not_known() -> str:
    return (
        '<section class="section-summary"><h2>What is not known</h2><div class="not-known">'
        "<h3>Not assessed</h3><ul><li>A5: the lead for partnerships left in May and nobody has "
        "looked at it since.</li></ul><h3>No community rating</h3><ul><li>19 of 25 actions, "
        "because the rating window covered six.</li></ul><h3>Statement only, or older "
        "than 18 months</h3>"
        "<ul><li>L2 (training records to March 2025), W4 (statement only), A1 (statement only)."
        "</li></ul></div></section>"
    )


def _commitment(code: str, number: int) -> str:
    name = COMMITMENTS[code][0]
    rows = "".join(
        f'<tr><th scope="row"><span class="code">{code}{n}</span></th>'
        f"<td>{level(HISTORY[f'{code}{n}'][1])}</td><td>{level(HISTORY[f'{code}{n}'][2])}</td>"
        f"<td>{NARRATIVES[(n + number) % 6].split('. ')[0]}.</td></tr>"
        for n in range(1, 6)
    )
    steps = "".join(f"<li>{step[0]}: {step[1]}.</li>" for step in STEPS if step[0][0] == code)
    return (
        f'<section class="chapter"><h2>{name}</h2>{profile(code)}<p class="meta">{counts(code)}</p>'
        '<h3>What moved, and why</h3><table class="figures"><thead><tr>'
        '<th scope="col" class="w-8">Action</th><th scope="col" class="w-22">2025</th>'
        '<th scope="col" class="w-22">2026</th><th scope="col">Why</th></tr></thead>'
        f"<tbody>{rows}</tbody></table><h3>Where communities disagree, and our reply</h3>"
        f'<blockquote class="official"><p>{NARRATIVES[(number + 4) % 6]}</p></blockquote>'
        f"<p>{NARRATIVES[(number + 5) % 6]}</p><h3>Next steps</h3><ul>{steps}</ul></section>"
    )


def _steps() -> str:
    rows = "".join(
        f'<tr><th scope="row"><span class="code">{code}</span></th><td>{what}</td>'
        f"<td>{owner or 'No owner'}</td><td>{due or 'No date'}</td>"
        f"<td>{money or 'None stated'}</td>"
        f'<td><span class="status">{STATUS[status]}</span></td></tr>'
        for code, what, owner, due, money, status in STEPS * 2
    )
    return (
        '<section class="chapter"><h2>Improvement steps</h2><table class="figures steps"><thead>'
        "<tr>"
        '<th scope="col" class="w-8">Action</th><th scope="col" class="w-30">What</th>'
        '<th scope="col" class="w-18">Who</th><th scope="col" class="w-15">By when</th>'
        '<th scope="col" class="w-15">Resource</th><th scope="col">Status</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _full(number: int) -> str:
    items = []
    for code, (name, actions) in list(COMMITMENTS.items())[:3]:
        items.append(f"<h3>{name}</h3>")
        for n, text in enumerate(actions, 1):
            items.append(_item(f"{code}{n}", text, number + n))
    return (
        f'<section class="chapter"><h2>Annex {number}: every action in full</h2>'
        f"{''.join(items)}</section>"
    )


def _item(code: str, text: str, number: int) -> str:
    words = "\n".join(NARRATIVES[(number + k) % 6] for k in range(1 + (number % 4 == 0)))
    return (
        f'<article class="item"><h4><span class="code">{code}</span> {level(HISTORY[code][2])}</h4>'
        f'<blockquote class="official"><p>{text}</p></blockquote>'
        f'<div class="narrative">{words}</div><h5>Evidence</h5><ul class="evidence-list">'
        f'<li>Board minute ICB/26/0{number}7<p class="meta">B, published or Board-minuted · '
        f"14 May 2026 · most of the system</p></li><li><a "
        f'href="https://www.example.org/evidence/{code}">Community review of '
        f'{code}</a><p class="meta">A, community-led · 2 September 2026 · some of the system</p>'
        "</li></ul></article>"
    )


def _languages() -> str:
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td lang="{lang}"'
        f"{' dir=rtl' if lang in RTL else ''}>{escape(text)}</td></tr>"
        for lang, name, text in IN_OTHER_WORDS
    )
    return (
        '<section class="chapter"><h2>What residents wrote, in their own words</h2>'
        '<table class="figures"><thead><tr><th scope="col" class="w-20">Language</th>'
        f'<th scope="col">Words</th></tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _method() -> str:
    return (
        '<section class="section-summary"><h2>Method</h2><p>The framework defines no scale; this '
        "scale of five levels is the portal’s own. A typical level is the lower middle one of "
        'those assessed. See <a href="#measures">the measures</a>.</p><h3 '
        'id="measures">Measures</h3>'
        '<p class="nothing">No measure has been reported in this cycle yet.</p></section>'
    )

"""Prints what a report costs, as ratios measured side by side in one run; run it as a module.

    python -m tests.benchmarks.pdf [--rounds 9] [--short]

"Naive" is `HTML(string=…).write_pdf()` of the same document with the same stylesheet inside it, in
a process of its own, as a plain program would do it. Both processes work by turns, never together.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assessments.scoring import Rating, community_view, roll_up
from reporting import charts, pdf
from tests.reporting import sample

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
TAGGED = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}


def ours(html: str) -> pdf.Rendered:
    """Render as the worker does."""
    return pdf.render(
        html, title=sample.TITLE, reference=sample.REFERENCE, created_at=AT, attachments=()
    )


def naive(html: str, **options: Any) -> bytes:
    """Render as a plain program would, with the stylesheet inside the document."""
    from weasyprint import HTML

    styled = html.replace("</head>", f"<style>{pdf.STYLESHEET.read_text()}</style></head>")
    return HTML(string=styled).write_pdf(**options)


Answer = tuple[float, int, int, float, float]
FIFTH, THIRTIETH = 5, 30

WORK: dict[str, Callable[[str], Any]] = {
    "warm": lambda _: pdf.warm(),
    "ours": ours,
    "naive untagged": naive,
    "naive tagged": lambda html: naive(html, **TAGGED),
}


def serve(connection: Connection) -> None:
    """Do the work that is asked for until told to stop; answer with time, size and memory."""
    while (order := connection.recv()) is not None:
        name, chapters = order
        html = sample.sample_report(chapters)
        begun = time.process_time()
        result = WORK[name](html)
        taken = (time.process_time() - begun) * 1000
        report = result if isinstance(result, pdf.Rendered) else None
        size = (report.pages, len(report.pdf)) if report else (0, 0)
        connection.send((taken, *size, *memory()))


def memory() -> tuple[float, float]:
    """Peak and present memory of this process in MiB; getrusage would give its parent's peak."""
    status = Path("/proc/self/status").read_text()
    peak, now = (int(status.partition(name)[2].split()[0]) / 1024 for name in ("VmHWM:", "VmRSS:"))
    return peak, now


class Process:
    """One process that renders on request."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,))
        self.process.start()

    def ask(self, name: str, chapters: int = 1) -> Answer:
        """Return processor milliseconds, pages, bytes, and peak and present memory in MiB."""
        self.connection.send((name, chapters))
        return self.connection.recv()

    def stop(self) -> None:
        """End it."""
        self.connection.send(None)
        self.process.join()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--short", action="store_true", help="leave the 150 pages out")
    options = parser.parse_args()
    worker, plain = Process(), Process()
    cold, first = worker.ask("warm")[0], worker.ask("ours")
    for name in ("naive untagged", "naive tagged"):
        plain.ask(name)
    times: dict[str, list[float]] = {
        name: [] for name in ("ours", "naive untagged", "naive tagged")
    }
    for _ in range(options.rounds):
        for name, taken in times.items():
            taken.append((worker if name == "ours" else plain).ask(name)[0])
    show(times, cold, first)
    show_memory()
    show_charts()
    if not options.short:
        show_growth(worker.ask("ours", 27), statistics.median(times["ours"]), first)
    worker.stop()
    plain.stop()


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


def show(times: dict[str, list[float]], cold: float, first: Answer) -> None:
    """Print the ratios of one size of report, from medians and from the best round of each."""
    warm = statistics.median(times["ours"])
    say(f"warming the worker                       {cold:7.0f} ms")
    say(
        f"ours, tagged, {first[1]} pages                   {warm:7.0f} ms, "
        f"{warm / first[1]:.0f} a page"
    )
    for name, target in (("naive untagged", "0.95"), ("naive tagged", "0.80")):
        middle = warm / statistics.median(times[name])
        best = min(times["ours"]) / min(times[name])
        say(
            f"ours / {name:<15}                 {middle:7.2f}  best rounds {best:.2f}  (≤ {target})"
        )
    say(f"first report in a warm worker / warm     {first[0] / warm:7.2f}  (≤ 1.30)")
    say(f"peak memory of the worker                {first[3]:7.0f} MiB (≤ 140)")


def show_memory() -> None:
    """Print how much a worker of its own holds after its fifth report and after its thirtieth."""
    worker = Process()
    worker.ask("warm")
    held = [worker.ask("ours")[4] for _ in range(THIRTIETH)]
    worker.stop()
    fifth, thirtieth = held[FIFTH - 1], held[THIRTIETH - 1]
    say(f"memory held after report 5, 30           {fifth:7.0f}, {thirtieth:.0f} MiB")
    say(f"report 30 / report 5                     {thirtieth / fifth:7.2f}  (≤ 1.10)")


def show_charts() -> None:
    """Print what each kind of chart costs at its largest, description and drawing together."""
    names = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")
    counts = roll_up([Rating(f"L{place}", place % 5) for place in range(25)]).profile
    view = community_view([0, 2, 2, 3, None], 4)
    on = AT.date()
    rows = [(f"L{place}", "Public anti-racist statement, renewed yearly") for place in range(25)]
    made: dict[str, Callable[[], charts.Chart]] = {
        "profile bar": lambda: charts.profile_bar(counts, names, "All"),
        "heatmap": lambda: charts.heatmap(
            [charts.HeatmapRow(*row, "Leadership", (0, 1, 2, 3, 4, None)) for row in rows],
            [str(2021 + place) for place in range(6)],
            names,
        ),
        "dumbbells": lambda: charts.dumbbells(
            [charts.DumbbellRow(*row, 4, view) for row in rows], names, "All"
        ),
        "multiples": lambda: charts.profile_multiples(
            [charts.ProfilePanel(f"System {n}", counts) for n in range(5)], names, "All", of=25
        ),
        "timeline": lambda: charts.step_timeline(
            [charts.TimelineStep(*row, on, "on_track") for row in rows], on, on, on
        ),
        "measure": lambda: charts.measure_chart(
            "Staff who trust the process", "%", charts.MeasurePoint(Decimal(61), on)
        ),
    }
    for name, make in made.items():

        def draw(make: Callable[[], charts.Chart] = make) -> str:
            return charts.to_svg(make())

        best = min(timeit.repeat(draw, timer=time.process_time, number=20, repeat=5))
        size = len(draw().encode()) / 1024
        most = 12 if name == "heatmap" else 4
        say(f"{name:<20} {best / 20 * 1000:19.2f} ms (≤ 1.00), {size:4.1f} KiB (≤ {most})")


def show_growth(long: Answer, warm: float, short: Answer) -> None:
    """Print what a page costs in a long report beside a short one."""
    time_ratio = (long[0] / long[1]) / (warm / short[1])
    size = (long[2] - short[2]) / (long[1] - short[1]) / 1024
    say(f"ms a page, {long[1]} pages / {short[1]} pages          {time_ratio:7.2f}  (≤ 1.25)")
    say(f"KiB a page beside fonts                  {size:7.1f}  (≤ 12)")


if __name__ == "__main__":
    main()

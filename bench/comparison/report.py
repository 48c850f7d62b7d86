"""The Markdown tables for docs/performance.md, and how noisy the machine was."""

from statistics import geometric_mean, median

from .cases import MEMORY_CASE
from .contestants import MemrouteInLua

# Whom memroute is compared with, ratio by ratio, and their short names: a row has at most 120 columns.
RIVALS = {"memcached-proxy": "proxy", "forwarder": "forwarder", "nutcracker": "nutcracker",
          "netty-forwarder": "Netty"}


def figures_table(runs, cases, titles):
    """Medians of every case and contestant."""
    lines = ["| case | server | requests/s | p50 us | p99 us | p99.9 us | CPU us/request | user | system |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for case in cases:
        for contestant, title in titles.items():
            mine = [run for run in runs if run.case == case.name and run.contestant == contestant]
            if mine:
                lines.append(f"| {case.title} | {title} | {_median(mine, 'requests_per_second'):,.0f} "
                             f"| {_median(mine, 'p50_us'):,.0f} | {_median(mine, 'p99_us'):,.0f} "
                             f"| {_median(mine, 'p999_us'):,.0f} "
                             f"| {_median(mine, 'cpu_us'):.2f} | {_median(mine, 'user_us'):.2f} "
                             f"| {_median(mine, 'system_us'):.2f} |")
    return "\n".join(lines)


def ratios_table(runs, cases, titles, of="memroute"):
    """One contestant against each rival: medians of the ratios of neighbouring runs, and what they may be at most."""
    rivals = [rival for rival in RIVALS if any(run.contestant == rival for run in runs)]
    heads = [f"{what}, {RIVALS[rival]}" if what == "CPU" else what
             for rival in rivals for what in _compared_with(rival)]
    lines = [f"| {titles[of]} | " + " | ".join(heads) + " | CPU at most |",
             "| --- |" + " ---: |" * len(heads) + " --- |"]
    for case in cases:
        cells = [_text(ratio(runs, case, of, rival, field))
                 for rival in rivals for field in _compared_with(rival).values()]
        limits = case.targets
        if of == MemrouteInLua.name:
            limits = {"memcached-proxy": case.library_target} if case.library_target else {}
        targets = "; ".join(f"{limit} x {RIVALS[rival]}" for rival, limit in limits.items() if rival in titles)
        lines.append(f"| {case.title} | " + " | ".join(cells) + f" | {targets} |")
    return "\n".join(lines)


def _compared_with(rival):
    figures = {"CPU": "cpu_us"}
    if rival == "memcached-proxy":
        figures |= {"requests/s": "requests_per_second", "p99": "p99_us", "p99.9": "p999_us"}
    return figures


def starts_table(starts, runs, titles):
    """Time from starting the process to its first answer, and memory under the case with most connections."""
    lines = ["| server | start to first answer, ms | resident memory with 500 connections, MB |",
             "| --- | ---: | ---: |"]
    for contestant, title in titles.items():
        seconds = starts.get(contestant)
        sizes = [run.resident_bytes for run in runs if run.case == MEMORY_CASE and run.contestant == contestant]
        if seconds or sizes:
            start = f"{median(seconds) * 1000:,.0f}" if seconds else ""
            size = f"{median(sizes) / 1e6:,.0f}" if sizes else ""
            lines.append(f"| {title} | {start} | {size} |")
    return "\n".join(lines)


def programs_table(programs, lua):
    """CPU seconds of programs in Lua, start of the JVM and compiling included."""
    lines = [f"| program in Lua, CPU seconds | {lua} | memroute | ratio |", "| --- | ---: | ---: | ---: |"]
    for name, theirs, mine in programs:
        lines.append(f"| {name} | {theirs:.2f} | {mine:.2f} | {mine / theirs:.2f} |")
    mean = geometric_mean(mine / theirs for _, theirs, mine in programs)
    lines.append(f"| geometric mean; 0.5 at most, none above 1 | | | {mean:.2f} |")
    return "\n".join(lines)


def noise(runs, titles, load_before, load_after):
    """How far the same program's CPU per request moved within a case: what differs by less is no difference."""
    parts = []
    for contestant, title in titles.items():
        spreads = []
        for case in {run.case for run in runs}:
            figures = [run.cpu_us for run in runs if run.case == case and run.contestant == contestant]
            if len(figures) > 2 and min(figures) > 0:
                spreads.append((max(figures) - min(figures)) / median(figures))
        if spreads:
            parts.append(f"{title} {median(spreads):.0%} (at worst {max(spreads):.0%})")
    return (f"Noise: load average {load_before:.1f} at the beginning, {load_after:.1f} at the end. From the lowest"
            f" to the highest CPU per request of a case's runs, median of the cases:"
            f" {'; '.join(parts) or 'too few runs'}.")


def ratio(runs, case, of, rival, field):
    """The median ratio of the runs of one round; none if there are none."""
    value = {(run.contestant, run.round): getattr(run, field) for run in runs if run.case == case.name}
    pairs = [value[of, number] / value[rival, number] for contestant, number in value
             if contestant == of and value.get((rival, number))]
    return median(pairs) if pairs else None


def _text(value):
    return "" if value is None else f"{value:.2f}"


def _median(runs, field):
    return median(getattr(run, field) for run in runs)

"""The Markdown tables for docs/performance.md."""

from statistics import median

from .cases import MEMORY_CASE

# Whom memroute is compared with, ratio by ratio.
RIVALS = ("memcached-proxy", "nutcracker", "forwarder")


def figures_table(runs, cases, titles):
    """Medians of every case and contestant."""
    lines = ["| case | server | requests/s | p50 us | p99 us | CPU us/request | user | system |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for case in cases:
        for contestant, title in titles.items():
            mine = [run for run in runs if run.case == case.name and run.contestant == contestant]
            if mine:
                lines.append(f"| {case.title} | {title} | {_median(mine, 'requests_per_second'):,.0f} "
                             f"| {_median(mine, 'p50_us'):,.0f} | {_median(mine, 'p99_us'):,.0f} "
                             f"| {_median(mine, 'cpu_us'):.2f} | {_median(mine, 'user_us'):.2f} "
                             f"| {_median(mine, 'system_us'):.2f} |")
    return "\n".join(lines)


def ratios_table(runs, cases, titles, of="memroute"):
    """One contestant against each rival: medians of the ratios of neighbouring runs."""
    rivals = [rival for rival in RIVALS if any(run.contestant == rival for run in runs)]
    heads = [f"{what}, {titles[rival]}" for rival in rivals for what in ("CPU", "requests/s")]
    lines = [f"| {titles[of]} against | " + " | ".join(heads) + " | target |",
             "| --- |" + " ---: |" * len(heads) + " --- |"]
    for case in cases:
        cells = []
        for rival in rivals:
            cells.append(_ratio(runs, case, of, rival, "cpu_us"))
            cells.append(_ratio(runs, case, of, rival, "requests_per_second"))
        targets = "; ".join(f"CPU {limit} x {titles[rival]}"
                            for rival, limit in case.targets.items() if rival in titles)
        lines.append(f"| {case.title} | " + " | ".join(cells) + f" | {targets} |")
    return "\n".join(lines)


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


def _median(runs, field):
    return median(getattr(run, field) for run in runs)


def _ratio(runs, case, of, rival, field):
    value = {(run.contestant, run.round): getattr(run, field) for run in runs if run.case == case.name}
    pairs = [value[of, number] / value[rival, number] for contestant, number in value
             if contestant == of and value.get((rival, number))]
    return f"{median(pairs):.2f}" if pairs else ""

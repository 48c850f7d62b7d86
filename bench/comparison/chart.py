"""The chart of a comparison, as SVG: memroute's CPU per request as a part of that of memcached's proxy."""

from html import escape

from .report import ratio

ROW = 22
LEFT = 330
WIDTH = 820
TOP = 46
# The right edge of the scale; longer bars are cut, and their figure says so.
MOST = 1.3

STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.bar { fill: #0969da } .over { fill: #bc4c00 } .limit { stroke: #8c959f; stroke-width: 2 }
.one { stroke: #1f2328; stroke-dasharray: 4 3 } .small { font-size: 11px }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #4493f8 } .over { fill: #db6d28 } .one { stroke: #e6edf3 }
}"""


def svg(runs, cases):
    """The chart of all cases in which both were measured."""
    rows = []
    for case in cases:
        mine = ratio(runs, case, "memroute", "memcached-proxy", "cpu_us")
        if mine is not None:
            rows.append((case.title, mine, ratio(runs, case, "forwarder", "memcached-proxy", "cpu_us")))
    height = TOP + ROW * len(rows) + 12
    one = _x(1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-label="CPU per request of memroute beside memcached\'s proxy">',
        f"<style>{STYLE}</style>",
        f'<text x="{LEFT}" y="18">CPU per request; 1 is memcached\'s proxy, a grey mark the bare C forwarder</text>',
    ]
    for number, (title, mine, limit) in enumerate(rows):
        y = TOP + ROW * number
        kind = "bar" if mine <= 1 else "over"
        end = _x(mine)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(title)}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{end - LEFT:.1f}" height="14" rx="2"/>')
        parts.append(f'<text class="small" x="{end + 6:.1f}" y="{y + 13}">{mine:.2f}</text>')
        if limit is not None:
            mark = _x(limit)
            parts.append(f'<line class="limit" x1="{mark:.1f}" x2="{mark:.1f}" y1="{y - 1}" y2="{y + 19}"/>')
    parts.append(f'<line class="one" x1="{one:.1f}" x2="{one:.1f}" y1="{TOP - 16}" y2="{height - 6}"/>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _x(value):
    return LEFT + min(value, MOST) / MOST * (WIDTH - LEFT - 50)

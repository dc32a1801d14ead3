#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws how long an exact frontier takes, from the lines of bench_frontier --curves:

    build/release/bench/bench_frontier --curves >curves.txt
    tools/plot_curves.py curves.txt docs/frontier.svg

A line has parties, options of an issue, issues, points, milliseconds, megabytes."""
import math
import sys

WIDTH, HEIGHT, EDGE = 640, 420, 60
COLOURS = ["#36c", "#693", "#c63", "#939", "#066", "#900", "#555", "#c90"]


def read(path):
    curves = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            parties, options, issues, points, ms, _ = line.split()
            curves.setdefault((int(parties), int(options)), []).append(
                (int(issues), float(ms), int(points)))
    return curves


def decades(values):
    low = math.floor(math.log10(min(values)))
    return low, max(low + 1, math.ceil(math.log10(max(values))))


def draw(curves):
    all_points = [p for c in curves.values() for p in c]
    x0, x1 = math.log10(min(p[0] for p in all_points)), math.log10(max(p[0] for p in all_points))
    y0, y1 = decades([max(p[1], 0.001) for p in all_points])
    legend = 170
    inner = WIDTH - 2 * EDGE - legend

    def x(issues):
        return EDGE + (math.log10(issues) - x0) / (x1 - x0) * inner

    def y(ms):
        return HEIGHT - EDGE - (math.log10(max(ms, 0.001)) - y0) / (y1 - y0) * (HEIGHT - 2 * EDGE)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="#fff"/>']
    for d in range(y0, y1 + 1):
        out.append(f'<path d="M{EDGE} {y(10 ** d):.1f}h{inner}" stroke="#ddd"/>'
                   f'<text x="{EDGE - 6}" y="{y(10 ** d) + 4:.1f}" text-anchor="end">'
                   f'{10.0 ** d:g}</text>')
    for issues in (5, 10, 20, 50, 100, 200):
        out.append(f'<path d="M{x(issues):.1f} {EDGE}V{HEIGHT - EDGE}" stroke="#ddd"/>'
                   f'<text x="{x(issues):.1f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle">'
                   f'{issues}</text>')
    out.append(f'<text x="{EDGE + inner / 2}" y="{HEIGHT - EDGE + 36}" text-anchor="middle">'
               'issues</text>')
    out.append(f'<text x="{EDGE - 40}" y="{EDGE - 16}">milliseconds, one core</text>')
    for n, ((parties, options), points) in enumerate(sorted(curves.items())):
        colour = COLOURS[n % len(COLOURS)]
        path = " ".join(f"{x(i):.1f},{y(ms):.1f}" for i, ms, _ in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.extend(f'<circle cx="{x(i):.1f}" cy="{y(ms):.1f}" r="3" fill="{colour}"/>'
                   for i, ms, _ in points)
        out.append(f'<text x="{WIDTH - EDGE - legend + 16}" y="{EDGE + 18 * n}" fill="{colour}">'
                   f'{parties} parties, {options} options</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], "w", encoding="ascii") as out:
        out.write(draw(read(sys.argv[1])))


if __name__ == "__main__":
    main()

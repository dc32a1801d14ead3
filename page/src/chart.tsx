// SPDX-License-Identifier: Apache-2.0
// What charts are drawn with: a scale, round ticks, and marks that need no colour.

export interface Scale {
  (v: number): number;
  ticks: number[];
}

/** From low..high of what is shown to from..to on the page; the ends lie on round numbers. */
export function scale(low: number, high: number, from: number, to: number, count = 5): Scale {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.max(Math.ceil(high / step - 1e-9) * step, first + step);
  const ticks: number[] = [];
  for (let i = 0; first + i * step <= last + step / 2; i++) ticks.push(Number((first + i * step).toPrecision(12)));
  return Object.assign((v: number) => from + ((v - first) / (last - first)) * (to - from), { ticks });
}

/** Many dots as one path: a browser draws thousands of them at once. */
export const dots = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("");

export const line = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

const shapes = {
  square: "M-5 -5h10v10h-10z",
  diamond: "M0 -8L6 0L0 8L-6 0z",
  star: "M0 -8L2 -3H8L3 1L5 7L0 3L-5 7L-3 1L-8 -3H-2z",
  triangle: "M0 -7L7 6H-7z",
  cross: "M-6 -3v6h3v3h6v-3h3v-6h-3v-3h-6v3z",
} as const;
export type Shape = keyof typeof shapes;

export const Glyph = (p: { x: number; y: number; shape: Shape; class?: string }) => (
  <path class={`glyph ${p.class ?? ""}`} d={shapes[p.shape]} transform={`translate(${p.x.toFixed(1)} ${p.y.toFixed(1)})`} />
);

export function Axes(p: { x: Scale; y: Scale; left: number; right: number; top: number; bottom: number; format?: (v: number) => string; xWords?: (v: number) => string }) {
  const say = p.format ?? String;
  return (
    <g class="axes">
      {p.y.ticks.map((v) => (
        <g key={v}>
          <path d={`M${p.left} ${p.y(v)}H${p.right}`} />
          <text x={p.left - 6} y={p.y(v) + 4} text-anchor="end">{say(v)}</text>
        </g>
      ))}
      {p.x.ticks.map((v) => (
        <g key={v}>
          <path d={`M${p.x(v)} ${p.top}V${p.bottom}`} />
          <text x={p.x(v)} y={p.bottom + 16} text-anchor="middle">{(p.xWords ?? say)(v)}</text>
        </g>
      ))}
    </g>
  );
}

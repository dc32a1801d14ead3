// SPDX-License-Identifier: Apache-2.0
// The outlook: what agreements a scenario allows, and which are fair. It stays at home.
import { signal } from "@preact/signals";
import { useId, useLayoutEffect, useMemo } from "preact/hooks";
import type { Analysis, Worth } from "./api";
import { Axes, dots, Glyph, line, scale, type Shape } from "./chart";
import { Card, Choice, Form, Mark, saveCsv, Table } from "./parts";
import { send } from "./store";
import { t, type Key } from "./words";

const found = signal<Analysis | null>(null);
const chosen = signal<{ names: string[]; files: string[] } | null>(null);
const busy = signal(false);
const across = signal(0), upwards = signal(1);

const RULES = ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] as const;
const SHAPES: Record<(typeof RULES)[number], Shape> = { nash: "diamond", kalai_smorodinsky: "star", egalitarian: "triangle", utilitarian: "cross" };
const ROWS = 25;

const short = (v: number) => String(Number(v.toFixed(3)));
const said = (p: Record<string, string>) => Object.entries(p).map(([k, v]) => `${k}: ${v}`).join("; ");
const is = (a: Analysis, w: Worth) => RULES.filter((r) => a[r].some((x) => x.u.join() === w.u.join()));

async function analyse() {
  if (!chosen.value) return;
  busy.value = true;
  const a = await send<Analysis>("/api/analyse", { ...chosen.value, all: "yes" });
  busy.value = false;
  if (a) {
    found.value = a;
    across.value = 0;
    upwards.value = Math.min(1, a.parties.length - 1);
  }
}

function Choose() {
  const id = useId();
  const take = async (e: Event) => {
    const files = [...((e.target as HTMLInputElement).files ?? [])];
    chosen.value = files.length ? { names: files.map((f) => f.name), files: await Promise.all(files.map((f) => f.text())) } : null;
  };
  return (
    <Form action={t("analyse")} onSend={analyse}>
      <div class="field">
        <label for={id}>{t("scenario_files")}</label>
        <input id={id} type="file" multiple required accept=".yaml,.yml,.csv,.tsv,.xml,.json" onChange={take} />
      </div>
      <p role="status" class="quiet">{busy.value ? t("analysing") : ""}</p>
    </Form>
  );
}

function Plot(p: { a: Analysis; x: number; y: number }) {
  const { a, x, y } = p;
  const drawn = useMemo(() => {
    performance.mark("plot");
    const every = [...a.cloud, ...a.frontier.map((f) => f.u), a.disagreement, a.ideal];
    const range = (k: number): [number, number] => {
      let low = Infinity, high = -Infinity;
      for (const u of every) {
        const v = u[k] ?? 0;
        if (v < low) low = v;
        if (v > high) high = v;
      }
      return [low, high];
    };
    const sx = scale(...range(x), 52, 610), sy = scale(...range(y), 400, 16);
    const at = (u: number[]) => [sx(u[x] ?? 0), sy(u[y] ?? 0)] as [number, number];
    const edge = a.frontier.map((f) => at(f.u)).sort((p1, p2) => p1[0] - p2[0]);
    const steps = a.parties.length === 2
      ? edge.flatMap((e, i) => (i ? [[e[0], edge[i - 1]![1]] as [number, number], e] : [e])) : [];
    return { sx, sy, at, cloud: dots(a.cloud.map(at)), edge: dots(edge), steps: line(steps) };
  }, [a, x, y]);
  useLayoutEffect(() => {
    if (performance.getEntriesByName("plot", "mark").length) performance.measure("plotted", "plot");
  }, [drawn]);
  const none = drawn.at(a.disagreement);
  const shown = RULES.flatMap((r) => (a[r][0] ? [{ rule: r, at: drawn.at(a[r][0].u) }] : []))
    .sort((p1, p2) => p1.at[0] - p2.at[0]);
  // Labels that would lie on each other are set one below the other.
  const taken: [number, number][] = [];
  const free = (px: number, py: number) => {
    let q = py;
    while (taken.some(([ox, oy]) => Math.abs(ox - px) < 170 && Math.abs(oy - q) < 15)) q += 15;
    taken.push([px, q]);
    return q;
  };
  return (
    <div class="chart" role="img" aria-label={`${t("frontier")}. ${a.parties[x]}, ${a.parties[y]}`}>
      <svg viewBox="0 0 640 440" aria-hidden="true">
        <rect class="region" x={none[0]} y={16} width={Math.max(0, 610 - none[0])} height={Math.max(0, none[1] - 16)} />
        <Axes x={drawn.sx} y={drawn.sy} left={52} right={610} top={16} bottom={400} format={short} />
        <path class="cloud" d={drawn.cloud} />
        <path class="edge" d={drawn.steps} />
        <path class="edge-dots" d={drawn.edge} />
        <text class="soft" x={604} y={30} text-anchor="end">{t("better_for_all")}</text>
        <Glyph x={none[0]} y={none[1]} shape="square" class="none" />
        <text class="label" x={none[0] > 480 ? none[0] - 10 : none[0] + 10} y={free(none[0], none[1] + 16)} text-anchor={none[0] > 480 ? "end" : "start"}>{t("no_deal")}</text>
        {shown.map(({ rule, at: [px, py] }) => {
          const left = px > 400;
          return (
            <g key={rule}>
              <Glyph x={px} y={py} shape={SHAPES[rule]} class="pick" />
              <text class="label" x={left ? px - 12 : px + 12} y={free(px, py + 4)} text-anchor={left ? "end" : "start"}>{t(`sol_${rule}` as Key)}</text>
            </g>
          );
        })}
        <text x={331} y={434} text-anchor="middle">{t("worth_to", { party: a.parties[x] ?? "" })}</text>
        <text transform="translate(14 208) rotate(-90)" text-anchor="middle">{t("worth_to", { party: a.parties[y] ?? "" })}</text>
      </svg>
    </div>
  );
}

function Solutions(p: { a: Analysis }) {
  const a = p.a;
  const share = (w: Worth) => a.parties.map((name, k) => {
    const gain = (w.u[k] ?? 0) - (a.disagreement[k] ?? 0), most = (a.ideal[k] ?? 0) - (a.disagreement[k] ?? 0);
    return `${name} ${most > 0 ? Math.round((100 * gain) / most) : 0} %`;
  }).join(", ");
  return (
    <Card title={t("solutions")}>
      {RULES.map((r) => {
        const w = a[r][0];
        return w && (
          <div key={r}>
            <h3>{t(`sol_${r}` as Key)}</h3>
            <p dir="auto">{t(`why_${r}` as Key)} {t("sol_gives", { shares: share(w) })}</p>
            <p class="quiet" dir="auto">{t("sol_is")}: {said(w.package)}</p>
          </div>
        );
      })}
    </Card>
  );
}

export function Outlook() {
  const a = found.value;
  return (
    <>
      <Card title={t("outlook")} wide>
        <p class="quiet">{t("outlook_why")}</p>
        <Choose />
        {a && <button type="button" onClick={() => { found.value = chosen.value = null; }}>{t("forget")}</button>}
      </Card>
      {a && (
        <>
          <Card title={a.name || t("outlook")} wide>
            <p>{t("outlook_size", { parties: a.parties.length, issues: a.issues.length, packages: a.packages })} {a.exact ? t("outlook_exact") : t("outlook_not_exact")}</p>
            <p><Mark kind={a.zone.exists ? "good" : a.zone.exists === null ? "wait" : "bad"}>
              {a.zone.exists === null ? t("zone_unknown") : a.zone.exists ? t("zone_yes", { n: a.zone.count ?? a.zone.interval?.join("–") ?? "?" }) : t("zone_no")}
            </Mark></p>
            {a.notes.map((n) => <p key={n} class="quiet" dir="auto">{n}</p>)}
          </Card>
          <div class="columns wide-first">
            <Card title={t("frontier")}>
              {a.parties.length > 2 && (
                <div class="columns tight">
                  <Choice label={t("across")} value={String(across.value)} options={a.parties.map((n, i) => [String(i), n] as const)} onChoose={(v) => (across.value = Number(v))} />
                  <Choice label={t("upwards")} value={String(upwards.value)} options={a.parties.map((n, i) => [String(i), n] as const)} onChoose={(v) => (upwards.value = Number(v))} />
                </div>
              )}
              {a.parties.length > 1 && <Plot a={a} x={across.value} y={upwards.value} />}
              <details>
                <summary>{t("as_table")}</summary>
                <FrontierTable a={a} />
              </details>
              <button type="button" onClick={() => saveCsv("frontier.csv", [
                [...a.parties, t("is_solution"), ...a.issues],
                ...a.frontier.map((f) => [...f.u, is(a, f).map((r) => t(`sol_${r}` as Key)).join("; "), ...a.issues.map((i) => f.package[i] ?? "")]),
              ])}>{t("csv")}</button>
            </Card>
            <Solutions a={a} />
          </div>
        </>
      )}
    </>
  );
}

function FrontierTable(p: { a: Analysis }) {
  const a = p.a;
  return (
    <>
      {a.frontier.length > ROWS && <p class="quiet">{t("first_rows", { n: ROWS, all: a.frontier.length })}</p>}
      <Table caption={t("frontier")} head={["point", "sol_is", "is_solution"]}
        rows={a.frontier.slice(0, ROWS).map((f) => [
          <span dir="auto">{a.parties.map((n, k) => `${n} ${short(f.u[k] ?? 0)}`).join(", ")}</span>,
          <span dir="auto">{said(f.package)}</span>,
          is(a, f).map((r) => t(`sol_${r}` as Key)).join(", "),
        ])} />
    </>
  );
}

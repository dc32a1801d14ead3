// SPDX-License-Identifier: Apache-2.0
// Promises and deeds: what a side says beside what was verified; incidents. For a monitor or a consulted
// side: what it is asked, and nothing else.
import { signal } from "@preact/signals";
import type { Charter, Deed, Ledger, Task as Asked, Tension } from "./api";
import { Axes, line, scale } from "./chart";
import { Card, Choice, Field, Fold, Form, Loading, Mark, saveCsv, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, when, word } from "./words";

const finding = signal("done");
const verdict = signal("verified");
const carry = signal(false);
const findings = ["done", "partly", "not-done"];

function Found(p: { verb: "report" | "verify"; deed: string }) {
  const words = useDraft(`${p.verb} ${p.deed}`);
  return (
    <Form action={t(p.verb)} onSend={async () => {
      if (await file({ do: p.verb, deed: p.deed, finding: finding.value, words: words.value })) words.value = "";
    }}>
      <Choice label={t("finding")} value={finding.value} onChoose={(v) => (finding.value = v)}
        options={findings.map((f) => [f, word("finding", f)] as const)} />
      <Field label={t("words")} value={words} rows={2} />
    </Form>
  );
}

function Promise_(p: { deed: string }) {
  const what = useDraft(`what ${p.deed}`), how = useDraft(`how ${p.deed}`), by = useDraft(`by ${p.deed}`);
  return (
    <Form action={t("promise")} onSend={async () => {
      if (await file({ do: "promise", deed: p.deed, what: what.value, how: how.value, by: by.value })) {
        what.value = how.value = by.value = "";
      }
    }}>
      <Field label={t("what")} value={what} required />
      <Field label={t("how")} value={how} />
      <Field label={t("by_when")} value={by} required />
    </Form>
  );
}

function Assess(p: { incident: string }) {
  const words = useDraft(`assess ${p.incident}`), by = useDraft(`found ${p.incident}`);
  return (
    <Form action={t("assess")} onSend={async () => {
      if (await file({ do: "assess", incident: p.incident, verdict: verdict.value, by: by.value, words: words.value })) {
        words.value = by.value = "";
      }
    }}>
      <Choice label={t("verdict")} value={verdict.value} onChoose={(v) => (verdict.value = v)}
        options={["verified", "not-verified"].map((f) => [f, word("verdict", f)] as const)} />
      <Field label={t("by_whom")} value={by} />
      <Field label={t("words")} value={words} rows={2} />
    </Form>
  );
}

function NewIncident() {
  const words = useDraft("incident"), at = useDraft("incident when"), by = useDraft("incident by");
  return (
    <Form action={t("report_incident")} onSend={async () => {
      if (await file({ do: "incident", words: words.value, when: at.value, by: by.value })) {
        words.value = at.value = by.value = "";
      }
    }}>
      <Field label={t("words")} value={words} rows={2} required />
      <Field label={t("when")} value={at} required />
      <Field label={t("by_whom")} value={by} />
    </Form>
  );
}

function verified(d: Deed) {
  if (!d.verified) return <Mark kind="none">–</Mark>;
  return (
    <Mark kind={d.verified === "done" ? "good" : "wait"}>
      {word("finding", d.verified)}{d.late && `, ${t("late")}`}
    </Mark>
  );
}

function Advise(p: { act: string }) {
  const words = useDraft(`opinion ${p.act}`), by = useDraft(`undertake ${p.act}`), part = useDraft(`part ${p.act}`);
  return (
    <>
      <Form action={t("give_opinion")} onSend={async () => {
        if (await file({ do: "opinion", on: p.act, words: words.value, carry: carry.value ? "yes" : "" })) words.value = "";
      }}>
        <Field label={t("words")} value={words} rows={3} required />
        <label class="tick">
          <input type="checkbox" checked={carry.value} onChange={(e) => (carry.value = (e.target as HTMLInputElement).checked)} /> {t("may_carry")}
        </label>
      </Form>
      <Fold title={t("undertake")}>
        <Form action={t("undertake")} onSend={async () => {
          if (await file({ do: "undertake", on: p.act, words: part.value, by: by.value })) part.value = by.value = "";
        }}>
          <Field label={t("what")} value={part} rows={2} required />
          <Field label={t("by_when")} value={by} required />
        </Form>
      </Fold>
    </>
  );
}

/** Hours of quiet first, then the curve. */
function Quiet() {
  const d = useView<Tension>("/api/view/tension?days=30");
  if (!d) return null;
  const now = self.value?.now ?? 0;
  const most = Math.max(...d.curve.map((c) => c[1]));
  const x = scale(d.curve[0]?.[0] ?? 0, d.curve[d.curve.length - 1]?.[0] ?? 1, 40, 610);
  const px = (at: number) => 40 + ((at - (d.curve[0]?.[0] ?? 0)) / Math.max(1, (d.curve[d.curve.length - 1]?.[0] ?? 1) - (d.curve[0]?.[0] ?? 0))) * 570;
  const y = scale(0, Math.max(most, 1000) / 1000, 120, 12, 3);
  const day = (s: number) => when(s).split(",")[0] ?? "";
  return (
    <Card title={t("quiet")} wide>
      <p>{d.last_incident ? t("quiet_for", { n: Math.max(0, Math.floor((now - d.last_incident) / 3600)) }) : t("quiet_always")}</p>
      <p>{t("tension_now", { n: (d.tension_thousandths / 1000).toFixed(2) })}</p>
      {most > 0 && (
        <>
          <div class="chart" role="img" aria-label={t("tension_curve")}>
            <svg viewBox="0 0 640 150" aria-hidden="true">
              <Axes x={Object.assign(x, { ticks: [] })} y={y} left={40} right={610} top={12} bottom={120} />
              <path class="edge" d={line(d.curve.map(([at, v]) => [px(at), y(v / 1000)]))} />
              <text class="soft" x={40} y={140}>{day(d.curve[0]?.[0] ?? 0)}</text>
              <text class="soft" x={610} y={140} text-anchor="end">{day(now)}</text>
            </svg>
          </div>
          <details>
            <summary>{t("tension_curve")}</summary>
            <Table caption={t("tension_curve")} head={["at", "tension"]} rows={d.curve.map(([at, v]) => [when(at), (v / 1000).toFixed(2)])} />
          </details>
          <button type="button" onClick={() => saveCsv("tension.csv", [[t("at"), t("tension")], ...d.curve.map(([at, v]) => [when(at), v / 1000])])}>{t("csv")}</button>
        </>
      )}
    </Card>
  );
}

export function Deeds() {
  const d = useView<Ledger>("/api/view/ledger");
  const c = useView<Charter>("/api/view/charter");
  const me = self.value;
  if (!d || !c) return <Loading />;
  const may = !me?.read_only;
  const verifier = (id: string) => c.deeds.find((x) => x.id === id)?.verifier;
  return (
    <>
      <Card title={t("deeds")} wide>
        {d.deeds.length === 0 ? <p>{t("no_deeds")}</p> : (
          <Table caption={t("deeds")} head={["deed", "side", "says", "verified", "due"]}
            rows={d.deeds.map((x) => [
              x.id,
              <span dir="auto">{x.side}</span>,
              x.promised ? (x.says ? word("finding", x.says) : "–") : t("not_promised"),
              verified(x),
              x.promised ? <>{when(x.due)}{x.after && `, ${t("after")} ${x.after}`}{x.lapsed && <> · <Mark kind="bad">{t("lapsed")}</Mark></>}</> : "–",
            ])} />
        )}
        <button type="button" onClick={() => saveCsv("deeds.csv", [
          [t("deed"), t("side"), t("says"), t("verified"), t("due")],
          ...d.deeds.map((x) => [x.id, x.side, x.says, x.verified, x.promised ? when(x.due) : ""]),
        ])}>{t("csv")}</button>
        {may && d.deeds.map((x) => {
          const mine = x.side === me?.side;
          return (
            <div key={x.id} class="row">
              {mine && !x.promised && <Fold title={`${t("promise")}: ${x.id}`}><Promise_ deed={x.id} /></Fold>}
              {mine && x.promised && <Fold title={`${t("report")}: ${x.id}`}><Found verb="report" deed={x.id} /></Fold>}
              {!mine && x.promised && (verifier(x.id) === me?.side_id || !verifier(x.id)) && (
                <Fold title={`${t("verify")}: ${x.id}`}><Found verb="verify" deed={x.id} /></Fold>
              )}
              {x.promised && !x.lapsed && x.verified !== "done" && me?.now !== undefined && x.due < me.now && (
                <Form action={`${t("lapse")}: ${x.id}`} plain onSend={() => file({ do: "lapse", deed: x.id })}>{null}</Form>
              )}
            </div>
          );
        })}
      </Card>
      <Card title={t("incidents")} wide>
        {d.incidents.length === 0 ? <p>{t("no_incidents")}</p> : (
          <Table caption={t("incidents")} head={["at", "reported_by", "words", "verdict"]}
            rows={d.incidents.map((i) => [
              when(i.when),
              <span dir="auto">{i.reported_by}</span>,
              <span dir="auto">{i.text}</span>,
              i.verdict ? <Mark kind={i.verdict === "verified" ? "bad" : "good"}>{word("verdict", i.verdict)}</Mark>
                : <Mark kind="wait">{t("waits")}</Mark>,
            ])} />
        )}
        {may && <Fold title={t("report_incident")}><NewIncident /></Fold>}
      </Card>
      <Quiet />
    </>
  );
}

export function Task() {
  const tasks = useView<{ tasks: Asked[] }>("/api/view/moves")?.tasks;
  if (!tasks) return <Loading />;
  const open = tasks.filter((x) => !x.answered);
  const old = tasks.filter((x) => x.answered);
  const one = (x: Asked) => (
    <Card key={x.act} title={x.deed || (x.kind === "question" ? t("question") : t("incidents"))} wide>
      <p class="words" dir="auto">{x.what}</p>
      {x.how && <p dir="auto">{t("how")}: {x.how}</p>}
      {x.when > 0 && <p>{x.kind === "incident" ? t("at") : t("due")}: {when(x.when)}</p>}
      {x.says && <p>{t("says")}: {word("finding", x.says)}</p>}
      {!self.value?.read_only && (x.kind === "deed" ? <Found verb="verify" deed={x.deed} />
        : x.kind === "incident" ? <Assess incident={String(x.act)} />
        : x.kind === "question" ? <Advise act={String(x.act)} /> : null)}
    </Card>
  );
  return (
    <>
      {open.length === 0 ? <p>{t("no_task")}</p> : open.map(one)}
      {old.length > 0 && <Fold title={`${t("answered")} (${old.length})`}>{old.map(one)}</Fold>}
    </>
  );
}

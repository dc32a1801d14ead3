// SPDX-License-Identifier: Apache-2.0
// Where the table stands: phases and their gates, what needs you, what has changed.
import { signal } from "@preact/signals";
import type { Dates, Journey as Data, Phase } from "./api";
import { Card, Field, Fold, Form, Loading, Mark, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, when } from "./words";

/** "propose a package: entente propose ..." leads to the view where that is done. */
const places: Record<string, string> = {
  propose: "proposals", answer: "proposals", close: "proposals", ratify: "proposals", withdraw: "proposals",
  promise: "deeds", report: "deeds", verify: "deeds", lapse: "deeds", incident: "deeds", assess: "deeds",
  say: "rooms", meet: "rooms", position: "rooms", confirm: "rooms", statement: "rooms",
  draft: "text", bracket: "text", support: "text", object: "text", clean: "text", adopt: "text", silence: "text", text: "text",
  lever: "reserve", ask: "reserve", settled: "reserve", notice: "reserve", dispute: "deeds",
  mandate: "people", revoke: "people", seat: "people", consent: "record", publish: "record",
  memo: "memo", decide: "memo", decisions: "memo", debrief: "memo", carry: "memo",
};

function Move(p: { words: string }) {
  const [words, verb] = p.words.split(/: entente (\S+)/);
  const to = verb && places[verb];
  return <li dir="auto">{to ? <a href={`#/${to}`}>{words}</a> : words}</li>;
}

function Step(p: { phase: Phase; number: number }) {
  const title = useDraft(`park ${p.phase.id}`);
  const f = p.phase;
  return (
    <li class={f.gate_open ? "done" : f.open ? "now" : ""}>
      <span class="dot" aria-hidden="true">{f.gate_open ? "✓" : p.number}</span>
      <h3 dir="auto">{f.id}</h3>
      <p class="quiet" dir="auto">{f.standing}</p>
      {f.conditions.length > 0 && (
        <>
          <p>{f.gate_open ? t("gate_done") : t("gate")}</p>
          <ul class="plain">
            {f.conditions.map((c) => (
              <li key={c.words}>
                <Mark kind={c.holds ? "good" : "wait"}>
                  <span dir="auto">{c.words}</span> <span class="unseen">({c.holds ? t("holds") : t("missing")})</span>
                </Mark>
              </li>
            ))}
          </ul>
        </>
      )}
      {f.parked.length > 0 && <p>{t("parked")}: <span dir="auto">{f.parked.join(", ")}</span></p>}
      {!self.value?.read_only && f.open && !f.gate_open && f.conditions.length > 0 && (
        <Form action={t("open_gate")} plain onSend={() => file({ do: "gate", phase: f.id })}>{null}</Form>
      )}
      {!self.value?.read_only && !f.open && (
        <Fold title={t("park")}>
          <Form action={t("park")} onSend={async () => {
            if (await file({ do: "park", phase: f.id, title: title.value })) title.value = "";
          }}>
            <Field label={t("title")} value={title} required />
          </Form>
        </Fold>
      )}
    </li>
  );
}

const days = signal(7);

export function Journey() {
  const d = useView<Data>("/api/view/journey");
  const since = useView<{ words: string }>(d?.charter ? `/api/view/since?days=${days.value}` : null);
  const dates = useView<Dates>(d?.charter ? "/api/view/dates" : null)?.dates;
  if (!d) return <Loading />;
  return (
    <>
      {d.charter && !d.in_force && (
        <Card title={t("charter_waits")} wide>
          {self.value?.post === 0 && !self.value.read_only && (
            <Form action={t("sign_charter")} onSend={() => file({ do: "sign-charter" })}>{null}</Form>
          )}
        </Card>
      )}
      {d.phases && (
        <Card title={t("phases")} wide>
          <ol class="steps">
            {d.phases.map((f, i) => <Step key={f.id} phase={f} number={i + 1} />)}
          </ol>
          <p class="quiet">{t("receipt", { final: d.countersigned, acts: d.acts })}</p>
        </Card>
      )}
      <div class="columns">
        <Card title={t("needs_you")}>
          {d.needs_you?.length ? <ul class="plain tall">{d.needs_you.map((w) => <Move key={w} words={w} />)}</ul>
            : <p>{t("needs_nothing")}</p>}
          {!!d.you_may?.length && (
            <>
              <h3>{t("you_may")}</h3>
              <ul class="plain tall">{d.you_may.map((w) => <Move key={w} words={w} />)}</ul>
            </>
          )}
        </Card>
        <Card title={`${t("moved")}, ${t("in_days", { n: days.value })}`}>
          <div class="row">
            {[1, 3, 7, 30].map((n) => (
              <button key={n} type="button" aria-pressed={days.value === n} onClick={() => (days.value = n)}>{n}</button>
            ))}
          </div>
          {since ? <p class="words" dir="auto">{since.words.trim().replace(/\n\s+/g, "\n")}</p> : <Loading />}
        </Card>
        {dates && (
          <Card title={t("dates")}>
            {dates.length === 0 ? <p>{t("no_dates")}</p> : (
              <Table caption={t("dates")} head={["at", "what"]}
                rows={dates.map((x) => [
                  <>{when(x.when)}{x.passed && <> · <Mark kind="wait">{t("passed")}</Mark></>}</>,
                  <span dir="auto">{x.words}</span>,
                ])} />
            )}
          </Card>
        )}
        {!!d.statements?.length && (
          <Card title={t("statements")}>
            <p class="quiet">{t("inert")}</p>
            {d.statements.map((s, i) => (
              <blockquote key={i} class="quiet" dir="auto">{s.text}<footer>{s.side}</footer></blockquote>
            ))}
          </Card>
        )}
      </div>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// Who sits at the table, and who may do what.
import { signal } from "@preact/signals";
import type { Issue, Mandate, Seat } from "./api";
import { Card, Choice, Field, Fold, Form, Loading, Mark, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { Admit, Invite } from "./view_start";
import { t, when } from "./words";

const powers = ["speak", "propose", "accept-ad-referendum", "accept-binding", "disclose"];
const given = signal<Record<string, boolean>>({ speak: true, propose: true, "accept-ad-referendum": true });
const picked = signal<Record<string, boolean>>({});
const seat = signal("");

function Ticks(p: { legend: string; names: readonly string[]; at: typeof given }) {
  return (
    <fieldset>
      <legend>{p.legend}</legend>
      {p.names.map((n) => (
        <label key={n} class="tick">
          <input type="checkbox" checked={!!p.at.value[n]}
            onChange={(e) => (p.at.value = { ...p.at.value, [n]: (e.target as HTMLInputElement).checked })} /> {n}
        </label>
      ))}
    </fieldset>
  );
}

function Give(p: { seats: Seat[]; issues: Issue[] }) {
  const span = useDraft("mandate span");
  const list = (r: Record<string, boolean>) => Object.keys(r).filter((k) => r[k]).join(",");
  const names = p.seats.map((s) => [s.name || s.title, `${s.title} ${s.name}`] as const);
  return (
    <Form action={t("give_mandate")} onSend={() => file({
      do: "mandate", seat: seat.value || names[0]?.[0], powers: list(given.value), issues: list(picked.value),
      span: span.value,
    })}>
      <Choice label={t("seat")} value={seat.value} options={names} onChoose={(v) => (seat.value = v)} />
      <Ticks legend={t("powers")} names={powers} at={given} />
      <Ticks legend={t("issues")} names={p.issues.map((i) => i.id)} at={picked} />
      <p class="quiet">{t("all_issues")}</p>
      <Field label={t("span")} value={span} required />
    </Form>
  );
}

const groups = (hex: string) => (hex.slice(0, 20).match(/.{4}/g) ?? []).join(" ");

export function People() {
  const me = self.value;
  const seats = useView<{ seats: Seat[] }>("/api/view/seats")?.seats;
  const mandates = useView<{ mandates: Mandate[] }>(me?.charter ? "/api/view/mandates" : null)?.mandates;
  const issues = useView<{ issues: Issue[] }>(me?.charter ? "/api/view/issues" : null)?.issues;
  if (!seats) return <Loading />;
  const mine = seats.filter((s) => s.side === me?.side && s.post !== 0 && s.active);
  return (
    <>
      <Card title={t("seats")} wide>
        <Table caption={t("seats")} head={["side", "seat", "fingerprint"]}
          rows={seats.map((s) => [
            <span dir="auto">{s.side}</span>,
            <><span dir="auto">{s.title} {s.name}</span>{s.this && <> · <strong>{t("this_seat")}</strong></>}
              {!s.active && <> · <Mark kind="bad">{t("revoked")}</Mark></>}</>,
            <code>{groups(s.fingerprint)}</code>,
          ])} />
        {me?.charter && me.post === 0 && !me.read_only && (
          <div class="row">
            <Fold title={t("invite")}><Invite /></Fold>
            <Fold title={t("admit_who")}><Admit /></Fold>
          </div>
        )}
        <p><a href="#/sheet">{t("sheet")}</a></p>
      </Card>
      {mandates && (
        <Card title={t("mandates")} wide>
          {mandates.length === 0 ? <p>{t("no_mandates")}</p> : (
            <Table caption={t("mandates")} head={["seat", "powers", "issues", "until", "standing"]}
              rows={mandates.map((m) => [
                <span dir="auto">{m.side} · {m.seat}</span>,
                m.powers.join(", "),
                <span dir="auto">{m.issues.join(", ")}</span>,
                when(m.until),
                <>
                  <Mark kind={m.standing === "in force" ? "good" : "bad"}>{m.standing}</Mark>
                  {m.limits && <> · {t("private_limits")}</>}
                  {me?.post === 0 && m.side === me.side && m.standing === "in force" && !me.read_only && (
                    <Form action={t("revoke")} plain onSend={() => file({ do: "revoke", mandate: `M${m.number}` })}>{null}</Form>
                  )}
                </>,
              ])} />
          )}
          {me?.post === 0 && mine.length > 0 && issues && !me.read_only && (
            <Fold title={t("give_mandate")}><Give seats={mine} issues={issues} /></Fold>
          )}
        </Card>
      )}
    </>
  );
}

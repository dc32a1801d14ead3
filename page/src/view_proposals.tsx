// SPDX-License-Identifier: Apache-2.0
// Packages on the table: what is in them, who has answered what, what is still open.
import { signal } from "@preact/signals";
import type { Issue, Journey, Proposal } from "./api";
import { Card, Choice, Field, Fold, Form, Loading, Mark, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, word } from "./words";

const choices = signal<Record<string, string>>({});
const kind = signal("ad-referendum");

function New(p: { issues: Issue[] }) {
  const words = useDraft("propose");
  const meets = useDraft("meets");
  const send = async () => {
    const picked = Object.entries(choices.value).filter(([, v]) => v).map(([k, v]) => `${k}=${v}`);
    if (await file({ do: "propose", choices: picked, words: words.value, meets: meets.value })) {
      choices.value = {};
      words.value = meets.value = "";
    }
  };
  return (
    <Form action={t("propose")} onSend={send}>
      <div class="columns tight">
        {p.issues.map((i) => (
          <Choice key={i.id} label={i.id} value={choices.value[i.id] ?? ""}
            options={[["", t("left_open")], ...i.options.map((o, n) => [String(n + 1), o] as const)]}
            onChoose={(v) => (choices.value = { ...choices.value, [i.id]: v })} />
        ))}
      </div>
      <Field label={t("explain")} value={words} rows={2} />
      <Field label={`${t("meets")} (R1,R2)`} value={meets} />
    </Form>
  );
}

function Answer(p: { name: string }) {
  const words = useDraft(`answer ${p.name}`);
  const reserve = useDraft(`reserve ${p.name}`);
  const kinds = ["ad-referendum", "accept", "concept", "reject", "counter"];
  const send = async () => {
    const lines = reserve.value.split("\n").map((l) => l.trim()).filter(Boolean);
    if (await file({
      do: "answer", proposal: p.name, answer: kind.value, words: words.value,
      ...(kind.value === "concept" ? { reserve: lines } : {}),
    })) words.value = reserve.value = "";
  };
  return (
    <Form action={t("answer_it")} onSend={send}>
      <Choice label={t("answer_it")} value={kind.value} onChoose={(v) => (kind.value = v)}
        options={kinds.map((k) => [k, word("do", k)] as const)} />
      {kind.value === "concept" && (
        <>
          <p class="quiet">{t("concept_note")}</p>
          <Field label={t("reservations")} value={reserve} rows={3} required />
        </>
      )}
      <Field label={t("reason")} value={words} rows={2} required={kind.value === "reject"} />
    </Form>
  );
}

function One(p: { p: Proposal; over: boolean }) {
  const x = p.p;
  const name = `P${x.number}`;
  const me = self.value;
  const agreed = x.standing.startsWith("agreed");
  const stands = !p.over && !x.standing.includes("withdrawn");
  return (
    <Card title={`${name} · ${t("by")} ${x.by}`} wide>
      <p><Mark kind={agreed ? "good" : "wait"}><strong dir="auto">{x.standing}</strong></Mark></p>
      <div class="columns">
        <Table caption={name} head={["issue", "option"]}
          rows={Object.entries(x.package).map(([k, v]) => [k, <span dir="auto">{v}</span>])} />
        <Table caption={t("answers")} head={["side", "answers"]}
          rows={x.answers.map((a) => [
            <span dir="auto">{a.side}</span>,
            <>{a.answer ? word("answer", a.answer) : t("answer_none")}{a.ratified && <> · <Mark kind="good">{t("ratified")}</Mark></>}</>,
          ])} />
      </div>
      {x.open_points.length > 0 && (
        <>
          <h3>{t("open_points")}</h3>
          <ul class="plain tall">
            {x.open_points.map((o) => (
              <li key={o.label} dir="auto">
                <Mark kind={o.open ? "wait" : "good"}>
                  {o.label} · {o.owner}: {o.text} ({o.open ? t("open") : t("closed")})
                </Mark>
                {o.open && o.owner === me?.side && !me.read_only && (
                  <Form action={t("close_point")} plain onSend={() => file({ do: "close", label: o.label })}>{null}</Form>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {stands && !me?.read_only && (
        <div class="row">
          {me?.role === "party" && <Fold title={t("answer_it")}><Answer name={name} /></Fold>}
          {me?.role === "party" && me.post === 0 && (
            <Form action={t("ratify")} onSend={() => file({ do: "ratify", proposal: name })}>{null}</Form>
          )}
          <Form action={t("withdraw")} plain onSend={() => file({ do: "withdraw", proposal: name })}>{null}</Form>
        </div>
      )}
    </Card>
  );
}

export function Proposals() {
  const proposals = useView<{ proposals: Proposal[] }>("/api/view/proposals")?.proposals;
  const issues = useView<{ issues: Issue[] }>("/api/view/issues")?.issues;
  const phases = useView<Journey>("/api/view/journey")?.phases;
  if (!proposals || !issues || !phases) return <Loading />;
  const open = new Set(phases.filter((f) => f.open && !f.gate_open).map((f) => f.id));
  /** One package binds a phase: from then on its other proposals take no answer. */
  const over = new Set(proposals.filter((p) => p.standing === "agreed and ratified")
    .flatMap((p) => Object.keys(p.package)).map((id) => issues.find((i) => i.id === id)?.phase));
  const isOver = (p: Proposal) => Object.keys(p.package).some((id) => over.has(issues.find((i) => i.id === id)?.phase));
  const free = issues.filter((i) => open.has(i.phase) && !over.has(i.phase));
  return (
    <>
      {free.length > 0 && !self.value?.read_only && (
        <Card title={t("new_proposal")} wide>
          <Fold title={t("propose")}><New issues={free} /></Fold>
        </Card>
      )}
      {proposals.length === 0 && <p>{t("no_proposals")}</p>}
      {[...proposals].reverse().map((p) => <One key={p.number} p={p} over={isOver(p)} />)}
    </>
  );
}

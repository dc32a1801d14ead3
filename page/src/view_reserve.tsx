// SPDX-License-Identifier: Apache-2.0
// What is held in reserve, and who is asked: levers, consultations, what is settled within.
import { signal } from "@preact/signals";
import type { Charter, Consultations, Journey, Lever } from "./api";
import { Card, Choice, Field, Fold, Form, Loading, Mark, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, when, word } from "./words";

const move = signal("hold");
const whom = signal("");
const about = signal("");

function Move(p: { lever: string }) {
  const review = useDraft(`review ${p.lever}`), why = useDraft(`why ${p.lever}`);
  return (
    <Form action={t("move_lever")} onSend={async () => {
      if (await file({ do: "lever", lever: p.lever, move: move.value, review: review.value, why: why.value })) {
        review.value = why.value = "";
      }
    }}>
      <Choice label={t("move")} value={move.value} onChoose={(v) => (move.value = v)}
        options={["hold", "ready", "apply", "release"].map((m) => [m, word("move", m)] as const)} />
      <Field label={t("review_by")} value={review} required={move.value === "hold"} />
      <Field label={t("why")} value={why} />
    </Form>
  );
}

function Ask(p: { sides: readonly (readonly [string, string])[]; phases: string[] }) {
  const words = useDraft("ask");
  return (
    <Form action={t("ask")} onSend={async () => {
      const body = { do: "ask", side: whom.value || p.sides[0]?.[0], words: words.value };
      if (await file({ ...body, phase: about.value })) words.value = "";
    }}>
      <Choice label={t("whom")} value={whom.value} options={p.sides} onChoose={(v) => (whom.value = v)} />
      <Choice label={t("about")} value={about.value} onChoose={(v) => (about.value = v)}
        options={[["", "–"], ...p.phases.map((f) => [f, f] as const)]} />
      <Field label={t("question")} value={words} rows={3} required />
    </Form>
  );
}

export function Reserve() {
  const me = self.value;
  const levers = useView<{ levers: Lever[] }>("/api/view/levers")?.levers;
  const c = useView<Consultations>("/api/view/consultations");
  const charter = useView<Charter>("/api/view/charter");
  const phases = useView<Journey>("/api/view/journey")?.phases;
  if (!levers || !c || !charter || !phases) return <Loading />;
  const may = !me?.read_only;
  const consulted = charter.sides.filter((s) => s.role === "consulted").map((s) => [s.id, s.name] as const);
  const open = phases.filter((f) => f.open && !f.gate_open);
  const subject = (x: { phase: string; deed: string; lever: string }) => x.phase || x.deed || x.lever || "–";
  return (
    <>
      <Card title={t("levers")} wide>
        {levers.length === 0 ? <p>{t("no_levers")}</p> : (
          <Table caption={t("levers")} head={["lever", "holder", "touches", "state", "review"]}
            rows={levers.map((l) => [
              l.id,
              <span dir="auto">{l.holder}</span>,
              <span dir="auto">{l.touches || "–"}</span>,
              <>{l.move} · <Mark kind={l.standing === "due" ? "bad" : "wait"}>{l.standing}</Mark>{l.why && <p class="quiet" dir="auto">{l.why}</p>}</>,
              l.review ? when(l.review) : "–",
            ])} />
        )}
        {may && levers.filter((l) => l.holder === me?.side).map((l) => (
          <Fold key={l.id} title={`${t("move_lever")}: ${l.id}`}><Move lever={l.id} /></Fold>
        ))}
      </Card>
      <Card title={t("consultations")} wide>
        {c.questions.length === 0 ? <p>{t("no_questions")}</p> : (
          <Table caption={t("consultations")} head={["side", "about", "question", "opinion", "state"]}
            rows={c.questions.map((q) => [
              <span dir="auto">{q.side}</span>, subject(q), <span dir="auto">{q.text || "–"}</span>,
              <span dir="auto">{q.opinion || "–"}</span>, q.standing,
            ])} />
        )}
        {c.undertakings.length > 0 && (
          <>
            <h3>{t("undertakings")}</h3>
            <Table caption={t("undertakings")} head={["side", "about", "what", "due"]}
              rows={c.undertakings.map((u) => [<span dir="auto">{u.side}</span>, subject(u), <span dir="auto">{u.text}</span>, when(u.when)])} />
          </>
        )}
        {c.settled.length > 0 && (
          <p><Mark kind="good">{t("settled")}: <span dir="auto">{c.settled.map((s) => `${s.side} (${s.phase})`).join(", ")}</span></Mark></p>
        )}
        {may && me?.role === "mediation" && consulted.length > 0 && (
          <Fold title={t("ask_side")}><Ask sides={consulted} phases={phases.map((f) => f.id)} /></Fold>
        )}
        {may && me?.role === "party" && open.map((f) => (
          <Form key={f.id} action={`${t("say_settled")}: ${f.id}`} plain onSend={() => file({ do: "settled", phase: f.id })}>{null}</Form>
        ))}
      </Card>
    </>
  );
}

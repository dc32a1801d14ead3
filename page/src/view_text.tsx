// SPDX-License-Identifier: Apache-2.0
// The negotiating text of a phase: articles, brackets with their supporters, what changed.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Bracket, Journey, Piece, Redline, Text as Data } from "./api";
import { Card, Choice, Field, Fold, Form, Loading, Mark } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t } from "./words";

const chosen = signal("");
const keep = signal(true);

const names = (list: string[]) => (list.length ? list.join(", ") : t("nobody_yet"));

function Stand(p: { supported: string[]; objected: string[] }) {
  return (
    <p class="quiet" dir="auto">
      {t("supported_by")}: {names(p.supported)}
      {p.objected.length > 0 && <> · <Mark kind="bad">{t("objected_to_by")}: {p.objected.join(", ")}</Mark></>}
    </p>
  );
}

/** Support or object to something, an objection with its reason. */
function Say(p: { about?: string; article?: string; phase: string }) {
  const reason = useDraft(`object ${p.about ?? p.article ?? ""}`);
  const body = { about: p.about ?? "", articles: p.article ? [p.article] : [], phase: p.phase };
  return (
    <div class="row">
      <Form action={t("support")} plain onSend={() => file({ do: "support", ...body })}>{null}</Form>
      <Fold title={t("object")}>
        <Form action={t("object")} onSend={async () => {
          if (await file({ do: "object", ...body, reason: reason.value })) reason.value = "";
        }}>
          <Field label={t("reason")} value={reason} required />
        </Form>
      </Fold>
    </div>
  );
}

function NewBracket(p: { article: string; phase: string }) {
  const words = useDraft(`bracket ${p.article}`), quote = useDraft(`quote ${p.article}`), reason = useDraft(`why ${p.article}`);
  return (
    <Form action={t("put_bracket")} onSend={async () => {
      if (await file({ do: "bracket", article: p.article, phase: p.phase, words: words.value, quote: quote.value, reason: reason.value })) {
        words.value = quote.value = reason.value = "";
      }
    }}>
      <Field label={t("instead_of")} value={quote} />
      <Field label={t("words")} value={words} rows={3} required />
      <Field label={t("reason")} value={reason} />
    </Form>
  );
}

function One(p: { b: Bracket; phase: string; may: boolean }) {
  const name = `B${p.b.number}`;
  return (
    <div class="bracket">
      <p dir="auto"><strong>[{name} · {p.b.by}</strong> {p.b.words}<strong>]</strong></p>
      {p.b.reason && <p class="quiet" dir="auto">{p.b.reason}</p>}
      <Stand supported={p.b.supported_by} objected={p.b.objected_to_by} />
      {p.may && (
        <>
          <Say about={name} phase={p.phase} />
          {self.value?.pen && <div class="row">
            <Form action={t("clean")} plain onSend={() => file({ do: "clean", about: name, phase: p.phase })}>{null}</Form>
            <Form action={t("drop")} plain onSend={() => file({ do: "clean", about: name, drop: "yes", phase: p.phase })}>{null}</Form>
          </div>}
        </>
      )}
    </div>
  );
}

/** Words that went and words that came: struck through and underlined, and between marks. */
function pieces(list: Piece[]) {
  return list.map((x, i) =>
    x.kind === "gone" ? <del key={i}>[{x.words}]</del> : x.kind === "new" ? <ins key={i}>{`{${x.words}}`}</ins> : <span key={i}>{x.words}</span>);
}

function Changes(p: { phase: string; version: number }) {
  const d = useView<Redline>(`/api/view/redline?phase=${p.phase}&from=${p.version - 1}&to=${p.version}`);
  if (!d) return <Loading />;
  return (
    <>
      <p class="quiet">{t("text_drawn")}</p>
      {d.articles.filter((a) => a.change !== "same").map((a) => (
        <div key={a.id}>
          <h3 dir="auto">{pieces(a.title)}</h3>
          <p class="words" dir="auto">{pieces(a.text)}</p>
        </div>
      ))}
    </>
  );
}

function Draft(p: { phase: string; first: boolean }) {
  const markdown = useDraft(`draft ${p.phase}`), words = useDraft(`draft words ${p.phase}`);
  return (
    <Form action={t("draft")} onSend={async () => {
      const body = { do: "draft", phase: p.phase, markdown: markdown.value, words: words.value };
      if (await file({ ...body, keep: keep.value && !p.first ? "yes" : "" })) markdown.value = words.value = "";
    }}>
      <p class="quiet">{t("draft_hint")}</p>
      <Field label={t("text")} value={markdown} rows={8} required />
      <Field label={t("explain")} value={words} />
      {!p.first && (
        <label class="tick">
          <input type="checkbox" checked={keep.value} onChange={(e) => (keep.value = (e.target as HTMLInputElement).checked)} /> {t("keep_others")}
        </label>
      )}
    </Form>
  );
}

export function Text() {
  const phases = useView<Journey>("/api/view/journey")?.phases?.filter((f) => f.open);
  const phase = phases?.some((f) => f.id === chosen.value) ? chosen.value : (phases?.[phases.length - 1]?.id ?? "");
  const [absent, setAbsent] = useState("");
  const d = useView<Data>(phase ? `/api/view/text?phase=${phase}` : null, setAbsent);
  if (!phases) return <Loading />;
  const may = !self.value?.read_only;
  const pick = phases.length > 1 && (
    <Choice label={t("phase")} value={phase} options={phases.map((f) => [f.id, f.id] as const)} onChoose={(v) => (chosen.value = v)} />
  );
  if (!d) {
    return (
      <Card title={t("text")} wide>
        {pick}
        {!phase || absent ? <p>{t("no_text")}</p> : <Loading />}
        {phase && may && self.value?.pen && <Fold title={t("draft")}><Draft phase={phase} first /></Fold>}
      </Card>
    );
  }
  return (
    <>
      <Card title={`${t("text")}: ${d.phase} · ${t("version")} ${d.version}`} wide>
        {pick}
        <p>
          <Mark kind={d.adopted ? "good" : "wait"}>{d.adopted ? t("adopted") : t("not_adopted")}</Mark>
          {" · "}{t("by")} <span dir="auto">{d.by}</span> · {t("brackets_open", { n: d.brackets.length })}
        </p>
        <p class="quiet" dir="auto">{t("adopted_by")}: {names(d.adopted_by)}</p>
        {d.silence.stage !== "none" && <p class="quiet">{t("silence")}: {d.silence.stage}</p>}
        {d.articles.map((a) => (
          <article key={a.id}>
            <h3 dir="auto">{a.title}</h3>
            <p class="words" dir="auto">{a.text}</p>
            <Stand supported={a.supported_by} objected={a.objected_to_by} />
            {d.brackets.filter((b) => b.article === a.id && !b.new_article).map((b) => <One key={b.number} b={b} phase={d.phase} may={may} />)}
            {may && !d.adopted && (
              <>
                <Say article={a.id} phase={d.phase} />
                <Fold title={`${t("put_bracket")}: ${a.title}`}><NewBracket article={a.id} phase={d.phase} /></Fold>
              </>
            )}
          </article>
        ))}
        {d.brackets.filter((b) => b.new_article).map((b) => <One key={b.number} b={b} phase={d.phase} may={may} />)}
        {may && !d.adopted && (
          <Form action={t("adopt")} onSend={() => file({ do: "adopt", version: String(d.version), phase: d.phase })}>{null}</Form>
        )}
      </Card>
      {d.version > 1 && <Card title={t("changes")} wide><Changes phase={d.phase} version={d.version} /></Card>}
      {may && !d.adopted && self.value?.pen && <Card title={t("draft")} wide><Fold title={t("draft")}><Draft phase={d.phase} first={false} /></Fold></Card>}
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// At home: the memo that fits a page, what the principal decided on it, debriefs, and what may be carried.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Act, Carried, Carry, Charter, Decision, Memo as Data, Room } from "./api";
import { Card, Choice, Field, Fold, Form, Loading, Mark, Table } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, word, type Key } from "./words";

const ways = ["accept", "counter", "wait", "consult", "lever", "leave"];
const orders = ["accept", "counter", "wait", "consult", "hold", "ready", "apply", "release", "leave"];
const sures = ["sure", "likely", "open"];
const heards = ["heard", "read", "guess"];
const chosen = signal("");

/** Rows that are added one by one; they survive a reload, as words do. */
function useRows<T>(name: string, first: T[]): [T[], (rows: T[]) => void] {
  const kept = useDraft(name);
  let rows = first;
  try {
    if (kept.value) rows = JSON.parse(kept.value) as T[];
  } catch {
    rows = first; // a draft of another version
  }
  return [rows, (r) => (kept.value = r === first ? "" : JSON.stringify(r))];
}

const Words = (p: { label: string; value: string; onWords: (v: string) => void; rows?: number; required?: boolean }) => {
  const change = (e: Event) => p.onWords((e.target as HTMLInputElement).value);
  return (
    <div class="field">
      <label>{p.label}
        {p.rows ? <textarea rows={p.rows} value={p.value} onInput={change} required={!!p.required} dir="auto" />
          : <input value={p.value} onInput={change} required={!!p.required} dir="auto" autocomplete="off" />}
      </label>
    </div>
  );
};

// ---- the page ----

function Decided(p: { d: Decision }) {
  const d = p.d;
  return (
    <div class="decided">
      <p><strong>{d.decision}</strong> · {d.when} · {t("act")} {d.act}</p>
      <p class="words" dir="auto">{d.text}</p>
      {d.orders.length > 0 && <ul>{d.orders.map((o, i) => <li key={i} dir="auto">{word("order", o.order)} {o.subject}</li>)}</ul>}
      {d.review && <p>{t("review")}: {d.review}{d.review_due && <> · <Mark kind="wait">{t("now_due")}</Mark></>}</p>}
    </div>
  );
}

function Page(p: { m: Data }) {
  const m = p.m;
  return (
    <div class="page">
      <p class="quiet" dir="auto">{t("act")} {m.act} · {m.when} · {m.author} → {m.to}</p>
      <h3>{t("situation")}</h3>
      <p class="words" dir="auto">{m.situation}</p>
      <Table caption={t("options")} head={["option", "leads_to", "how_sure"]}
        rows={m.options.map((o, i) => [
          <span dir="auto">{i + 1}. {word("way", o.option.toLowerCase())} {o.subject}{o.recommended && <> · <Mark kind="good">{t("recommended")}</Mark></>}</span>,
          <span dir="auto">{o.leads_to}</span>,
          word("sure", o.how_sure),
        ])} />
      {m.because && <p dir="auto">{t("because")}: {m.because}</p>}
      <h3>{t("decided")}</h3>
      {m.decided.length === 0 ? <p>{t("not_decided")}</p> : m.decided.map((d) => <Decided key={d.decision} d={d} />)}
      <p class="signature" aria-hidden="true">{t("signature")}</p>
    </div>
  );
}

function Decide(p: { memo: number | null }) {
  const words = useDraft("decide"), review = useDraft("decide review");
  const [rows, setRows] = useRows<{ order: string; subject: string }>("decide orders", []);
  return (
    <Form action={t("decide")} onSend={async () => {
      if (await file({ do: "decide", words: words.value, review: review.value, memo: p.memo === null ? "none" : String(p.memo),
        orders: rows.map((r) => `${r.order} ${r.subject}`.trim()) })) {
        words.value = review.value = "";
        setRows([]);
      }
    }}>
      <p class="quiet">{t("decide_why")}</p>
      <Field label={t("words")} value={words} rows={3} required />
      {rows.map((r, i) => (
        <div key={i} class="columns tight">
          <Choice label={`${t("order")} ${i + 1}`} value={r.order} options={orders.map((o) => [o, word("order", o)] as const)}
            onChoose={(v) => setRows(rows.map((x, k) => (k === i ? { ...x, order: v } : x)))} />
          <Words label={t("subject")} value={r.subject} onWords={(v) => setRows(rows.map((x, k) => (k === i ? { ...x, subject: v } : x)))} />
        </div>
      ))}
      <div class="row">
        <button type="button" onClick={() => setRows([...rows, { order: "wait", subject: "" }])}>{t("add_order")}</button>
        {rows.length > 0 && <button type="button" onClick={() => setRows(rows.slice(0, -1))}>{t("take_back")}</button>}
      </div>
      <Field label={t("review_by")} value={review} />
    </Form>
  );
}

function Write() {
  type Row = { way: string; subject: string; leads: string; sure: string };
  const none: Row = { way: "wait", subject: "", leads: "", sure: "open" };
  const situation = useDraft("memo"), because = useDraft("memo because"), recommend = useDraft("memo recommend");
  const [rows, setRows] = useRows<Row>("memo options", [none]);
  const set = (i: number, more: Partial<Row>) => setRows(rows.map((x, k) => (k === i ? { ...x, ...more } : x)));
  return (
    <Form action={t("file_memo")} onSend={async () => {
      if (await file({ do: "memo", situation: situation.value, because: because.value, recommend: recommend.value,
        options: rows.map((r) => `${`${r.way} ${r.subject}`.trim()} | ${r.leads} | ${r.sure}`) })) {
        situation.value = because.value = recommend.value = "";
        setRows([none]);
      }
    }}>
      <Field label={t("situation_asked")} value={situation} rows={4} required />
      {rows.map((r, i) => (
        <fieldset key={i}>
          <legend>{t("option")} {i + 1}</legend>
          <div class="columns tight">
            <Choice label={t("way")} value={r.way} options={ways.map((w) => [w, word("way", w)] as const)} onChoose={(v) => set(i, { way: v })} />
            <Words label={t("subject")} value={r.subject} onWords={(v) => set(i, { subject: v })} />
            <Choice label={t("how_sure")} value={r.sure} options={sures.map((w) => [w, word("sure", w)] as const)} onChoose={(v) => set(i, { sure: v })} />
          </div>
          <Words label={t("leads_to")} value={r.leads} rows={2} required onWords={(v) => set(i, { leads: v })} />
        </fieldset>
      ))}
      <div class="row">
        <button type="button" onClick={() => setRows([...rows, none])}>{t("add_option")}</button>
        {rows.length > 1 && <button type="button" onClick={() => setRows(rows.slice(0, -1))}>{t("take_back")}</button>}
      </div>
      <Choice label={t("recommend")} value={recommend.value} onChoose={(v) => (recommend.value = v)}
        options={[["", t("none")], ...rows.map((_, i) => [String(i + 1), `${t("option")} ${i + 1}`] as const)]} />
      {recommend.value && <Field label={t("because")} value={because} />}
    </Form>
  );
}

function Debrief() {
  type Row = { how: string; words: string };
  const [rows, setRows] = useRows<Row>("debrief", [{ how: "heard", words: "" }]);
  const set = (i: number, more: Partial<Row>) => setRows(rows.map((x, k) => (k === i ? { ...x, ...more } : x)));
  return (
    <Form action={t("file_debrief")} onSend={async () => {
      if (await file({ do: "debrief", lines: rows.map((r) => `${r.how}: ${r.words}`) })) setRows([{ how: "heard", words: "" }]);
    }}>
      <p class="quiet">{t("debrief_why")}</p>
      {rows.map((r, i) => (
        <div key={i} class="columns tight">
          <Choice label={t("know_it")} value={r.how} options={heards.map((h) => [h, word("know", h)] as const)} onChoose={(v) => set(i, { how: v })} />
          <Words label={t("words")} value={r.words} required onWords={(v) => set(i, { words: v })} />
        </div>
      ))}
      <div class="row">
        <button type="button" onClick={() => setRows([...rows, { how: "heard", words: "" }])}>{t("add_line")}</button>
        {rows.length > 1 && <button type="button" onClick={() => setRows(rows.slice(0, -1))}>{t("take_back")}</button>}
      </div>
    </Form>
  );
}

// ---- what may be carried ----

function CarrySheet() {
  const [to, setTo] = useState("");
  const sides = useView<Charter>("/api/view/charter")?.sides.filter((s) => s.role === "party") ?? [];
  const d = useView<Carry>(`/api/view/carry?to=${encodeURIComponent(to)}`);
  const part = (title: Key, list: Carried[]) => (
    <>
      <h3>{t(title)}</h3>
      {list.length === 0 ? <p>{t("nothing")}</p> : (
        <ul class="plain tall">
          {list.map((c, i) => (
            <li key={i} dir="auto">{c.text} <span class="quiet">{[c.side, c.issue, c.level ?? c.how, `${t("act")} ${c.act}`].filter(Boolean).join(" · ")}</span></li>
          ))}
        </ul>
      )}
    </>
  );
  return (
    <>
      <Choice label={t("carry_to")} value={to} options={[["", t("everybody")], ...sides.map((s) => [s.id, s.name] as const)]} onChoose={setTo} />
      {d && <>{part("carry_tell", d.tell)}{part("carry_hint", d.hint)}{part("carry_keep", d.keep)}</>}
    </>
  );
}

export function Memo() {
  const home = `home/${self.value?.side_id ?? ""}`;
  const sits = useView<{ rooms: Room[] }>("/api/view/rooms")?.rooms.some((r) => r.name === home);
  const acts = useView<{ acts: Act[] }>(sits ? `/api/view/room?name=${encodeURIComponent(home)}&last=2000` : null)?.acts;
  const memos = acts?.filter((a) => a.kind === "memo") ?? [];
  const at = memos.some((a) => String(a.act) === chosen.value) ? chosen.value : String(memos[memos.length - 1]?.act ?? "");
  const m = useView<Data>(at ? `/api/view/memo?act=${at}` : null);
  const decisions = useView<{ decisions: Decision[] }>("/api/view/decisions")?.decisions;
  const may = !self.value?.read_only;
  if (!acts || !decisions) return <Loading />;
  const others = decisions.filter((d) => !m?.decided.some((x) => x.decision === d.decision));
  return (
    <>
      <Card title={t("memo")} wide>
        <p class="quiet">{t("memo_why")}</p>
        {memos.length > 1 && (
          <Choice label={t("which_memo")} value={at} onChoose={(v) => (chosen.value = v)}
            options={[...memos].reverse().map((a) => [String(a.act), `${t("act")} ${a.act}`] as const)} />
        )}
        {!at ? <p>{t("no_memo")}</p> : m ? <Page m={m} /> : <Loading />}
        {m && <button type="button" onClick={() => print()}>{t("print")}</button>}
        {may && self.value?.post === 0 && <Fold title={t("decide")}><Decide memo={at ? Number(at) : null} /></Fold>}
        {may && <Fold title={t("write_memo")}><Write /></Fold>}
        {may && <Fold title={t("debrief")}><Debrief /></Fold>}
      </Card>
      {others.length > 0 && <Card title={t("decisions")} wide>{others.map((d) => <Decided key={d.decision} d={d} />)}</Card>}
      <Card title={t("carry_sheet")} wide><CarrySheet /></Card>
    </>
  );
}

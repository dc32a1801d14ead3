// SPDX-License-Identifier: Apache-2.0
// Small parts that every view is made of. Native elements throughout: they bring keyboard and names.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { asking, done, failure, gone } from "./store";
import { t, type Key } from "./words";

export function Card(p: { title: string; children: ComponentChildren; wide?: boolean }) {
  const id = useId();
  return (
    <section class={p.wide ? "card wide" : "card"} aria-labelledby={id}>
      <h2 id={id}>{p.title}</h2>
      {p.children}
    </section>
  );
}

export const Loading = () => <p class="quiet">{t("loading")}</p>;

/** A field with its label. With several rows it is a text area. */
export function Field(p: {
  label: string;
  value: Signal<string>;
  rows?: number;
  type?: string;
  required?: boolean;
}) {
  const id = useId();
  const change = (e: Event) => (p.value.value = (e.target as HTMLInputElement).value);
  return (
    <div class="field">
      <label for={id}>{p.label}</label>
      {p.rows ? (
        <textarea id={id} rows={p.rows} value={p.value.value} onInput={change} required={!!p.required} dir="auto" />
      ) : (
        <input id={id} type={p.type?.replace("new-", "") ?? "text"} value={p.value.value} onInput={change} required={!!p.required}
          dir="auto" autocomplete={p.type === "password" ? "current-password" : p.type === "new-password" ? p.type : "off"} />
      )}
    </div>
  );
}

export function Choice(p: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (v: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{p.label}</label>
      <select id={id} value={p.value} onChange={(e) => p.onChoose((e.target as HTMLSelectElement).value)}>
        {p.options.map(([value, words]) => (
          <option key={value} value={value}>{words}</option>
        ))}
      </select>
    </div>
  );
}

/** A form that files something: its button waits until that is done. */
export function Form(p: { action: string; onSend: () => Promise<unknown>; children: ComponentChildren; plain?: boolean }) {
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await p.onSend();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send}>
      {p.children}
      <button type="submit" class={p.plain ? "" : "main"} aria-busy={busy}>{p.action}</button>
    </form>
  );
}

/** Something that is folded away until it is wanted. */
export function Fold(p: { title: string; children: ComponentChildren }) {
  return (
    <details>
      <summary>{p.title}</summary>
      <div class="folded">{p.children}</div>
    </details>
  );
}

/** What an act will mean, in full, before it is signed. */
export function Confirm() {
  const box = useRef<HTMLDialogElement>(null);
  const now = asking.value;
  useEffect(() => {
    if (now) box.current?.showModal();
    else box.current?.close();
  }, [now]);
  return (
    <dialog ref={box} aria-labelledby="confirm-title" onCancel={(e) => { e.preventDefault(); now?.answer(false); }}>
      <h2 id="confirm-title">{now?.warning ? t("warning") : t("binds")}</h2>
      <pre class="shown" tabIndex={0}>{now?.shown}</pre>
      <div class="row end">
        <button type="button" onClick={() => now?.answer(false)}>{t("not_yet")}</button>
        <button type="button" class="main" onClick={() => now?.answer(true)}>{now?.warning ? t("anyway") : t("do_it")}</button>
      </div>
    </dialog>
  );
}

/** What went wrong, or what was done: said where everybody sees and hears it. */
export function Notices() {
  const f = failure.value;
  return (
    <>
      <div role="alert">
        {gone.value && (
          <div class="notice bad">
            <p><strong>{t("gone")}</strong></p>
            <p>{t("gone_mend")}</p>
          </div>
        )}
        {f && (
          <div class="notice bad">
            <p><strong dir="auto">{sentence(f.what)}</strong></p>
            {f.where && <p dir="auto">{t("where")}: {f.where}</p>}
            {f.mend && <p dir="auto">{t("mend")}: {f.mend}</p>}
            <button type="button" onClick={() => (failure.value = null)}>{t("dismiss")}</button>
          </div>
        )}
      </div>
      <div role="status">
        {done.value && (
          <div class="notice good">
            <p>{done.value}</p>
            <button type="button" onClick={() => (done.value = "")}>{t("dismiss")}</button>
          </div>
        )}
      </div>
    </>
  );
}

export const sentence = (s: string) =>
  s && s.charAt(0).toUpperCase() + s.slice(1) + (/[.!?]$/.test(s) ? "" : ".");

/** A table with a caption for those who hear it, that scrolls by itself where it is too wide. */
export function Table(p: { caption: string; head: readonly Key[]; rows: readonly (readonly ComponentChildren[])[] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={p.caption}>
      <table>
        <caption class="unseen">{p.caption}</caption>
        <thead>
          <tr>{p.head.map((h) => <th key={h} scope="col">{t(h)}</th>)}</tr>
        </thead>
        <tbody>
          {p.rows.map((r, i) => (
            <tr key={i}>
              {r.map((c, k) => (k === 0 ? <th key={k} scope="row">{c}</th> : <td key={k}>{c}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Standing in words and a mark, never in colour alone. */
export function Mark(p: { kind: "good" | "wait" | "bad" | "none"; children: ComponentChildren }) {
  const sign = { good: "✓", wait: "○", bad: "✕", none: "–" }[p.kind];
  return (
    <span class={`mark ${p.kind}`}>
      <span aria-hidden="true">{sign}</span> {p.children}
    </span>
  );
}

/** Gives the browser a file to keep. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  URL.revokeObjectURL(url);
}

/** Rows as a file for a spreadsheet. Cells that a spreadsheet would take for a formula are quoted as text. */
export function saveCsv(name: string, rows: readonly (readonly (string | number)[])[]): void {
  const cell = (v: string | number) => {
    const s = String(v).replace(/^[=+\-@\t\r]/, "'$&");
    return /[",\n]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s;
  };
  saveFile(name, rows.map((r) => r.map(cell).join(",")).join("\r\n") + "\r\n", "text/csv");
}

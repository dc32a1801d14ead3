// SPDX-License-Identifier: Apache-2.0
// The record: every act in its order, between which hours, countersigned or not.
import { signal } from "@preact/signals";
import type { LogLine } from "./api";
import { Card, Loading, Mark, saveCsv, Table } from "./parts";
import { self, useView } from "./store";
import { t, when } from "./words";

const page = 100;
const from = signal<number | null>(null);

const hours = (l: LogLine) =>
  [l.not_before, l.not_after].map((s) => (s === null ? "?" : when(s))).join(" – ");

export function Record() {
  const size = useView<{ size: number; countersigned: number }>("/api/view/record?count=0");
  const start = size ? (from.value ?? Math.max(0, size.size - page)) : 0;
  const d = useView<{ acts: LogLine[] }>(size ? `/api/view/record?from=${start}&count=${page}` : null);
  if (!size || !d) return <Loading />;
  const lines = [...d.acts].reverse();
  return (
    <Card title={t("record")} wide>
      <p>{t("record_intro")}</p>
      <p>{t("receipt", { final: size.countersigned, acts: size.size })}</p>
      {self.value?.id && <p class="quiet">{t("table_number")}: <code class="long">{self.value.id}</code></p>}
      <div class="row">
        <button type="button" disabled={start === 0} onClick={() => (from.value = Math.max(0, start - page))}>{t("older")}</button>
        <button type="button" disabled={start + page >= size.size}
          onClick={() => (from.value = start + 2 * page >= size.size ? null : start + page)}>{t("newer")}</button>
        <button type="button" onClick={() => saveCsv("record.csv", [
          [t("act"), t("side"), t("kind"), t("words"), t("between")],
          ...lines.map((l) => [l.index, l.name, l.kind, l.says, hours(l)]),
        ])}>{t("csv")}</button>
      </div>
      <Table caption={t("record")} head={["act", "side", "kind", "words", "between", "standing"]}
        rows={lines.map((l) => [
          l.index,
          <span dir="auto">{l.name}</span>,
          l.readable ? l.kind : t("sealed"),
          <span class="words" dir="auto">{l.says}</span>,
          hours(l),
          <>{l.final ? <Mark kind="good">{t("countersigned")}</Mark> : <Mark kind="wait">{t("not_countersigned")}</Mark>}
            {l.void && <> · <Mark kind="bad">{t("void_act")}</Mark></>}</>,
        ])} />
    </Card>
  );
}

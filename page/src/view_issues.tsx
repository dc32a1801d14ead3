// SPDX-License-Identifier: Apache-2.0
// Issues with their options, phase by phase, beside what the newest proposal has for them.
import type { Issue, Proposal } from "./api";
import { Card, Loading, Table } from "./parts";
import { useView } from "./store";
import { t } from "./words";

export function Issues() {
  const issues = useView<{ issues: Issue[] }>("/api/view/issues")?.issues;
  const proposals = useView<{ proposals: Proposal[] }>("/api/view/proposals")?.proposals;
  if (!issues || !proposals) return <Loading />;
  const phases = [...new Set(issues.map((i) => i.phase))];
  const newest = (id: string) => [...proposals].reverse().find((p) => id in p.package);
  if (!issues.length) return <Card title={t("issues")} wide><p>{t("no_issues")}</p></Card>;
  return (
    <>
      {phases.map((phase) => (
        <Card key={phase} title={`${t("phase")}: ${phase}`} wide>
          <Table caption={phase} head={["issue", "options", "last_proposed"]}
            rows={issues.filter((i) => i.phase === phase).map((i) => {
              const p = newest(i.id);
              return [
                i.id,
                <ol class="options">{i.options.map((o) => (
                  <li key={o} dir="auto">{p?.package[i.id] === o ? <strong>{o}</strong> : o}</li>
                ))}</ol>,
                p ? <span dir="auto">P{p.number}: {p.package[i.id]}</span> : "–",
              ];
            })} />
        </Card>
      ))}
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The first hour: no table is here yet, so one is founded or joined; then the slip, and the sheet.
import { signal, type Signal } from "@preact/signals";
import { Fragment } from "preact";
import { useId, useState } from "preact/hooks";
import { get, post, type Charter, type Paper, type Sheet } from "./api";
import { Card, Field, Form, Loading, Mark, saveFile } from "./parts";
import { failure, lookAgain, self, send, tell, useDraft, useView } from "./store";
import { t, word, type Key } from "./words";

// ---- papers ----

const toBase64 = (raw: ArrayBuffer) => {
  let s = "";
  for (const b of new Uint8Array(raw)) s += String.fromCharCode(b);
  return btoa(s);
};
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** A file that is chosen, told as words. */
export function Chosen(p: { label: string; accept?: string; onText: (raw: ArrayBuffer) => void }) {
  const id = useId();
  const take = async (e: Event) => {
    const chosen = (e.target as HTMLInputElement).files?.[0];
    if (chosen) p.onText(await chosen.arrayBuffer());
  };
  return (
    <div class="field">
      <label for={id}>{p.label}</label>
      <input id={id} type="file" accept={p.accept ?? ""} onChange={take} />
    </div>
  );
}

/** A paper as a file, or as its words. */
export function PaperIn(p: { value: Signal<string> }) {
  return (
    <div class="columns tight">
      <Chosen label={t("paper_file")} onText={(raw) => (p.value.value = toBase64(raw))} />
      <Field label={t("paper_words")} value={p.value} rows={3} />
    </div>
  );
}

export const paperOf = (s: Signal<string>) => s.value.replace(/\s+/g, "");

export function PaperOut(p: { paper: string; name: string; save: Key }) {
  const id = useId();
  return (
    <>
      <button type="button" class="main" onClick={() => saveFile(p.name, fromBase64(p.paper), "application/octet-stream")}>
        {t(p.save)}
      </button>
      <div class="field">
        <label for={id}>{t("slip_words")}</label>
        <textarea id={id} rows={4} readOnly value={p.paper} onFocus={(e) => (e.target as HTMLTextAreaElement).select()} />
      </div>
    </>
  );
}

export const Fingerprint = (p: { of: string }) => <p><strong><code class="finger">{p.of}</code></strong></p>;

// ---- a new seat ----

const passphrase = signal(""), again = signal("");

function Passphrase() {
  return (
    <>
      <Field label={t("passphrase_new")} value={passphrase} type="new-password" required />
      <Field label={t("passphrase_again")} value={again} type="new-password" required />
      <p class="quiet">{t("passphrase_why")}</p>
    </>
  );
}

const makingKeys = signal(false);

/** Sends what makes a seat. True when it is there. */
async function make<T>(path: string, body: Record<string, unknown>): Promise<T | null> {
  failure.value = null;
  if (passphrase.value !== again.value) {
    failure.value = { code: "use", what: t("passphrase_differs"), where: "", mend: "" };
    return null;
  }
  makingKeys.value = true;
  const answer = await send<T>(path, { ...body, passphrase: passphrase.value });
  makingKeys.value = false;
  if (answer) passphrase.value = again.value = "";
  return answer;
}

const Making = () => <p role="status" class="quiet">{makingKeys.value ? t("making") : ""}</p>;

// ---- joining ----

function Join() {
  const paper = useDraft("invitation"), name = useDraft("my name"), host = useDraft("join host");
  const [seen, setSeen] = useState<Paper | null>(null);
  const look = async () => {
    const found = await send<Paper>("/api/paper", { paper: paperOf(paper) });
    setSeen(found);
    if (found?.host) host.value = found.host;
  };
  return (
    <Card title={t("start_join")}>
      <p>{t("start_join_why")}</p>
      <Form action={t("look_at")} plain={!!seen} onSend={look}>
        <PaperIn value={paper} />
      </Form>
      {seen?.convener && (
        <>
          <p dir="auto"><strong>{t("invited_to", { table: seen.table ?? "", side: seen.side ?? "", title: seen.title ?? "" })}</strong></p>
          <p>{t("convener_fp")}</p>
          <Fingerprint of={seen.convener} />
          <Form action={t("join")} onSend={async () => {
            const made = await make<Paper>("/api/join", { paper: paperOf(paper), name: name.value, host: host.value });
            if (!made) return;
            sessionStorage.setItem("convener", seen.convener ?? "");
            paper.value = "";
            await lookAgain();
          }}>
            <Field label={t("your_name")} value={name} required />
            <Passphrase />
            <Field label={t("host_folder")} value={host} required />
            <Making />
          </Form>
        </>
      )}
    </Card>
  );
}

// ---- founding ----

const quoted = (s: string) => JSON.stringify(s.trim()); // JSON words are YAML words
const lines = (s: string) => s.split("\n").map((l) => l.trim()).filter(Boolean);
const idOf = (s: string, taken: Set<string>) => {
  const plain = s.normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[-0-9]+|-+$/g, "").slice(0, 24) || "x";
  let id = plain;
  for (let i = 2; taken.has(id); i++) id = `${plain}-${i}`;
  taken.add(id);
  return id;
};

function write(b: Record<"table" | "goal" | "mediation" | "parties" | "phases" | "issues", string>): string {
  const ids = new Set<string>();
  const out = [`table: ${quoted(b.table)}`, `goal: ${quoted(b.goal)}`];
  const seat = (name: string) => `{id: ${idOf(name, ids)}, name: ${quoted(name)}, principal: Principal, seats: [envoy]}`;
  if (b.mediation.trim()) out.push(`mediation: ${seat(b.mediation)}`);
  out.push("parties:", ...lines(b.parties).map((n) => `  - ${seat(n)}`));
  const phases = lines(b.phases).map((n) => idOf(n, ids));
  out.push("phases:");
  for (const id of phases) out.push(`  - id: ${id}`, "    gate: [agreed: package, ratified: all]");
  const issues = lines(b.issues).map((l) => {
    const [name = "", options = ""] = l.split(/:(.*)/s);
    return `  - {id: ${idOf(name, ids)}, phase: ${phases[0]}, options: [${options.split(",").map(quoted).filter((o) => o !== '""').join(", ")}]}`;
  });
  if (issues.length) out.push("issues:", ...issues);
  return out.join("\n") + "\n";
}

interface Checked extends Charter {
  sound: boolean;
  meaning?: string[];
  warnings?: string[];
  faults?: { what: string; where: string; mend: string }[];
}

function Found() {
  const yaml = useDraft("charter"), name = useDraft("my name"), host = useDraft("host");
  const table = useDraft("b table"), goal = useDraft("b goal"), mediation = useDraft("b mediation");
  const parties = useDraft("b parties"), phases = useDraft("b phases"), issues = useDraft("b issues");
  const [checked, setChecked] = useState<Checked | null>(null);
  const sound = checked?.sound ? checked : null;
  if (!host.value) host.value = self.value?.host ?? "";
  const check = async () => setChecked(await send<Checked>("/api/check", { charter: yaml.value }));
  return (
    <Card title={t("start_found")}>
      <p>{t("start_found_why")}</p>
      <div class="row" role="group" aria-label={t("templates")}>
        <span>{t("templates")}:</span>
        {(self.value?.templates ?? "").split(", ").filter(Boolean).map((n) => (
          <button key={n} type="button" onClick={async () => {
            yaml.value = (await get<{ charter: string }>(`/api/template?name=${n}`)).charter;
            setChecked(null);
          }}>{word("template", n)}</button>
        ))}
      </div>
      <details>
        <summary>{t("basics")}</summary>
        <Form action={t("write_charter")} plain onSend={async () => {
          yaml.value = write({ table: table.value, goal: goal.value, mediation: mediation.value, parties: parties.value,
            phases: phases.value, issues: issues.value });
          await check();
        }}>
          <Field label={t("table_name")} value={table} required />
          <Field label={t("goal")} value={goal} required />
          <Field label={t("mediator")} value={mediation} />
          <Field label={t("party_names")} value={parties} rows={3} required />
          <Field label={t("phase_names")} value={phases} rows={2} required />
          <Field label={t("issue_lines")} value={issues} rows={3} />
        </Form>
      </details>
      <Form action={t("check_charter")} plain={!!sound} onSend={check}>
        <Chosen label={t("charter_file")} accept=".yaml,.yml" onText={(raw) => (yaml.value = new TextDecoder().decode(raw))} />
        <Field label={t("charter_text")} value={yaml} rows={14} required />
        <p class="quiet">{t("charter_hint")}</p>
      </Form>
      {checked?.faults && (
        <div role="alert">
          <p><Mark kind="bad">{t("charter_faults", { n: checked.faults.length })}</Mark></p>
          <ol>{checked.faults.map((f, i) => (
            <li key={i} dir="auto">{f.what}{f.where && <> <span class="quiet">({f.where})</span></>}
              {f.mend && <><br />{t("mend")}: {f.mend}</>}</li>
          ))}</ol>
        </div>
      )}
      {sound && (
        <>
          <p><Mark kind="good">{t("charter_sound", { sides: sound.sides.length, phases: sound.phases.length, issues: sound.issues.length })}</Mark></p>
          {sound.meaning && <details><summary>{t("meaning")}</summary><ul>{sound.meaning.map((m) => <li key={m} dir="auto">{m}</li>)}</ul></details>}
          {sound.warnings?.map((w) => <p key={w} dir="auto"><Mark kind="wait">{w}</Mark></p>)}
          <Form action={t("found")} onSend={async () => {
            if (!(await make("/api/found", { charter: yaml.value, name: name.value, host: host.value }))) return;
            location.hash = "#/sheet";
            yaml.value = "";
            await lookAgain();
          }}>
            <Field label={t("your_name")} value={name} required />
            <Passphrase />
            <Field label={t("host_folder")} value={host} required />
            <Making />
          </Form>
        </>
      )}
    </Card>
  );
}

export function Start() {
  return (
    <>
      <h2>{t("start_title")}</h2>
      <p class="quiet" dir="auto">{t("start_where", { dir: self.value?.dir ?? "" })}</p>
      <div class="columns">
        <div>
          <Join />
          <Card title={t("start_look")}>
            <p>{t("start_look_why")}</p>
            <p><code>entente demo --ui</code></p>
          </Card>
        </div>
        <Found />
      </div>
    </>
  );
}

// ---- not admitted yet ----

export function Waiting() {
  const [slip, setSlip] = useState<Paper | null>(null);
  const [asked, setAsked] = useState(false);
  const convener = sessionStorage.getItem("convener");
  if (!asked) {
    setAsked(true);
    get<Paper>("/api/slip").then(setSlip).catch(tell);
  }
  return (
    <>
      <Card title={t("slip_title")} wide>
        <p>{t("slip_why")}</p>
        {slip?.paper && (
          <>
            <p>{t("own_fp")}</p>
            <Fingerprint of={slip.fingerprint ?? ""} />
            {convener && (
              <>
                <p>{t("convener_fp")}</p>
                <Fingerprint of={convener} />
              </>
            )}
            <PaperOut paper={slip.paper} name="entente.slip" save="save_slip" />
          </>
        )}
      </Card>
      <SheetView />
    </>
  );
}

// ---- the sheet ----

export function SheetView() {
  const d = useView<Sheet>("/api/view/sheet");
  if (!d) return <Loading />;
  return (
    <Card title={t("sheet")} wide>
      <p>{t("sheet_why")}</p>
      <dl class="sheet">
        {d.table && <><dt>{t("the_table")}</dt><dd dir="auto">{d.table}</dd></>}
        <dt>{t("table_number")}</dt><dd><code class="long">{d.id}</code></dd>
        <dt>{t("seat")}</dt><dd dir="auto">{[d.side, d.title, d.name].filter(Boolean).join(" · ")}</dd>
        <dt>{t("host")}</dt><dd><code class="long">{d.host}</code></dd>
        <dt>{t("key_file")}</dt><dd><code class="long">{d.key_file}</code></dd>
        {d.fingerprints.map((f) => (
          <Fragment key={f.key}><dt>{t("fingerprint")} ({f.key})</dt><dd><code>{f.fingerprint}</code></dd></Fragment>
        ))}
      </dl>
      <p>{t("sheet_key")}</p>
      <pre class="shown">{d.key_text.match(/.{1,64}/g)?.join("\n")}</pre>
      <p>{t("sheet_lost")}</p>
      <div class="row">
        <button type="button" class="main" onClick={() => print()}>{t("print")}</button>
        {self.value?.admitted && <a href="#/people">{t("founded_next")}</a>}
      </div>
    </Card>
  );
}

// ---- whoever invites ----

interface Invitation {
  paper: string;
  side: string;
  title: string;
  convener: string;
}

export function Invite() {
  const c = useView<Charter>("/api/view/charter");
  const id = useId();
  const [whom, setWhom] = useState("");
  const [made, setMade] = useState<(Invitation & { spoken: string }) | null>(null);
  const me = self.value;
  if (!c || !me) return <Loading />;
  // The first seat of every other side; the further seats of one's own.
  const seats = c.sides.flatMap((s) => (s.id === me.side_id
    ? s.seats.map((title, i) => ({ key: `${s.id} ${i + 1}`, words: `${s.name}: ${title}`, post: i })).filter((x) => x.post > 0)
    : [{ key: `${s.id} 1`, words: `${s.name}: ${s.seats[0] ?? ""}`, post: 0 }]));
  const chosen = seats.some((s) => s.key === whom) ? whom : (seats[0]?.key ?? "");
  const invite = async () => {
    const [side, post_] = chosen.split(" ");
    const paper = await send<Invitation>("/api/invite", { side, post: post_ });
    if (!paper) return setMade(null);
    const seen = await post<Paper>("/api/paper", { paper: paper.paper }).catch(() => null);
    setMade({ ...paper, spoken: seen?.convener ?? "" });
  };
  return (
    <>
      <Form action={t("invite")} onSend={invite}>
        <div class="field">
          <label for={id}>{t("invite_whom")}</label>
          <select id={id} value={chosen} onChange={(e) => setWhom((e.target as HTMLSelectElement).value)}>
            {seats.map((s) => <option key={s.key} value={s.key}>{s.words}</option>)}
          </select>
        </div>
      </Form>
      {made && (
        <div role="status">
          <h3>{t("invitation")}: {made.side}, {made.title}</h3>
          <p>{t("invite_why")}</p>
          <Fingerprint of={made.spoken} />
          <PaperOut paper={made.paper} name={`${made.side}.invitation`} save="save_invitation" />
        </div>
      )}
    </>
  );
}

export function Admit() {
  const paper = useDraft("slip");
  const [said, setSaid] = useState("");
  return (
    <>
      <Form action={t("admit")} onSend={async () => {
        const done = await send<{ side: string }>("/api/admit", { paper: paperOf(paper) });
        if (!done) return;
        paper.value = "";
        setSaid(t("admitted", { side: done.side }));
        await lookAgain();
      }}>
        <PaperIn value={paper} />
      </Form>
      <p role="status">{said && <Mark kind="good">{said}</Mark>}</p>
    </>
  );
}

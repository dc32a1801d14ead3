// SPDX-License-Identifier: Apache-2.0
// Rooms: who reads them, what was said and filed there, and what one can file there oneself.
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Act, Charter, Issue, Room } from "./api";
import { Card, Choice, Field, Form, Loading, Mark } from "./parts";
import { file, self, useDraft, useView } from "./store";
import { t, when } from "./words";

const chosen = signal("");
const count = signal(200);
const doing = signal("say");
const issue = signal("");
const level = signal("want");
const mark = signal("keep");
const side = signal("");

const isClosed = (room: string) => room.startsWith("shuttle/") || room.startsWith("home/");

function Compose(p: { room: string }) {
  const words = useDraft(`words ${p.room}`);
  const source = useDraft("source");
  const negotiates = self.value?.charter;
  const issues = useView<{ issues: Issue[] }>(negotiates ? "/api/view/issues" : null, null, true)?.issues ?? [];
  const sides = useView<Charter>(negotiates ? "/api/view/charter" : null, null, true)?.sides ?? [];
  const kinds: [string, string][] = [["say", t("say")]];
  if (isClosed(p.room) && negotiates) kinds.push(["position", t("position")], ["meet", t("minute")]);
  if (negotiates) kinds.push(["statement", t("statement")]);
  const kind = kinds.some(([k]) => k === doing.value) ? doing.value : "say";
  const send = async () => {
    const body: Record<string, unknown> = { do: kind, room: p.room, words: words.value };
    if (kind === "position") {
      Object.assign(body, { issue: issue.value || issues[0]?.id, level: level.value, mark: mark.value });
    }
    if (kind === "statement") Object.assign(body, { by: side.value || sides[0]?.id, source: source.value });
    if (await file(body)) words.value = "";
  };
  return (
    <Form action={t("file")} onSend={send}>
      {kinds.length > 1 && (
        <Choice label={t("what_to_file")} value={kind} options={kinds} onChoose={(v) => (doing.value = v)} />
      )}
      {kind === "position" && (
        <div class="columns tight">
          <Choice label={t("issue")} value={issue.value} options={issues.map((i) => [i.id, i.id] as const)}
            onChoose={(v) => (issue.value = v)} />
          <Choice label={t("level")} value={level.value} onChoose={(v) => (level.value = v)}
            options={[["must", t("level_must")], ["want", t("level_want")], ["nice", t("level_nice")]]} />
          <Choice label={t("mark")} value={mark.value} onChoose={(v) => (mark.value = v)}
            options={[["keep", t("mark_keep")], ["hint", t("mark_hint")], ["carry", t("mark_carry")]]} />
        </div>
      )}
      {kind === "statement" && (
        <div class="columns tight">
          <Choice label={t("by_side")} value={side.value} options={sides.map((s) => [s.id, s.name] as const)}
            onChoose={(v) => (side.value = v)} />
          <Field label={t("source")} value={source} required />
        </div>
      )}
      <Field label={t("words")} value={words} rows={3} required />
    </Form>
  );
}

function Line(p: { a: Act }) {
  const a = p.a;
  return (
    <li class={a.void ? "void" : ""}>
      <p class="quiet">
        {t("act")} {a.act} · {when(a.when)} · {a.countersigned ? t("countersigned") : t("not_countersigned")}
      </p>
      <p class="words" dir="auto">{a.words}</p>
      {a.void && <p><Mark kind="bad">{t("void_act")}: <span dir="auto">{a.void}</span></Mark></p>}
      {a.kind === "meet" && !self.value?.read_only && (
        <Form action={t("confirm_act")} plain onSend={() => file({ do: "confirm", act: String(a.act) })}>{null}</Form>
      )}
    </li>
  );
}

export function Rooms() {
  const rooms = useView<{ rooms: Room[] }>("/api/view/rooms", null, true)?.rooms;

  const name = rooms?.some((r) => r.name === chosen.value) ? chosen.value : (rooms?.[0]?.name ?? "");
  const acts = useView<{ acts: Act[] }>(
    rooms && name ? `/api/view/room?name=${encodeURIComponent(name)}&last=${count.value}` : null,
  )?.acts;
  const end = useRef<HTMLDivElement>(null);
  const last = acts?.[acts.length - 1]?.act;
  useLayoutEffect(() => {
    end.current?.scrollTo(0, end.current.scrollHeight);
  }, [name, last]);
  if (!rooms) return <Loading />;
  const readers = rooms.find((r) => r.name === name)?.readers;
  return (
    <Card title={t("rooms")} wide>
      <div class="row tabs" role="group" aria-label={t("rooms")}>
        {rooms.map((r) => (
          <button key={r.name} type="button" aria-pressed={r.name === name}
            onClick={() => { chosen.value = r.name; count.value = 200; }}>{r.name}</button>
        ))}
      </div>
      {readers && <p>{t("readers")}: <strong dir="auto">{readers.join(", ")}</strong></p>}
      {!acts ? <Loading /> : acts.length === 0 ? <p>{t("nothing_said")}</p> : (
        <div class="timeline" tabIndex={0} role="group" aria-label={name} ref={end}>
          {acts.length >= count.value && (
            <button type="button" onClick={() => (count.value += 500)}>{t("earlier")}</button>
          )}
          <ol class="plain" aria-live="polite">{acts.map((a) => <Line key={a.act} a={a} />)}</ol>
        </div>
      )}
      {name && !self.value?.read_only && <Compose room={name} />}
    </Card>
  );
}

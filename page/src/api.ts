// SPDX-License-Identifier: Apache-2.0
// What the page asks its server. Every failure is told as the program tells it: what, where, mend.

export interface Failure {
  code: string;
  what: string;
  where: string;
  mend: string;
}

export class ApiError extends Error {
  constructor(readonly failure: Failure, readonly status: number) {
    super(failure.what);
  }
}

/** An act that binds is answered with what it will mean, until that is confirmed letter for letter; one
 *  that the desk warns of with the warning, until somebody goes on all the same. */
export class NeedsConfirmation extends Error {
  constructor(readonly shown: string, readonly as: "confirmed" | "anyway") {
    super("to be confirmed");
  }
}

/** Which of the seats that are here is asked. */
export const seat = { number: Number(sessionStorage.getItem("seat") ?? 0) };

async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        "Entente-Seat": String(seat.number),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError({ code: "gone", what: "", where: "", mend: "" }, 0);
  }
  const json = await answer.json().catch(() => null);
  if (json && typeof json.confirm === "string") throw new NeedsConfirmation(json.confirm, "confirmed");
  if (json && typeof json.warning === "string") throw new NeedsConfirmation(json.warning, "anyway");
  if (!answer.ok || !json || json.error) {
    throw new ApiError(
      json?.error ?? { code: "io", what: `HTTP ${answer.status}`, where: path, mend: "" },
      answer.status,
    );
  }
  return json as T;
}

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, body);

// ---- what the server answers (docs/openapi.yaml) ----

export interface Self {
  locked: boolean;
  read_only: boolean;
  version: number;
  host_error: string;
  host_mend: string;
  id?: string;
  table?: string;
  goal?: string;
  side?: string;
  side_id?: string;
  role?: "mediation" | "party" | "monitor" | "consulted" | "";
  post?: number;
  title?: string;
  name?: string;
  admitted?: boolean;
  charter?: boolean;
  /** May draft the text, and take brackets into it. */
  pen?: boolean;
  rehearsal?: boolean;
  now?: number;
  /** No table is in the folder yet. */
  empty?: boolean;
  dir?: string;
  host?: string;
  templates?: string;
}

export interface Paper {
  kind: string;
  paper?: string;
  table?: string;
  side?: string;
  title?: string;
  host?: string;
  convener?: string;
  fingerprint?: string;
}
export interface Sheet {
  id: string;
  table: string;
  side: string;
  title: string;
  name: string;
  host: string;
  key_file: string;
  fingerprints: { key: string; fingerprint: string }[];
  key_text: string;
}

export interface Condition {
  holds: boolean;
  words: string;
}
export interface Phase {
  id: string;
  standing: string;
  open: boolean;
  gate_open: boolean;
  conditions: Condition[];
  parked: string[];
}
export interface Journey {
  charter: boolean;
  acts: number;
  countersigned: number;
  table?: string;
  goal?: string;
  in_force?: boolean;
  phases?: Phase[];
  statements?: { side: string; text: string }[];
  needs_you?: string[];
  you_may?: string[];
  missing?: unknown;
}

export interface Room {
  name: string;
  readers: string[];
}
export interface Act {
  act: number;
  when: number;
  room: string;
  author: string;
  kind: string;
  words: string;
  void: string;
  countersigned: boolean;
}

export interface Issue {
  id: string;
  phase: string;
  options: string[];
}

export interface Proposal {
  number: number;
  act: number;
  by: string;
  standing: string;
  package: Record<string, string>;
  answers: { side: string; answer: string; ratified: boolean }[];
  open_points: { label: string; owner: string; text: string; open: boolean }[];
}

export interface Deed {
  id: string;
  side: string;
  promised: boolean;
  says: string;
  verified: string;
  late: boolean;
  lapsed: boolean;
  due: number;
  after: string;
}
export interface Incident {
  number: number;
  when: number;
  reported_by: string;
  text: string;
  verdict: string;
}
export interface Ledger {
  deeds: Deed[];
  incidents: Incident[];
  waiting: number;
}

export interface Task {
  act: number;
  kind: string;
  deed: string;
  what: string;
  how: string;
  when: number;
  says: string;
  answered: boolean;
}

export interface Seat {
  side: string;
  post: number;
  title: string;
  name: string;
  fingerprint: string;
  active: boolean;
  this: boolean;
}
export interface Mandate {
  number: number;
  side: string;
  seat: string;
  standing: string;
  powers: string[];
  issues: string[];
  until: number;
  limits: boolean;
}

export interface Charter {
  table: string;
  issues: { id: string; phase: string; options: string[] }[];
  sides: { id: string; name: string; role: string; seats: string[] }[];
  phases: { id: string; wish_seconds: number; deadline_seconds: number }[];
  deeds: { id: string; by: string; verifier?: string }[];
  in_force: boolean;
}

export interface LogLine {
  index: number;
  side: number;
  name: string;
  kind: string;
  says: string;
  readable: boolean;
  void: boolean;
  final: boolean;
  not_before: number | null;
  not_after: number | null;
}
export interface Noted {
  act: number;
  room: string;
  words: string;
  countersigned: boolean;
}

export interface Silence {
  stage: string;
  until: number;
  not_seen_by: string[];
}
export interface Bracket {
  number: number;
  act: number;
  by: string;
  article: string;
  new_article: boolean;
  from: number;
  to: number;
  title: string;
  words: string;
  reason: string;
  supported_by: string[];
  objected_to_by: string[];
  silence: Silence;
}
export interface Text {
  phase: string;
  version: number;
  newest: boolean;
  by: string;
  digest: string;
  adopted: boolean;
  adopted_by: string[];
  silence: Silence;
  articles: { id: string; title: string; text: string; supported_by: string[]; objected_to_by: string[] }[];
  brackets: Bracket[];
}
export interface Piece {
  kind: string;
  words: string;
}
export interface Redline {
  from: number;
  to: number;
  articles: { id: string; change: string; title: Piece[]; text: Piece[] }[];
}

export interface Lever {
  id: string;
  holder: string;
  touches: string;
  move: string;
  review: number;
  why: string;
  standing: string;
  unheard: number;
}
export interface Consultations {
  questions: {
    side: string; act: number; phase: string; deed: string; lever: string; standing: string; lapses: number;
    text: string; opinion: string;
  }[];
  undertakings: { side: string; act: number; phase: string; deed: string; lever: string; when: number; text: string }[];
  settled: { side: string; phase: string }[];
}
export interface Dates {
  dates: { when: number; kind: string; words: string; id: string; ours: boolean; passed: boolean }[];
}

export interface Decision {
  decision: string;
  act: number;
  when: string;
  text: string;
  review?: string;
  review_due?: boolean;
  orders: { order: string; subject: string }[];
}
export interface Memo {
  act: number;
  author: string;
  to: string;
  when: string;
  situation: string;
  options: { option: string; subject: string; leads_to: string; how_sure: string; recommended: boolean }[];
  because?: string;
  decided: Decision[];
}
export interface Carried {
  act: number;
  side: string;
  issue?: string;
  level?: string;
  how?: string;
  text: string;
}
export interface Carry {
  to: string;
  tell: Carried[];
  hint: Carried[];
  keep: Carried[];
}

export interface Worth {
  u: number[];
  package: Record<string, string>;
  ties?: number;
}
export interface Analysis {
  name: string;
  parties: string[];
  issues: string[];
  packages: string;
  exact: boolean;
  disagreement: number[];
  ideal: number[];
  zone: { exists: boolean | null; count?: string; interval?: [string, string] };
  frontier: Worth[];
  nash: Worth[];
  kalai_smorodinsky: Worth[];
  egalitarian: Worth[];
  utilitarian: Worth[];
  notes: string[];
  cloud: number[][];
}

export interface Tension {
  last_incident: number;
  tension_thousandths: number;
  curve: [number, number][];
}

// SPDX-License-Identifier: Apache-2.0
// What the page knows: who sits here, and views that are fetched again whenever the table changed.
import { signal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, get, NeedsConfirmation, post, seat, type Failure, type Self } from "./api";
import { t } from "./words";

export const self = signal<Self | null>(null);
export const version = signal(0);
export const failure = signal<Failure | null>(null);
export const done = signal("");
export const gone = signal(false);
export const here = signal<string[]>([]);
export const asking = signal<{ shown: string; warning: boolean; answer: (yes: boolean) => void } | null>(null);

export async function lookAgain(): Promise<void> {
  // Who sits here is known but for the first time: the view need not wait for it.
  const known = self.value?.admitted && !self.value.locked;
  if (known) version.value++;
  try {
    self.value = await get<Self>("/api/self");
    gone.value = false;
    if (!known) version.value++;
  } catch (e) {
    tell(e);
  }
}

/** The seats that this page shows; of several, one is sat in at a time. */
export async function lookAround(): Promise<void> {
  try {
    here.value = (await get<{ seats: string[] }>("/api/here")).seats;
    if (seat.number >= here.value.length) seat.number = 0;
  } catch (e) {
    tell(e);
  }
  await lookAgain();
}

export async function sitIn(number: number): Promise<void> {
  seat.number = number;
  sessionStorage.setItem("seat", String(number));
  failure.value = null;
  done.value = "";
  self.value = null;
  forgetViews();
  await lookAgain();
}

export function tell(e: unknown): void {
  if (e instanceof NeedsConfirmation) return; // it was asked for, and is asked no more
  if (!(e instanceof ApiError)) throw e;
  if (e.status === 0) gone.value = true;
  else if (e.status === 401 && self.value && !self.value.locked) void lookAgain();
  else failure.value = e.failure;
}

/** Hears of changes from the server, for as long as the page is open. */
export function listen(): void {
  const events = new EventSource("/api/events");
  events.addEventListener("changed", () => void lookAgain());
  // The browser tries again by itself, and may do so for ever: a question of our own tells whether
  // anybody is there, and takes in what was missed.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) gone.value = true;
    else void lookAgain();
  };
}

/** A view by its path; null while it is fetched for the first time, and where there is nothing of that
 *  name, which `absent` is told instead of everybody. What hardly ever changes is asked for again
 *  `later`, after what the person looks at. */
export function useView<T>(path: string | null, absent?: ((why: string) => void) | null, later = false): T | null {
  const at = cached<T>(path ?? "");
  const seen = version.value;
  useEffect(() => {
    if (path === null) return;
    let live = true;
    const ask = () => {
      get<T>(path)
        .then((v) => live && (at.value = v))
        .catch((e) => {
          if (!live) return;
          if (absent && e instanceof ApiError && e.status !== 0 && e.status !== 401) absent(e.failure.what);
          else tell(e);
        });
    };
    const timer = later && at.value ? setTimeout(ask, 600) : (ask(), 0);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [path, seen]);
  return at.value;
}

const cache = new Map<string, Signal<unknown>>();
function cached<T>(path: string): Signal<T | null> {
  let s = cache.get(path);
  if (!s) cache.set(path, (s = signal<unknown>(null)));
  return s as Signal<T | null>;
}

export function forgetViews(): void {
  for (const s of cache.values()) s.value = null;
  cache.clear();
}

const ask = (shown: string, warning: boolean) =>
  new Promise<boolean>((resolve) => {
    asking.value = {
      shown,
      warning,
      answer: (yes) => {
        asking.value = null;
        resolve(yes);
      },
    };
  });

/** Asks for something that may have to be confirmed: shows what it will mean. Null where it was not done. */
export async function send<T>(path: string, body: Record<string, unknown>): Promise<T | null> {
  failure.value = null;
  done.value = "";
  try {
    for (let more = body; ; ) {
      try {
        return await post<T>(path, more);
      } catch (e) {
        if (!(e instanceof NeedsConfirmation) || more[e.as] === e.shown) throw e;
        if (!(await ask(e.shown, e.as === "anyway"))) return null;
        more = { ...more, [e.as]: e.shown };
      }
    }
  } catch (e) {
    tell(e);
    return null;
  }
}

/** Files an act. True when it was filed. */
export async function file(body: Record<string, unknown>): Promise<boolean> {
  const answer = await send<{ act: number; room: string; countersigned: boolean }>("/api/act", body);
  if (!answer) return false;
  done.value = `${t("noted", { n: answer.act, room: answer.room })} ${
    answer.countersigned ? t("countersigned") : t("not_countersigned")
  }.`;
  await lookAgain();
  return true;
}

/** A text that survives a reload of this tab, and is forgotten when it was sent. */
export function useDraft(name: string): Signal<string> {
  const key = `draft ${self.value?.id ?? ""} ${seat.number} ${name}`;
  let s = drafts.get(key);
  if (!s) {
    const made = signal(sessionStorage.getItem(key) ?? "");
    made.subscribe((v) => (v ? sessionStorage.setItem(key, v) : sessionStorage.removeItem(key)));
    drafts.set(key, (s = made));
  }
  return s;
}
const drafts = new Map<string, Signal<string>>();

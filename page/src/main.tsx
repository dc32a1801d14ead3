// SPDX-License-Identifier: Apache-2.0
// The frame: who you are, where you look, and one view at a time.
import { signal } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { post, seat } from "./api";
import { Confirm, Form, Field, Loading, Notices } from "./parts";
import { done, failure, forgetViews, here as seats, listen, lookAgain, lookAround, self, sitIn, tell } from "./store";
import { Deeds, Task } from "./view_deeds";
import { Issues } from "./view_issues";
import { Journey } from "./view_journey";
import { Memo } from "./view_memo";
import { Outlook } from "./view_outlook";
import { People } from "./view_people";
import { Proposals } from "./view_proposals";
import { Record } from "./view_record";
import { Reserve } from "./view_reserve";
import { Rooms } from "./view_rooms";
import { SheetView, Start, Waiting } from "./view_start";
import { Text } from "./view_text";
import { language, NAMES, speak, t, type Key, type Language } from "./words";

const views = {
  journey: Journey, rooms: Rooms, issues: Issues, proposals: Proposals, text: Text, deeds: Deeds, reserve: Reserve, memo: Memo, outlook: Outlook,
  people: People, record: Record, sheet: SheetView,
} as const;
const tasks = { task: Task, rooms: Rooms, people: People, record: Record, sheet: SheetView } as const;
type Name = keyof typeof views | keyof typeof tasks;

const here = () => location.hash.replace(/^#\/?/, "").split("/")[0] ?? "";
const place = signal(here());
addEventListener("hashchange", () => {
  place.value = here();
  failure.value = null;
  done.value = "";
  document.querySelector("main")?.focus();
  scrollTo(0, 0);
});

// ---- colours: the system's, until somebody chooses ----

const theme = signal(localStorage.getItem("theme") ?? "");
theme.subscribe((v) => {
  document.documentElement.dataset.theme = v;
  if (v) localStorage.setItem("theme", v);
});
const isDark = () =>
  theme.value ? theme.value === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

// ---- locked ----

const passphrase = signal("");

function Unlock() {
  const send = async () => {
    failure.value = null;
    try {
      await post("/api/unlock", { passphrase: passphrase.value });
      await lookAgain();
    } catch (e) {
      tell(e);
    } finally {
      passphrase.value = "";
    }
  };
  return (
    <section class="card narrow" aria-labelledby="unlock">
      <h2 id="unlock">{t("unlock_title")}</h2>
      <Form action={t("unlock")} onSend={send}>
        <Field label={t("passphrase")} value={passphrase} type="password" required />
      </Form>
      <p class="quiet">{t("unlock_why")}</p>
      <p class="quiet">{t("unlock_sync")}</p>
    </section>
  );
}

async function lock() {
  try {
    await post("/api/lock");
    forgetViews();
    await lookAgain();
  } catch (e) {
    tell(e);
  }
}

async function sync() {
  try {
    await post("/api/sync");
    await lookAgain();
  } catch (e) {
    tell(e);
  }
}

// ---- the frame ----

function Header() {
  const me = self.value;
  return (
    <header>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.querySelector("main")?.focus(); }}>{t("skip")}</a>
      <div>
        <p class="quiet">
          entente{me?.side && <> · {t("you_are")} <strong dir="auto">{[me.title, me.name].filter(Boolean).join(" ")}</strong>
            {" "}{t("of")} <strong dir="auto">{me.side}</strong></>}
        </p>
        <h1 dir="auto">{me?.table || "entente"}</h1>
        {me?.goal && <p class="goal"><span class="quiet">{t("goal")}:</span> <span dir="auto">{me.goal}</span></p>}
      </div>
      <div class="row tools">
        {seats.value.length > 1 && (
          <>
            <label for="seat">{t("sit_in")}</label>
            <select id="seat" value={seat.number}
              onChange={(e) => void sitIn(Number((e.target as HTMLSelectElement).value))}>
              {seats.value.map((n, i) => <option key={n} value={i}>{n}</option>)}
            </select>
          </>
        )}
        <label class="unseen" for="language">{t("language")}</label>
        <select id="language" value={language.value}
          onChange={(e) => speak((e.target as HTMLSelectElement).value as Language)}>
          {Object.entries(NAMES).map(([k, n]) => <option key={k} value={k}>{n}</option>)}
        </select>
        <button type="button" title={t("theme")} onClick={() => (theme.value = isDark() ? "light" : "dark")}>
          {isDark() ? t("theme_light") : t("theme_dark")}
        </button>
        {me && !me.locked && !me.empty && !me.read_only && <button type="button" onClick={sync}>{t("sync")}</button>}
        {me && !me.locked && !me.empty && <button type="button" onClick={lock}>{t("lock")}</button>}
      </div>
    </header>
  );
}

/** What holds as long as it stands there. */
function Strips() {
  const me = self.value;
  const away = me?.host_error && me.admitted !== false;
  if (!me?.rehearsal && !me?.read_only && !away) return null;
  return (
    <aside aria-label={t("standing")}>
      {me?.rehearsal && <p class="strip">{t("rehearsal")}</p>}
      {me?.read_only && <p class="strip">{t("read_only")}</p>}
      {away && <p class="strip">{t("host_away")} <span dir="auto">({me?.host_error})</span></p>}
    </aside>
  );
}

function Body() {
  const me = self.value;
  if (!me || me.locked || !me.admitted) {
    return (
      <main id="main" tabIndex={-1}>
        {!me ? <Loading /> : me.empty ? <Start /> : me.locked ? <Unlock /> : <Waiting />}
      </main>
    );
  }
  const mine = me.charter || me.role === "party" || me.role === "mediation" ? views : tasks;
  const names = Object.keys(mine) as Name[];
  const at = names.includes(place.value as Name) ? (place.value as Name) : names[0]!;
  const View = (mine as { [k in Name]?: () => preact.JSX.Element })[at]!;
  document.title = `${t(at as Key)} · ${me.table || "entente"}`;
  return (
    <>
      <nav aria-label={t("views")}>
        {names.filter((n) => n !== "sheet").map((n) => (
          <a key={n} href={`#/${n}`} aria-current={n === at ? "page" : undefined}>{t(n as Key)}</a>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        <View />
      </main>
    </>
  );
}

function App() {
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  return (
    <>
      <Header />
      <Strips />
      <Notices />
      <Body />
      <Confirm />
    </>
  );
}

render(<App />, document.getElementById("app")!);
void lookAround();
listen();

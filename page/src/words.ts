// SPDX-License-Identifier: Apache-2.0
// The page's own words, in one catalogue. To add a language: a column here, and its name in NAMES.
// What the program itself says of the table (views, refusals) comes in English.
import { signal } from "@preact/signals";

export type Language = "en" | "fr";
export const NAMES: Record<Language, string> = { en: "English", fr: "Français" };

const catalogue = {
  // frame
  journey: ["Journey", "Parcours"],
  rooms: ["Rooms", "Salles"],
  issues: ["Issues", "Sujets"],
  proposals: ["Proposals", "Propositions"],
  deeds: ["Deeds", "Actes accomplis"],
  people: ["People", "Participants"],
  record: ["Record", "Registre"],
  task: ["Your task", "Votre tâche"],
  skip: ["Skip to the content", "Aller au contenu"],
  views: ["Views", "Vues"],
  theme_light: ["Light", "Clair"],
  theme_dark: ["Dark", "Sombre"],
  theme: ["Colours", "Couleurs"],
  language: ["Language", "Langue"],
  sit_in: ["Sit in", "Siéger comme"],
  lock: ["Lock", "Verrouiller"],
  sync: ["Take in what is new", "Prendre les nouveautés"],
  rehearsal: ["A rehearsal: its clock is not the world's.", "Une répétition : son horloge n'est pas celle du monde."],
  read_only: ["Opened to read only", "Ouvert en lecture seule"],
  you_are: ["You are", "Vous êtes"],
  of: ["of", "de"],
  loading: ["One moment…", "Un instant…"],
  gone: ["The program behind this page has ended.", "Le programme derrière cette page s'est arrêté."],
  gone_mend: [
    "Run entente ui again and open its link. What you had begun to write is kept in this tab.",
    "Relancez entente ui et ouvrez son lien. Ce que vous aviez commencé à écrire reste dans cet onglet.",
  ],
  host_away: ["The host cannot be reached; what you see is what this seat holds.", "L'hôte est injoignable ; vous voyez ce que ce siège détient."],
  mend: ["What helps", "Ce qui aide"],
  where: ["Where", "Où"],
  dismiss: ["Close", "Fermer"],
  not_admitted: ["This seat is not admitted yet: give your slip to whoever invited you.", "Ce siège n'est pas encore admis : remettez votre fiche à qui vous a invité."],
  // unlock
  unlock_title: ["Unlock your seat", "Déverrouiller votre siège"],
  unlock_why: [
    "Your keys stay on this machine. They are forgotten when you lock the page, end the program, or ask nothing for half an hour.",
    "Vos clés restent sur cette machine. Elles sont oubliées quand vous verrouillez la page, arrêtez le programme, ou ne demandez rien pendant une demi-heure.",
  ],
  unlock_sync: [
    "While it is unlocked, this seat takes in what is new and countersigns it for your side. A countersignature says that you received it, never that you agree.",
    "Tant qu'il est déverrouillé, ce siège prend les nouveautés et les contresigne pour votre côté. Un contreseing dit que vous avez reçu, jamais que vous acceptez.",
  ],
  passphrase: ["Passphrase", "Phrase secrète"],
  unlock: ["Unlock", "Déverrouiller"],
  // journey
  goal: ["Goal", "But"],
  phase: ["Phase", "Phase"],
  phases: ["Phases", "Phases"],
  option: ["Option", "Option"],
  gate: ["Its gate opens when", "Sa porte s'ouvre quand"],
  gate_done: ["Its gate is open", "Sa porte est ouverte"],
  parked: ["Parked for this phase", "Mis de côté pour cette phase"],
  holds: ["holds", "acquis"],
  missing: ["missing", "manque"],
  needs_you: ["Needs you", "Vous attend"],
  needs_nothing: ["Nothing. The others have what they need from you.", "Rien. Les autres ont ce qu'ils attendent de vous."],
  you_may: ["You may", "Vous pouvez"],
  moved: ["What has changed", "Ce qui a changé"],
  in_days: ["since {n} days ago", "depuis {n} jours"],
  countersigned: ["countersigned", "contresigné"],
  not_countersigned: ["not yet countersigned by every side", "pas encore contresigné par tous"],
  receipt: [
    "{final} of {acts} acts are countersigned by every side.",
    "{final} actes sur {acts} sont contresignés par tous.",
  ],
  statements: ["Said in public", "Dit en public"],
  inert: ["No rule here reads it.", "Aucune règle ici ne le lit."],
  open_gate: ["Open the gate", "Ouvrir la porte"],
  park: ["Park a title", "Mettre un titre de côté"],
  title: ["Title", "Titre"],
  sign_charter: ["Sign the charter", "Signer la charte"],
  charter_waits: ["The charter is not in force: every side must sign it.", "La charte n'est pas en vigueur : chaque côté doit la signer."],
  // rooms
  readers: ["Read by", "Lu par"],
  earlier: ["Show earlier acts", "Montrer les actes antérieurs"],
  nothing_said: ["Nothing has been said or filed here yet.", "Rien n'a encore été dit ni déposé ici."],
  void_act: ["Void on the record", "Nul au registre"],
  say: ["Say", "Dire"],
  words: ["Words", "Texte"],
  what_to_file: ["What would you file here?", "Que voulez-vous déposer ici ?"],
  position: ["Position", "Position"],
  minute: ["Minute of a meeting", "Procès-verbal"],
  statement: ["Something said in public", "Propos publics"],
  by_side: ["Said by", "Dit par"],
  source: ["Source", "Source"],
  issue: ["Issue", "Sujet"],
  level: ["How much it matters", "Importance"],
  level_must: ["must have", "indispensable"],
  level_want: ["want", "souhaité"],
  level_nice: ["would be nice", "bienvenu"],
  mark: ["Who may hear it", "Qui peut l'entendre"],
  mark_keep: ["keep: nobody else", "garder : personne d'autre"],
  mark_hint: ["hint: only as a hint", "allusion : à demi-mot"],
  mark_carry: ["carry: may be passed on", "porter : peut être transmis"],
  confirm_act: ["Confirm", "Confirmer"],
  file: ["File it", "Déposer"],
  // issues
  options: ["Options", "Options"],
  last_proposed: ["In the newest proposal", "Dans la dernière proposition"],
  no_issues: ["The charter names no issues yet.", "La charte ne nomme encore aucun sujet."],
  // proposals
  new_proposal: ["Put a package on the table", "Mettre un ensemble sur la table"],
  left_open: ["left open", "laissé ouvert"],
  explain: ["Words that go with it", "Texte d'accompagnement"],
  meets: ["Open points that it means to meet", "Points ouverts auxquels il répond"],
  propose: ["Propose", "Proposer"],
  by: ["by", "par"],
  answers: ["Answers", "Réponses"],
  open_points: ["Open points", "Points ouverts"],
  closed: ["closed", "clos"],
  open: ["open", "ouvert"],
  close_point: ["Close it", "Clore"],
  answer_it: ["Answer", "Répondre"],
  answer_none: ["has not answered", "n'a pas répondu"],
  "answer_accept": ["accepts", "accepte"],
  "answer_ad-referendum": ["accepts, if its principal ratifies", "accepte, si son mandant ratifie"],
  "answer_concept": ["agrees in concept", "d'accord sur le principe"],
  "answer_reject": ["rejects", "refuse"],
  "answer_counter": ["will counter", "fera une contre-proposition"],
  ratified: ["ratified", "ratifié"],
  "do_accept": ["Accept, binding", "Accepter, engageant"],
  "do_ad-referendum": ["Accept, if our principal ratifies", "Accepter, si notre mandant ratifie"],
  "do_concept": ["Agree in concept, with what is still open", "D'accord sur le principe, avec ce qui reste ouvert"],
  "do_reject": ["Reject, with a reason", "Refuser, avec une raison"],
  "do_counter": ["Another version will follow", "Une autre version suivra"],
  reason: ["Reason", "Raison"],
  reservations: ["Reservations, one a line: R1 access one bank only", "Réserves, une par ligne : R1 acces une seule rive"],
  concept_note: ["Agreeing in concept never becomes agreement by itself.", "Un accord de principe ne devient jamais accord par lui-même."],
  withdraw: ["Withdraw", "Retirer"],
  ratify: ["Ratify", "Ratifier"],
  no_proposals: ["Nobody has put a package on the table yet.", "Personne n'a encore mis d'ensemble sur la table."],
  // deeds
  deed: ["Deed", "Acte"],
  says: ["Says", "Dit"],
  verified: ["Verified", "Vérifié"],
  due: ["Due", "Échéance"],
  late: ["late", "en retard"],
  lapsed: ["lapsed", "échu"],
  not_promised: ["not promised", "pas promis"],
  after: ["after", "après"],
  promise: ["Promise", "Promettre"],
  what: ["What", "Quoi"],
  how: ["How it is verified", "Comment c'est vérifié"],
  by_when: ["By when (2031-03-09 18:00, or 3d)", "Pour quand (2031-03-09 18:00, ou 3d)"],
  report: ["Report", "Rapporter"],
  verify: ["Verify", "Vérifier"],
  lapse: ["It has lapsed", "C'est échu"],
  finding: ["Finding", "Constat"],
  finding_done: ["done", "fait"],
  finding_partly: ["partly", "en partie"],
  "finding_not-done": ["not done", "pas fait"],
  incidents: ["Incidents", "Incidents"],
  no_incidents: ["None has been reported.", "Aucun n'a été signalé."],
  report_incident: ["Report an incident", "Signaler un incident"],
  when: ["When (2031-03-09 06:00, or 2h ago as 2h)", "Quand (2031-03-09 06:00, ou 2h pour il y a deux heures)"],
  at: ["When", "Quand"],
  by_whom: ["By whom, if known", "Par qui, si connu"],
  reported_by: ["Reported by", "Signalé par"],
  verdict: ["Found", "Constaté"],
  "verdict_verified": ["verified", "vérifié"],
  "verdict_not-verified": ["not verified", "non vérifié"],
  waits: ["waits to be assessed", "attend d'être examiné"],
  assess: ["Assess", "Examiner"],
  no_deeds: ["The charter names no deeds.", "La charte ne nomme aucun acte."],
  waiting_reports: ["{n} reports wait to be assessed.", "{n} rapports attendent d'être examinés."],
  // tasks
  no_task: ["Nothing is asked of you now.", "Rien ne vous est demandé à présent."],
  answered: ["answered", "répondu"],
  // people
  seats: ["Seats", "Sièges"],
  side: ["Side", "Côté"],
  seat: ["Seat", "Siège"],
  fingerprint: ["Fingerprint, to compare aloud", "Empreinte, à comparer de vive voix"],
  this_seat: ["you", "vous"],
  revoked: ["revoked", "révoqué"],
  mandates: ["Mandates", "Mandats"],
  powers: ["Powers", "Pouvoirs"],
  until: ["Until", "Jusqu'au"],
  standing: ["Standing", "État"],
  private_limits: ["private limits inside", "limites privées incluses"],
  give_mandate: ["Give a mandate", "Donner un mandat"],
  span: ["For how long (21d)", "Pour combien de temps (21d)"],
  revoke: ["Revoke", "Révoquer"],
  no_mandates: ["No mandate has been filed yet.", "Aucun mandat n'a encore été déposé."],
  all_issues: ["Leave all unticked for every issue.", "Ne cochez rien pour tous les sujets."],
  // record
  act: ["Act", "Acte"],
  kind: ["Kind", "Genre"],
  between: ["Between", "Entre"],
  sealed: ["sealed", "scellé"],
  record_intro: [
    "Every act that this seat holds, in the order of the record. Each was checked against the signatures and the tree when it came in.",
    "Chaque acte que détient ce siège, dans l'ordre du registre. Chacun a été vérifié à son arrivée, signatures et arbre.",
  ],
  table_number: ["Number of the table", "Numéro de la table"],
  older: ["Older", "Plus anciens"],
  newer: ["Newer", "Plus récents"],
  csv: ["Save as CSV", "Enregistrer en CSV"],
  // acting
  binds: ["What this will mean", "Ce que cela signifiera"],
  do_it: ["Yes, file it", "Oui, déposer"],
  not_yet: ["Not yet", "Pas encore"],
  noted: ["Noted as act {n} in {room}.", "Consigné comme acte {n} dans {room}."],
  choose: ["choose", "choisir"],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof catalogue;

const stored = localStorage.getItem("language");
export const language = signal<Language>(
  stored === "fr" || stored === "en" ? stored : navigator.language.startsWith("fr") ? "fr" : "en",
);

export function speak(l: Language): void {
  language.value = l;
  localStorage.setItem("language", l);
  document.documentElement.lang = l;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text: string = catalogue[key][language.value === "fr" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** A word of the program (an answer, a finding) in the reader's language; as it is, where unknown. */
export function word(prefix: string, value: string): string {
  const key = `${prefix}_${value}`;
  return key in catalogue ? t(key as Key) : value;
}

/** Hours of the record are UTC for everybody; the locale only decides how they are written. */
export function when(seconds: number): string {
  return (
    new Intl.DateTimeFormat(language.value === "fr" ? "fr" : "en-GB", {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: "UTC",
    }).format(new Date(seconds * 1000)) + " UTC"
  );
}

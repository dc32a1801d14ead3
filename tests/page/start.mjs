// SPDX-License-Identifier: Apache-2.0
// The first hour in a real browser: nobody types a command. One founds a table, another joins it with
// an invitation, hands back a slip and is admitted, and both go on without a new start.
import fs from "node:fs";
import path from "node:path";
import { button, filed, fold, look, note, ok, open, passphrase, play, sees, serve, top, trouble, view } from "./lib.mjs";

const empty = async (seat) => {
  const server = await serve(seat);
  const page = await open(seat, server.link, { acceptDownloads: true }, "h2");
  await page.getByText("There is no table here yet").waitFor();
  return Object.assign(server, { page, seat });
};
const alert = (s) => s.page.locator("[role=alert] .notice");
const form = (s, name) => s.page.locator("section", { has: s.page.getByRole("heading", { name, exact: true }) });
const keep = async (s, name) => {
  const [file] = await Promise.all([s.page.waitForEvent("download"), button(s, name).click()]);
  const to = path.join(top, file.suggestedFilename());
  await file.saveAs(to);
  return to;
};

await play(async () => {
  const noor = await empty("noor"), ana = await empty("ana");
  await look(noor, "start");

  // ---- founding ----
  const found = form(noor, "Found a table");
  await button(noor, "Ceasefire").click();
  await noor.page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((e) => e.value.includes("parties:")));
  await button(noor, "Check it").click();
  await found.getByText("The charter is sound").waitFor();
  await found.getByText("What it means").click();
  ok((await found.locator("details[open] li").count()) > 3, "a template is sound, and is told in words");
  await found.locator("summary", { hasText: "or from the basics" }).click();
  await found.getByLabel("What the table is called").fill("Harbour talks");
  await found.getByLabel("Goal").fill("Share the harbour: \"all of it\".");
  await found.getByLabel("Who mediates").fill("Port Office");
  await found.getByLabel("Who negotiates").fill("North Quay\nSouth Quay");
  await found.getByLabel("Phases, one a line").fill("berths\nfees");
  await found.getByLabel("Issues of the first phase").fill("berth: inner, outer\nhours: day, night");
  await button(noor, "Write the charter from these").click();
  await found.getByText("The charter is sound: 3 sides, 2 phases, 2 issues.").waitFor();
  ok(true, "a charter is written from the basics, and checked");
  const charter = await found.getByLabel("The charter").inputValue();
  await found.getByLabel("The charter").fill(charter.replace("parties:", "partys:"));
  await button(noor, "Check it").click();
  await found.getByText("It has 1 faults:").or(found.getByText(/It has \d+ faults:/)).first().waitFor();
  const faults = await found.locator("[role=alert]").innerText();
  ok(/line \d/.test(faults), "faults in the charter are told by line", faults);
  await noor.page.reload();
  await found.getByLabel("The charter").fill(charter);
  await button(noor, "Check it").click();
  await found.getByText("The charter is sound").waitFor();
  await found.getByLabel("Your name at the table").fill("Noor");
  await found.getByLabel("New passphrase").fill(passphrase);
  await found.getByLabel("The same again").fill("another one altogether");
  await button(noor, "Found the table").click();
  await alert(noor).getByText("not the same").waitFor();
  await found.getByLabel("New passphrase").fill("short");
  await found.getByLabel("The same again").fill("short");
  await button(noor, "Found the table").click();
  await alert(noor).getByText("passphrase", { exact: false }).waitFor();
  ok(!fs.existsSync(path.join(top, "noor", "replica")), "a passphrase that is too short founds nothing");
  await found.getByLabel("New passphrase").fill(passphrase);
  await found.getByLabel("The same again").fill(passphrase);
  const began = Date.now();
  await button(noor, "Found the table").click();
  await noor.page.getByRole("heading", { name: "Recovery sheet" }).waitFor();
  note(`a table was founded in ${Date.now() - began} ms, with keys of the full cost`);
  const sheet = await noor.page.locator("main").innerText();
  const typed = (await noor.page.locator("main pre.shown").innerText()).replace(/\s/g, "");
  ok(Buffer.from(typed, "base64").equals(fs.readFileSync(path.join(top, "noor", "seat.key"))),
    "the recovery sheet has the key file, letter for letter", sheet);
  ok(!sheet.includes(passphrase), "and no passphrase");
  await look(noor, "sheet");

  // ---- inviting ----
  await view(noor, "people");
  await fold(noor, "Invite");
  await noor.page.getByLabel("Whom").selectOption({ label: "North Quay: Principal" });
  await button(noor, "Invite").click();
  await noor.page.getByText("It holds no secret", { exact: false }).waitFor();
  const spoken = await noor.page.locator(".finger").innerText();
  ok(/^[0-9a-f]{4}( [0-9a-f]{4})+$/.test(spoken), "the convener's fingerprint is there to be read aloud", spoken);
  const invitation = await keep(noor, "Save the invitation as a file");

  // ---- joining ----
  const join = form(ana, "Join a table");
  await join.getByLabel("or its words, pasted").fill("bm90IGEgcGFwZXI=");
  await button(ana, "Look at it").click();
  await alert(ana).waitFor();
  ok(true, "words that are no paper are told", await alert(ana).innerText());
  await join.getByLabel("or its words, pasted").fill("half of it?");
  await button(ana, "Look at it").click();
  await alert(ana).getByText("not the whole of a paper").waitFor();
  await join.getByLabel("Its file").setInputFiles(invitation);
  await button(ana, "Look at it").click();
  await join.getByText("You are invited to Harbour talks: for North Quay, as Principal.").waitFor();
  ok((await join.locator(".finger").innerText()) === spoken, "the joiner sees the same fingerprint of the convener");
  await join.getByLabel("Your name at the table").fill("Ana");
  await join.getByLabel("New passphrase").fill(passphrase);
  await join.getByLabel("The same again").fill(passphrase);
  await button(ana, "Make my seat").click();
  await ana.page.getByRole("heading", { name: "Hand back your slip" }).waitFor();
  await ana.page.locator(".finger").first().waitFor();
  const own = await ana.page.locator(".finger").first().innerText();
  await look(ana, "slip");
  await ana.page.reload();
  await ana.page.getByText(own).first().waitFor();
  ok(true, "the slip is there again after a reload");
  const slip = await keep(ana, "Save the slip as a file");

  // ---- admitting ----
  await fold(noor, "Admit whoever has joined");
  await noor.page.getByLabel("Its file").setInputFiles(slip);
  await button(noor, "Admit").click();
  const box = noor.page.getByRole("dialog");
  await box.waitFor();
  ok((await box.locator("pre").innerText()).includes(own), "the fingerprint to compare is the joiner's own", own);
  await box.getByRole("button", { name: "Not yet" }).click();
  await alert(noor).waitFor({ state: "hidden" });
  await button(noor, "Admit").click();
  await box.getByRole("button", { name: "Yes, file it" }).click();
  await noor.page.getByText("North Quay is admitted.").waitFor();
  await ana.page.locator("nav").waitFor();
  ok(true, "the joiner's page notices by itself that the seat is admitted");
  await sees(ana, "people", "Noor");
  await view(ana, "journey");
  await filed(ana, "signs the charter", () => button(ana, "Sign the charter").click(), true);
  await sees(noor, "journey", "waits for the signature of Port Office, South Quay");
  ok(trouble.length === 0, "nothing on the console, nothing asked of other machines", trouble.join("\n"));
});

// SPDX-License-Identifier: Apache-2.0
// Rough handling in a real browser: names that turn the reading direction, a megabyte pasted, two tabs,
// a used link, a damaged replica, a program that ends; and the outlook, whose scenario stays at home.
import fs from "node:fs";
import path from "node:path";
import { ask, browser, button, filed, fold, look, note, ok, open, passphrase, play, PATIENCE, root, run, serve, shots, sit, top,
  trouble, view } from "./lib.mjs";

fs.writeFileSync(path.join(top, "charter.yaml"), `
table: Harbour talks
goal: Share the harbour.
parties:
  - {id: north, name: North Quay, principal: Chair}
  - {id: south, name: South Quay, principal: Chair}
phases: [{id: berths}]
issues:
  - {id: berth, phase: berths, options: [inner, outer]}
`);
const strange = "\u05d1\u05d5\u05e2\u05d6 <b>Bo</b> & co";
run("table", "new", "charter.yaml", "--host", "host", "--name", "Ana", "--cost", "test", "--dir", "Ana");
run("seat", "invite", "south", "--out", "Bo.inv", "--dir", "Ana");
run("seat", "join", "Bo.inv", "--name", strange, "--out", "Bo.slip", "--cost", "test", "--dir", "Bo");
run("seat", "admit", "Bo.slip", "--yes", "--dir", "Ana");
for (const s of ["Bo", "Ana"]) run("sync", "--dir", s);


await play(async () => {
  const ana = await sit("Ana"), bo = await sit("Bo");
  for (const s of [ana, bo]) {
    await view(s, "journey");
    await filed(s, "signs the charter", () => button(s, "Sign the charter").click(), true);
  }

  // ---- the outlook ----
  let asked = 0;
  ana.page.on("request", (r) => r.method() === "POST" && asked++);
  await view(ana, "outlook");
  await ana.page.getByLabel("A scenario", { exact: false }).setInputFiles(path.join(root, "examples/scenarios/ceasefire.yaml"));
  await button(ana, "Analyse it").click();
  await ana.page.getByRole("heading", { name: "Four ways to be fair" }).waitFor();
  await ana.page.getByText("fair-gain package", { exact: true }).first().waitFor();
  ok(asked === 1, "one question was asked of this machine, and nothing was filed", asked);
  await look(ana, "outlook");
  await ana.page.locator(".wide-first section").first().screenshot({ path: path.join(shots, "manual-outlook.png") }); // its chart, for the manual
  await ana.page.getByText("The frontier as a table").click();
  ok((await ana.page.locator("table tbody tr").count()) > 10, "the chart has its table");
  const worth = (f) => Array.from({ length: 5 }, (_, i) => `      issue ${i}: {${Array.from({ length: 8 }, (_, k) => `o${k}: ${f(k, i)}`).join(", ")}}`).join("\n");
  await ana.page.getByLabel("A scenario", { exact: false }).setInputFiles({ name: "large.yaml", mimeType: "text/yaml", buffer: Buffer.from(
    `scenario: Large\nissues:\n${Array.from({ length: 5 }, (_, i) => `  issue ${i}: [${Array.from({ length: 8 }, (_, k) => `o${k}`).join(", ")}]`).join("\n")}\n` +
    `parties:\n  north:\n    out-of: 100\n    no-deal: 30\n    worth:\n${worth((k, i) => k * (i % 3 + 1) * 1)}\n  south:\n    out-of: 100\n    no-deal: 30\n    worth:\n${worth((k, i) => (7 - k) * (3 - i % 3))}\n`) });
  await button(ana, "Analyse it").click();
  const drawn = async () => (await ana.page.locator("path.cloud").getAttribute("d")).split("M").length - 1;
  await ana.page.getByRole("heading", { name: "Large" }).or(ana.page.locator("[role=alert] .notice")).first().waitFor();
  const took = await ana.page.evaluate(() => performance.getEntriesByName("plotted").pop().duration);
  note(`${await drawn()} dots were plotted in ${Math.round(took)} ms`);
  ok((await drawn()) === 5000 && took < 2000, "five thousand packages are plotted", `${await drawn()} in ${took} ms`);
  await ana.page.getByLabel("A scenario", { exact: false }).setInputFiles({ name: "broken.yaml", mimeType: "text/yaml", buffer: Buffer.from("parties: [") });
  await button(ana, "Analyse it").click();
  await ana.page.locator("[role=alert] .notice").waitFor();
  ok(true, "a scenario that cannot be read is told", await ana.page.locator("[role=alert]").innerText());
  ok(!fs.readdirSync(path.join(top, "entente")).some((f) => f.startsWith("outlook")), "no scenario is left behind");

  // ---- names and words ----
  await view(ana, "people");
  await ana.page.getByText("<b>").first().waitFor();
  ok((await ana.page.locator('main [dir="auto"]', { hasText: "<b>" }).count()) > 0, "a name that is read from the right stays in its own place");
  ok((await ana.page.locator("main b").count()) === 0, "and is no markup");
  await view(bo, "rooms");
  for (const [words, what] of [["a\u0007b", "control characters are"], ["pay \u202eyenom\u202c", "what turns the reading direction is"]]) {
    await bo.page.getByLabel("Words").fill(words);
    await button(bo, "File it").click();
    await bo.page.locator("[role=alert] .notice").waitFor();
    const why = await bo.page.locator("[role=alert]").innerText();
    ok(!/[\u0007\u202a-\u202e]/.test(why), `${what} refused, with words that are harmless themselves`, why);
    note(why.replace(/\s+/g, " "));
    await bo.page.locator("[role=alert] .notice").getByRole("button").click();
  }
  await bo.page.getByLabel("Words").fill("x".repeat(1 << 20));
  await button(bo, "File it").click();
  await bo.page.locator("[role=alert] .notice").waitFor();
  const told = await bo.page.locator("[role=alert]").innerText();
  ok(told.length > 10 && told.length < 1000, "a megabyte is refused, with words", told.slice(0, 500));
  ok((await bo.page.getByLabel("Words").inputValue()).length === 1 << 20, "and is not lost");

  // ---- two tabs ----
  const other = await bo.page.context().newPage();
  other.setDefaultTimeout(PATIENCE);
  await other.goto(`${bo.origin}/#/rooms`);
  await other.getByLabel("Words").fill("From the second tab.");
  await other.getByRole("button", { name: "File it" }).click();
  await bo.page.getByText("From the second tab.").waitFor();
  ok(true, "a second tab of the same browser works, and the first sees what it files");
  await other.close();

  // ---- the link, once more ----
  const port = new URL(bo.origin).port;
  const again = new URL(bo.link);
  ok((await ask(bo.origin, again.pathname + again.search, { Host: `127.0.0.1:${port}` })) === 403, "the link does not work again");
  const stranger = await (await browser.newContext()).newPage();
  const answer = await stranger.goto(bo.link);
  ok(answer.status() === 403 && (await stranger.locator("body").innerText()).includes("used"), "and says that it was used");

  // ---- a lost connection ----
  await bo.page.getByLabel("Words").fill("half a thought");
  bo.ui.removeAllListeners("exit");
  bo.ui.kill("SIGKILL");
  await bo.page.getByText("has ended", { exact: false }).waitFor();
  ok((await bo.page.getByLabel("Words").inputValue()) === "half a thought", "when the program is gone, the page says so and keeps what was begun");

  // ---- a damaged replica ----
  const file = path.join(top, "Bo", "replica");
  const raw = fs.readFileSync(file);
  for (let at = 8192; at + 1 < raw.length; at += 512) raw[at] ^= 0x20;
  fs.writeFileSync(file, raw);
  const hurt = await serve("Bo");
  const page = await open("hurt", hurt.link);
  await page.fill("input[type=password]", passphrase);
  await page.click("button.main");
  await page.locator("[role=alert] .notice").waitFor();
  const said = await page.locator("[role=alert]").innerText();
  ok(/helps/i.test(said), "a damaged replica is told plainly, with what helps", said);
  note(`a damaged replica: ${said.replace(/\s+/g, " ")}`);
  ok(trouble.filter((x) => !/ERR_|Failed to (load|fetch)/.test(x)).length === 0, "nothing on the console, nothing asked of other machines", trouble.join("\n"));
});

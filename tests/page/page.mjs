// SPDX-License-Identifier: Apache-2.0
// The page in a real browser: five seats in five browsers of their own negotiate through one host, and
// each view is looked at in light and dark, narrow and wide.
import fs from "node:fs";
import path from "node:path";
import { ask, browser, button, filed, fold, look, note, ok, open, passphrase, play, run, sees, serve, serveWith, sit, PATIENCE,
  top, trouble, unfold, view } from "./lib.mjs";

// ---- a table, made by commands as people make it ----

fs.writeFileSync(path.join(top, "charter.yaml"), `
table: Harbour talks
goal: Share the harbour.
mediation: {id: port, name: Port Office, principal: Director}
parties:
  - {id: north, name: North Quay, principal: Chair, seats: [envoy]}
  - {id: south, name: South Quay, principal: Chair}
monitors: [{id: pilots, name: Pilots, seats: [pilot]}]
phases:
  - id: berths
    gate: [agreed: package, ratified: all, verified: [north-moves]]
  - {id: fees}
issues:
  - {id: berth, phase: berths, options: [inner, outer]}
  - {id: hours, phase: berths, options: [day, night]}
deeds: [{id: north-moves, by: north, verifier: pilots}]
`);

function join(who, inviter, side, post) {
  run("seat", "invite", side, ...(post ? ["--post", post] : []), "--out", `${who}.inv`, "--dir", inviter);
  run("seat", "join", `${who}.inv`, "--name", who, "--out", `${who}.slip`, "--cost", "test", "--dir", who);
  run("seat", "admit", `${who}.slip`, "--yes", "--dir", inviter);
  run("sync", "--dir", who);
}
run("table", "new", "charter.yaml", "--host", "host", "--name", "Noor", "--cost", "test", "--dir", "Noor");
join("Ana", "Noor", "north");
join("Emil", "Ana", "north", "envoy");
join("Bo", "Noor", "south");
join("Piet", "Noor", "pilots");
for (const s of ["Noor", "Ana", "Emil", "Bo", "Piet"]) run("sync", "--dir", s);

await play(async () => {
  const noor = await sit("Noor"), ana = await sit("Ana"), emil = await sit("Emil"), bo = await sit("Bo"),
    piet = await sit("Piet");

  // ---- the door ----
  const port = new URL(noor.origin).port;
  ok((await ask(noor.origin, "/", { Host: `evil.example:${port}` })) === 421, "a foreign Host is answered 421");
  ok((await ask(noor.origin, "/", { Host: `127.0.0.1:${port}` })) === 403, "no cookie, no page");
  ok((await ask(noor.origin, "/api/self", { Host: `127.0.0.1:${port}`, Origin: "http://evil.example" })) === 403,
    "a foreign Origin is refused");
  ok((await ask(noor.origin, new URL(noor.link).pathname + new URL(noor.link).search, {
    Host: `127.0.0.1:${port}` })) === 403, "a link opens the page once");
  ok(!fs.existsSync(path.join(top, "entente", `page-${port}.html`)), "the file that led there is gone");

  // ---- figures: printed, not judged by the clock ----
  const first = await noor.page.evaluate(() => ({
    bytes: performance.getEntriesByType("resource").filter((r) => /app\.js|style\.css|icon/.test(r.name))
      .reduce((n, r) => n + r.encodedBodySize, 0),
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1,
  }));
  note(`first view: ${first.bytes} bytes over the wire, first paint after ${Math.round(first.paint)} ms`);
  ok(first.bytes > 0 && first.bytes <= 60000, "the first view is at most 60 kB over the wire");

  // ---- a negotiation ----
  for (const s of [noor, ana, bo]) {
    await view(s, "journey");
    await filed(s, "signs the charter", () => button(s, "Sign the charter").click(), true);
  }
  await sees(ana, "journey", "open: 0 of 3");
  await view(ana, "people");
  await fold(ana, "Give a mandate");
  await ana.page.getByLabel("For how long").fill("21d");
  await filed(ana, "gives her envoy a mandate", () => button(ana, "Give a mandate").click(), true);
  await sees(emil, "people", "in force");

  await view(bo, "rooms");
  await bo.page.getByLabel("Words").fill("<img src=x onerror=alert(1)> \u05e9\u05dc\u05d5\u05dd & \"good morning\"");
  await filed(bo, "says something with markup in it", () => button(bo, "File it").click());
  await sees(emil, "rooms", "<img src=x onerror=alert(1)>");
  ok((await emil.page.locator("main img").count()) === 0, "markup of others is shown as words");

  await emil.page.getByLabel("Words").fill("half a thought");
  await emil.page.reload();
  await emil.page.waitForSelector("nav");
  ok((await emil.page.getByLabel("Words").inputValue()) === "half a thought", "a draft survives a reload");

  await view(noor, "proposals");
  await fold(noor, "Propose");
  await noor.page.getByLabel("berth").selectOption({ label: "inner" });
  await noor.page.getByLabel("hours").selectOption({ label: "day" });
  await filed(noor, "proposes P1", () => button(noor, "Propose").click());
  await sees(emil, "proposals", "P1 · by Noor");
  await fold(emil, "Answer");
  await emil.page.getByLabel("Answer", { exact: true }).selectOption("concept");
  await emil.page.getByLabel("Reservations", { exact: false }).fill("R1 hours night for the ferries");
  await filed(emil, "agrees in concept", () => button(emil, "Answer").click());
  await sees(bo, "proposals", "night for the ferries");
  await view(ana, "proposals");
  await ana.page.getByText("night for the ferries").waitFor();
  await button(ana, "Ratify").click();
  await ana.page.locator("[role=alert] .notice").waitFor();
  ok(/not agreed/.test(await ana.page.locator("[role=alert]").innerText()), "ratifying too soon is stopped at the desk, with words");
  await filed(emil, "closes his own point", () => button(emil, "Close it").click());

  await view(noor, "proposals");
  await fold(noor, "Propose");
  await noor.page.getByLabel("berth").selectOption({ label: "outer" });
  await noor.page.getByLabel("hours").selectOption({ label: "night" });
  await filed(noor, "proposes P2", () => button(noor, "Propose").click());
  for (const [s, how] of [[emil, "ad-referendum"], [bo, "accept"]]) {
    await sees(s, "proposals", "P2 · by Noor");
    const card = s.page.locator("section", { hasText: "P2 · by Noor" });
    await unfold(card.locator("summary", { hasText: "Answer" }));
    await card.getByLabel("Answer", { exact: true }).selectOption(how);
    await filed(s, `answers P2: ${how}`, () => card.getByRole("button", { name: "Answer" }).click(), true);
  }
  await view(ana, "proposals");
  const p2 = ana.page.locator("section", { hasText: "P2 · by Noor" });
  await p2.getByText("accepts", { exact: false }).nth(1).waitFor({ timeout: PATIENCE });
  await filed(ana, "ratifies P2", () => p2.getByRole("button", { name: "Ratify" }).click(), true);
  for (const s of [bo, noor, ana]) await sees(s, "proposals", "agreed and ratified");

  await view(ana, "deeds");
  await fold(ana, "Promise: north-moves");
  await ana.page.getByRole("textbox", { name: "What", exact: true }).fill("The North boats leave the inner berths");
  await ana.page.getByLabel("By when", { exact: false }).fill("3d");
  await filed(ana, "promises", () => button(ana, "Promise").click(), true);
  await fold(ana, "Report: north-moves");
  await filed(ana, "reports", () => button(ana, "Report").click());
  await sees(piet, "task", "The North boats leave the inner berths");
  ok((await piet.page.getByRole("link", { name: "Proposals" }).count()) === 0, "a monitor is shown its task, and no proposals");
  await filed(piet, "verifies", () => button(piet, "Verify").click());
  await sees(bo, "deeds", "✓ done");
  await view(bo, "journey");
  await bo.page.locator("li.now .mark.good").nth(2).waitFor({ timeout: PATIENCE });
  await filed(bo, "opens the gate", () => button(bo, "Open the gate").click(), true);
  await sees(ana, "journey", "Its gate is open");

  // ---- a text ----
  await sees(noor, "journey", "Its gate is open");
  await view(noor, "text");
  await noor.page.getByText("There is no text").waitFor();
  await view(ana, "text");
  await ana.page.getByText("There is no text").waitFor();
  ok((await ana.page.getByText("Put a draft on the table").count()) === 0, "who has not the pen is not offered to draft");
  await fold(noor, "Put a draft");
  await noor.page.getByRole("textbox", { name: "Text", exact: true }).fill("# Fees\n\nEach quay pays half.\n\n# Tides\n\nNobody pays for the tide.\n");
  await filed(noor, "drafts a text", () => button(noor, "Put a draft on the table").click());
  await sees(ana, "text", "Each quay pays half.");
  await fold(ana, "Put other words into brackets: Fees");
  await ana.page.getByLabel("In place of", { exact: false }).first().fill("half");
  await ana.page.getByLabel("Words", { exact: true }).first().fill("by the metre");
  await filed(ana, "puts a bracket", () => button(ana, "Put other words into brackets").click());
  await sees(bo, "text", "by the metre");
  await filed(bo, "supports the bracket", () => bo.page.locator(".bracket").getByRole("button", { name: "Support" }).click());
  await sees(noor, "text", "North Quay, South Quay");
  await filed(noor, "takes it into the text", () => button(noor, "Take it into the text").click());
  await sees(ana, "text", "Version 2");
  await ana.page.locator("ins", { hasText: "metre" }).waitFor({ timeout: PATIENCE });
  ok((await ana.page.locator("del").innerText()).includes("half"), "what changed is shown word by word");
  await filed(ana, "adopts the text", () => button(ana, "Adopt this version").click(), true);

  // ---- at home: a memo, a decision, a debrief ----
  await view(emil, "memo");
  await fold(emil, "Write a memo");
  await emil.page.getByLabel("Where things stand, in a few sentences").fill("The text of fees is adopted by us alone.");
  await emil.page.getByLabel("What it likely leads to").first().fill("South adopts it when it has asked its port");
  await emil.page.getByRole("button", { name: "One more option" }).click();
  await emil.page.getByLabel("Way").nth(1).selectOption("consult");
  await emil.page.getByLabel("What it likely leads to").nth(1).fill("The pilots know the tides");
  await emil.page.getByLabel("Recommend", { exact: true }).selectOption("1");
  await emil.page.getByLabel("Because").fill("it costs nothing");
  await emil.page.reload();
  await fold(emil, "Write a memo");
  ok((await emil.page.getByLabel("What it likely leads to").nth(1).inputValue()) === "The pilots know the tides", "a memo half written survives a reload");
  await filed(emil, "lays a memo before the principal", () => button(emil, "Lay it before the principal").click());
  await fold(emil, "Debrief");
  await emil.page.getByLabel("How you know it").selectOption("guess");
  await emil.page.locator("details[open]").getByLabel("Words", { exact: true }).fill("They wait for their port.");
  await filed(emil, "reports home", () => button(emil, "Report home").click());
  await sees(ana, "memo", "The pilots know the tides");
  ok((await emil.page.getByText("Decide", { exact: true }).count()) === 0, "an envoy is not offered to decide");
  await fold(ana, "Decide");
  await ana.page.locator("details[open]").getByLabel("Words", { exact: true }).fill("We wait a week.");
  await button(ana, "One more order").click();
  await ana.page.getByLabel("Look again by").fill("7d");
  await filed(ana, "decides", () => button(ana, "Decide").click(), true);
  await ana.page.locator(".decided", { hasText: "We wait a week." }).waitFor();
  await ana.page.emulateMedia({ media: "print" });
  ok(await ana.page.locator(".signature").isVisible() && !(await ana.page.locator("nav").isVisible()), "printed, the memo is a page to sign");
  await ana.page.emulateMedia({ media: "screen" });
  ok(!(await bo.page.evaluate(() => fetch("/api/view/memo").then((r) => r.text()))).includes("pilots"), "another side has nothing of it");

  // ---- an act of another, how long it takes to be seen ----
  await view(bo, "rooms");
  await view(ana, "rooms");
  const waits = [];
  for (const words of ["We sit.", "We still sit.", "We rise.", "We sit again.", "It is late."]) {
    await bo.page.getByLabel("Words").fill(words);
    const shown = ana.page.evaluate((words) => new Promise((resolve) => {
      const seen = () => document.querySelector("main").textContent.includes(words) && resolve(performance.timeOrigin + performance.now());
      new MutationObserver(seen).observe(document.body, { childList: true, subtree: true, characterData: true });
    }), words);
    const [answer] = await Promise.all([
      bo.page.waitForResponse((r) => r.url().endsWith("/api/act") && r.request().method() === "POST"),
      button(bo, "File it").click(),
    ]);
    const timing = answer.request().timing();
    waits.push((await shown) - timing.startTime - timing.responseEnd);
    await bo.page.waitForFunction(() => document.querySelector("textarea").value === "");
  }
  note(`acts of another seat were seen ${waits.map((w) => Math.round(w)).join(", ")} ms after they were filed`);
  ok(waits.sort((x, y) => x - y)[2] < 1500, "an act of another is seen when it is filed, not when the page looks next", waits);

  // ---- who waits does nothing ----
  const used = () => fs.readFileSync(`/proc/${ana.ui.pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((n, x) => n + Number(x), 0);
  const before = used();
  await ana.page.waitForTimeout(3000);
  note(`while nothing happened for 3 s, a page's server used ${(used() - before) * 10} ms of the processor`);
  ok(used() - before < 100, "the server waits without being busy", used() - before);

  // ---- every view: narrow, middle, wide; light and dark; with axe ----
  for (const [s, names] of [[ana, ["journey", "rooms", "issues", "proposals", "text", "deeds", "reserve", "memo", "people", "record", "sheet"]],
    [piet, ["task", "rooms", "people", "record"]]]) {
    for (const name of names) {
      if (name === "sheet") await s.page.goto(`${s.origin}/#/sheet`);
      else await view(s, name);
      await look(s, name);
    }
  }

  // ---- keyboard, language, locking ----
  await ana.page.setViewportSize({ width: 1024, height: 800 });
  await view(ana, "journey");
  await ana.page.locator("#language").selectOption("fr");
  await ana.page.getByRole("link", { name: "Parcours" }).waitFor();
  await ana.page.locator("#language").selectOption("en");
  await ana.page.locator("nav a").first().focus();
  await ana.page.keyboard.press("Tab");
  await ana.page.keyboard.press("Enter");
  await ana.page.waitForSelector('nav a[aria-current][href="#/rooms"]');
  ok(true, "views are reached by keyboard; French is there");
  await button(ana, "Lock").click();
  await ana.page.waitForSelector("input[type=password]");
  ok(!(await ana.page.locator("body").innerText()).includes("Harbour"), "locked, the page names neither table nor side");
  await ana.page.fill("input[type=password]", "not this one");
  await ana.page.click("button.main");
  await ana.page.locator("[role=alert] .notice").waitFor();
  ok(true, "a wrong passphrase is told");

  ok(trouble.length === 0, "nothing on the console, nothing asked of other machines", trouble.join("\n"));

  // ---- the sample: one page, all its seats ----
  const sample = await serveWith(["demo", "sample", "--ui", "--nobrowser"]);
  const tour = await browser.newPage();
  await tour.goto(sample.link);
  await tour.waitForSelector("nav");
  const names = await tour.locator("#seat option").allInnerTexts();
  ok(names.length === 9 && names.includes("kestria-ilin"), "the sample shows its nine seats, open", names);
  const rooms = async (seat) => {
    await tour.locator("#seat").selectOption({ label: seat });
    await tour.goto(`${sample.origin}/#/rooms`);
    await tour.locator('[role=group][aria-label="Rooms"]').waitFor();
    await tour.getByRole("button", { name: seat.startsWith("group") ? "home/group" : `home/${seat.split("-")[0]}` }).waitFor();
    return tour.locator('[role=group][aria-label="Rooms"] button').allInnerTexts();
  };
  const ilin = await rooms("kestria-ilin");
  ok(ilin.includes("home/kestria") && !ilin.some((r) => r.includes("velland")), "Kestria's envoy has no room of Velland's", ilin);
  ok(!(await rooms("group-diaz")).includes("plenary"), "the monitor has no plenary");
  sample.ui.removeAllListeners("exit");
  sample.ui.kill("SIGINT");

  // ---- read only; the program ends ----
  const only = await serve("Noor", "--read-only");
  const reader = await open("Noor", only.link);
  await reader.fill("input[type=password]", passphrase);
  await reader.click("button.main");
  await reader.getByText("Opened to read only").waitFor();
  ok((await reader.getByRole("button", { name: "Open the gate" }).count()) === 0, "to read only there is nothing to press");
  only.ui.removeAllListeners("exit");
  only.ui.kill("SIGINT");
  await reader.getByText("has ended", { exact: false }).waitFor({ timeout: PATIENCE });
  ok(true, "when the program ends, the page says so");
});

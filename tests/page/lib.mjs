// SPDX-License-Identifier: Apache-2.0
// What the tests in a real browser share: folders and commands, the browser, seats in it, TAP.
//
//     node tests/page/STORY.mjs ENTENTE ROOT SCREENSHOTS
//
// Skips, and says so, where there is no Chromium or no node_modules.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

export const [entente, root, shots] = process.argv.slice(2).map((p) => path.resolve(p));
const require = createRequire(path.join(root, "page/package.json"));
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => fs.existsSync(p));
if (!browserPath || !fs.existsSync(path.join(root, "page/node_modules/playwright-core"))) {
  console.log("1..0 # SKIP no Chromium, or no page/node_modules: ./dev test installs both");
  process.exit(0);
}
const { chromium } = require("playwright-core");
export const axe = fs.readFileSync(path.join(root, "page/node_modules/axe-core/axe.min.js"), "utf8");

let count = 0;
let failed = 0;
export function ok(holds, what, detail = "") {
  count++;
  if (!holds) failed++;
  console.log(`${holds ? "ok" : "not ok"} ${count} - ${what}`);
  if (!holds) console.log(String(detail).split("\n").map((l) => `# ${l}`).join("\n"));
}
export const note = (s) => console.log(`# ${s}`);

// ---- a table, made by commands as people make it ----

export const top = fs.mkdtempSync(path.join(os.tmpdir(), "entente-page-"));
export const passphrase = "harbour at low tide";
export const env = {
  PATH: "/usr/bin:/bin", HOME: top, ENTENTE_HOME: path.join(top, "home"), XDG_RUNTIME_DIR: top,
  LC_ALL: "C.UTF-8", TERM: "dumb", ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "",
};
fs.writeFileSync(path.join(top, "secret"), passphrase + "\n");

export function run(...words) {
  const fd = fs.openSync(path.join(top, "secret"), "r");
  const r = spawnSync(entente, [...words, "--passphrase-fd", "3"], {
    cwd: top, env, stdio: ["ignore", "pipe", "pipe", fd], encoding: "utf8",
  });
  fs.closeSync(fd);
  if (r.status !== 0) throw new Error(`${words.join(" ")}: ${r.status} ${r.stdout}${r.stderr}`);
  return r.stdout;
}

// ---- seats in browsers ----

export const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const servers = [];
export const trouble = [];

export const serve = (seat, ...more) => serveWith(["ui", "--nobrowser", "--dir", seat, ...more]);

export function serveWith(words) {
  const ui = spawn(entente, words, {
    cwd: top, env, stdio: ["ignore", "ignore", "pipe"],
  });
  servers.push(ui);
  return new Promise((resolve, reject) => {
    let said = "";
    ui.stderr.on("data", (d) => {
      said += d;
      const m = said.match(/http:\/\/\S+/);
      if (m) resolve({ ui, link: m[0], origin: new URL(m[0]).origin });
    });
    ui.on("exit", () => reject(new Error(`${words.join(" ")}: the page ended: ${said}`)));
  });
}

/** Timing waits are generous: machines that build are slow, and a wait that ends early costs nothing. */
export const PATIENCE = 60000;

export async function open(seat, link, options = {}, ready = "input[type=password]") {
  const context = await browser.newContext({ viewport: { width: 1024, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  // what the server refuses is told in the page; the console says it as well, without the address
  page.on("console", (m) => m.type() === "error" && !/responded with a status of/.test(m.text()) && trouble.push(`${seat}: ${m.text()}`));
  page.on("response", (r) => r.status() >= 400 && !/\/api\//.test(r.url()) && trouble.push(`${seat}: ${r.status()} ${r.url()}`));
  page.on("pageerror", (e) => trouble.push(`${seat}: ${e.message}`));
  page.on("request", (r) => /^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(r.url()) || trouble.push(`${seat} asks ${r.url()}`));
  page.setDefaultTimeout(PATIENCE);
  await page.goto(link);
  await page.waitForSelector(ready);
  return page;
}

export async function sit(seat) {
  const server = await serve(seat);
  const page = await open(seat, server.link);
  await page.fill("input[type=password]", passphrase);
  await page.click("button.main");
  await page.waitForSelector("nav");
  return Object.assign(server, { page, seat });
}

export const view = async (s, name) => {
  await s.page.goto(`${s.origin}/#/${name}`);
  await s.page.waitForSelector(`nav a[aria-current][href="#/${name}"]`);
};
/** Sends a form and waits until it is noted; what binds is confirmed. */
export async function filed(s, what, press, binds = false) {
  const status = s.page.locator("[role=status] .notice");
  if (await status.count()) await status.getByRole("button").click();
  await press();
  if (binds) {
    const box = s.page.getByRole("dialog");
    const refused = s.page.locator("[role=alert] .notice");
    await box.or(refused).first().waitFor({ timeout: PATIENCE });
    if (await refused.count()) return ok(false, `${s.seat}: ${what}`, await refused.innerText());
    ok((await box.locator("pre").innerText()).length > 20, `${what}: shown in full before it is signed`);
    // What it means may have changed meanwhile: then it is shown and asked for once more.
    for (let shown = ""; ; ) {
      const now = await box.locator("pre").innerText().catch(() => "");
      if (now === "" || now === shown) break;
      shown = now;
      await box.getByRole("button", { name: "Yes, file it" }).click();
      await status.or(refused).or(box.locator("pre", { hasNotText: shown.slice(0, 400) })).first().waitFor().catch(() => {});
      if (!(await box.isVisible())) break;
    }
  }
  try {
    await status.or(s.page.locator("[role=alert] .notice")).first().waitFor();
    if (!(await status.count())) throw new Error("refused");
    ok(true, `${s.seat}: ${what}`);
  } catch {
    const alert = await s.page.locator("[role=alert]").innerText();
    ok(false, `${s.seat}: ${what}`, alert);
  }
}
export async function unfold(summary) {
  if (!(await summary.evaluate((e) => e.parentElement.open))) await summary.click();
}
export const fold = (s, name) => unfold(s.page.locator("summary", { hasText: name }).first());
export const button = (s, name) => s.page.getByRole("button", { name, exact: true }).first();
/** What another seat sees, once its page has taken in what is new. */
export async function sees(s, name, text) {
  await view(s, name);
  try {
    await s.page.getByText(text, { exact: false }).first().waitFor({ timeout: PATIENCE });
    ok(true, `${s.seat} sees: ${text}`);
  } catch {
    ok(false, `${s.seat} sees: ${text}`, await s.page.locator("main").innerText());
  }
}

/** The page as it is: in five sizes and colours, with axe, without anything that sticks out. */
export async function look(s, name) {
  fs.mkdirSync(shots, { recursive: true });
  await s.page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("One moment"));
  for (const [width, scheme] of [[390, "light"], [390, "dark"], [1024, "light"], [1024, "dark"], [1600, "light"]]) {
    await s.page.setViewportSize({ width, height: 900 });
    await s.page.emulateMedia({ colorScheme: scheme });
    const over = await s.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) ok(false, `${s.seat} ${name} ${width} does not overflow`, over);
    await s.page.screenshot({ path: path.join(shots, `${s.seat}-${name}-${width}-${scheme}.png`), fullPage: true });
    if (width !== 1600 && !(width === 390 && scheme === "dark")) {
      await s.page.evaluate(axe);
      const faults = await s.page.evaluate(() => window.axe.run().then((r) => r.violations.map(
        (v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`)));
      if (faults.length) ok(false, `axe: ${s.seat} ${name} ${width} ${scheme}`, faults.join("\n"));
    }
  }
  await s.page.emulateMedia({ colorScheme: "light" });
  await s.page.setViewportSize({ width: 820, height: 640 });
  await s.page.screenshot({ path: path.join(shots, `manual-${name}.png`) }); // tools/page_pictures.py takes some of them
  await s.page.setViewportSize({ width: 1024, height: 800 });
  ok(true, `${s.seat}: ${name} was looked at in five sizes and colours`);
}

export function ask(origin, url, headers) {
  return new Promise((resolve, reject) => {
    const u = new URL(url, origin);
    http.get({ host: "127.0.0.1", port: u.port, path: u.pathname + u.search, headers }, (r) => {
      r.resume();
      resolve(r.statusCode);
    }).on("error", reject);
  });
}


/** Plays the story to its end, whatever happens, and ends what it has started. */
export async function play(story) {
  try {
    await story();
  } catch (e) {
    ok(false, "the story went to its end", e.stack);
    for (const context of browser.contexts()) {
      for (const page of context.pages()) {
        const words = await page.locator("body").innerText({ timeout: 5000 }).catch(() => "(nothing)");
        note(`${page.url()} shows: ${words.slice(0, 2000).replace(/\n/g, " / ")}`);
      }
    }
  } finally {
    for (const ui of servers) {
      ui.removeAllListeners("exit");
      ui.kill("SIGINT");
    }
    await browser.close();
    fs.rmSync(top, { recursive: true, force: true });
  }
  console.log(`1..${count}`);
  process.exit(failed ? 1 : 0);
}

// The report in a real browser. Without one it says so and succeeds.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const browserPath = BROWSERS.find((path) => path && existsSync(path));
if (!browserPath) {
  console.log("skipped: no chromium");
  process.exit(0);
}

const { chromium } = await import("playwright-core");
const { reports, HOSTILE } = await import("./reports.mjs");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const WIDTHS = [1280, 360];
const failures = [];

function check(what, holds, found = "") {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds || found === "" ? "" : `: ${found}`}`);
  if (!holds) failures.push(what);
}

/** A page that remembers everything a report must not do. */
async function open(context, file, hash = "") {
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  page.wrongs = [];
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type())) page.wrongs.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (e) => page.wrongs.push(`error: ${e.message}`));
  page.on("dialog", (d) => { page.wrongs.push(`dialog: ${d.message()}`); return d.dismiss(); });
  page.on("request", (r) => {
    if (r.url().split("#")[0] !== url) page.wrongs.push(`request: ${r.url().slice(0, 80)}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (e) => {
      window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`);
    });
  });
  await page.goto(url + hash);
  return page;
}

async function quiet(page, name) {
  const violations = await page.evaluate(() => window.violations);
  const wrongs = [...page.wrongs, ...violations.map((v) => `policy: ${v}`)];
  check(`${name}: no error, request or violation`, wrongs.length === 0, wrongs.join("\n     "));
  check(`${name}: nothing injected runs`, !(await page.evaluate(() => window.hacked)));
}

async function unfold(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
}

/** What of the page is wider than the window, if it can be scrolled sideways. */
async function sideways(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= window.innerWidth) return "";
    const past = [...document.querySelectorAll("body *")].filter((e) =>
      e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest(".scroll"));
    const names = past.slice(0, 5).map((e) => `${e.tagName}.${e.className.baseVal ?? e.className}`);
    return `${wide} px: ${names.join(", ")}`;
  });
}

/** What axe-core finds; its rules need script, which the policy forbids. */
async function findings(browser, file, scheme, width) {
  const context = await browser.newContext({
    bypassCSP: true, colorScheme: scheme, viewport: { width, height: 900 },
  });
  const page = await open(context, file);
  // Pages are alike: unfolding a few of them keeps this in seconds.
  await page.evaluate(() => {
    [...document.querySelectorAll("details.au")].slice(6).forEach((d) => d.remove());
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
  });
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((v) => ({
      id: v.id, impact: v.impact, nodes: v.nodes.length, first: v.nodes[0].html.slice(0, 120),
      why: v.nodes[0].failureSummary.slice(0, 200),
    }));
  });
  await context.close();
  return found;
}

const isSerious = (finding) => ["serious", "critical"].includes(finding.impact);

async function accessible(browser, file, name, scheme, width) {
  const found = await findings(browser, file, scheme, width);
  const bad = found.filter(isSerious);
  const words = bad.map((v) => `${v.id} (${v.impact}, ${v.nodes}) ${v.first} ${v.why}`).join("\n     ");
  check(`${name}, ${scheme}, ${width} px: axe finds nothing serious`, bad.length === 0, words);
  const minor = found.filter((v) => !bad.includes(v)).map((v) => `${v.id} (${v.impact}, ${v.nodes})`);
  if (minor.length > 0) console.log(`     lesser findings: ${minor.join(", ")}`);
}

/** A page with pale text, a foreign picture and a wide box: the checks above have to see them. */
async function canFail(browser, folder) {
  const file = `${folder}/sabotaged.html`;
  writeFileSync(file, `<!doctype html><html lang="en"><head><title>Sabotaged</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
</head><body><main><h1>Sabotaged</h1><p style="color:#bbb">pale</p>
<div style="width:3000px">wide</div><img alt="" src="https://example.org/a.png"></main></body></html>`);
  const found = await findings(browser, file, "light", 1280);
  const pale = found.some((v) => v.id === "color-contrast" && isSerious(v));
  check("sabotaged: pale text is found", pale);
  const context = await browser.newContext({ viewport: { width: 360, height: 900 } });
  const page = await open(context, file);
  check("sabotaged: sideways scrolling is found", (await sideways(page)) !== "");
  const violations = await page.evaluate(() => window.violations.length);
  check("sabotaged: a foreign picture is found", violations + page.wrongs.length > 0);
  await context.close();
}

async function keyboard(browser, file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, file);
  const shown = () => page.locator("#list tbody tr:visible");
  const places = async () => shown().locator("td.place b").allTextContents();
  // From the top by the tabulator key alone.
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  check("keyboard: the first stop skips to the content", first === "skip", first);
  const tabTo = async (selector) => {
    for (let stop = 0; stop < 60; stop += 1) {
      if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return true;
      await page.keyboard.press("Tab");
    }
    return false;
  };
  check("keyboard: the filter can be reached", await tabTo("[data-control=show]"));
  const before = await shown().count();
  await page.keyboard.press("ArrowDown");
  const all = await shown().count();
  check("keyboard: the list grows to all", all > before, `${before} then ${all}`);
  check("keyboard: the search can be reached", await tabTo("[data-control=find]"));
  const wanted = await page.locator("#list tbody tr bdi").nth(30).textContent();
  await page.keyboard.type(wanted);
  check("keyboard: typing a name finds it", (await shown().count()) === 1);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  check("keyboard: sorting can be reached", await tabTo("[data-control=sort]"));
  await page.keyboard.press("ArrowDown");
  const names = await shown().locator("bdi").allTextContents();
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en-GB"));
  check("keyboard: sorts by name", JSON.stringify(names) === JSON.stringify(sorted));
  check("keyboard: and says so", (await page.locator("#list th[aria-sort]").getAttribute("data-sort")) === "name");
  await page.keyboard.press("ArrowUp");
  const back = (await places()).map(Number);
  check("keyboard: and back by place", back.every((place, at) => place === at + 1));
  // The map's tiles are links; one leads to its page and unfolds it.
  await page.locator("svg.map a").nth(20).focus();
  await page.keyboard.press("Enter");
  const open_ = await page.evaluate(() => {
    const target = document.getElementById(location.hash.slice(1));
    return target?.open === true && Math.abs(target.getBoundingClientRect().top) < 900;
  });
  check("keyboard: a tile leads to its authority's page and unfolds it", open_);
  const named = await page.locator("svg.map a").evaluateAll((tiles) =>
    tiles.every((t) => /^.+: (.*%(, place \d+ to \d+ of \d+)?|not scored, .+)$/.test(t.querySelector("title").textContent)));
  check("keyboard: every tile says authority, risk and place, or that it is unknown", named);
  await quiet(page, "keyboard");
  await context.close();
}

/** What people think of a list is saved as the form that `monitor review` takes, and read back. */
async function reviewed(browser, file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, file);
  const row = () => page.locator("#list tbody tr:visible").first();
  const why = 'new "director", since May';
  await row().locator("select").selectOption("disagree");
  await row().locator("input").fill(why);
  await page.locator("[data-control=role]").fill("regional lead");
  await page.evaluate(() => document.querySelector("a.review")
    .addEventListener("click", (event) => event.preventDefault()));
  await page.locator("a.review").click();
  const href = await page.locator("a.review").getAttribute("href");
  const text = decodeURIComponent(href.slice(href.indexOf(",") + 1));
  const [head, line, rest] = text.split("\n");
  check("review: has its columns", head === "as_of,organisation,verdict,why,role,reviewed_on", head);
  const form = /^\d{4}-\d\d-\d\d,[^,]+,disagree,"new ""director"", since May","regional lead",\d{4}-\d\d-\d\d$/;
  check("review: has one view, quoted", form.test(line) && rest === "", line);
  await page.reload();
  check("review: is gone with the page", (await row().locator("select").inputValue()) === "");
  await page.locator("[data-control=review]").setInputFiles({
    name: "review.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${text}`),
  });
  await page.waitForFunction(() =>
    document.querySelector("[data-control=status]").textContent.includes("views read"));
  const back = [await row().locator("select").inputValue(), await row().locator("input").inputValue()];
  check("review: is read back", back[0] === "disagree" && back[1] === why, back.join(" "));
  await quiet(page, "review");
  await context.close();
}

async function look(browser, file, name, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await open(context, file);
  check(`${name}, ${width} px: no sideways scrolling`, (await sideways(page)) === "", await sideways(page));
  await unfold(page);
  check(`${name}, ${width} px, unfolded: no sideways scrolling`, (await sideways(page)) === "", await sideways(page));
  await quiet(page, `${name}, ${width} px`);
  await context.close();
}

async function withoutScript(browser, file) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const rows = await page.locator("#list tbody tr:visible").count();
  check("without script: the whole list is there", rows > 100, rows);
  const controls = await page.locator(".controls:visible").count();
  check("without script: no control that does nothing", controls === 0);
  await page.locator("details.au > summary").first().click();
  check("without script: a page unfolds", await page.locator("details.au[open]").first().isVisible());
  await context.close();
}

async function print(browser, file, name) {
  const context = await browser.newContext();
  const page = await open(context, file);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const sheets = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  check(`${name}: prints`, pdf.subarray(0, 5).toString() === "%PDF-" && sheets > 0, `${sheets} sheets`);
  console.log(`     ${sheets} sheets of A4`);
  await context.close();
}

async function escaped(browser, file) {
  const context = await browser.newContext();
  const page = await open(context, file);
  const text = await page.evaluate(() => document.body.textContent);
  for (const name of HOSTILE) check(`hostile: stands as text: ${name.slice(0, 30)}`, text.includes(name));
  const elements = await page.locator("img, iframe, object, embed, [onload], [onerror], [onfocus], [style]").count();
  check("hostile: no element was made of a name", elements === 0, elements);
  await context.close();
}

const { folder, pages } = reports();
const browser = await chromium.launch({ executablePath: browserPath, args: FLAGS });
try {
  for (const [name, file] of Object.entries(pages)) {
    for (const width of WIDTHS) await look(browser, file, name, width);
    for (const scheme of ["light", "dark"]) await accessible(browser, file, name, scheme, 1280);
    await accessible(browser, file, name, "light", 360);
    await print(browser, file, name);
  }
  await reviewed(browser, pages.demo);
  await keyboard(browser, pages.demo);
  await withoutScript(browser, pages.demo);
  await escaped(browser, pages.hostile);
  await canFail(browser, folder);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.log(`${failures.length} failed`);
  process.exit(1);
}
console.log("all hold");

// The reports under test: the demo, the demo with hostile names, and one authority of it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Names that would run, break out or turn the page around if they were not escaped. */
export const HOSTILE = [
  "<img src=x onerror=\"window.hacked=1\">",
  "</script><script>window.hacked=1</script>",
  "</title></style><svg onload=window.hacked=1>",
  "\" onfocus=\"window.hacked=1\" autofocus x=\"",
  "' style='background:url(https://example.org/)",
  "\u202Egnirts desrever\u202D and \u200Frtl",
  "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;",
  "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-under-Lyme-without-a-space",
];

/** The demo's folder with every eighth name replaced. */
function hostileFolder(to) {
  cpSync(join(root, "examples/demo"), to, { recursive: true });
  const file = join(to, "register.csv");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const column = lines[0].split(",").indexOf("la_name");
  const renamed = lines.map((line, at) => {
    if (at === 0) return line;
    const cells = line.split(",");
    const name = HOSTILE[at % 16];
    // A name has to stay one authority's, or the register could not tell them apart.
    if (name !== undefined) cells[column] = `"${`${name} ${at}`.replaceAll("\"", "\"\"")}"`;
    return cells.join(",");
  });
  writeFileSync(file, `${renamed.join("\n")}\n`);
}

function watchlist(args) {
  const cargo = ["run", "--release", "--quiet", "--example", "watchlist", "--"];
  const fast = ["--replicates", "40"];
  execFileSync("cargo", [...cargo, ...fast, ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

/** Writes the reports into a new folder and returns their paths by name. */
export function reports() {
  const folder = mkdtempSync(join(tmpdir(), "forewarn-reports-"));
  const hostile = join(folder, "data");
  hostileFolder(hostile);
  const path = (name) => join(folder, `${name}.html`);
  watchlist(["--html", path("demo")]);
  watchlist(["--data", hostile, "--as-of", "2024-06-01", "--html", path("hostile")]);
  watchlist(["--authority", "S003", "--html", path("one")]);
  return { folder, pages: { demo: path("demo"), hostile: path("hostile"), one: path("one") } };
}

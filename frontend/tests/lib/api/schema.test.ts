import { execSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { expect, it } from "vitest";
import manifest from "../../../package.json";

const FOLDER = "src/lib/api";

/**
 * With current types the compiler finds what the app expects and the API no longer returns; current schemas accept what
 * it returns. `make client` updates both.
 */
it("the API's types and schemas match the API's description", () => {
  const fresh = mkdtempSync(join(tmpdir(), "outlay-client-"));
  const path = [resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
  try {
    execSync(manifest.scripts.client.replaceAll(FOLDER, fresh), {
      stdio: "ignore",
      env: { ...process.env, PATH: path },
    });
    expect(generatedIn(fresh)).toEqual(generatedIn(FOLDER));
  } finally {
    rmSync(fresh, { recursive: true });
  }
}, 30_000);

/** Returns the texts of the generated files, by name. */
function generatedIn(folder: string): Record<string, string> {
  const names = ["schema.d.ts", ...readdirSync(join(folder, "schemas")).map((name) => join("schemas", name))];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

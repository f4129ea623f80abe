import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import manifest from "../../../package.json";

/**
 * With current types the compiler finds what the app expects and the API no longer returns. `make client` updates them.
 */
it("the API's types match the API's description", () => {
  const folder = mkdtempSync(join(tmpdir(), "outlay-schema-"));
  const committed = "src/lib/api/schema.d.ts";
  const [program = "", ...words] = manifest.scripts.client.replace(committed, join(folder, "schema.d.ts")).split(" ");
  try {
    execFileSync(join("node_modules/.bin", program), words, { stdio: "ignore" });
    expect(readFileSync(join(folder, "schema.d.ts"), "utf8")).toBe(readFileSync(committed, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);

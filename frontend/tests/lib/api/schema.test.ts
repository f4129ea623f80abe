import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import manifest from "../../../package.json";

/** The compiler then finds whatever the app expects and the API no longer gives. `make client` mends this. */
it("the API's types are those of the API's description", () => {
  const place = mkdtempSync(join(tmpdir(), "outlay-schema-"));
  const kept = "src/lib/api/schema.d.ts";
  const [program = "", ...words] = manifest.scripts.client.replace(kept, join(place, "schema.d.ts")).split(" ");
  try {
    execFileSync(join("node_modules/.bin", program), words, { stdio: "ignore" });
    expect(readFileSync(join(place, "schema.d.ts"), "utf8")).toBe(readFileSync(kept, "utf8"));
  } finally {
    rmSync(place, { recursive: true });
  }
}, 30_000);

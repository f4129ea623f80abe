import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

/** A string that was not extracted would be shown as its id. */
it("the catalog holds exactly the strings of the app", () => {
  const folder = mkdtempSync(join(tmpdir(), "outlay-messages-"));
  try {
    const fresh = join(folder, "{locale}");
    const config = `${readFileSync("lingui.config.ts", "utf8").replace("<rootDir>/src/locales/{locale}", fresh)}`;
    writeFileSync("lingui.config.fresh.ts", config);
    execFileSync("node_modules/.bin/lingui", ["extract", "--clean", "--config", "lingui.config.fresh.ts"]);
    expect(stringsOf("src/locales/en.po")).toEqual(stringsOf(join(folder, "en.po")));
  } finally {
    rmSync("lingui.config.fresh.ts", { force: true });
    rmSync(folder, { recursive: true });
  }
}, 30_000);

function stringsOf(catalog: string): string[] {
  const messages = readFileSync(catalog, "utf8").match(/^msgid ".*"$(\n^".*"$)*/gm) ?? [];
  return messages.toSorted();
}

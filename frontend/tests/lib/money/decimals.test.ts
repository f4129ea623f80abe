import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { currencyChoices } from "@/lib/money/currencies";
import { WITHDRAWN } from "@/lib/money/currency-table";
import { decimalsOf } from "@/lib/money/decimals";
import { formatMoney } from "@/lib/money/format";

/** The server's table: code, decimals, date added, date withdrawn. */
const rows = readFileSync("../contracts/currencies.csv", "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((row) => row.split(","));

/** Units of account; and SVC and VED, where USD and VES are used instead. */
const NOT_CASH = ["BOV", "CHE", "CHW", "CLF", "COU", "MXV", "SVC", "USN", "UYI", "UYW", "VED", "XAD"];

it("has the server's decimals for every currency", () => {
  expect(rows.length).toBeGreaterThan(200);
  for (const [code = "", decimals] of rows) expect([code, decimalsOf(code)]).toEqual([code, Number(decimals)]);
});

it("formats amounts with them, regardless of the browser's table", () => {
  expect(formatMoney("1234.50", "HUF", "en")).toBe("HUF\u00a01,234.50");
  expect(formatMoney("1234.567", "IQD", "en")).toBe("IQD\u00a01,234.567");
  expect(formatMoney("1234", "ISK", "en")).toBe("ISK\u00a01,234");
});

it("offers every current currency, and no withdrawn one", () => {
  const offered = new Set(currencyChoices("en").map((choice) => choice.code));
  const withdrawn = rows.filter(([, , , last]) => last).map(([code = ""]) => code);
  expect(WITHDRAWN.split(" ")).toEqual(withdrawn);
  expect(withdrawn.filter((code) => offered.has(code))).toEqual([]);
  const known = new Set(rows.map(([code]) => code));
  expect([...offered].filter((code) => !known.has(code))).toEqual([]);
  expect([...known].filter((code = "") => !offered.has(code) && !withdrawn.includes(code))).toEqual(NOT_CASH);
});

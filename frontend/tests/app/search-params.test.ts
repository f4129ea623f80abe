import * as v from "valibot";
import { expect, it } from "vitest";
import { evidenceFilter } from "@/app/evidence";
import {
  SignInSearch,
  ExpensesSearch,
  HomeSearch,
  parseSearch,
  safeNextPath,
  stringifySearch,
} from "@/app/search-params";

it("reads valid search parameters and ignores the others", () => {
  expect(v.parse(HomeSearch, { month: "2026-13", x: "y" })).toEqual({ month: undefined });
  expect(v.parse(ExpensesSearch, parseSearch("?q=42&from=2026-11-01&to=tomorrow"))).toMatchObject({
    q: "42",
    from: "2026-11-01",
    to: undefined,
  });
});

it("ignores days that do not exist", () => {
  const kept = ["2026-02-28", "2026-02-31", "0000-01-01"].map((from) => v.parse(ExpensesSearch, { from }).from);
  expect(kept).toEqual(["2026-02-28", undefined, undefined]);
  expect(v.parse(HomeSearch, { month: "0000-01" })).toEqual({ month: undefined });
});

it("accepts a next path with many expense ids", () => {
  const next = `/expenses?ids=${Array.from({ length: 100 }, () => "0198f000-0000-7000-8000-000000000001").join("%2C")}`;
  expect(v.parse(SignInSearch, { next }).next).toBe(next);
});

it("writes plain strings into the URL", () => {
  expect(stringifySearch({ q: "a b", from: undefined, month: "2026-11" })).toBe("?q=a+b&month=2026-11");
  expect(stringifySearch({})).toBe("");
});

it("accepts only next paths of this app", () => {
  expect(safeNextPath("/expenses?q=x")).toBe("/expenses?q=x");
  for (const invalid of ["https://example.org", "//example.org", "/\\example.org", "", undefined]) {
    expect(safeNextPath(invalid)).toBe("/");
  }
});

it("converts an insight's evidence to a list filter", () => {
  const evidence = { from: "2026-11-01", to: "2026-11-22", category: "c1", currency: "EUR" };
  expect(evidenceFilter(evidence)).toEqual(evidence);
  const ids = "0198f000-0000-7000-8000-000000000001,0198f000-0000-7000-8000-000000000002";
  const chosen = { from: "2026-11-01", to: "2026-11-22", currency: "EUR", weekday: "6", merchant: "Rewe", ids };
  expect(evidenceFilter(chosen)).toEqual(chosen);
});

it("returns no link if the list cannot show exactly the evidence", () => {
  expect(evidenceFilter({ from: "2026-11-01", to: "2026-11-22", weekday: "friday" })).toBeNull();
  expect(evidenceFilter({ from: "2026-11-01", currency: "euro" })).toBeNull();
  expect(evidenceFilter({ from: "2026-11-01", ids: "1,2" })).toBeNull();
});

import { readFileSync, readdirSync } from "node:fs";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it } from "vitest";
import { journalQuery } from "@/features/activity/api/journal";
import { expensesQuery } from "@/features/expenses/api/expense-queries";
import { insightsQuery } from "@/features/insights/api/insights";
import { summaryQuery } from "@/features/summary/api/summary";
import { dailyQuery } from "@/features/summary/api/trends";
import { currentUserQuery } from "@/lib/api/current-user";
import { revisions } from "@/lib/api/revisions";
import { categoriesQuery } from "@/lib/ledger/categories";
import { LEDGER } from "../../support/ledger";
import { json, mockServer } from "../../support/server";

/** Recorded by the Python tests from the services themselves: see tests/test_golden_responses.py. */
const FOLDER = "../tests/golden/responses";
const NOVEMBER = { from: "2026-11-01", to: "2026-11-30" };

type Read = (queries: QueryClient) => Promise<unknown>;

const firstPage = (data: { pages: unknown[] }): unknown => data.pages[0];

const READS: Record<string, [path: string, read: Read]> = {
  me: ["/api/v1/auth/me", (queries) => queries.fetchQuery(currentUserQuery)],
  expenses: ["/api/v1/expenses", (queries) => queries.fetchInfiniteQuery(expensesQuery(LEDGER, {})).then(firstPage)],
  categories: [
    "/api/v1/categories",
    async (queries) => ({ items: await queries.fetchQuery(categoriesQuery(LEDGER)), next_cursor: null }),
  ],
  journal: ["/api/v1/journal", (queries) => queries.fetchInfiniteQuery(journalQuery(LEDGER)).then(firstPage)],
  summary: [
    "/api/v1/summary",
    async (queries) => {
      const { isOutdated, ...body } = await queries.fetchQuery(summaryQuery(LEDGER, NOVEMBER));
      expect(isOutdated).toBe(false);
      return body;
    },
  ],
  trends: ["/api/v1/trends", (queries) => queries.fetchQuery(dailyQuery(LEDGER, NOVEMBER))],
  insights: ["/api/v1/insights", (queries) => queries.fetchQuery(insightsQuery(LEDGER))],
};

afterEach(() => revisions.clear());

it("reads every recorded response", () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(
    Object.keys(READS)
      .map((name) => `${name}.json`)
      .toSorted(),
  );
});

it.each(Object.entries(READS))("understands the recorded response %s", async (name, [path, read]) => {
  const body: unknown = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8"));
  mockServer({ [`GET ${path}`]: () => json(body) });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const result = await read(queries);
  expect(result).toBeTruthy();
  expect(body).toMatchObject(result as object);
});

it.each(Object.entries(READS))("ignores fields that a newer server adds to %s", async (name, [path, read]) => {
  const body: unknown = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8"));
  mockServer({ [`GET ${path}`]: () => json(withNewFields(body)) });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  expect(await read(queries)).toBeTruthy();
});

function withNewFields(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNewFields);
  if (typeof node !== "object" || node === null) return node;
  const fields = Object.entries(node).map(([name, value]) => [name, withNewFields(value)]);
  return { ...Object.fromEntries(fields), new_field: "new" };
}

import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { insightsKey, outdatedInsights } from "@/features/insights/api/insights";

const MINE = { id: "mine" };
const NOON = "2026-11-22T12:00:00Z";
const LATER = "2026-11-22T12:00:04Z";

/** Whether insights stored at noon become stale when the server announces a set computed at `moment`. */
function isInvalidatedBy(ledger: string, moment: string): boolean {
  const queries = new QueryClient();
  queries.setQueryData(insightsKey(MINE), { computed_at: NOON });
  void queries.invalidateQueries(outdatedInsights({ id: ledger }, moment));
  return queries.getQueryState(insightsKey(MINE))?.isInvalidated ?? false;
}

it("invalidates older insights, and keeps the current ones", () => {
  expect(isInvalidatedBy("mine", LATER)).toBe(true);
  expect(isInvalidatedBy("mine", NOON)).toBe(false);
  expect(isInvalidatedBy("yours", LATER)).toBe(false);
});

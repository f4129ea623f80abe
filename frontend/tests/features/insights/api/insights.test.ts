import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { insightsKey, outdatedInsights } from "@/features/insights/api/insights";

const MINE = { id: "mine" };
const NOON = "2026-11-22T12:00:00Z";
const LATER = "2026-11-22T12:00:04Z";

/** Whether insights that were stored at noon are asked for again once the server names a moment of this ledger's. */
function isInvalidatedBy(ledger: string, moment: string): boolean {
  const queries = new QueryClient();
  queries.setQueryData(insightsKey(MINE), { computed_at: NOON });
  void queries.invalidateQueries(outdatedInsights({ id: ledger }, moment));
  return queries.getQueryState(insightsKey(MINE))?.isInvalidated ?? false;
}

it("asks again where others are stored by now, and leaves alone what is on screen already", () => {
  expect(isInvalidatedBy("mine", LATER)).toBe(true);
  expect(isInvalidatedBy("mine", NOON)).toBe(false);
  expect(isInvalidatedBy("yours", LATER)).toBe(false);
});

import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { insightsKey, otherInsights } from "@/features/insights/api/insights";

const MINE = { id: "mine" };
const NOON = "2026-11-22T12:00:00Z";
const LATER = "2026-11-22T12:00:04Z";

/** Whether insights that were stored at noon are asked for again once the server names a moment of this ledger's. */
function isAskedAgain(ledger: string, moment: string): boolean {
  const queries = new QueryClient();
  queries.setQueryData(insightsKey(MINE), { computed_at: NOON });
  void queries.invalidateQueries(otherInsights({ id: ledger }, moment));
  return queries.getQueryState(insightsKey(MINE))?.isInvalidated ?? false;
}

it("asks again where others are stored by now, and leaves alone what is on screen already", () => {
  expect(isAskedAgain("mine", LATER)).toBe(true);
  expect(isAskedAgain("mine", NOON)).toBe(false);
  expect(isAskedAgain("yours", LATER)).toBe(false);
});

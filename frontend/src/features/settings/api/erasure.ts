import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, read } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/errors";
import { ReceiptSchema } from "@/lib/api/schemas/receipt.gen";

export type ErasureReceipt = ResponseBody<"/api/v1/erasures/{receipt}", "get">;

/** The additional member of that problem. */
const HandOverFirst = v.object({ ledgers: v.array(v.object({ id: v.string(), name: v.string() })) });

/** Erases the account and its data. Returns the receipt's id. */
export async function eraseAccount(password: string): Promise<string> {
  return (await read(ReceiptSchema, api.POST("/api/v1/auth/erase", { body: { password } }))).receipt;
}

/**
 * Returns the names of the shared ledgers that must be handed over first, if the erasure was refused because of them.
 */
export function ledgersToHandOver(error: unknown): readonly string[] | null {
  if (!(error instanceof ApiProblem) || error.status !== 409) return null;
  const parsed = v.safeParse(HandOverFirst, error.body);
  return parsed.success ? parsed.output.ledgers.map((ledger) => ledger.name) : null;
}

const POLL_INTERVAL_MS = 2000;

/** Whether no receipt has that id. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** What was deleted, where and when. The id alone gives access, as the account no longer exists. */
export function erasureReceiptQuery(receipt: string) {
  return queryOptions({
    queryKey: ["receipt", receipt],
    queryFn: ({ signal }) =>
      read(ReceiptSchema, api.GET("/api/v1/erasures/{receipt}", { params: { path: { receipt } }, signal })),
    refetchInterval: ({ state }) => (state.data?.finished_at || isNotFound(state.error) ? false : POLL_INTERVAL_MS),
  });
}

import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "@/lib/api/client";
import { Problem } from "@/lib/api/problems";

export type Receipt = Answer<"/api/v1/erasures/{receipt}", "get">;

const ReceiptShape: v.GenericSchema<unknown, Receipt> = v.object({
  receipt: v.string(),
  asked_at: v.string(),
  finished_at: v.nullable(v.string()),
  copies_until: v.nullable(v.string()),
  parts: v.array(
    v.object({
      service: v.string(),
      deleted: v.nullable(v.record(v.string(), v.number())),
      confirmed_at: v.nullable(v.string()),
    }),
  ),
});
const Owned = v.object({ ledgers: v.array(v.object({ id: v.string(), name: v.string() })) });

/** Erases the account and all that is its own. Returns the id of the receipt. */
export async function erase(password: string): Promise<string> {
  return (await read(ReceiptShape, api.POST("/api/v1/auth/erase", { body: { password } }))).receipt;
}

/** The shared ledgers that have to be handed over first, where the erasure was refused for that. */
export function ownedTogether(error: unknown): readonly string[] | null {
  if (!(error instanceof Problem) || error.status !== 409) return null;
  const found = v.safeParse(Owned, error.body);
  return found.success ? found.output.ledgers.map((ledger) => ledger.name) : null;
}

const ASK_AGAIN_MS = 2000;

/** Whether there is no receipt of that id. */
export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

/** What was deleted, where and when. The id alone opens it: there is no account any more. */
export function receiptQuery(receipt: string) {
  return queryOptions({
    queryKey: ["receipt", receipt],
    queryFn: ({ signal }) =>
      read(ReceiptShape, api.GET("/api/v1/erasures/{receipt}", { params: { path: { receipt } }, signal })),
    refetchInterval: ({ state }) => (state.data?.finished_at || isMissing(state.error) ? false : ASK_AGAIN_MS),
  });
}

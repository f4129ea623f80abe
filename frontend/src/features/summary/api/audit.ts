import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";

export type Audited = Pick<Answer<"/api/v1/audit", "get">, "agreed_at">;

const Shape: v.GenericSchema<unknown, Audited> = v.object({ agreed_at: v.nullable(v.string()) });

/** Audits run in the background, and nobody announces them. */
const ASK_AGAIN_MS = 60_000;

/** When the totals were last found equal to the book. */
export function auditQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "audit"],
    queryFn: ({ signal }) => read(Shape, api.GET("/api/v1/audit", { params: { query: ledgerQuery(ledger) }, signal })),
    refetchInterval: ASK_AGAIN_MS,
  });
}

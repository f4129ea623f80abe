import { queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, read } from "@/lib/api/client";
import { AuditedSchema } from "@/lib/api/schemas/audited.gen";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type AuditResult = InferOutput<typeof AuditedSchema>;

/** Audits run in the background and are not announced. */
const POLL_INTERVAL_MS = 60_000;

/** When an audit last found the totals equal to the expenses. */
export function auditQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "audit"],
    queryFn: ({ signal }) =>
      read(AuditedSchema, api.GET("/api/v1/audit", { params: { query: ledgerParams(ledger) }, signal })),
    refetchInterval: POLL_INTERVAL_MS,
  });
}

import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, read } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type AuditResult = Pick<ResponseBody<"/api/v1/audit", "get">, "agreed_at">;

const Schema: v.GenericSchema<unknown, AuditResult> = v.object({ agreed_at: v.nullable(v.string()) });

/** Audits run in the background and are not announced. */
const POLL_INTERVAL_MS = 60_000;

/** When an audit last found the totals equal to the expenses. */
export function auditQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "audit"],
    queryFn: ({ signal }) =>
      read(Schema, api.GET("/api/v1/audit", { params: { query: ledgerParams(ledger) }, signal })),
    refetchInterval: POLL_INTERVAL_MS,
  });
}

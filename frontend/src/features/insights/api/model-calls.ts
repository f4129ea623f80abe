import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { api, read } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

const Schema = v.object({
  id: v.string(),
  at: v.string(),
  place: v.string(),
  model: v.string(),
  messages: v.array(v.object({ role: v.string(), content: v.string() })),
  answer: v.string(),
  tokens_sent: v.number(),
  tokens_received: v.number(),
});

const ListSchema = v.object({ items: v.array(Schema) });

export type ModelCall = v.InferOutput<typeof Schema>;

/** The exact content of one model call, which never changes. */
export function modelCallQuery(ledger: Ledger, call: string) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "sent", call],
    queryFn: ({ signal }) =>
      read(
        Schema,
        api.GET("/api/v1/insights/sent/{call}", { params: { path: { call }, query: ledgerParams(ledger) }, signal }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The recent model calls, newest first. */
export function recentModelCallsQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "sent"],
    queryFn: ({ signal }) =>
      read(ListSchema, api.GET("/api/v1/insights/sent", { params: { query: ledgerParams(ledger) }, signal })),
  });
}

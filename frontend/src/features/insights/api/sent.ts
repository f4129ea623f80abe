import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { api, read } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";

const Shape = v.object({
  id: v.string(),
  at: v.string(),
  place: v.string(),
  model: v.string(),
  messages: v.array(v.object({ role: v.string(), content: v.string() })),
  answer: v.string(),
  tokens_sent: v.number(),
  tokens_received: v.number(),
});

const ListShape = v.object({ items: v.array(Shape) });

export type Sent = v.InferOutput<typeof Shape>;

/** Exactly what was sent to a model in one call. It does not change any more. */
export function sentQuery(ledger: Ledger, call: string) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "sent", call],
    queryFn: ({ signal }) =>
      read(Shape, api.GET("/api/v1/insights/sent/{call}", { params: { path: { call }, query: ledgerQuery(ledger) }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What was sent lately, the newest first. */
export function sentLatelyQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "sent"],
    queryFn: ({ signal }) => read(ListShape, api.GET("/api/v1/insights/sent", { params: { query: ledgerQuery(ledger) }, signal })),
  });
}

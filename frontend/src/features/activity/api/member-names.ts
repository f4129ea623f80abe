import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { api, read } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey } from "@/lib/ledger/ledger";

/** Reads no roles, which a newer server may have more of. */
const Schema = v.object({ items: v.array(v.object({ account: v.string(), name: v.string() })) });

/** The names of the ledger's current members, by user id. */
export function memberNamesQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "members"],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
      const path = { ledger_id: ledger.id };
      const { items } = await read(
        Schema,
        api.GET("/api/v1/ledgers/{ledger_id}/members", { params: { path }, signal }),
      );
      return new Map(items.map(({ account, name }) => [account, name]));
    },
    staleTime: 60_000,
  });
}

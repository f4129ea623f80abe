import { useMutation, useQueryClient } from "@tanstack/react-query";
import type * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";
import { LedgerShape, meQuery } from "@/lib/api/me";

export type Membership = Answer<"/api/v1/ledgers", "get">["items"][number];

export interface NewLedger {
  name: string;
  currency: string;
  time_zone: string;
  locale: string;
}

const Shape: v.GenericSchema<unknown, Membership> = LedgerShape;

export function useCreateLedger() {
  return useChange((body: NewLedger) => read(Shape, api.POST("/api/v1/ledgers", { body })));
}

export function useRenameLedger(id: string) {
  return useChange((name: string) => done(api.PATCH("/api/v1/ledgers/{ledger_id}", { params: { path: { ledger_id: id } }, body: { name } })));
}

export function useDeleteLedger(id: string) {
  return useChange((password: string) =>
    done(api.DELETE("/api/v1/ledgers/{ledger_id}", { params: { path: { ledger_id: id } }, body: { password } })),
  );
}

/** Which ledgers there are is part of who is signed in: after each change that is asked for again. */
export function useChange<Sent, Got>(change: (sent: Sent) => Promise<Got>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ["sharing"] });
    },
  });
}

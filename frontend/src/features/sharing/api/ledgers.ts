import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { currentUserQuery } from "@/lib/api/current-user";
import { MembershipSchema } from "@/lib/api/schemas/membership.gen";

export type Membership = ResponseBody<"/api/v1/ledgers", "get">["items"][number];

export interface NewLedger {
  name: string;
  currency: string;
  time_zone: string;
  locale: string;
}

export function useCreateLedger() {
  return useSharingMutation((body: NewLedger) => read(MembershipSchema, api.POST("/api/v1/ledgers", { body })));
}

export function useRenameLedger(id: string) {
  return useSharingMutation((name: string) =>
    ensureOk(api.PATCH("/api/v1/ledgers/{ledger_id}", { params: { path: { ledger_id: id } }, body: { name } })),
  );
}

export function useDeleteLedger(id: string) {
  return useSharingMutation((password: string) =>
    ensureOk(api.DELETE("/api/v1/ledgers/{ledger_id}", { params: { path: { ledger_id: id } }, body: { password } })),
  );
}

/** A mutation that refetches the current user, whose ledgers it may change. */
export function useSharingMutation<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: currentUserQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ["sharing"] });
    },
  });
}

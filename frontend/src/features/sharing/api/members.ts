import { queryOptions } from "@tanstack/react-query";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { MemberListSchema } from "@/lib/api/schemas/member-list.gen";
import type { Role } from "@/lib/ledger/ledger";
import { useSharingMutation } from "./ledgers";

export type Member = ResponseBody<"/api/v1/ledgers/{ledger_id}/members", "get">["items"][number];

/** The ledger's members. */
export function membersQuery(id: string) {
  return queryOptions({
    queryKey: ["sharing", id, "members"],
    queryFn: async ({ signal }) =>
      (
        await read(
          MemberListSchema,
          api.GET("/api/v1/ledgers/{ledger_id}/members", { params: { path: { ledger_id: id } }, signal }),
        )
      ).items,
  });
}

export function useChangeRole(id: string) {
  return useSharingMutation(({ userId: account, role }: { userId: string; role: Role }) =>
    ensureOk(
      api.PATCH("/api/v1/ledgers/{ledger_id}/members/{account}", {
        params: { path: { ledger_id: id, account } },
        body: { role },
      }),
    ),
  );
}

/** Removes a member, or leaves the ledger. */
export function useRemoveMember(id: string) {
  return useSharingMutation((account: string) =>
    ensureOk(
      api.DELETE("/api/v1/ledgers/{ledger_id}/members/{account}", { params: { path: { ledger_id: id, account } } }),
    ),
  );
}

/** Makes another member the owner. */
export function useHandOver(id: string) {
  return useSharingMutation((account: string) =>
    ensureOk(
      api.POST("/api/v1/ledgers/{ledger_id}/hand-over", { params: { path: { ledger_id: id } }, body: { account } }),
    ),
  );
}

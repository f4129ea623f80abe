import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { LedgerSchema } from "@/lib/api/current-user";
import { type Membership, useSharingMutation } from "./ledgers";

type InvitationList = ResponseBody<"/api/v1/ledgers/{ledger_id}/invitations", "get">;
export type Invitation = InvitationList["items"][number];
type CreatedInvitation = ResponseBody<"/api/v1/ledgers/{ledger_id}/invitations", "post">;
export type InvitationPreview = ResponseBody<"/api/v1/invitations/preview", "post">;

export interface NewInvitation {
  role: "editor" | "viewer";
  /** Only the owner of this address can accept; null: anyone with the link. */
  email: string | null;
}

const fields = {
  id: v.string(),
  role: v.picklist(["editor", "viewer"]),
  email: v.nullable(v.string()),
  created_at: v.string(),
  expires_at: v.string(),
};
const Schema: v.GenericSchema<unknown, InvitationList> = v.object({
  items: v.array(v.object(fields)),
  next_cursor: v.null(),
});
const CreatedInvitationSchema: v.GenericSchema<unknown, CreatedInvitation> = v.object({
  ...fields,
  token: v.string(),
  link: v.string(),
});
const InvitationPreviewSchema: v.GenericSchema<unknown, InvitationPreview> = v.object({
  ledger: v.string(),
  role: v.picklist(["editor", "viewer"]),
  invited_by: v.string(),
  expires_at: v.string(),
  member: v.boolean(),
});
const MembershipSchema: v.GenericSchema<unknown, Membership> = LedgerSchema;

/** The ledger's open invitations. */
export function invitationsQuery(id: string) {
  return queryOptions({
    queryKey: ["sharing", id, "invitations"],
    queryFn: async ({ signal }) =>
      (
        await read(
          Schema,
          api.GET("/api/v1/ledgers/{ledger_id}/invitations", { params: { path: { ledger_id: id } }, signal }),
        )
      ).items,
  });
}

/** Creates an invitation. Only this response contains the link. */
export function useCreateInvitation(id: string) {
  return useSharingMutation((body: NewInvitation) =>
    read(
      CreatedInvitationSchema,
      api.POST("/api/v1/ledgers/{ledger_id}/invitations", { params: { path: { ledger_id: id } }, body }),
    ),
  );
}

export function useWithdrawInvitation(id: string) {
  return useSharingMutation((invitation: string) =>
    ensureOk(
      api.DELETE("/api/v1/ledgers/{ledger_id}/invitations/{invitation_id}", {
        params: { path: { ledger_id: id, invitation_id: invitation } },
      }),
    ),
  );
}

/** The ledger and role of an invitation. The token is in the body, so that it is not logged. */
export function invitationPreviewQuery(token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      read(InvitationPreviewSchema, api.POST("/api/v1/invitations/preview", { body: { token }, signal })),
    retry: false,
  });
}

export function useAcceptInvitation() {
  return useSharingMutation((token: string) =>
    read(MembershipSchema, api.POST("/api/v1/invitations/accept", { body: { token } })),
  );
}

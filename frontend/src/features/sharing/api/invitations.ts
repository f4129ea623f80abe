import { queryOptions } from "@tanstack/react-query";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { InvitationListSchema } from "@/lib/api/schemas/invitation-list.gen";
import { InvitationPreviewSchema } from "@/lib/api/schemas/invitation-preview.gen";
import { MembershipSchema } from "@/lib/api/schemas/membership.gen";
import { NewInvitationSchema } from "@/lib/api/schemas/new-invitation.gen";
import { useSharingMutation } from "./ledgers";

export type Invitation = ResponseBody<"/api/v1/ledgers/{ledger_id}/invitations", "get">["items"][number];
export type InvitationPreview = ResponseBody<"/api/v1/invitations/preview", "post">;

export interface NewInvitation {
  role: "editor" | "viewer";
  /** Only the owner of this address can accept; null: anyone with the link. */
  email: string | null;
}

/** The ledger's open invitations. */
export function invitationsQuery(id: string) {
  return queryOptions({
    queryKey: ["sharing", id, "invitations"],
    queryFn: async ({ signal }) =>
      (
        await read(
          InvitationListSchema,
          api.GET("/api/v1/ledgers/{ledger_id}/invitations", { params: { path: { ledger_id: id } }, signal }),
        )
      ).items,
  });
}

/** Creates an invitation. Only this response contains the link. */
export function useCreateInvitation(id: string) {
  return useSharingMutation((body: NewInvitation) =>
    read(
      NewInvitationSchema,
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

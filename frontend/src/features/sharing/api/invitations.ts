import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";
import { LedgerShape } from "@/lib/api/me";
import { type Membership, useChange } from "./ledgers";

type Invitations = Answer<"/api/v1/ledgers/{ledger_id}/invitations", "get">;
export type Invitation = Invitations["items"][number];
type Made = Answer<"/api/v1/ledgers/{ledger_id}/invitations", "post">;
export type Preview = Answer<"/api/v1/invitations/preview", "post">;

export interface Invited {
  role: "editor" | "viewer";
  /** Only who has this address may come; null: whoever has the link. */
  email: string | null;
}

const fields = {
  id: v.string(),
  role: v.picklist(["editor", "viewer"]),
  email: v.nullable(v.string()),
  created_at: v.string(),
  expires_at: v.string(),
};
const Shape: v.GenericSchema<unknown, Invitations> = v.object({ items: v.array(v.object(fields)), next_cursor: v.null() });
const MadeShape: v.GenericSchema<unknown, Made> = v.object({
  ...fields,
  token: v.string(),
  link: v.string(),
});
const PreviewShape: v.GenericSchema<unknown, Preview> = v.object({
  ledger: v.string(),
  role: v.picklist(["editor", "viewer"]),
  invited_by: v.string(),
  expires_at: v.string(),
  member: v.boolean(),
});
const MembershipShape: v.GenericSchema<unknown, Membership> = LedgerShape;

/** Invitations that nobody has taken up yet. */
export function invitationsQuery(id: string) {
  return queryOptions({
    queryKey: ["sharing", id, "invitations"],
    queryFn: async ({ signal }) =>
      (await read(Shape, api.GET("/api/v1/ledgers/{ledger_id}/invitations", { params: { path: { ledger_id: id } }, signal }))).items,
  });
}

/** Invites; the answer is the only place where the link is ever shown. */
export function useInvite(id: string) {
  return useChange((body: Invited) =>
    read(MadeShape, api.POST("/api/v1/ledgers/{ledger_id}/invitations", { params: { path: { ledger_id: id } }, body })),
  );
}

export function useWithdraw(id: string) {
  return useChange((invitation: string) =>
    done(
      api.DELETE("/api/v1/ledgers/{ledger_id}/invitations/{invitation_id}", { params: { path: { ledger_id: id, invitation_id: invitation } } }),
    ),
  );
}

/** What an invitation is to. The token travels in the body, where no log keeps it. */
export function previewQuery(token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => read(PreviewShape, api.POST("/api/v1/invitations/preview", { body: { token }, signal })),
    retry: false,
  });
}

export function useAccept() {
  return useChange((token: string) => read(MembershipShape, api.POST("/api/v1/invitations/accept", { body: { token } })));
}

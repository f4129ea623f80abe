import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";

type RegistrationInvitations = ResponseBody<"/api/v1/auth/invitations", "get">;
type CreatedRegistrationInvitation = ResponseBody<"/api/v1/auth/invitations", "post">;

const fields = {
  id: v.string(),
  email: v.nullable(v.string()),
  created_at: v.string(),
  expires_at: v.string(),
};
const Schema: v.GenericSchema<unknown, RegistrationInvitations> = v.object({
  items: v.array(v.object(fields)),
  next_cursor: v.null(),
});
const CreatedSchema: v.GenericSchema<unknown, CreatedRegistrationInvitation> = v.object({
  ...fields,
  link: v.string(),
});

/** Unused registration invitations of this Outlay; for its administrator. */
export const registrationInvitationsQuery = queryOptions({
  queryKey: ["registration-invitations"],
  queryFn: async ({ signal }) => (await read(Schema, api.GET("/api/v1/auth/invitations", { signal }))).items,
});

/** Creates a link for one registration. Only this response contains it. */
export function useCreateRegistrationInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (email: string | null) =>
      read(CreatedSchema, api.POST("/api/v1/auth/invitations", { body: { email } })),
    onSettled: () => queries.invalidateQueries({ queryKey: registrationInvitationsQuery.queryKey }),
  });
}

export function useRevokeRegistrationInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ensureOk(api.DELETE("/api/v1/auth/invitations/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: registrationInvitationsQuery.queryKey }),
  });
}

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureOk, read } from "@/lib/api/client";
import { NewRegistrationInvitationSchema } from "@/lib/api/schemas/new-registration-invitation.gen";
import { RegistrationInvitationListSchema } from "@/lib/api/schemas/registration-invitation-list.gen";

/** Unused registration invitations of this Outlay; for its administrator. */
export const registrationInvitationsQuery = queryOptions({
  queryKey: ["registration-invitations"],
  queryFn: async ({ signal }) =>
    (await read(RegistrationInvitationListSchema, api.GET("/api/v1/auth/invitations", { signal }))).items,
});

/** Creates a link for one registration. Only this response contains it. */
export function useCreateRegistrationInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (email: string | null) =>
      read(NewRegistrationInvitationSchema, api.POST("/api/v1/auth/invitations", { body: { email } })),
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

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureOk } from "@/lib/api/client";
import { currentUserQuery } from "@/lib/api/current-user";

/** Sends the email that confirms an address again. */
export function useSendVerification() {
  return useMutation({ mutationFn: () => ensureOk(api.POST("/api/v1/auth/verification")) });
}

/** Confirms an address with a link's token; works without being signed in. */
export function useVerifyEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => ensureOk(api.POST("/api/v1/auth/verify", { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: currentUserQuery.queryKey, refetchType: "none" }),
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, done } from "@/lib/api/client";
import { meQuery } from "@/lib/api/me";

/** Sends the link that confirms an address again. */
export function useSendVerification() {
  return useMutation({ mutationFn: () => done(api.POST("/api/v1/auth/verification")) });
}

/** Confirms an address by the token of a link; works without being signed in. */
export function useVerifyEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => done(api.POST("/api/v1/auth/verify", { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey, refetchType: "none" }),
  });
}

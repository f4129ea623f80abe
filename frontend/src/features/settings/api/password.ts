import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureOk } from "@/lib/api/client";
import { sessionsQuery } from "./sessions";
import { tokensQuery } from "./tokens";

export interface PasswordChange {
  current: string;
  new: string;
  /** Whether to revoke the API tokens too. */
  revoke_tokens: boolean;
}

/** Changes the password, which ends all other sessions. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) => ensureOk(api.POST("/api/v1/auth/password", { body })),
    onSuccess: () =>
      Promise.all([sessionsQuery, tokensQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey }))),
  });
}

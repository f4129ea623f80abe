import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, done } from "@/lib/api/client";
import { sessionsQuery } from "./sessions";

export interface PasswordChange {
  current: string;
  new: string;
}

/** Changes the password, which signs the person out everywhere else. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) => done(api.POST("/api/v1/auth/password", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

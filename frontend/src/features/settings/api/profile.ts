import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, read } from "@/lib/api/client";
import { currentUserQuery, setPersonalLedger, type User } from "@/lib/api/current-user";
import { UserSchema } from "@/lib/api/schemas/user.gen";

/** The editable fields; a new email address requires the password. */
export interface ProfileChange {
  name?: string | null;
  email?: string;
  password?: string;
  week_start?: User["week_start"];
}

export function useChangeProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProfileChange) => read(UserSchema, api.PATCH("/api/v1/auth/me", { body })),
    onSuccess: (user) => queries.setQueryData(currentUserQuery.queryKey, setPersonalLedger(user)),
  });
}

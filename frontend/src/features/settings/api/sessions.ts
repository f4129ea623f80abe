import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { SessionListSchema } from "@/lib/api/schemas/session-list.gen";
import { tokensQuery } from "./tokens";

export type Session = ResponseBody<"/api/v1/auth/sessions", "get">["items"][number];

/** The user's sessions, the last used one first. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await read(SessionListSchema, api.GET("/api/v1/auth/sessions", { signal }))).items,
});

export function useEndSession() {
  return useRevocation((id: string) =>
    ensureOk(api.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } })),
  );
}

/** Ends all other sessions, and with `revokeTokens` revokes the API tokens too. */
export function useEndOtherSessions() {
  return useRevocation((revokeTokens: boolean) => {
    const query = { keep: "current" as const, ...(revokeTokens ? { tokens: "revoke" as const } : {}) };
    return ensureOk(api.DELETE("/api/v1/auth/sessions", { params: { query } }));
  });
}

function useRevocation<Target = void>(revoke: (which: Target) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: revoke,
    onSettled: () =>
      Promise.all([sessionsQuery, tokensQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey }))),
  });
}

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { tokensQuery } from "./tokens";

type Sessions = ResponseBody<"/api/v1/auth/sessions", "get">;
export type Session = Sessions["items"][number];

const text = v.nullable(v.string());
const Schema: v.GenericSchema<unknown, Sessions> = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      device: text,
      address: text,
      created_at: v.string(),
      used_at: v.string(),
      current: v.boolean(),
    }),
  ),
  next_cursor: v.null(),
});

/** The user's sessions, the last used one first. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await read(Schema, api.GET("/api/v1/auth/sessions", { signal }))).items,
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

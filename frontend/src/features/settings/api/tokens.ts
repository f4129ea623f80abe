import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";

type ApiTokens = ResponseBody<"/api/v1/auth/tokens", "get">;
export type ApiToken = ApiTokens["items"][number];
export type TokenScope = ApiToken["scopes"][number];
type CreatedToken = ResponseBody<"/api/v1/auth/tokens", "post">;

const text = v.nullable(v.string());
const fields = {
  id: v.string(),
  name: v.string(),
  prefix: v.string(),
  scopes: v.array(v.picklist(["read", "write", "import"])),
  created_at: v.string(),
  expires_at: text,
  used_at: text,
};
const Schema: v.GenericSchema<unknown, ApiTokens> = v.object({
  items: v.array(v.object(fields)),
  next_cursor: v.null(),
});
const CreatedTokenSchema: v.GenericSchema<unknown, CreatedToken> = v.object({ ...fields, token: v.string() });

export interface NewToken {
  name: string;
  scopes: TokenScope[];
  expires_in_days: number | null;
  password: string;
}

/** The user's API tokens. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await read(Schema, api.GET("/api/v1/auth/tokens", { signal }))).items,
});

/** Creates a token. Only this response contains it. */
export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => read(CreatedTokenSchema, api.POST("/api/v1/auth/tokens", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ensureOk(api.DELETE("/api/v1/auth/tokens/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

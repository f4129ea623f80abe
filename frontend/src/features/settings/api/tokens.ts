import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ResponseBody, api, ensureOk, read } from "@/lib/api/client";
import { ApiTokenListSchema } from "@/lib/api/schemas/api-token-list.gen";
import { NewApiTokenSchema } from "@/lib/api/schemas/new-api-token.gen";

export type ApiToken = ResponseBody<"/api/v1/auth/tokens", "get">["items"][number];
export type TokenScope = ApiToken["scopes"][number];

export interface NewToken {
  name: string;
  scopes: TokenScope[];
  expires_in_days: number | null;
  password: string;
}

/** The user's API tokens. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await read(ApiTokenListSchema, api.GET("/api/v1/auth/tokens", { signal }))).items,
});

/** Creates a token. Only this response contains it. */
export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => read(NewApiTokenSchema, api.POST("/api/v1/auth/tokens", { body })),
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

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";

type Tokens = Answer<"/api/v1/auth/tokens", "get">;
export type Token = Tokens["items"][number];
export type Scope = Token["scopes"][number];
type NewToken = Answer<"/api/v1/auth/tokens", "post">;

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
const Shape: v.GenericSchema<unknown, Tokens> = v.object({ items: v.array(v.object(fields)), next_cursor: v.null() });
const Made: v.GenericSchema<unknown, NewToken> = v.object({ ...fields, token: v.string() });

export interface TokenWish {
  name: string;
  scopes: Scope[];
  expires_in_days: number | null;
  password: string;
}

/** Programs that may act for the person. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await read(Shape, api.GET("/api/v1/auth/tokens", { signal }))).items,
});

/** Makes a token; the answer is the only place where it is ever shown. */
export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TokenWish) => read(Made, api.POST("/api/v1/auth/tokens", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => done(api.DELETE("/api/v1/auth/tokens/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

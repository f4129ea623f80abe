import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, ensureOk, type ApiResult, read } from "@/lib/api/client";
import { currentUserQuery, setPersonalLedger, type User } from "@/lib/api/current-user";
import { isCrossOrigin } from "@/lib/api/origin";
import { ApiProblem } from "@/lib/api/errors";
import { SignedInSchema } from "@/lib/api/schemas/signed-in.gen";
import { announceSessionEnd, requireSessionCookies } from "@/lib/api/session";

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  currency: string;
  time_zone: string;
  locale: string;
  /** The token of a registration invitation, if this Outlay requires one. */
  invitation?: string;
  /** The token of the set-up link, whose account becomes the administrator. */
  setup?: string;
}

async function readSession(call: Promise<ApiResult<InferOutput<typeof SignedInSchema>>>): Promise<User> {
  const { user } = await read(SignedInSchema, call);
  if (isCrossOrigin) await requireSessionCookies();
  return user;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => readSession(api.POST("/api/v1/auth/login", { body })),
    onSuccess: (user) => queries.setQueryData(currentUserQuery.queryKey, setPersonalLedger(user)),
  });
}

export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAccount) => readSession(api.POST("/api/v1/auth/register", { body })),
    onSuccess: (user) => queries.setQueryData(currentUserQuery.queryKey, setPersonalLedger(user)),
  });
}

/**
 * Signs out. The app leaves its pages first, in all tabs, because their requests would be refused. Throws if the server
 * could not be reached.
 */
export async function signOut(): Promise<void> {
  await announceSessionEnd("signed-out");
  await ensureOk(api.POST("/api/v1/auth/logout")).catch(ignoreIfSignedOut);
}

/** Ignores a 401: the session had already ended. */
function ignoreIfSignedOut(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
}

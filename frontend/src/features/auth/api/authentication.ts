import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, ensureOk, type ApiResult, read } from "@/lib/api/client";
import { currentUserQuery, setPersonalLedger, type User, UserSchema } from "@/lib/api/current-user";
import { isCrossOrigin } from "@/lib/api/origin";
import { ApiProblem } from "@/lib/api/errors";
import { announceSessionEnd, requireSessionCookies } from "@/lib/api/session";

/** Only the person is read: the token in the same answer stays where scripts of this app never keep it. */
const SessionSchema: v.GenericSchema<unknown, Pick<ResponseBody<"/api/v1/auth/login", "post">, "user">> = v.object({
  user: UserSchema,
});

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  currency: string;
  time_zone: string;
  locale: string;
  /** The token of an invitation to this Outlay, where it asks for one. */
  invitation?: string;
  /** The token of the set-up link, which makes the administrator. */
  setup?: string;
}

async function readSession(call: Promise<ApiResult>): Promise<User> {
  const { user } = await read(SessionSchema, call);
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

/** The app leaves first, in all tabs: what is still on screen would be refused. Throws where the server was not told. */
export async function signOut(): Promise<void> {
  await announceSessionEnd("left");
  await ensureOk(api.POST("/api/v1/auth/logout")).catch(ignoreIfSignedOut);
}

/** To be signed out already is what was wanted. */
function ignoreIfSignedOut(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";
import { meQuery, signedIn, UserShape } from "@/lib/api/me";
import { Problem } from "@/lib/api/problems";
import { announceSessionEnd } from "@/lib/api/session";

/** Only the person is read: the token in the same answer stays where scripts of this app never keep it. */
const Session: v.GenericSchema<unknown, Pick<Answer<"/api/v1/auth/login", "post">, "user">> = v.object({
  user: UserShape,
});

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  currency: string;
  time_zone: string;
  locale: string;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Credentials) => (await read(Session, api.POST("/api/v1/auth/login", { body }))).user,
    onSuccess: (user) => queries.setQueryData(meQuery.queryKey, signedIn(user)),
  });
}

export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewAccount) => (await read(Session, api.POST("/api/v1/auth/register", { body }))).user,
    onSuccess: (user) => queries.setQueryData(meQuery.queryKey, signedIn(user)),
  });
}

/** The app leaves first, in all tabs: what is still on screen would be refused. Throws where the server was not told. */
export async function signOut(): Promise<void> {
  await announceSessionEnd("left");
  await done(api.POST("/api/v1/auth/logout")).catch(unlessSignedOut);
}

/** To be signed out already is what was wanted. */
function unlessSignedOut(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) throw error;
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, type Outcome, read } from "@/lib/api/client";
import { meQuery, signedIn, type User, UserShape } from "@/lib/api/me";
import { isElsewhere } from "@/lib/api/origin";
import { Problem } from "@/lib/api/problems";
import { announceSessionEnd, requireKept } from "@/lib/api/session";

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
  /** The token of an invitation to this Outlay, where it asks for one. */
  invitation?: string;
  /** The token of the set-up link, which makes the administrator. */
  setup?: string;
}

async function admitted(call: Promise<Outcome>): Promise<User> {
  const { user } = await read(Session, call);
  if (isElsewhere) await requireKept();
  return user;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => admitted(api.POST("/api/v1/auth/login", { body })),
    onSuccess: (user) => queries.setQueryData(meQuery.queryKey, signedIn(user)),
  });
}

export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAccount) => admitted(api.POST("/api/v1/auth/register", { body })),
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

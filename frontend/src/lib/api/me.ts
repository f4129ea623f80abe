import { type QueryClient, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "./client";
import { revisions } from "./revisions";

export type User = Answer<"/api/v1/auth/me", "get">;

export const LedgerShape: v.GenericSchema<unknown, User["ledgers"][number]> = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(["owner", "editor", "viewer"]),
  currency: v.string(),
  time_zone: v.string(),
  locale: v.string(),
  personal: v.boolean(),
});

export const UserShape: v.GenericSchema<unknown, User> = v.object({
  id: v.string(),
  email: v.string(),
  name: v.nullable(v.string()),
  email_verified: v.boolean(),
  pending_email: v.nullable(v.string()),
  admin: v.boolean(),
  week_start: v.picklist(["monday", "sunday", "saturday"]),
  ledgers: v.array(LedgerShape),
});

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => signedIn(await read(UserShape, api.GET("/api/v1/auth/me", { signal }))),
  staleTime: 5 * 60_000,
});

/** From here on, requests that name no ledger are about this person's own. */
export function signedIn(user: User): User {
  revisions.home = user.id;
  return user;
}

/** Whether somebody is known to be signed in, without asking. */
export function isKnown(queries: QueryClient): boolean {
  const me = queries.getQueryState(meQuery.queryKey);
  return me?.data !== undefined && !me.isInvalidated;
}

/** Roles and ledgers may have changed. A question that is on its way already is as good as a new one. */
export function askAgainWhoIsThere(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: meQuery.queryKey }, { cancelRefetch: false });
}

/** What is on screen keeps the person's name until it goes; for all else nobody is known any more. */
export function forgetMe(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: meQuery.queryKey, refetchType: "none" });
}

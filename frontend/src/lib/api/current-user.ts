import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { type ResponseBody, api, read } from "./client";
import { revisions } from "./revisions";
import { UserSchema } from "./schemas/user.gen";

export type User = ResponseBody<"/api/v1/auth/me", "get">;

/** The current user. */
export const currentUserQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => setPersonalLedger(await read(UserSchema, api.GET("/api/v1/auth/me", { signal }))),
  staleTime: 5 * 60_000,
});

/** Sets the ledger that requests without a `ledger` parameter refer to. Returns the user. */
export function setPersonalLedger(user: User): User {
  revisions.personalLedger = user.id;
  return user;
}

/** Whether the cache says that a user is signed in; sends no request. */
export function isSignedIn(queries: QueryClient): boolean {
  const state = queries.getQueryState(currentUserQuery.queryKey);
  return state?.data !== undefined && !state.isInvalidated;
}

/** Refetches the user, whose roles and ledgers may have changed. A request already in flight is kept. */
export function refetchCurrentUser(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: currentUserQuery.queryKey }, { cancelRefetch: false });
}

/** Marks the cached user as stale without a request: mounted components keep it until they unmount. */
export function markCurrentUserStale(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: currentUserQuery.queryKey, refetchType: "none" });
}

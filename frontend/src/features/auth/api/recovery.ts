import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";

type Options = Answer<"/api/v1/auth/options", "get">;

const Shape: v.GenericSchema<unknown, Options> = v.object({
  registration: v.picklist(["open", "invite"]),
  mail: v.boolean(),
  first: v.boolean(),
});

/** What this installation lets strangers do. */
export const optionsQuery = queryOptions({
  queryKey: ["options"],
  queryFn: ({ signal }) => read(Shape, api.GET("/api/v1/auth/options", { signal })),
});

/** Asks for a link by mail. The answer never tells whether there is such an account. */
export function requestReset(email: string): Promise<unknown> {
  return done(api.POST("/api/v1/auth/reset-request", { body: { email } }));
}

export function resetPassword(token: string, password: string): Promise<unknown> {
  return done(api.POST("/api/v1/auth/reset", { body: { token, password } }));
}

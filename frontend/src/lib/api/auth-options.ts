import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, read } from "./client";

type AuthOptions = ResponseBody<"/api/v1/auth/options", "get">;

const Schema: v.GenericSchema<unknown, AuthOptions> = v.object({
  registration: v.picklist(["open", "invite"]),
  mail: v.boolean(),
  first: v.boolean(),
  administrator: v.boolean(),
});

/** Options of this installation for users who are not signed in. */
export const authOptionsQuery = queryOptions({
  queryKey: ["options"],
  queryFn: ({ signal }) => read(Schema, api.GET("/api/v1/auth/options", { signal })),
});

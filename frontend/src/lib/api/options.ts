import { queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "./client";

type Options = Answer<"/api/v1/auth/options", "get">;

const Shape: v.GenericSchema<unknown, Options> = v.object({
  registration: v.picklist(["open", "invite"]),
  mail: v.boolean(),
  first: v.boolean(),
  administrator: v.boolean(),
});

/** What this installation lets strangers do. */
export const optionsQuery = queryOptions({
  queryKey: ["options"],
  queryFn: ({ signal }) => read(Shape, api.GET("/api/v1/auth/options", { signal })),
});

import { queryOptions } from "@tanstack/react-query";
import { api, read } from "./client";
import { OptionsSchema } from "./schemas/options.gen";

/** Options of this installation for users who are not signed in. */
export const authOptionsQuery = queryOptions({
  queryKey: ["options"],
  queryFn: ({ signal }) => read(OptionsSchema, api.GET("/api/v1/auth/options", { signal })),
});

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, done, read } from "@/lib/api/client";

type Admissions = Answer<"/api/v1/auth/invitations", "get">;
type Made = Answer<"/api/v1/auth/invitations", "post">;

const fields = {
  id: v.string(),
  email: v.nullable(v.string()),
  created_at: v.string(),
  expires_at: v.string(),
};
const Shape: v.GenericSchema<unknown, Admissions> = v.object({ items: v.array(v.object(fields)), next_cursor: v.null() });
const MadeShape: v.GenericSchema<unknown, Made> = v.object({ ...fields, link: v.string() });

/** Invitations to this Outlay that nobody has used yet; for its administrator. */
export const admissionsQuery = queryOptions({
  queryKey: ["admissions"],
  queryFn: async ({ signal }) => (await read(Shape, api.GET("/api/v1/auth/invitations", { signal }))).items,
});

/** Makes a link with which one person may make an account; it is shown only in this answer. */
export function useAdmit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (email: string | null) => read(MadeShape, api.POST("/api/v1/auth/invitations", { body: { email } })),
    onSettled: () => queries.invalidateQueries({ queryKey: admissionsQuery.queryKey }),
  });
}

export function useRefuseAdmission() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => done(api.DELETE("/api/v1/auth/invitations/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: admissionsQuery.queryKey }),
  });
}

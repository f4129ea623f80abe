import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Action, type Answer, api, read } from "@/lib/api/client";
import { Problem } from "@/lib/api/problems";
import { ledgerKey, ledgerQuery, useLedger } from "@/lib/ledger/ledger";

export type Undone = Answer<"/api/v1/journal/{action_id}/undo", "post">;
/** Something that an undo did not touch, and why. */
export type Left = Undone["skipped"][number];

const LeftShape: v.GenericSchema<unknown, Left> = v.object({
  kind: v.string(),
  id: v.string(),
  reason: v.picklist(["changed", "in_use", "category_gone", "name_taken", "fixed"]),
});
const Shape: v.GenericSchema<unknown, Undone> = v.object({
  action_id: v.string(),
  undone: v.number(),
  skipped: v.array(LeftShape),
});
const Refusal = v.object({ changed: v.array(LeftShape) });

export interface UndoRequest {
  action: Action;
  /** Leave what has changed since as it is, and undo the rest. */
  rest: boolean;
}

/** Takes an action back: nothing of it, where that would overwrite what happened since. */
export function useUndoAction() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, rest }: UndoRequest) =>
      read(
        Shape,
        api.POST("/api/v1/journal/{action_id}/undo", {
          params: { path: { action_id: action.id }, query: { ...ledgerQuery(ledger), ...(rest ? { skip: "changed" } : {}) } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerKey(ledger) }),
  });
}

/** What stands in the way, where an undo was refused for that. */
export function inTheWay(error: unknown): readonly Left[] | null {
  if (!(error instanceof Problem) || error.slug !== "changed-since") return null;
  const found = v.safeParse(Refusal, error.body);
  return found.success ? found.output.changed : null;
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { type Action, type ResponseBody, api, read } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/errors";
import { SkippedItemSchema } from "@/lib/api/schemas/skipped-item.gen";
import { UndoResultSchema } from "@/lib/api/schemas/undo-result.gen";
import { ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";

export type UndoResult = ResponseBody<"/api/v1/journal/{action_id}/undo", "post">;
/** An object that an undo skipped, and the reason. */
export type SkippedItem = UndoResult["skipped"][number];

/** The additional member of that problem. */
const ChangedSince = v.object({ changed: v.array(SkippedItemSchema) });

export interface UndoRequest {
  action: Action;
  /** Skips objects that have changed since, and undoes the rest. */
  skipChanged: boolean;
}

/** Undoes an action. Without `skipChanged` nothing is undone if any object has changed since. */
export function useUndoAction() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, skipChanged }: UndoRequest) =>
      read(
        UndoResultSchema,
        api.POST("/api/v1/journal/{action_id}/undo", {
          params: {
            path: { action_id: action.id },
            query: { ...ledgerParams(ledger), ...(skipChanged ? { skip: "changed" } : {}) },
          },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerQueryKey(ledger) }),
  });
}

/** Returns the conflicts if an undo was refused because of them, else null. */
export function undoConflicts(error: unknown): readonly SkippedItem[] | null {
  if (!(error instanceof ApiProblem) || error.slug !== "changed-since") return null;
  const parsed = v.safeParse(ChangedSince, error.body);
  return parsed.success ? parsed.output.changed : null;
}

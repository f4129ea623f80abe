import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { Action } from "@/lib/api/client";
import { UndoContext } from "@/lib/ledger/undo";
import { notify } from "@/lib/notices";
import { useErrorText } from "@/ui/errors";
import { undoConflicts, type SkippedItem, useUndoAction } from "../api/undo";
import { UndoConflictDialog } from "./undo-conflict-dialog";

/** Provides the app's undo. Runs it, and shows the conflicts if it is refused. */
export function UndoProvider({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const { mutateAsync } = useUndoAction();
  const [conflict, setConflict] = useState<{ action: Action; skipped: readonly SkippedItem[] } | null>(null);

  const run = async (action: Action, skipChanged: boolean): Promise<void> => {
    try {
      const { undone } = await mutateAsync({ action, skipChanged });
      notify(undone > 0 ? t`Undone.` : t`There was nothing left to undo.`);
    } catch (error) {
      const skipped = undoConflicts(error);
      if (skipped) setConflict({ action, skipped });
      else notify(errorText(error));
    }
  };
  const undo = (action: Action): void => void run(action, false);
  const undoRest = (): void => {
    if (conflict) void run(conflict.action, true);
    setConflict(null);
  };
  return (
    <UndoContext value={undo}>
      {children}
      {conflict ? <UndoConflictDialog {...conflict} onUndoRest={undoRest} onClose={() => setConflict(null)} /> : null}
    </UndoContext>
  );
}

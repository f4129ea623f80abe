import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { Action } from "@/lib/api/client";
import { UndoContext } from "@/lib/ledger/undo";
import { notify } from "@/lib/notices";
import { useFaultText } from "@/ui/faults";
import { inTheWay, type Left, useUndoAction } from "../api/undo";
import { UndoRefused } from "./undo-refused";

/** Where every Undo of the app ends up: it is done, or one is told what stands in the way. */
export function UndoDesk({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const faultText = useFaultText();
  const { mutateAsync } = useUndoAction();
  const [refused, setRefused] = useState<{ action: Action; left: readonly Left[] } | null>(null);

  const run = async (action: Action, rest: boolean): Promise<void> => {
    try {
      const { undone } = await mutateAsync({ action, rest });
      notify(undone > 0 ? t`Undone.` : t`There was nothing left to undo.`);
    } catch (error) {
      const left = inTheWay(error);
      if (left) setRefused({ action, left });
      else notify(faultText(error));
    }
  };
  const undo = (action: Action): void => void run(action, false);
  const undoRest = (): void => {
    if (refused) void run(refused.action, true);
    setRefused(null);
  };
  return (
    <UndoContext value={undo}>
      {children}
      {refused ? <UndoRefused {...refused} onRest={undoRest} onClose={() => setRefused(null)} /> : null}
    </UndoContext>
  );
}

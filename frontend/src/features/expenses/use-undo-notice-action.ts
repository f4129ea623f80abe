import { useLingui } from "@lingui/react/macro";
import type { Action } from "@/lib/api/client";
import { useUndo } from "@/lib/ledger/undo";
import type { NoticeAction } from "@/lib/notices";

/** Returns the undo action of a notice after a change; null if nothing changed. */
export function useUndoNoticeAction(): (action: Action | null) => NoticeAction | null {
  const { t } = useLingui();
  const undo = useUndo();
  return (action) => action && { label: t`Undo`, run: () => undo(action) };
}

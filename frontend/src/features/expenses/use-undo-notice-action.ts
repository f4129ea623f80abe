import { useLingui } from "@lingui/react/macro";
import type { Action } from "@/lib/api/client";
import { useUndo } from "@/lib/ledger/undo";
import type { NoticeAction } from "@/lib/notices";

/** What a notice offers after a change: to take it back. Nothing changed, nothing to offer. */
export function useUndoNoticeAction(): (action: Action | null) => NoticeAction | null {
  const { t } = useLingui();
  const undo = useUndo();
  return (action) => action && { label: t`Undo`, run: () => undo(action) };
}

import { useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { useErrorText } from "@/ui/errors";
import { useDismissInsight, useRestoreInsight } from "./api/dismiss";
import type { Insight } from "./api/insights";

/** Dismisses an insight and offers an undo. */
export function useDismissWithUndo(): (insight: Insight) => void {
  const { t } = useLingui();
  const errorText = useErrorText();
  const dismiss = useDismissInsight();
  const restore = useRestoreInsight();
  const onError = (error: Error): void => notify(errorText(error));
  return ({ id }) =>
    dismiss.mutate(id, {
      onSuccess: () =>
        notify(t`Dismissed. It will not come back.`, { label: t`Undo`, run: () => restore.mutate(id, { onError }) }),
      onError,
    });
}

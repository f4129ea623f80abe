import { useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { useFaultText } from "@/ui/faults";
import { useDismiss, useRestore } from "./api/dismiss";
import type { Insight } from "./api/insights";

/** Dismisses an insight, and offers to take that back. */
export function useDismissOffer(): (insight: Insight) => void {
  const { t } = useLingui();
  const faultText = useFaultText();
  const dismiss = useDismiss();
  const restore = useRestore();
  const onError = (error: Error): void => notify(faultText(error));
  return ({ id }) =>
    dismiss.mutate(id, {
      onSuccess: () =>
        notify(t`Dismissed. It will not come back.`, { label: t`Undo`, run: () => restore.mutate(id, { onError }) }),
      onError,
    });
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Action } from "@/lib/api/client";
import { useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Modal } from "@/ui/modal";
import { Skeleton } from "@/ui/skeleton";
import { actionQuery, type JournalEntry } from "../api/journal";
import type { SkippedItem } from "../api/undo";
import { useUndoConflicts } from "../undo-conflicts";
import styles from "./undo-conflict-dialog.module.css";

export interface UndoConflictDialogProps {
  action: Action;
  skipped: readonly SkippedItem[];
  onUndoRest(): void;
  onClose(): void;
}

/** Lists the conflicts of an undo, and offers to undo the rest if there is any. */
export function UndoConflictDialog({ action, skipped, onUndoRest, onClose }: UndoConflictDialogProps) {
  const { t } = useLingui();
  const entries = useQuery(actionQuery(useLedger(), action));
  const touched = new Set(entries.data?.flatMap((entry) => entry.pairs.map(({ kind, id }) => `${kind} ${id}`)));
  const nothingLeft = entries.isSuccess && touched.size <= skipped.length;
  return (
    <Modal role="alertdialog" title={t`Something stands in the way`} isOpen onClose={onClose}>
      <div className={styles.content}>
        {entries.isPending ? (
          <Skeleton height="3rem" />
        ) : (
          <ConflictList skipped={skipped} entries={entries.data ?? []} />
        )}
        <p>
          {nothingLeft ? (
            <Trans>Undo does not overwrite what came later, so everything stays as it is.</Trans>
          ) : (
            <Trans>Undo does not overwrite what came later. The rest can still be undone.</Trans>
          )}
        </p>
        <div className={styles.actions}>
          <Button onPress={onClose}>{nothingLeft ? <Trans>Close</Trans> : <Trans>Leave it as it is</Trans>}</Button>
          {nothingLeft ? null : (
            <Button variant="solid" onPress={onUndoRest}>
              <Trans>Undo the rest</Trans>
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function ConflictList({ skipped, entries }: { skipped: readonly SkippedItem[]; entries: readonly JournalEntry[] }) {
  return (
    <ul className={styles.conflicts}>
      {useUndoConflicts(skipped, entries).map((sentence) => (
        <li key={sentence} dir="auto">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

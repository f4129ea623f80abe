import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Action } from "@/lib/api/client";
import { useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Modal } from "@/ui/modal";
import { Skeleton } from "@/ui/skeleton";
import { actionQuery, type Entry } from "../api/journal";
import type { Left } from "../api/undo";
import { useHindrances } from "../hindrances";
import styles from "./undo-refused.module.css";

export interface UndoRefusedProps {
  action: Action;
  left: readonly Left[];
  onRest(): void;
  onClose(): void;
}

/** Says what stands in the way of an undo, and offers to undo the rest where there is any. */
export function UndoRefused({ action, left, onRest, onClose }: UndoRefusedProps) {
  const { t } = useLingui();
  const entries = useQuery(actionQuery(useLedger(), action));
  const touched = new Set(entries.data?.flatMap((entry) => entry.pairs.map(({ kind, id }) => `${kind} ${id}`)));
  const nothingElse = entries.isSuccess && touched.size <= left.length;
  return (
    <Modal role="alertdialog" title={t`Something stands in the way`} isOpen onClose={onClose}>
      <div className={styles.content}>
        {entries.isPending ? <Skeleton height="3rem" /> : <Hindrances left={left} entries={entries.data ?? []} />}
        <p>
          {nothingElse ? (
            <Trans>Undo does not overwrite what came later, so everything stays as it is.</Trans>
          ) : (
            <Trans>Undo does not overwrite what came later. The rest can still be undone.</Trans>
          )}
        </p>
        <div className={styles.actions}>
          <Button onPress={onClose}>{nothingElse ? <Trans>Close</Trans> : <Trans>Leave it as it is</Trans>}</Button>
          {nothingElse ? null : (
            <Button look="solid" onPress={onRest}>
              <Trans>Undo the rest</Trans>
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Hindrances({ left, entries }: { left: readonly Left[]; entries: readonly Entry[] }) {
  return (
    <ul className={styles.hindrances}>
      {useHindrances(left, entries).map((sentence) => (
        <li key={sentence} dir="auto">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

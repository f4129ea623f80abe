import { useLingui } from "@lingui/react/macro";
import { useFormats, useCanWrite } from "@/lib/ledger/ledger";
import { useUndo } from "@/lib/ledger/undo";
import { Button } from "@/ui/button";
import { canBeUndone, type ActivityItem, isUndo } from "../activity-items";
import { useActivityDetails } from "../labels";
import { useActivitySentences, useActorLabel } from "../sentences";
import styles from "./activity-list.module.css";

export interface ActivityRowProps {
  item: ActivityItem;
  userId: string;
  /** The current members, once they are loaded. */
  members: ReadonlyMap<string, string> | undefined;
  categoryNames: ReadonlyMap<string, string>;
}

/** One action: its changes, time, channel, and an undo button. */
export function ActivityRow({ item, userId, members, categoryNames }: ActivityRowProps) {
  const { t } = useLingui();
  const undo = useUndo();
  const canWrite = useCanWrite();
  const actor = useActorLabel(userId, members)(item);
  const sentence = useActivitySentences(categoryNames)(item, actor);
  const details = useActivityDetails(categoryNames)(item);
  return (
    <li className={styles.line} data-undone={item.undone || undefined}>
      <div className={styles.words}>
        <p className={styles.sentence} dir="auto">
          {sentence}
        </p>
        {details.map((detail) => (
          <p key={detail} className={styles.detail} dir="auto">
            {detail}
          </p>
        ))}
        <ItemMeta item={item} />
      </div>
      {canWrite && canBeUndone(item) ? (
        <Button
          variant="plain"
          aria-label={t`Undo: ${sentence}`}
          onPress={() => undo({ id: item.id, revision: item.revision })}
        >
          {t`Undo`}
        </Button>
      ) : null}
    </li>
  );
}

/** Shows whether the action was undone, its time and its channel. */
function ItemMeta({ item }: { item: ActivityItem }) {
  const { t } = useLingui();
  const { time } = useFormats();
  const channels: Record<ActivityItem["via"], string> = {
    web: t`in the app`,
    api: t`through the API`,
    import: t`by an import`,
    rule: t`by a rule`,
    ai: t`by the assistant`,
    system: t`by Outlay itself`,
  };
  return (
    <p className={styles.means}>
      {isUndo(item) ? <span className={styles.mark}>{t`Undo`}</span> : null}
      {item.undone ? <span className={styles.mark}>{t`Undone`}</span> : null}
      <time dateTime={item.occurredAt}>{time(item.occurredAt)}</time> · {channels[item.via]}
    </p>
  );
}

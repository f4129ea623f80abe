import { useLingui } from "@lingui/react/macro";
import { useFormats, useMayWrite } from "@/lib/ledger/ledger";
import { useUndo } from "@/lib/ledger/undo";
import { Button } from "@/ui/button";
import { canBeUndone, type Deed, isUndo } from "../deeds";
import { useDetails } from "../things";
import { doerOf, useSentences } from "../words";
import styles from "./activity-list.module.css";

export interface ActivityLineProps {
  deed: Deed;
  account: string;
  /** Those who are in the ledger, once that is known. */
  members: ReadonlyMap<string, string> | undefined;
  names: ReadonlyMap<string, string>;
}

/** One action: what it did, when, by which means, and the way back. */
export function ActivityLine({ deed, account, members, names }: ActivityLineProps) {
  const { t } = useLingui();
  const undo = useUndo();
  const mayWrite = useMayWrite();
  const sentence = useSentences(names)(deed, doerOf(deed, account, members));
  const details = useDetails(names)(deed);
  return (
    <li className={styles.line} data-undone={deed.undone || undefined}>
      <div className={styles.words}>
        <p className={styles.sentence} dir="auto">
          {sentence}
        </p>
        {details.map((detail) => (
          <p key={detail} className={styles.detail} dir="auto">
            {detail}
          </p>
        ))}
        <Means deed={deed} />
      </div>
      {mayWrite && canBeUndone(deed) ? (
        <Button look="plain" aria-label={t`Undo: ${sentence}`} onPress={() => undo({ id: deed.id, revision: deed.revision })}>
          {t`Undo`}
        </Button>
      ) : null}
    </li>
  );
}

/** Whether it counts, when it was, and by which means. */
function Means({ deed }: { deed: Deed }) {
  const { t } = useLingui();
  const { time } = useFormats();
  const means: Record<Deed["via"], string> = {
    web: t`in the app`,
    api: t`through the API`,
    import: t`by an import`,
    rule: t`by a rule`,
    ai: t`by the assistant`,
    system: t`by Outlay itself`,
  };
  return (
    <p className={styles.means}>
      {isUndo(deed) ? <span className={styles.mark}>{t`Undo`}</span> : null}
      {deed.undone ? <span className={styles.mark}>{t`Undone`}</span> : null}
      <time dateTime={deed.at}>{time(deed.at)}</time> · {means[deed.via]}
    </p>
  );
}

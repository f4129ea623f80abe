import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { Hint } from "@/ui/hint";
import { Icon } from "@/ui/icon";
import { auditQuery } from "../api/audit";
import styles from "./month-total.module.css";

/** Shows when the totals were last audited; hidden if unknown. */
export function AuditStatus() {
  const { t } = useLingui();
  const { today, dayOf, time, shortDay } = useFormats();
  const at = useQuery(auditQuery(useLedger())).data?.agreed_at;
  if (!at) return null;
  const clock = time(at);
  const day = shortDay(dayOf(at));
  return (
    <Hint
      className={styles.tick}
      hint={t`Outlay adds up your whole book afresh from time to time. When it last did, the totals on this page were equal to it, to the last cent.`}
    >
      <Icon name="tick" size={16} />
      {dayOf(at) === today ? (
        <Trans>Checked against your book at {clock}</Trans>
      ) : (
        <Trans>Checked against your book on {day}</Trans>
      )}
    </Hint>
  );
}

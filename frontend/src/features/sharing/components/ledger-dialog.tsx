import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button";
import { LoadFault } from "@/ui/faults";
import { Modal } from "@/ui/modal";
import { Question } from "@/ui/question";
import { Lines } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import type { Membership } from "../api/ledgers";
import { membersQuery, useRemoveMember } from "../api/members";
import { DeleteLedger } from "./delete-ledger";
import { Invitations } from "./invitations";
import { MemberLine } from "./member-line";
import styles from "./sharing.module.css";

export interface LedgerDialogProps {
  ledger: Membership;
  /** Whoever is looking. */
  account: string;
  onClose(): void;
}

/** Who keeps a ledger together; for its owner, the way to change that. */
export function LedgerDialog({ ledger, account, onClose }: LedgerDialogProps) {
  const members = useQuery(membersQuery(ledger.id));
  const owns = ledger.role === "owner";
  return (
    <Modal title={ledger.name} isOpen isDismissable={false} onClose={onClose}>
      <div className={styles.stack}>
        {members.isPending ? <Skeleton height="6rem" /> : null}
        {members.isError ? <LoadFault error={members.error} onRetry={() => void members.refetch()} /> : null}
        <Lines>
          {members.data?.map((member) => (
            <MemberLine key={member.account} ledger={ledger} member={member} account={account} />
          ))}
        </Lines>
        {owns ? <Invitations ledger={ledger} /> : null}
        <Leaving ledger={ledger} account={account} owns={owns} onClose={onClose} />
      </div>
    </Modal>
  );
}

function Leaving({ ledger, account, owns, onClose }: LedgerDialogProps & { owns: boolean }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const leave = useRemoveMember(ledger.id);
  return (
    <div className={styles.actions}>
      <Button look="plain" className={styles.grave} onPress={() => setAsking(true)}>
        {owns ? <Trans>Delete this ledger</Trans> : <Trans>Leave this ledger</Trans>}
      </Button>
      <Button onPress={onClose}>
        <Trans>Close</Trans>
      </Button>
      {asking && owns ? <DeleteLedger ledger={ledger} onDeleted={onClose} onClose={() => setAsking(false)} /> : null}
      {asking && !owns ? (
        <Question
          title={t`Leave ${ledger.name}?`}
          yes={t`Leave`}
          onYes={() => leave.mutateAsync(account).then(onClose)}
          onClose={() => setAsking(false)}
        >
          <Trans>What you wrote in it stays. To come back you need a new invitation.</Trans>
        </Question>
      ) : null}
    </div>
  );
}

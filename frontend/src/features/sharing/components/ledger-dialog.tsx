import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button";
import { LoadError } from "@/ui/errors";
import { Modal } from "@/ui/modal";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { RowList } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import type { Membership } from "../api/ledgers";
import { membersQuery, useRemoveMember } from "../api/members";
import { DeleteLedgerDialog } from "./delete-ledger-dialog";
import { Invitations } from "./invitations";
import { MemberRow } from "./member-row";
import styles from "./sharing.module.css";

export interface LedgerDialogProps {
  ledger: Membership;
  /** The current user. */
  userId: string;
  onClose(): void;
}

/** Lists the ledger's members; the owner can change them. */
export function LedgerDialog({ ledger, userId, onClose }: LedgerDialogProps) {
  const members = useQuery(membersQuery(ledger.id));
  const isOwner = ledger.role === "owner";
  return (
    <Modal title={ledger.name} isOpen isDismissable={false} onClose={onClose}>
      <div className={styles.stack}>
        {members.isPending ? <Skeleton height="6rem" /> : null}
        {members.isError ? <LoadError error={members.error} onRetry={() => void members.refetch()} /> : null}
        <RowList>
          {members.data?.map((member) => (
            <MemberRow key={member.account} ledger={ledger} member={member} userId={userId} />
          ))}
        </RowList>
        {isOwner ? <Invitations ledger={ledger} /> : null}
        <LedgerActions ledger={ledger} userId={userId} isOwner={isOwner} onClose={onClose} />
      </div>
    </Modal>
  );
}

function LedgerActions({ ledger, userId, isOwner, onClose }: LedgerDialogProps & { isOwner: boolean }) {
  const { t } = useLingui();
  const [isConfirming, setIsConfirming] = useState(false);
  const leave = useRemoveMember(ledger.id);
  return (
    <div className={styles.actions}>
      <Button variant="plain" className={styles.grave} onPress={() => setIsConfirming(true)}>
        {isOwner ? <Trans>Delete this ledger</Trans> : <Trans>Leave this ledger</Trans>}
      </Button>
      <Button onPress={onClose}>
        <Trans>Close</Trans>
      </Button>
      {isConfirming && isOwner ? (
        <DeleteLedgerDialog ledger={ledger} onDeleted={onClose} onClose={() => setIsConfirming(false)} />
      ) : null}
      {isConfirming && !isOwner ? (
        <ConfirmDialog
          title={t`Leave ${ledger.name}?`}
          confirmLabel={t`Leave`}
          onConfirm={() => leave.mutateAsync(userId).then(onClose)}
          onClose={() => setIsConfirming(false)}
        >
          <Trans>What you wrote in it stays. To come back you need a new invitation.</Trans>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

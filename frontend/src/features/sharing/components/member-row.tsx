import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Role } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/errors";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { Row, Badge } from "@/ui/section";
import { SelectField } from "@/ui/select-field";
import type { Membership } from "../api/ledgers";
import { type Member, useChangeRole, useHandOver, useRemoveMember } from "../api/members";
import { useRoleLabels } from "../role-labels";

export interface MemberRowProps {
  ledger: Membership;
  member: Member;
  userId: string;
}

/** One member. The owner can change the role, hand the ledger over, or remove the member. */
export function MemberRow({ ledger, member, userId }: MemberRowProps) {
  const roles = useRoleLabels();
  const isCurrentUser = member.account === userId;
  const canManage = ledger.role === "owner" && !isCurrentUser;
  return (
    <Row
      title={
        <>
          {member.name}
          {isCurrentUser ? (
            <Badge>
              <Trans>you</Trans>
            </Badge>
          ) : null}
        </>
      }
      details={roles[member.role].can}
    >
      {canManage ? <MemberActions ledger={ledger} member={member} /> : roles[member.role].name}
    </Row>
  );
}

function MemberActions({ ledger, member }: { ledger: Membership; member: Member }) {
  const { t } = useLingui();
  const roles = useRoleLabels();
  const errorText = useErrorText();
  const [isHandingOver, setIsHandingOver] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const changeRole = useChangeRole(ledger.id);
  const remove = useRemoveMember(ledger.id);
  const handOver = useHandOver(ledger.id);
  const { name } = member;
  const onError = (error: unknown): void => notify(errorText(error));
  const choose = (role: string): void => {
    if (role === "owner") setIsHandingOver(true);
    else changeRole.mutate({ userId: member.account, role: role as Role }, { onError });
  };
  return (
    <>
      <SelectField
        label={t`Role of ${name}`}
        variant="bare"
        choices={(["owner", "editor", "viewer"] as const).map((role) => ({ id: role, label: roles[role].name }))}
        value={member.role}
        onChange={choose}
        isDisabled={changeRole.isPending}
      />
      <Button variant="plain" aria-label={t`Remove ${name}`} onPress={() => setIsRemoving(true)}>
        <Trans>Remove</Trans>
      </Button>
      {isRemoving ? (
        <ConfirmDialog
          title={t`Remove ${name}?`}
          confirmLabel={t`Remove`}
          onConfirm={() => remove.mutateAsync(member.account)}
          onClose={() => setIsRemoving(false)}
        >
          <Trans>What they wrote stays. To come back they need a new invitation.</Trans>
        </ConfirmDialog>
      ) : null}
      {isHandingOver ? (
        <ConfirmDialog
          title={t`Make ${name} the owner?`}
          confirmLabel={t`Hand over`}
          onConfirm={() => handOver.mutateAsync(member.account)}
          onClose={() => setIsHandingOver(false)}
        >
          <Trans>You stay as an editor. Only {name} can give the ledger back.</Trans>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

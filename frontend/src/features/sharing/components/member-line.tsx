import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Role } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useFaultText } from "@/ui/faults";
import { Question } from "@/ui/question";
import { Line, Mark } from "@/ui/section";
import { SelectField } from "@/ui/select-field";
import type { Membership } from "../api/ledgers";
import { type Member, useChangeRole, useHandOver, useRemoveMember } from "../api/members";
import { useRoleWords } from "../roles";

export interface MemberLineProps {
  ledger: Membership;
  member: Member;
  account: string;
}

/** A member; the owner may give another role, hand the ledger over, or take somebody out. */
export function MemberLine({ ledger, member, account }: MemberLineProps) {
  const roles = useRoleWords();
  const isMe = member.account === account;
  const mayManage = ledger.role === "owner" && !isMe;
  return (
    <Line
      what={
        <>
          {member.name}
          {isMe ? (
            <Mark>
              <Trans>you</Trans>
            </Mark>
          ) : null}
        </>
      }
      more={roles[member.role].may}
    >
      {mayManage ? <Manage ledger={ledger} member={member} /> : roles[member.role].name}
    </Line>
  );
}

function Manage({ ledger, member }: { ledger: Membership; member: Member }) {
  const { t } = useLingui();
  const roles = useRoleWords();
  const faultText = useFaultText();
  const [handing, setHanding] = useState(false);
  const [removing, setRemoving] = useState(false);
  const changeRole = useChangeRole(ledger.id);
  const remove = useRemoveMember(ledger.id);
  const handOver = useHandOver(ledger.id);
  const { name } = member;
  const onError = (error: unknown): void => notify(faultText(error));
  const choose = (role: string): void => {
    if (role === "owner") setHanding(true);
    else changeRole.mutate({ account: member.account, role: role as Role }, { onError });
  };
  return (
    <>
      <SelectField
        label={t`Role of ${name}`}
        look="bare"
        choices={(["owner", "editor", "viewer"] as const).map((role) => ({ id: role, label: roles[role].name }))}
        value={member.role}
        onChange={choose}
        isDisabled={changeRole.isPending}
      />
      <Button look="plain" aria-label={t`Remove ${name}`} onPress={() => setRemoving(true)}>
        <Trans>Remove</Trans>
      </Button>
      {removing ? (
        <Question
          title={t`Remove ${name}?`}
          yes={t`Remove`}
          onYes={() => remove.mutateAsync(member.account)}
          onClose={() => setRemoving(false)}
        >
          <Trans>What they wrote stays. To come back they need a new invitation.</Trans>
        </Question>
      ) : null}
      {handing ? (
        <Question
          title={t`Make ${name} the owner?`}
          yes={t`Hand over`}
          onYes={() => handOver.mutateAsync(member.account)}
          onClose={() => setHanding(false)}
        >
          <Trans>You stay as an editor. Only {name} can give the ledger back.</Trans>
        </Question>
      ) : null}
    </>
  );
}

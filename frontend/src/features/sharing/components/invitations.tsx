import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useFaultText } from "@/ui/faults";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { FormTextField } from "@/ui/form-text-field";
import { Secret } from "@/ui/secret";
import { Line, Lines } from "@/ui/section";
import { SelectField } from "@/ui/select-field";
import { type Invited, invitationsQuery, useInvite, useWithdraw } from "../api/invitations";
import type { Membership } from "../api/ledgers";
import { useRoleWords } from "../roles";
import styles from "./sharing.module.css";

/** Invites others, and shows who was invited and has not come yet. */
export function Invitations({ ledger }: { ledger: Membership }) {
  const invite = useInvite(ledger.id);
  return (
    <section className={styles.stack}>
      <h3 className={styles.heading}>
        <Trans>Invite someone</Trans>
      </h3>
      <InviteForm onInvite={(invited) => invite.mutateAsync(invited)} />
      {invite.data ? (
        <div role="status" className={styles.stack}>
          <p>
            <Trans>Send them this link. It is good for one person and for a week, and shown only now.</Trans>
          </p>
          <Secret>{invite.data.link}</Secret>
        </div>
      ) : null}
      <Open ledger={ledger} />
    </section>
  );
}

interface Fields {
  email: string;
  role: Invited["role"];
}

function InviteForm({ onInvite }: { onInvite(invited: Invited): Promise<unknown> }) {
  const { t } = useLingui();
  const roles = useRoleWords();
  const form = useForm<Fields>({ defaultValues: { email: "", role: "editor" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["email"]);
  const role = form.watch("role");
  const submit = async (fields: Fields): Promise<void> => {
    try {
      await onInvite({ role: fields.role, email: fields.email || null });
      form.reset({ ...fields, email: "" });
    } catch (error) {
      showFaults(error);
    }
  };
  return (
    <Form form={form} onValid={submit} className={styles.form}>
      <FormTextField
        control={form.control}
        name="email"
        label={t`Email`}
        type="email"
        inputMode="email"
        optional
        hint={t`With an address, only its owner can use the link.`}
      />
      <SelectField
        label={t`As`}
        choices={(["editor", "viewer"] as const).map((one) => ({ id: one, label: `${roles[one].name}: ${roles[one].may}` }))}
        value={role}
        onChange={(id) => form.setValue("role", id === "viewer" ? "viewer" : "editor")}
      />
      <div>
        <Button type="submit" isPending={form.formState.isSubmitting}>
          <Trans>Make a link</Trans>
        </Button>
      </div>
    </Form>
  );
}

function Open({ ledger }: { ledger: Membership }) {
  const { t } = useLingui();
  const { moment } = useFormats();
  const roles = useRoleWords();
  const faultText = useFaultText();
  const open = useQuery(invitationsQuery(ledger.id)).data ?? [];
  const withdraw = useWithdraw(ledger.id);
  if (open.length === 0) return null;
  return (
    <Lines label={t`Invitations that are still open`}>
      {open.map((invitation) => {
        const who = invitation.email ?? t`Anyone with the link`;
        const until = moment(invitation.expires_at);
        return (
          <Line key={invitation.id} what={who} more={t`${roles[invitation.role].name}, until ${until}`}>
            <Button
              aria-label={t`Withdraw the invitation of ${who}`}
              onPress={() => withdraw.mutate(invitation.id, { onError: (error) => notify(faultText(error)) })}
            >
              <Trans>Withdraw</Trans>
            </Button>
          </Line>
        );
      })}
    </Lines>
  );
}

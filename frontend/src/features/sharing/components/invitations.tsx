import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/errors";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { FormTextField } from "@/ui/form-text-field";
import { Secret } from "@/ui/secret";
import { Row, RowList } from "@/ui/section";
import { SelectField } from "@/ui/select-field";
import { type NewInvitation, invitationsQuery, useCreateInvitation, useWithdrawInvitation } from "../api/invitations";
import type { Membership } from "../api/ledgers";
import { useRoleLabels } from "../role-labels";
import styles from "./sharing.module.css";

/** Invites others, and lists the open invitations. */
export function Invitations({ ledger }: { ledger: Membership }) {
  const invite = useCreateInvitation(ledger.id);
  return (
    <section className={styles.stack}>
      <h3 className={styles.heading}>
        <Trans>Invite someone</Trans>
      </h3>
      <InviteForm onInvite={(invitation) => invite.mutateAsync(invitation)} />
      {invite.data ? (
        <div role="status" className={styles.stack}>
          <p>
            <Trans>Send them this link. It is good for one person and for a week, and shown only now.</Trans>
          </p>
          <Secret>{invite.data.link}</Secret>
        </div>
      ) : null}
      <OpenInvitations ledger={ledger} />
    </section>
  );
}

interface Fields {
  email: string;
  role: NewInvitation["role"];
}

function InviteForm({ onInvite }: { onInvite(invitation: NewInvitation): Promise<unknown> }) {
  const { t } = useLingui();
  const roles = useRoleLabels();
  const form = useForm<Fields>({ defaultValues: { email: "", role: "editor" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["email"]);
  const role = form.watch("role");
  const submit = async (fields: Fields): Promise<void> => {
    try {
      await onInvite({ role: fields.role, email: fields.email || null });
      form.reset({ ...fields, email: "" });
    } catch (error) {
      showErrors(error);
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
        choices={(["editor", "viewer"] as const).map((choice) => ({
          id: choice,
          label: `${roles[choice].name}: ${roles[choice].can}`,
        }))}
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

function OpenInvitations({ ledger }: { ledger: Membership }) {
  const { t } = useLingui();
  const { dateTime } = useFormats();
  const roles = useRoleLabels();
  const errorText = useErrorText();
  const invitations = useQuery(invitationsQuery(ledger.id)).data ?? [];
  const withdraw = useWithdrawInvitation(ledger.id);
  if (invitations.length === 0) return null;
  return (
    <RowList label={t`Invitations that are still open`}>
      {invitations.map((invitation) => {
        const invitee = invitation.email ?? t`Anyone with the link`;
        const until = dateTime(invitation.expires_at);
        return (
          <Row key={invitation.id} title={invitee} details={t`${roles[invitation.role].name}, until ${until}`}>
            <Button
              aria-label={t`Withdraw the invitation of ${invitee}`}
              onPress={() => withdraw.mutate(invitation.id, { onError: (error) => notify(errorText(error)) })}
            >
              <Trans>Withdraw</Trans>
            </Button>
          </Row>
        );
      })}
    </RowList>
  );
}

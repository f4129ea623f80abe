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
import { Row, RowList, Section } from "@/ui/section";
import {
  registrationInvitationsQuery,
  useCreateRegistrationInvitation,
  useRevokeRegistrationInvitation,
} from "../api/registration-invitations";
import styles from "./settings.module.css";

/** For the administrator: invites others to register. */
export function RegistrationInvitationsSection() {
  const { t } = useLingui();
  const create = useCreateRegistrationInvitation();
  const form = useForm<{ email: string }>({ defaultValues: { email: "" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["email"]);
  const submit = async ({ email }: { email: string }): Promise<void> => {
    try {
      await create.mutateAsync(email || null);
      form.reset();
    } catch (error) {
      showErrors(error);
    }
  };
  return (
    <Section
      title={t`Who may join this Outlay`}
      description={t`You run it. A link lets one person make an account of their own.`}
    >
      <Form form={form} onValid={submit} className={styles.form}>
        <FormTextField control={form.control} name="email" label={t`Email`} type="email" inputMode="email" optional />
        <div>
          <Button type="submit" isPending={form.formState.isSubmitting}>
            <Trans>Make a link</Trans>
          </Button>
        </div>
      </Form>
      {create.data ? (
        <div role="status" className={styles.stack}>
          <p>
            <Trans>Send them this link. It is good for one person and for a week, and shown only now.</Trans>
          </p>
          <Secret>{create.data.link}</Secret>
        </div>
      ) : null}
      <OpenInvitations />
    </Section>
  );
}

function OpenInvitations() {
  const { t } = useLingui();
  const { dateTime } = useFormats();
  const errorText = useErrorText();
  const invitations = useQuery(registrationInvitationsQuery).data ?? [];
  const revoke = useRevokeRegistrationInvitation();
  if (invitations.length === 0) return null;
  return (
    <RowList label={t`Invitations that are still open`}>
      {invitations.map(({ id, email, expires_at }) => {
        const invitee = email ?? t`Anyone with the link`;
        const until = dateTime(expires_at);
        return (
          <Row key={id} title={invitee} details={t`until ${until}`}>
            <Button
              aria-label={t`Withdraw the invitation of ${invitee}`}
              onPress={() => revoke.mutate(id, { onError: (error) => notify(errorText(error)) })}
            >
              <Trans>Withdraw</Trans>
            </Button>
          </Row>
        );
      })}
    </RowList>
  );
}

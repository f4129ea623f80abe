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
import { Line, Lines, Section } from "@/ui/section";
import { admissionsQuery, useAdmit, useRefuseAdmission } from "../api/admissions";
import styles from "./account.module.css";

/** For the administrator: lets others make an account here. */
export function AdmissionsSection() {
  const { t } = useLingui();
  const admit = useAdmit();
  const form = useForm<{ email: string }>({ defaultValues: { email: "" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["email"]);
  const submit = async ({ email }: { email: string }): Promise<void> => {
    try {
      await admit.mutateAsync(email || null);
      form.reset();
    } catch (error) {
      showFaults(error);
    }
  };
  return (
    <Section title={t`Who may join this Outlay`} about={t`You run it. A link lets one person make an account of their own.`}>
      <Form form={form} onValid={submit} className={styles.form}>
        <FormTextField control={form.control} name="email" label={t`Email`} type="email" inputMode="email" optional />
        <div>
          <Button type="submit" isPending={form.formState.isSubmitting}>
            <Trans>Make a link</Trans>
          </Button>
        </div>
      </Form>
      {admit.data ? (
        <div role="status" className={styles.stack}>
          <p>
            <Trans>Send them this link. It is good for one person and for a week, and shown only now.</Trans>
          </p>
          <Secret>{admit.data.link}</Secret>
        </div>
      ) : null}
      <Waiting />
    </Section>
  );
}

function Waiting() {
  const { t } = useLingui();
  const { moment } = useFormats();
  const faultText = useFaultText();
  const waiting = useQuery(admissionsQuery).data ?? [];
  const refuse = useRefuseAdmission();
  if (waiting.length === 0) return null;
  return (
    <Lines label={t`Invitations that are still open`}>
      {waiting.map(({ id, email, expires_at }) => {
        const who = email ?? t`Anyone with the link`;
        const until = moment(expires_at);
        return (
          <Line key={id} what={who} more={t`until ${until}`}>
            <Button
              aria-label={t`Withdraw the invitation of ${who}`}
              onPress={() => refuse.mutate(id, { onError: (error) => notify(faultText(error)) })}
            >
              <Trans>Withdraw</Trans>
            </Button>
          </Line>
        );
      })}
    </Lines>
  );
}

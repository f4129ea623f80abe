import { Trans, useLingui } from "@lingui/react/macro";
import { Controller, useForm } from "react-hook-form";
import type { User } from "@/lib/api/me";
import { WEEK_STARTS, type WeekStart } from "@/lib/dates/week";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { FormTextField } from "@/ui/form-text-field";
import { useFormFaults } from "@/ui/form-faults";
import { OwnPasswordField } from "@/ui/own-password-field";
import { SelectField } from "@/ui/select-field";
import { Section } from "@/ui/section";
import { useChangeProfile } from "../api/profile";
import styles from "./account.module.css";
import { SendVerificationButton } from "./send-verification-button";

interface Fields {
  name: string;
  email: string;
  password: string;
  week_start: WeekStart;
}

/** How the person is called, and the address they sign in with. */
export function ProfileSection({ user }: { user: User }) {
  const { t } = useLingui();
  const known: Fields = { name: user.name ?? "", email: user.email, password: "", week_start: user.week_start };
  const form = useForm<Fields>({ defaultValues: known, shouldFocusError: false });
  const change = useChangeProfile();
  const showFaults = useFormFaults(form, ["name", "email", "password"]);
  const { weekday } = useFormats();
  const days = { monday: "1", sunday: "7", saturday: "6" };
  const weekStarts = WEEK_STARTS.map((id) => ({ id, label: weekday(days[id]) }));
  const moves = form.watch("email") !== user.email;
  const submit = async ({ name, email, password, week_start: weekStart }: Fields): Promise<void> => {
    try {
      const chosen = weekStart === user.week_start ? {} : { week_start: weekStart };
      const now = await change.mutateAsync({ name: name || null, ...(moves ? { email, password } : {}), ...chosen });
      form.reset({ name: now.name ?? "", email: now.email, password: "", week_start: now.week_start });
      notify(moves && now.pending_email ? t`Open the link that we sent to ${now.pending_email}.` : t`Saved.`);
    } catch (error) {
      showFaults(error);
    }
  };
  return (
    <Section title={t`You`}>
      {user.pending_email ? (
        <Callout action={<SendVerificationButton to={user.pending_email} />}>
          <Trans>
            {user.email} stays your address until you open the link that we sent to {user.pending_email}.
          </Trans>
        </Callout>
      ) : null}
      <Form form={form} onValid={submit} className={styles.form}>
        <FormTextField
          control={form.control}
          name="name"
          label={t`Name`}
          optional
          hint={t`What others see in ledgers that you share.`}
          autoComplete="name"
          maxLength={100}
        />
        <FormTextField
          control={form.control}
          name="email"
          label={t`Email`}
          type="email"
          inputMode="email"
          autoComplete="email"
          rules={{ required: t`Please give your email address.` }}
        />
        {moves ? (
          <OwnPasswordField
            control={form.control}
            name="password"
            hint={t`Needed to sign in with another address from now on.`}
          />
        ) : null}
        <Controller
          control={form.control}
          name="week_start"
          render={({ field }) => (
            <SelectField
              label={t`Weeks begin on`}
              choices={weekStarts}
              value={field.value}
              onChange={(id) => field.onChange(id)}
            />
          )}
        />
        <div>
          <Button type="submit" isPending={form.formState.isSubmitting}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </Form>
    </Section>
  );
}

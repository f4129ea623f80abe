import { Trans, useLingui } from "@lingui/react/macro";
import { Controller, useForm } from "react-hook-form";
import type { User } from "@/lib/api/current-user";
import { WEEK_STARTS, type WeekStart } from "@/lib/dates/week";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { FormTextField } from "@/ui/form-text-field";
import { useFormErrors } from "@/ui/form-errors";
import { CurrentPasswordField } from "@/ui/current-password-field";
import { SelectField } from "@/ui/select-field";
import { Section } from "@/ui/section";
import { useChangeProfile } from "../api/profile";
import styles from "./settings.module.css";
import { SendVerificationButton } from "./send-verification-button";

interface Fields {
  name: string;
  email: string;
  password: string;
  week_start: WeekStart;
}

/** The user's name, email address, and first day of the week. */
export function ProfileSection({ user }: { user: User }) {
  const { t } = useLingui();
  const initial: Fields = { name: user.name ?? "", email: user.email, password: "", week_start: user.week_start };
  const form = useForm<Fields>({ defaultValues: initial, shouldFocusError: false });
  const change = useChangeProfile();
  const showErrors = useFormErrors(form, ["name", "email", "password"]);
  const { weekday } = useFormats();
  const days = { monday: "1", sunday: "7", saturday: "6" };
  const weekStarts = WEEK_STARTS.map((id) => ({ id, label: weekday(days[id]) }));
  const changesEmail = form.watch("email") !== user.email;
  const submit = async ({ name, email, password, week_start: weekStart }: Fields): Promise<void> => {
    try {
      const weekStartChange = weekStart === user.week_start ? {} : { week_start: weekStart };
      const updated = await change.mutateAsync({
        name: name || null,
        ...(changesEmail ? { email, password } : {}),
        ...weekStartChange,
      });
      form.reset({ name: updated.name ?? "", email: updated.email, password: "", week_start: updated.week_start });
      notify(
        changesEmail && updated.pending_email ? t`Open the link that we sent to ${updated.pending_email}.` : t`Saved.`,
      );
    } catch (error) {
      showErrors(error);
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
          validation={{ required: t`Please give your email address.` }}
        />
        {changesEmail ? (
          <CurrentPasswordField
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

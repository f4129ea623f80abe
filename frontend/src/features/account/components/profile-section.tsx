import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { PasswordField } from "@/ui/password-field";
import type { User } from "@/lib/api/me";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { FormTextField } from "@/ui/form-text-field";
import { useFormFaults } from "@/ui/form-faults";
import { Section } from "@/ui/section";
import { useChangeProfile } from "../api/profile";
import styles from "./account.module.css";
import { SendVerificationButton } from "./send-verification-button";

interface Fields {
  name: string;
  email: string;
  password: string;
}

/** How the person is called, and the address they sign in with. */
export function ProfileSection({ user }: { user: User }) {
  const { t } = useLingui();
  const known: Fields = { name: user.name ?? "", email: user.email, password: "" };
  const form = useForm<Fields>({ defaultValues: known, shouldFocusError: false });
  const change = useChangeProfile();
  const showFaults = useFormFaults(form, ["name", "email", "password"]);
  const moves = form.watch("email") !== user.email;
  const submit = async ({ name, email, password }: Fields): Promise<void> => {
    try {
      const now = await change.mutateAsync({ name: name || null, ...(moves ? { email, password } : {}) });
      form.reset({ name: now.name ?? "", email: now.email, password: "" });
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
          <PasswordField
            control={form.control}
            name="password"
            label={t`Your password`}
            autoComplete="current-password"
            hint={t`Needed to sign in with another address from now on.`}
            rules={{ required: t`Please give your password.` }}
          />
        ) : null}
        <div>
          <Button type="submit" isPending={form.formState.isSubmitting}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </Form>
    </Section>
  );
}

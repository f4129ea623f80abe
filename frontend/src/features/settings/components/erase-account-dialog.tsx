import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { announceSessionEnd } from "@/lib/api/session";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { Modal } from "@/ui/modal";
import { CurrentPasswordField } from "@/ui/current-password-field";
import { eraseAccount, ledgersToHandOver } from "../api/erasure";
import styles from "./settings.module.css";

/** Asks for the password, deletes the account, and opens the receipt. */
export function EraseAccountDialog({ email, onClose }: { email: string; onClose(): void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [toHandOver, setToHandOver] = useState<readonly string[] | null>(null);
  const form = useForm<{ password: string }>({ defaultValues: { password: "" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["password"]);
  const submit = async ({ password }: { password: string }): Promise<void> => {
    try {
      const receipt = await eraseAccount(password);
      await announceSessionEnd("signed-out");
      await navigate({ to: "/receipt", hash: receipt });
    } catch (error) {
      const ledgers = ledgersToHandOver(error);
      if (ledgers) setToHandOver(ledgers);
      else showErrors(error);
    }
  };
  return (
    <Modal role="alertdialog" title={t`Delete ${email}?`} isOpen onClose={onClose}>
      <Form form={form} onValid={submit} className={styles.form}>
        <p>
          <Trans>
            Your own ledgers go with it. What you wrote in ledgers of others stays there, as from a former member.
          </Trans>
        </p>
        {toHandOver ? (
          <Callout kind="error">
            <Trans>Others keep these with you: {toHandOver.join(", ")}. Hand them over or delete them first.</Trans>
          </Callout>
        ) : null}
        <CurrentPasswordField control={form.control} name="password" />
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Keep it</Trans>
          </Button>
          <Button type="submit" variant="danger" isPending={form.formState.isSubmitting}>
            <Trans>Delete for ever</Trans>
          </Button>
        </div>
      </Form>
    </Modal>
  );
}

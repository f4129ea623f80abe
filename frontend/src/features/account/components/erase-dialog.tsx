import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { announceSessionEnd } from "@/lib/api/session";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { Modal } from "@/ui/modal";
import { OwnPasswordField } from "@/ui/own-password-field";
import { erase, ownedTogether } from "../api/erasure";
import styles from "./account.module.css";

/** Asks for the password, deletes the account, and goes to the receipt. */
export function EraseDialog({ email, onClose }: { email: string; onClose(): void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [owned, setOwned] = useState<readonly string[] | null>(null);
  const form = useForm<{ password: string }>({ defaultValues: { password: "" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["password"]);
  const submit = async ({ password }: { password: string }): Promise<void> => {
    try {
      const receipt = await erase(password);
      await announceSessionEnd("left");
      await navigate({ to: "/receipt", hash: receipt });
    } catch (error) {
      const ledgers = ownedTogether(error);
      if (ledgers) setOwned(ledgers);
      else showFaults(error);
    }
  };
  return (
    <Modal role="alertdialog" title={t`Delete ${email}?`} isOpen onClose={onClose}>
      <Form form={form} onValid={submit} className={styles.form}>
        <p>
          <Trans>Your own ledgers go with it. What you wrote in ledgers of others stays there, as from a former member.</Trans>
        </p>
        {owned ? (
          <Callout kind="fault">
            <Trans>Others keep these with you: {owned.join(", ")}. Hand them over or delete them first.</Trans>
          </Callout>
        ) : null}
        <OwnPasswordField control={form.control} name="password" />
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Keep it</Trans>
          </Button>
          <Button type="submit" look="danger" isPending={form.formState.isSubmitting}>
            <Trans>Delete for ever</Trans>
          </Button>
        </div>
      </Form>
    </Modal>
  );
}

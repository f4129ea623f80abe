import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { Modal } from "@/ui/modal";
import { CurrentPasswordField } from "@/ui/current-password-field";
import { type Membership, useDeleteLedger } from "../api/ledgers";
import styles from "./sharing.module.css";

export interface DeleteLedgerDialogProps {
  ledger: Membership;
  onDeleted(): void;
  onClose(): void;
}

/** Asks for the password, and deletes the ledger for all members. */
export function DeleteLedgerDialog({ ledger, onDeleted, onClose }: DeleteLedgerDialogProps) {
  const { t } = useLingui();
  const remove = useDeleteLedger(ledger.id);
  const form = useForm<{ password: string }>({ defaultValues: { password: "" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["password"]);
  const submit = ({ password }: { password: string }): Promise<void> =>
    remove.mutateAsync(password).then(onDeleted).catch(showErrors);
  return (
    <Modal role="alertdialog" title={t`Delete ${ledger.name}?`} isOpen onClose={onClose}>
      <Form form={form} onValid={submit} className={styles.form}>
        <p>
          <Trans>All that is in it goes, for every member, and cannot be brought back.</Trans>
        </p>
        <CurrentPasswordField control={form.control} name="password" />
        <div className={styles.choices}>
          <Button onPress={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" variant="danger" isPending={form.formState.isSubmitting}>
            <Trans>Delete for everyone</Trans>
          </Button>
        </div>
      </Form>
    </Modal>
  );
}

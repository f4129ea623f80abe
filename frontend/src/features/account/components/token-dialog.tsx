import { Trans, useLingui } from "@lingui/react/macro";
import { type Control, useController, useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { CheckboxField } from "@/ui/checkbox-field";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { FormTextField } from "@/ui/form-text-field";
import { Modal } from "@/ui/modal";
import { OwnPasswordField } from "@/ui/own-password-field";
import { Secret } from "@/ui/secret";
import { SelectField } from "@/ui/select-field";
import { type Scope, useMakeToken } from "../api/tokens";
import { useScopeWords } from "../scopes";
import styles from "./account.module.css";

const SCOPES: readonly Scope[] = ["read", "write", "import"];
const LIVES = ["30", "365", ""] as const;

interface Wish {
  name: string;
  scopes: Scope[];
  days: string;
  password: string;
}

/** Makes a token and shows it, once. */
export function TokenDialog({ onClose }: { onClose(): void }) {
  const { t } = useLingui();
  const make = useMakeToken();
  const form = useForm<Wish>({ defaultValues: { name: "", scopes: ["read"], days: "365", password: "" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["name", "scopes", "password"]);
  const submit = async ({ name, scopes, days, password }: Wish): Promise<void> => {
    await make.mutateAsync({ name, scopes, expires_in_days: days ? Number(days) : null, password }).catch(showFaults);
  };
  return (
    <Modal title={t`A token for a program`} isOpen isDismissable={!make.data} onClose={onClose}>
      {make.data ? (
        <div className={styles.stack}>
          <p>
            <Trans>Copy it now. It is shown only this once.</Trans>
          </p>
          <Secret>{make.data.token}</Secret>
          <div>
            <Button look="solid" onPress={onClose}>
              <Trans>Done</Trans>
            </Button>
          </div>
        </div>
      ) : (
        <Form form={form} onValid={submit} className={styles.form}>
          <FormTextField
            control={form.control}
            name="name"
            label={t`Name`}
            hint={t`What you will know it by, such as “backup script”.`}
            maxLength={100}
            rules={{ required: t`Please give it a name.` }}
          />
          <ScopeFields control={form.control} />
          <LifeField control={form.control} />
          <OwnPasswordField control={form.control} name="password" />
          <div className={styles.actions}>
            <Button onPress={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" look="solid" isPending={form.formState.isSubmitting}>
              <Trans>Make a token</Trans>
            </Button>
          </div>
        </Form>
      )}
    </Modal>
  );
}

function ScopeFields({ control }: { control: Control<Wish> }) {
  const { t } = useLingui();
  const words = useScopeWords();
  const validate = (scopes: Scope[] | string): string | true => scopes.length > 0 || t`Allow it something.`;
  const { field, fieldState } = useController({ control, name: "scopes", rules: { validate } });
  return (
    <CheckboxField
      label={t`It may`}
      choices={SCOPES.map((scope) => ({ id: scope, label: words[scope].long }))}
      value={field.value}
      onChange={(ids) => field.onChange(SCOPES.filter((scope) => ids.includes(scope)))}
      fault={fieldState.error?.message}
    />
  );
}

function LifeField({ control }: { control: Control<Wish> }) {
  const { t } = useLingui();
  const { field } = useController({ control, name: "days" });
  const words: Record<(typeof LIVES)[number], string> = { "30": t`30 days`, "365": t`A year`, "": t`Until it is revoked` };
  return (
    <SelectField
      label={t`Good for`}
      choices={LIVES.map((days) => ({ id: days || "ever", label: words[days] }))}
      value={field.value || "ever"}
      onChange={(id) => field.onChange(id === "ever" ? "" : id)}
    />
  );
}

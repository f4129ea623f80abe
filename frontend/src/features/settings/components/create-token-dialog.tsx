import { Trans, useLingui } from "@lingui/react/macro";
import { type Control, useController, useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { CheckboxField } from "@/ui/checkbox-field";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { FormTextField } from "@/ui/form-text-field";
import { Modal } from "@/ui/modal";
import { CurrentPasswordField } from "@/ui/current-password-field";
import { Secret } from "@/ui/secret";
import { SelectField } from "@/ui/select-field";
import { type TokenScope, useCreateToken } from "../api/tokens";
import { useScopeLabels } from "../scope-labels";
import styles from "./settings.module.css";

const SCOPES: readonly TokenScope[] = ["read", "write", "import"];
const LIFETIMES = ["30", "365", ""] as const;

interface TokenFields {
  name: string;
  scopes: TokenScope[];
  days: string;
  password: string;
}

/** Creates an API token and shows it once. */
export function CreateTokenDialog({ onClose }: { onClose(): void }) {
  const { t } = useLingui();
  const create = useCreateToken();
  const form = useForm<TokenFields>({
    defaultValues: { name: "", scopes: ["read"], days: "365", password: "" },
    shouldFocusError: false,
  });
  const showErrors = useFormErrors(form, ["name", "scopes", "password"]);
  const submit = async ({ name, scopes, days, password }: TokenFields): Promise<void> => {
    await create.mutateAsync({ name, scopes, expires_in_days: days ? Number(days) : null, password }).catch(showErrors);
  };
  return (
    <Modal title={t`A token for a program`} isOpen isDismissable={!create.data} onClose={onClose}>
      {create.data ? (
        <div className={styles.stack}>
          <p>
            <Trans>Copy it now. It is shown only this once.</Trans>
          </p>
          <Secret>{create.data.token}</Secret>
          <div>
            <Button variant="solid" onPress={onClose}>
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
            validation={{ required: t`Please give it a name.` }}
          />
          <ScopeFields control={form.control} />
          <LifetimeField control={form.control} />
          <CurrentPasswordField control={form.control} name="password" />
          <div className={styles.actions}>
            <Button onPress={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" variant="solid" isPending={form.formState.isSubmitting}>
              <Trans>Make a token</Trans>
            </Button>
          </div>
        </Form>
      )}
    </Modal>
  );
}

function ScopeFields({ control }: { control: Control<TokenFields> }) {
  const { t } = useLingui();
  const labels = useScopeLabels();
  const validate = (scopes: TokenScope[] | string): string | true => scopes.length > 0 || t`Allow it something.`;
  const { field, fieldState } = useController({ control, name: "scopes", rules: { validate } });
  return (
    <CheckboxField
      label={t`It may`}
      choices={SCOPES.map((scope) => ({ id: scope, label: labels[scope].long }))}
      value={field.value}
      onChange={(ids) => field.onChange(SCOPES.filter((scope) => ids.includes(scope)))}
      error={fieldState.error?.message}
    />
  );
}

function LifetimeField({ control }: { control: Control<TokenFields> }) {
  const { t } = useLingui();
  const { field } = useController({ control, name: "days" });
  const labels: Record<(typeof LIFETIMES)[number], string> = {
    "30": t`30 days`,
    "365": t`A year`,
    "": t`Until it is revoked`,
  };
  return (
    <SelectField
      label={t`Good for`}
      choices={LIFETIMES.map((days) => ({ id: days || "ever", label: labels[days] }))}
      value={field.value || "ever"}
      onChange={(id) => field.onChange(id === "ever" ? "" : id)}
    />
  );
}

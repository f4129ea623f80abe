import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { User } from "@/lib/api/current-user";
import { useLedger } from "@/lib/ledger/ledger";
import { SelectField } from "@/ui/select-field";

/** Switches to another ledger and stays on the same page. Hidden if there is only one ledger. */
export function LedgerSwitch({ user }: { user: User }) {
  const { t } = useLingui();
  const ledger = useLedger();
  const navigate = useNavigate();
  if (user.ledgers.length < 2) return null;
  const switchTo = (id: string): void => {
    const personal = user.ledgers.some((each) => each.id === id && each.personal);
    void navigate({ to: ".", search: (current) => ({ ...current, ledger: personal ? undefined : id }) });
  };
  return (
    <SelectField
      label={t`Ledger`}
      variant="bare"
      choices={user.ledgers.map(({ id, name, personal }) => ({
        id,
        label: personal && name === "Personal" ? t`Personal` : name,
      }))}
      value={ledger.id}
      onChange={switchTo}
    />
  );
}

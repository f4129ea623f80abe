import { useLingui } from "@lingui/react/macro";
import type { TokenScope } from "./api/tokens";

/** Labels of the token scopes. */
export function useScopeLabels(): Record<TokenScope, { short: string; long: string }> {
  const { t } = useLingui();
  return {
    read: { short: t`reads`, long: t`Read: expenses, totals and insights` },
    write: { short: t`writes`, long: t`Write: add, correct and delete expenses` },
    import: { short: t`adds`, long: t`Add only: new expenses, and nothing that is there` },
  };
}

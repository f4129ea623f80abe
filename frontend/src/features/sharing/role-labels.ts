import { useLingui } from "@lingui/react/macro";
import type { Role } from "@/lib/ledger/ledger";

/** Names and descriptions of the roles. */
export function useRoleLabels(): Record<Role, { name: string; can: string }> {
  const { t } = useLingui();
  return {
    owner: { name: t`Owner`, can: t`writes in it, and says who else may` },
    editor: { name: t`Editor`, can: t`writes in it` },
    viewer: { name: t`Viewer`, can: t`looks at it` },
  };
}

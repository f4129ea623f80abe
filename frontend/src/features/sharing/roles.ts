import { useLingui } from "@lingui/react/macro";
import type { Role } from "@/lib/ledger/ledger";

/** What a role lets somebody do, in plain words. */
export function useRoleWords(): Record<Role, { name: string; may: string }> {
  const { t } = useLingui();
  return {
    owner: { name: t`Owner`, may: t`writes in it, and says who else may` },
    editor: { name: t`Editor`, may: t`writes in it` },
    viewer: { name: t`Viewer`, may: t`looks at it` },
  };
}

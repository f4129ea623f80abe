import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { User } from "@/lib/api/current-user";
import { authOptionsQuery } from "@/lib/api/auth-options";
import { Secret } from "@/ui/secret";
import { Section } from "@/ui/section";

/** Explains how to become the administrator, while there is none. */
export function NoAdministratorSection({ user }: { user: User }) {
  const { t } = useLingui();
  const options = useQuery(authOptionsQuery);
  if (options.data?.administrator !== false) return null;
  const command = `outlay auth make-admin ${user.email}`;
  return (
    <Section
      title={t`This Outlay has no administrator yet`}
      description={t`An administrator can invite people. Everything else works without one.`}
    >
      <p>
        <Trans>If you operate this Outlay, run this command on its machine:</Trans>
      </p>
      <Secret>{command}</Secret>
    </Section>
  );
}

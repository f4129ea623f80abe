import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RegistrationInvitationsSection } from "@/features/settings/components/registration-invitations-section";
import { DataSection } from "@/features/settings/components/data-section";
import { NoAdministratorSection } from "@/features/settings/components/no-administrator-section";
import { PasswordSection } from "@/features/settings/components/password-section";
import { ProfileSection } from "@/features/settings/components/profile-section";
import { SessionsSection } from "@/features/settings/components/sessions-section";
import { TokensSection } from "@/features/settings/components/tokens-section";
import { LedgersSection } from "@/features/sharing/components/ledgers-section";
import { currentUserQuery } from "@/lib/api/current-user";
import { useDocumentTitle } from "@/lib/document-title";
import { Section } from "@/ui/section";
import styles from "./settings-page.module.css";

/** Settings of the user, as opposed to the ledger's data. */
export function SettingsPage() {
  const { t } = useLingui();
  const { data: user } = useSuspenseQuery(currentUserQuery);
  useDocumentTitle(t`Settings`);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Trans>Settings</Trans>
      </h1>
      <ProfileSection user={user} />
      <PasswordSection />
      <SessionsSection />
      <LedgersSection user={user} />
      <TokensSection />
      <Section
        title={t`A language model`}
        description={t`It may word insights and read questions, and never writes a number. Nothing is sent without your yes.`}
      >
        <p>
          <Link to="/settings/ai">
            <Trans>AI settings</Trans>
          </Link>
        </p>
      </Section>
      {user.admin ? <RegistrationInvitationsSection /> : <NoAdministratorSection user={user} />}
      <DataSection user={user} />
    </div>
  );
}

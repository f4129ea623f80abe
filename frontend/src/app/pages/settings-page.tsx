import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AdmissionsSection } from "@/features/account/components/admissions-section";
import { DataSection } from "@/features/account/components/data-section";
import { NoAdministratorSection } from "@/features/account/components/no-administrator-section";
import { PasswordSection } from "@/features/account/components/password-section";
import { ProfileSection } from "@/features/account/components/profile-section";
import { SessionsSection } from "@/features/account/components/sessions-section";
import { TokensSection } from "@/features/account/components/tokens-section";
import { LedgersSection } from "@/features/sharing/components/ledgers-section";
import { meQuery } from "@/lib/api/me";
import { useTitle } from "@/lib/title";
import { Section } from "@/ui/section";
import styles from "./settings-page.module.css";

/** Whatever is about the person and not about the money. */
export function SettingsPage() {
  const { t } = useLingui();
  const { data: user } = useSuspenseQuery(meQuery);
  useTitle(t`Settings`);
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
      <Section title={t`A language model`} about={t`It may word insights and read questions, and never writes a number. Nothing is sent without your yes.`}>
        <p>
          <Link to="/settings/ai">
            <Trans>AI settings</Trans>
          </Link>
        </p>
      </Section>
      {user.admin ? <AdmissionsSection /> : <NoAdministratorSection user={user} />}
      <DataSection user={user} />
    </div>
  );
}

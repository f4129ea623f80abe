import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useMemo } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { UndoProvider } from "@/features/activity/components/undo-provider";
import { VerificationNotice } from "@/features/settings/components/verification-notice";
import { SignOutButton } from "@/features/auth/components/sign-out-button";
import { currentUserQuery } from "@/lib/api/current-user";
import { WeekStartContext } from "@/lib/dates/week";
import { LedgerContext, selectLedger } from "@/lib/ledger/ledger";
import { Icon } from "@/ui/icon";
import { ThemeToggle } from "@/ui/theme-toggle";
import { Wordmark } from "@/ui/wordmark";
import { LedgerSwitch } from "./ledger-switch";
import { LiveUpdatesNotice } from "./live-updates-notice";
import styles from "./shell.module.css";
import { useLiveUpdates } from "./use-live-updates";

const route = getRouteApi("/signed-in");

/** The layout of all signed-in pages. */
export function Shell() {
  const { t } = useLingui();
  const { data: user } = useSuspenseQuery(currentUserQuery);
  const { ledger: id } = route.useSearch();
  const ledger = useMemo(() => selectLedger(user, id), [user, id]);
  const paused = useLiveUpdates(ledger);
  return (
    <LedgerContext value={ledger}>
      <WeekStartContext value={user.week_start}>
        <I18nProvider locale={ledger.locale}>
          <a href="#main" className={styles.skip}>
            <Trans>Skip to the content</Trans>
          </a>
          <header className={styles.header}>
            <Link to="/" className={styles.home} aria-label={t`Outlay, overview`}>
              <Wordmark />
            </Link>
            <nav aria-label={t`Main`} className={styles.nav}>
              <Link to="/" activeOptions={{ exact: true, includeSearch: false }} className={styles.link}>
                <Trans>Overview</Trans>
              </Link>
              <Link to="/expenses" activeOptions={{ includeSearch: false }} className={styles.link}>
                <Trans>Expenses</Trans>
              </Link>
              <Link to="/activity" className={styles.link}>
                <Trans>Activity</Trans>
              </Link>
            </nav>
            <div className={styles.ledger}>
              <LedgerSwitch user={user} />
            </div>
            <div className={styles.account}>
              <Link to="/settings" aria-label={t`Settings`} className={styles.settings}>
                <Icon name="person" />
              </Link>
              <ThemeToggle />
              <SignOutButton email={user.email} />
            </div>
          </header>
          <LiveUpdatesNotice paused={paused} />
          <VerificationNotice user={user} className={styles.note} />
          <main id="main" tabIndex={-1} className={styles.main}>
            <UndoProvider key={ledger.id}>
              <Outlet />
            </UndoProvider>
          </main>
        </I18nProvider>
      </WeekStartContext>
    </LedgerContext>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { isNotFound, erasureReceiptQuery } from "@/features/settings/api/erasure";
import { AuthPage } from "@/features/auth/components/auth-page";
import { browserLocale, browserTimeZone } from "@/lib/locale";
import { formatDateTime } from "@/lib/dates/instants";
import { useDocumentTitle } from "@/lib/document-title";
import { Callout } from "@/ui/callout";
import { LoadError } from "@/ui/errors";
import { Row, RowList } from "@/ui/section";

/**
 * Shows the state of an account's erasure. The receipt's id is in the URL fragment, so the link alone opens the page.
 */
export function ErasureReceiptPage() {
  const { t } = useLingui();
  const id = useRouterState({ select: (state) => state.location.hash });
  const receipt = useQuery({ ...erasureReceiptQuery(id), enabled: id !== "" });
  useDocumentTitle(t`Receipt`);
  if (id === "" || isNotFound(receipt.error)) return <NoReceipt />;
  return (
    <AuthPage
      title={receipt.data?.finished_at ? t`Your account is deleted` : t`Your account is being deleted`}
      footer={<Trans>Keep this address if you want to look again. It holds no name.</Trans>}
    >
      {receipt.isError ? <LoadError error={receipt.error} onRetry={() => void receipt.refetch()} /> : null}
      <RowList>
        {receipt.data?.parts.map(({ service, confirmed_at, deleted }) => (
          <Row
            key={service}
            title={confirmed_at ? t`${service}: deleted ${formatInstant(confirmed_at)}` : t`${service}: deleting…`}
            details={describeCounts(deleted ?? {})}
          />
        ))}
      </RowList>
      {receipt.data?.copies_until ? (
        <Callout>
          <Trans>
            A copy from before an upgrade may still hold some of it. The last one is deleted by{" "}
            {formatInstant(receipt.data.copies_until)} at the latest.
          </Trans>
        </Callout>
      ) : null}
    </AuthPage>
  );
}

function NoReceipt() {
  const { t } = useLingui();
  return (
    <AuthPage
      title={t`No such receipt`}
      footer={
        <Link to="/sign-in">
          <Trans>Back to signing in</Trans>
        </Link>
      }
    >
      <p>
        <Trans>There is no receipt at this address. Please check that you copied all of it.</Trans>
      </p>
    </AuthPage>
  );
}

/** Uses the browser's locale and time zone: the account, which had its own, no longer exists. */
function formatInstant(instant: string): string {
  return formatDateTime(instant, browserTimeZone(), browserLocale());
}

/** Formats the counts under the names that the services report. */
function describeCounts(deleted: Readonly<Record<string, number>>): string {
  return Object.entries(deleted)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${what.replaceAll("_", " ")} ${count}`)
    .join(" · ");
}

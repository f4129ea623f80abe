import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { isMissing, receiptQuery } from "@/features/account/api/erasure";
import { AuthPage } from "@/features/auth/components/auth-page";
import { browserLocale, browserTimeZone } from "@/lib/locale";
import { formatMoment } from "@/lib/dates/instants";
import { useTitle } from "@/lib/title";
import { Callout } from "@/ui/callout";
import { LoadFault } from "@/ui/faults";
import { Line, Lines } from "@/ui/section";

/** What became of a deleted account. The id of the receipt stands after the #, so the link alone opens it. */
export function ReceiptPage() {
  const { t } = useLingui();
  const id = useRouterState({ select: (state) => state.location.hash });
  const receipt = useQuery({ ...receiptQuery(id), enabled: id !== "" });
  useTitle(t`Receipt`);
  if (id === "" || isMissing(receipt.error)) return <NoReceipt />;
  return (
    <AuthPage
      title={receipt.data?.finished_at ? t`Your account is deleted` : t`Your account is being deleted`}
      other={<Trans>Keep this address if you want to look again. It holds no name.</Trans>}
    >
      {receipt.isError ? <LoadFault error={receipt.error} onRetry={() => void receipt.refetch()} /> : null}
      <Lines>
        {receipt.data?.parts.map(({ service, confirmed_at, deleted }) => (
          <Line
            key={service}
            what={confirmed_at ? t`${service}: deleted ${when(confirmed_at)}` : t`${service}: deleting…`}
            more={inWords(deleted ?? {})}
          />
        ))}
      </Lines>
      {receipt.data?.copies_until ? (
        <Callout>
          <Trans>
            A copy from before an upgrade may still hold some of it. The last one is deleted by{" "}
            {when(receipt.data.copies_until)} at the latest.
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
      other={
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

/** Written as the browser does: there is no account any more whose locale could be used. */
function when(instant: string): string {
  return formatMoment(instant, browserTimeZone(), browserLocale());
}

/** Counts by the names that the services themselves have for things. */
function inWords(deleted: Readonly<Record<string, number>>): string {
  return Object.entries(deleted)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${what.replaceAll("_", " ")} ${count}`)
    .join(" · ");
}

import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useRouterState } from "@tanstack/react-router";
import { useVerifyEmail } from "@/features/settings/api/verification";
import { AuthPage } from "@/features/auth/components/auth-page";
import { useDocumentTitle } from "@/lib/document-title";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useErrorText } from "@/ui/errors";
import styles from "./verify-email-page.module.css";

/**
 * Target of a link from an email. Its token is in the URL fragment, which browsers do not send to servers. The user has
 * to click, because mail scanners open links too and must not confirm an address for its owner.
 */
export function VerifyEmailPage() {
  const { t } = useLingui();
  const token = useRouterState({ select: (state) => state.location.hash });
  const errorText = useErrorText();
  const verify = useVerifyEmail();
  useDocumentTitle(t`Confirm your address`);
  return (
    <AuthPage
      title={t`Confirm your address`}
      footer={
        <Link to="/">
          <Trans>Go to your overview</Trans>
        </Link>
      }
    >
      {token ? null : (
        <Callout>
          <Trans>This link is incomplete. Please copy all of it into the address bar.</Trans>
        </Callout>
      )}
      {verify.isError ? <Callout kind="error">{errorText(verify.error)}</Callout> : null}
      {verify.isSuccess ? (
        <Callout kind="success">
          <Trans>Your address is confirmed.</Trans>
        </Callout>
      ) : null}
      {token && !verify.isSuccess ? (
        <div className={styles.steps}>
          <p>
            <Trans>An Outlay account uses your email address. Confirm it if the account is yours.</Trans>
          </p>
          <Button variant="solid" isPending={verify.isPending} onPress={() => verify.mutate(token)}>
            <Trans>Confirm</Trans>
          </Button>
        </div>
      ) : null}
    </AuthPage>
  );
}

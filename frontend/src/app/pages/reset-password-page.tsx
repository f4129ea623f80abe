import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { AuthPage } from "@/features/auth/components/auth-page";
import { ResetPasswordForm } from "@/features/auth/components/reset-password-form";
import { notify } from "@/lib/notices";
import { useDocumentTitle } from "@/lib/document-title";
import { Callout } from "@/ui/callout";

/**
 * Target of a link from an email or from the administrator. Its token is in the URL fragment, which browsers do not
 * send to servers.
 */
export function ResetPasswordPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const token = useRouterState({ select: (state) => state.location.hash });
  useDocumentTitle(t`A new password`);
  const onChanged = (): void => {
    notify(t`Your password is changed. Every device is signed out, and programs have lost their tokens.`);
    void navigate({ to: "/sign-in" });
  };
  return (
    <AuthPage
      title={t`A new password`}
      footer={
        <Trans>
          Is it too old? <Link to="/forgot">Ask for another</Link>, or <Link to="/sign-in">sign in</Link>.
        </Trans>
      }
    >
      {token ? (
        <ResetPasswordForm token={token} onDone={onChanged} />
      ) : (
        <Callout>
          <Trans>This link is incomplete. Please copy all of it into the address bar.</Trans>
        </Callout>
      )}
    </AuthPage>
  );
}

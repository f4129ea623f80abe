import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { authOptionsQuery } from "@/lib/api/auth-options";
import { AuthPage } from "@/features/auth/components/auth-page";
import { ForgotPasswordForm } from "@/features/auth/components/forgot-password-form";
import { useDocumentTitle } from "@/lib/document-title";

/** Page for users who have forgotten their password. */
export function ForgotPasswordPage() {
  const { t } = useLingui();
  const mail = useQuery(authOptionsQuery).data?.mail;
  useDocumentTitle(t`Forgotten password`);
  return (
    <AuthPage
      title={t`Forgotten password`}
      footer={
        <Link to="/sign-in">
          <Trans>Back to signing in</Trans>
        </Link>
      }
    >
      {mail === false ? (
        <p>
          <Trans>This Outlay sends no mail. Its administrator can make you a link to choose a new password.</Trans>
        </p>
      ) : (
        <ForgotPasswordForm />
      )}
    </AuthPage>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { optionsQuery } from "@/lib/api/options";
import { AuthPage } from "@/features/auth/components/auth-page";
import { ForgotForm } from "@/features/auth/components/forgot-form";
import { useTitle } from "@/lib/title";

/** For who cannot sign in any more. */
export function ForgotPage() {
  const { t } = useLingui();
  const mail = useQuery(optionsQuery).data?.mail;
  useTitle(t`Forgotten password`);
  return (
    <AuthPage
      title={t`Forgotten password`}
      other={
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
        <ForgotForm />
      )}
    </AuthPage>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { AuthPage } from "@/features/auth/components/auth-page";
import { ResetForm } from "@/features/auth/components/reset-form";
import { notify } from "@/lib/notices";
import { useTitle } from "@/lib/title";
import { Callout } from "@/ui/callout";

/** A link from a mail, or from whoever runs this Outlay. The token stands after the #, which no server gets to see. */
export function ResetPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const token = useRouterState({ select: (state) => state.location.hash });
  useTitle(t`A new password`);
  const changed = (): void => {
    notify(t`Your password is changed. Every device is signed out, and programs have lost their tokens.`);
    void navigate({ to: "/sign-in" });
  };
  return (
    <AuthPage
      title={t`A new password`}
      other={
        <Trans>
          Is it too old? <Link to="/forgot">Ask for another</Link>, or <Link to="/sign-in">sign in</Link>.
        </Trans>
      }
    >
      {token ? (
        <ResetForm token={token} onDone={changed} />
      ) : (
        <Callout>
          <Trans>This link is not whole. Please copy all of it into the address bar.</Trans>
        </Callout>
      )}
    </AuthPage>
  );
}

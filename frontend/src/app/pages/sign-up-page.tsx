import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { AuthPage } from "@/features/auth/components/auth-page";
import { SignUpForm } from "@/features/auth/components/sign-up-form";
import { useTitle } from "@/lib/title";
import { safePlace } from "../search";

const route = getRouteApi("/sign-up");

export function SignUpPage() {
  const { t } = useLingui();
  const router = useRouter();
  const { next } = route.useSearch();
  useTitle(t`Create an account`);
  return (
    <AuthPage
      title={t`Create an account`}
      other={
        <Trans>
          Have one already?{" "}
          <Link to="/sign-in" search={{ next }}>
            Sign in
          </Link>
        </Trans>
      }
    >
      <SignUpForm onDone={() => router.history.push(safePlace(next))} />
    </AuthPage>
  );
}

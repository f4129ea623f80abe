import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { AuthPage } from "@/features/auth/components/auth-page";
import { SignInForm } from "@/features/auth/components/sign-in-form";
import { useDocumentTitle } from "@/lib/document-title";
import { safeNextPath } from "../search-params";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { t } = useLingui();
  const router = useRouter();
  const { next } = route.useSearch();
  useDocumentTitle(t`Sign in`);
  return (
    <AuthPage
      title={t`Sign in`}
      footer={
        <Trans>
          New here?{" "}
          <Link to="/sign-up" search={{ next }}>
            Create an account
          </Link>
        </Trans>
      }
    >
      <SignInForm onDone={() => router.history.push(safeNextPath(next))} />
      <p>
        <Link to="/forgot">
          <Trans>Forgotten your password?</Trans>
        </Link>
      </p>
    </AuthPage>
  );
}

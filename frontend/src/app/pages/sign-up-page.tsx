import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter, useRouterState } from "@tanstack/react-router";
import { authOptionsQuery } from "@/lib/api/auth-options";
import { AuthPage } from "@/features/auth/components/auth-page";
import { SignUpForm } from "@/features/auth/components/sign-up-form";
import { useDocumentTitle } from "@/lib/document-title";
import { Callout } from "@/ui/callout";
import { safeNextPath, setupTokenIn } from "../search-params";

const route = getRouteApi("/sign-up");

/** Creates an account. An invitation's token is in the URL fragment, which browsers do not send to servers. */
export function SignUpPage() {
  const { t } = useLingui();
  const router = useRouter();
  const { next } = route.useSearch();
  const hash = useRouterState({ select: (state) => state.location.hash });
  const setup = setupTokenIn(hash);
  const invitation = (setup ? "" : hash) || invitationTokenIn(next);
  const options = useQuery(authOptionsQuery).data;
  const isClosed = options?.registration === "invite" && !options.first && !invitation && !setup;
  useDocumentTitle(t`Create an account`);
  return (
    <AuthPage
      title={t`Create an account`}
      footer={
        <Trans>
          Have one already?{" "}
          <Link to="/sign-in" search={{ next }}>
            Sign in
          </Link>
        </Trans>
      }
    >
      {isClosed ? (
        <Callout>
          <Trans>You need an invitation to sign up here. Ask the administrator for a link.</Trans>
        </Callout>
      ) : (
        <SignUpForm
          invitation={invitation}
          setup={setup}
          notice={
            setup && options?.administrator === false ? (
              <Callout kind="success">
                <Trans>This account becomes the administrator of this Outlay.</Trans>
              </Callout>
            ) : null
          }
          onDone={() => router.history.push(safeNextPath(next))}
        />
      )}
    </AuthPage>
  );
}

/** Returns the token of a ledger invitation in `next`: it also permits registration. */
function invitationTokenIn(next: string | undefined): string | undefined {
  return next?.startsWith("/invitation#") ? next.split("#")[1] : undefined;
}

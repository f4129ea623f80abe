import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import {
  type InvitationPreview,
  invitationPreviewQuery,
  useAcceptInvitation,
} from "@/features/sharing/api/invitations";
import { useRoleLabels } from "@/features/sharing/role-labels";
import { ApiProblem } from "@/lib/api/errors";
import { notify } from "@/lib/notices";
import { useDocumentTitle } from "@/lib/document-title";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useErrorText } from "@/ui/errors";
import { Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import styles from "./settings-page.module.css";

/** Shows an invitation. Its token is in the URL fragment, which browsers do not send to servers. */
export function InvitationPage() {
  const { t } = useLingui();
  const token = useRouterState({ select: (state) => state.location.hash });
  const preview = useQuery({ ...invitationPreviewQuery(token), enabled: token !== "" });
  useDocumentTitle(t`Invitation`);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Trans>An invitation</Trans>
      </h1>
      {preview.isPending && token ? <Skeleton height="6rem" /> : null}
      {preview.isError || !token ? (
        <InvitationError error={preview.error} onRetry={() => void preview.refetch()} />
      ) : null}
      {preview.data ? <InvitationOffer token={token} {...preview.data} /> : null}
    </div>
  );
}

function InvitationError({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const slug = error instanceof ApiProblem ? error.slug : "";
  if (slug === "email-unverified") {
    const retryButton = (
      <Button onPress={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    );
    return (
      <Callout action={retryButton}>
        <Trans>
          This invitation is for your address alone. Open the link in the mail that we sent there, then come back.
        </Trans>
      </Callout>
    );
  }
  return (
    <Callout>
      {slug === "forbidden" ? (
        <Trans>This invitation is for another address. Sign in with that one.</Trans>
      ) : (
        <Trans>This invitation is no longer good. Ask for a new one.</Trans>
      )}
    </Callout>
  );
}

function InvitationOffer({ token, ledger, invited_by: inviter, role, member }: InvitationPreview & { token: string }) {
  const roles = useRoleLabels();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const accept = useAcceptInvitation();
  const acceptInvitation = (): void =>
    accept.mutate(token, {
      onSuccess: ({ id }) => void navigate({ to: "/", search: { ledger: id } }),
      onError: (error) => notify(errorText(error)),
    });
  return (
    <Section
      title={ledger}
      description={
        member ? (
          <Trans>You are in this ledger already.</Trans>
        ) : (
          <Trans>
            {inviter} invites you to keep this ledger together. Your role: {roles[role].name}.
          </Trans>
        )
      }
    >
      <div>
        <Button variant="solid" isPending={accept.isPending} onPress={acceptInvitation}>
          {member ? <Trans>Open it</Trans> : <Trans>Join</Trans>}
        </Button>
      </div>
    </Section>
  );
}

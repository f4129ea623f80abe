import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type Preview, previewQuery, useAccept } from "@/features/sharing/api/invitations";
import { useRoleWords } from "@/features/sharing/roles";
import { Problem } from "@/lib/api/problems";
import { notify } from "@/lib/notices";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useFaultText } from "@/ui/faults";
import { Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import styles from "./settings-page.module.css";

/** An invitation, opened by its link. The token stands after the #, which no server gets to see. */
export function InvitationPage() {
  const { t } = useLingui();
  const token = useRouterState({ select: (state) => state.location.hash });
  const preview = useQuery({ ...previewQuery(token), enabled: token !== "" });
  useTitle(t`Invitation`);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Trans>An invitation</Trans>
      </h1>
      {preview.isPending && token ? <Skeleton height="6rem" /> : null}
      {preview.isError || !token ? <Refusal error={preview.error} onRetry={() => void preview.refetch()} /> : null}
      {preview.data ? <Offer token={token} {...preview.data} /> : null}
    </div>
  );
}

function Refusal({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const slug = error instanceof Problem ? error.slug : "";
  if (slug === "email-unverified") {
    const again = (
      <Button onPress={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    );
    return (
      <Callout action={again}>
        <Trans>This invitation is for your address alone. Open the link in the mail that we sent there, then come back.</Trans>
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

function Offer({ token, ledger, invited_by: who, role, member }: Preview & { token: string }) {
  const roles = useRoleWords();
  const faultText = useFaultText();
  const navigate = useNavigate();
  const accept = useAccept();
  const join = (): void =>
    accept.mutate(token, {
      onSuccess: ({ id }) => void navigate({ to: "/", search: { ledger: id } }),
      onError: (error) => notify(faultText(error)),
    });
  return (
    <Section
      title={ledger}
      about={
        member ? (
          <Trans>You are in this ledger already.</Trans>
        ) : (
          <Trans>
            {who} invites you to keep this ledger together. Your role: {roles[role].name}.
          </Trans>
        )
      }
    >
      <div>
        <Button look="solid" isPending={accept.isPending} onPress={join}>
          {member ? <Trans>Open it</Trans> : <Trans>Join</Trans>}
        </Button>
      </div>
    </Section>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { LoadError, useErrorText } from "@/ui/errors";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { Row, RowList, Badge, Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import { type Session, sessionsQuery, useEndOtherSessions, useEndSession } from "../api/sessions";
import { deviceName } from "../device-name";
import { RevokeTokensCheckbox } from "./revoke-tokens-checkbox";

/** Lists the user's sessions, and ends them. */
export function SessionsSection() {
  const { t } = useLingui();
  const sessions = useQuery(sessionsQuery);
  const [isConfirming, setIsConfirming] = useState(false);
  const [revokeTokens, setRevokeTokens] = useState(false);
  const endOthers = useEndOtherSessions();
  return (
    <Section
      title={t`Where you are signed in`}
      description={t`A device that you do not know? Sign it out, then change your password.`}
    >
      {sessions.isPending ? <Skeleton height="6rem" /> : null}
      {sessions.isError ? <LoadError error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {sessions.data ? (
        <RowList>
          {sessions.data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </RowList>
      ) : null}
      {sessions.data && sessions.data.length > 1 ? (
        <div>
          <Button onPress={() => setIsConfirming(true)}>
            <Trans>Sign out everywhere else</Trans>
          </Button>
        </div>
      ) : null}
      {isConfirming ? (
        <ConfirmDialog
          title={t`Sign out everywhere else?`}
          confirmLabel={t`Sign out`}
          onConfirm={() => endOthers.mutateAsync(revokeTokens).then(() => notify(t`Signed out everywhere but here.`))}
          onClose={() => setIsConfirming(false)}
        >
          <p>
            <Trans>Only this browser stays signed in.</Trans>
          </p>
          <RevokeTokensCheckbox isSelected={revokeTokens} onChange={setRevokeTokens} />
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { t } = useLingui();
  const { dateTime } = useFormats();
  const errorText = useErrorText();
  const end = useEndSession();
  const name = deviceName(session.device) ?? t`An unknown device`;
  const lastUsed = dateTime(session.used_at);
  const signedInAt = dateTime(session.created_at);
  return (
    <Row
      title={
        <>
          {name}
          {session.current ? (
            <Badge>
              <Trans>this one</Trans>
            </Badge>
          ) : null}
        </>
      }
      details={
        session.address ? (
          <Trans>
            Last used {lastUsed}, from {session.address}. Signed in {signedInAt}.
          </Trans>
        ) : (
          <Trans>
            Last used {lastUsed}. Signed in {signedInAt}.
          </Trans>
        )
      }
    >
      {session.current ? null : (
        <Button
          aria-label={t`Sign out ${name}`}
          isPending={end.isPending}
          onPress={() => end.mutate(session.id, { onError: (error) => notify(errorText(error)) })}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </Row>
  );
}

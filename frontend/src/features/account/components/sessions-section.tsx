import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { LoadFault, useFaultText } from "@/ui/faults";
import { Question } from "@/ui/question";
import { Line, Lines, Mark, Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import { type Session, sessionsQuery, useEndOtherSessions, useEndSession } from "../api/sessions";
import { deviceName } from "../devices";
import { RevokeTokensCheckbox } from "./revoke-tokens-checkbox";

/** Where the person is signed in, and how to end it there. */
export function SessionsSection() {
  const { t } = useLingui();
  const sessions = useQuery(sessionsQuery);
  const [asking, setAsking] = useState(false);
  const [revokes, setRevokes] = useState(false);
  const endOthers = useEndOtherSessions();
  return (
    <Section title={t`Where you are signed in`} about={t`A device that you do not know? Sign it out, then change your password.`}>
      {sessions.isPending ? <Skeleton height="6rem" /> : null}
      {sessions.isError ? <LoadFault error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {sessions.data ? (
        <Lines>
          {sessions.data.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </Lines>
      ) : null}
      {sessions.data && sessions.data.length > 1 ? (
        <div>
          <Button onPress={() => setAsking(true)}>
            <Trans>Sign out everywhere else</Trans>
          </Button>
        </div>
      ) : null}
      {asking ? (
        <Question
          title={t`Sign out everywhere else?`}
          yes={t`Sign out`}
          onYes={() => endOthers.mutateAsync(revokes).then(() => notify(t`Signed out everywhere but here.`))}
          onClose={() => setAsking(false)}
        >
          <p>
            <Trans>Only this browser stays signed in.</Trans>
          </p>
          <RevokeTokensCheckbox isSelected={revokes} onChange={setRevokes} />
        </Question>
      ) : null}
    </Section>
  );
}

function SessionLine({ session }: { session: Session }) {
  const { t } = useLingui();
  const { moment } = useFormats();
  const faultText = useFaultText();
  const end = useEndSession();
  const name = deviceName(session.device) ?? t`An unknown device`;
  const used = moment(session.used_at);
  const began = moment(session.created_at);
  return (
    <Line
      what={
        <>
          {name}
          {session.current ? (
            <Mark>
              <Trans>this one</Trans>
            </Mark>
          ) : null}
        </>
      }
      more={
        session.address ? (
          <Trans>
            Last used {used}, from {session.address}. Signed in {began}.
          </Trans>
        ) : (
          <Trans>
            Last used {used}. Signed in {began}.
          </Trans>
        )
      }
    >
      {session.current ? null : (
        <Button
          aria-label={t`Sign out ${name}`}
          isPending={end.isPending}
          onPress={() => end.mutate(session.id, { onError: (error) => notify(faultText(error)) })}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </Line>
  );
}

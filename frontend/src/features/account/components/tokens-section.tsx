import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormats } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadFault } from "@/ui/faults";
import { Question } from "@/ui/question";
import { Line, Lines, Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import { type Token, tokensQuery, useRevokeToken } from "../api/tokens";
import { useScopeWords } from "../scopes";
import { TokenDialog } from "./token-dialog";

/** Programs that may act for the person, and how to stop them. */
export function TokensSection() {
  const { t } = useLingui();
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const revoke = useRevokeToken();
  return (
    <Section title={t`Programs`} about={t`A script or another app can use your book with a token of its own. Each does only what you allow it.`}>
      {tokens.isPending ? <Skeleton height="3rem" /> : null}
      {tokens.isError ? <LoadFault error={tokens.error} onRetry={() => void tokens.refetch()} /> : null}
      {tokens.data && tokens.data.length > 0 ? (
        <Lines>
          {tokens.data.map((token) => (
            <TokenLine key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </Lines>
      ) : null}
      <div>
        <Button onPress={() => setMaking(true)}>
          <Trans>Make a token</Trans>
        </Button>
      </div>
      {making ? <TokenDialog onClose={() => setMaking(false)} /> : null}
      {revoking ? (
        <Question
          title={t`Revoke this token?`}
          yes={t`Revoke`}
          onYes={() => revoke.mutateAsync(revoking.id)}
          onClose={() => setRevoking(null)}
        >
          <Trans>Whatever uses {revoking.name} is refused from now on.</Trans>
        </Question>
      ) : null}
    </Section>
  );
}

function TokenLine({ token, onRevoke }: { token: Token; onRevoke(): void }) {
  const { t } = useLingui();
  const { moment } = useFormats();
  const words = useScopeWords();
  const allowed = token.scopes.map((scope) => words[scope].short).join(", ");
  const used = token.used_at ? t`last used ${moment(token.used_at)}` : t`never used`;
  const until = token.expires_at ? t`until ${moment(token.expires_at)}` : t`without an end`;
  return (
    <Line
      what={token.name}
      more={
        <>
          <code>{token.prefix}…</code> · {allowed} · {used} · {until}
        </>
      }
    >
      <Button aria-label={t`Revoke ${token.name}`} onPress={onRevoke}>
        <Trans>Revoke</Trans>
      </Button>
    </Line>
  );
}

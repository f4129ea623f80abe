import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormats } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadError } from "@/ui/errors";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { Row, RowList, Section } from "@/ui/section";
import { Skeleton } from "@/ui/skeleton";
import { type ApiToken, tokensQuery, useRevokeToken } from "../api/tokens";
import { useScopeLabels } from "../scope-labels";
import { CreateTokenDialog } from "./create-token-dialog";

/** Lists the user's API tokens, and revokes them. */
export function TokensSection() {
  const { t } = useLingui();
  const tokens = useQuery(tokensQuery);
  const [isCreating, setIsCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const revoke = useRevokeToken();
  return (
    <Section
      title={t`Programs`}
      description={t`A script or another app can use your book with a token of its own. Each does only what you allow it.`}
    >
      {tokens.isPending ? <Skeleton height="3rem" /> : null}
      {tokens.isError ? <LoadError error={tokens.error} onRetry={() => void tokens.refetch()} /> : null}
      {tokens.data && tokens.data.length > 0 ? (
        <RowList>
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </RowList>
      ) : null}
      <div>
        <Button onPress={() => setIsCreating(true)}>
          <Trans>Make a token</Trans>
        </Button>
      </div>
      {isCreating ? <CreateTokenDialog onClose={() => setIsCreating(false)} /> : null}
      {revoking ? (
        <ConfirmDialog
          title={t`Revoke this token?`}
          confirmLabel={t`Revoke`}
          onConfirm={() => revoke.mutateAsync(revoking.id)}
          onClose={() => setRevoking(null)}
        >
          <Trans>Whatever uses {revoking.name} is refused from now on.</Trans>
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { token: ApiToken; onRevoke(): void }) {
  const { t } = useLingui();
  const { dateTime } = useFormats();
  const labels = useScopeLabels();
  const allowed = token.scopes.map((scope) => labels[scope].short).join(", ");
  const lastUsed = token.used_at ? t`last used ${dateTime(token.used_at)}` : t`never used`;
  const until = token.expires_at ? t`until ${dateTime(token.expires_at)}` : t`without an end`;
  return (
    <Row
      title={token.name}
      details={
        <>
          <code>{token.prefix}…</code> · {allowed} · {lastUsed} · {until}
        </>
      }
    >
      <Button aria-label={t`Revoke ${token.name}`} onPress={onRevoke}>
        <Trans>Revoke</Trans>
      </Button>
    </Row>
  );
}

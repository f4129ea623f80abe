import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { User } from "@/lib/api/current-user";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/errors";
import { Row, RowList, Section } from "@/ui/section";
import { useDownload } from "../api/download";
import { EraseAccountDialog } from "./erase-account-dialog";

/** Downloads or deletes the user's data. */
export function DataSection({ user }: { user: User }) {
  const { t } = useLingui();
  const ledger = useLedger();
  const [erasing, setErasing] = useState(false);
  const query = new URLSearchParams(ledgerParams(ledger)).toString();
  return (
    <Section title={t`Your data`}>
      <RowList>
        <Row title={t`The ledger on screen`} details={t`Every expense and every change to it, of “${ledger.name}”.`}>
          <Download path={`/api/v1/export${query && `?${query}`}`} label={t`Download the ledger`} />
        </Row>
        <Row title={t`Your account`} details={t`What Outlay knows of you: sessions, tokens, ledgers.`}>
          <Download path="/api/v1/auth/export" label={t`Download the account`} />
        </Row>
        <Row
          title={t`Delete everything`}
          details={t`Your account, your own ledgers and all that is in them. There is no way back.`}
        >
          <Button variant="danger" onPress={() => setErasing(true)}>
            <Trans>Delete my account</Trans>
          </Button>
        </Row>
      </RowList>
      {erasing ? <EraseAccountDialog email={user.email} onClose={() => setErasing(false)} /> : null}
    </Section>
  );
}

function Download({ path, label }: { path: string; label: string }) {
  const errorText = useErrorText();
  const download = useDownload();
  const startDownload = (): void => download.mutate(path, { onError: (error) => notify(errorText(error)) });
  return (
    <Button aria-label={label} isPending={download.isPending} onPress={startDownload}>
      <Trans>Download</Trans>
    </Button>
  );
}

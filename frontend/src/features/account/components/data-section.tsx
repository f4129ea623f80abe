import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { User } from "@/lib/api/me";
import { ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useFaultText } from "@/ui/faults";
import { Line, Lines, Section } from "@/ui/section";
import { useDownload } from "../api/download";
import { EraseDialog } from "./erase-dialog";

/** Takes one's data away, in both senses. */
export function DataSection({ user }: { user: User }) {
  const { t } = useLingui();
  const ledger = useLedger();
  const [erasing, setErasing] = useState(false);
  const query = new URLSearchParams(ledgerQuery(ledger)).toString();
  return (
    <Section title={t`Your data`}>
      <Lines>
        <Line what={t`The ledger on screen`} more={t`Every expense and every change to it, of “${ledger.name}”.`}>
          <Download path={`/api/v1/export${query && `?${query}`}`} label={t`Download the ledger`} />
        </Line>
        <Line what={t`Your account`} more={t`What Outlay knows of you: sessions, tokens, ledgers.`}>
          <Download path="/api/v1/auth/export" label={t`Download the account`} />
        </Line>
        <Line what={t`Delete everything`} more={t`Your account, your own ledgers and all that is in them. There is no way back.`}>
          <Button look="danger" onPress={() => setErasing(true)}>
            <Trans>Delete my account</Trans>
          </Button>
        </Line>
      </Lines>
      {erasing ? <EraseDialog email={user.email} onClose={() => setErasing(false)} /> : null}
    </Section>
  );
}

function Download({ path, label }: { path: string; label: string }) {
  const faultText = useFaultText();
  const download = useDownload();
  const fetchIt = (): void => download.mutate(path, { onError: (error) => notify(faultText(error)) });
  return (
    <Button aria-label={label} isPending={download.isPending} onPress={fetchIt}>
      <Trans>Download</Trans>
    </Button>
  );
}

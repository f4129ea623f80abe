import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { User } from "@/lib/api/me";
import { ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import buttonStyles from "@/ui/button.module.css";
import { Line, Lines, Section } from "@/ui/section";
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
          <Download href={`/api/v1/export${query && `?${query}`}`} label={t`Download the ledger`} />
        </Line>
        <Line what={t`Your account`} more={t`What Outlay knows of you: sessions, tokens, ledgers.`}>
          <Download href="/api/v1/auth/export" label={t`Download the account`} />
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

function Download({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} download aria-label={label} className={`${buttonStyles.button} ${buttonStyles.quiet}`}>
      <Trans>Download</Trans>
    </a>
  );
}

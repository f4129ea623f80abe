import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { User } from "@/lib/api/me";
import { Button } from "@/ui/button";
import { Line, Lines, Section } from "@/ui/section";
import { useRoleWords } from "../roles";
import { CreateLedger } from "./create-ledger";
import { LedgerDialog } from "./ledger-dialog";

/** The ledgers a person keeps, alone or with others. */
export function LedgersSection({ user }: { user: User }) {
  const { t } = useLingui();
  const roles = useRoleWords();
  const [open, setOpen] = useState<string | null>(null);
  const [creating, setCreating] = useState(false);
  const shown = user.ledgers.find((ledger) => ledger.id === open);
  return (
    <Section title={t`Ledgers`} about={t`Keep one with your household, or one apart for a trip. Your personal ledger stays yours alone.`}>
      <Lines>
        {user.ledgers.map((ledger) => (
          <Line
            key={ledger.id}
            what={ledger.name}
            more={`${ledger.personal ? t`yours alone` : roles[ledger.role].name} · ${ledger.currency}`}
          >
            {ledger.personal ? null : (
              <Button aria-label={t`Members of ${ledger.name}`} onPress={() => setOpen(ledger.id)}>
                <Trans>Members</Trans>
              </Button>
            )}
          </Line>
        ))}
      </Lines>
      <div>
        <Button onPress={() => setCreating(true)}>
          <Trans>Create a ledger</Trans>
        </Button>
      </div>
      {creating ? <CreateLedger onClose={() => setCreating(false)} /> : null}
      {shown ? <LedgerDialog ledger={shown} account={user.id} onClose={() => setOpen(null)} /> : null}
    </Section>
  );
}

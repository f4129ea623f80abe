import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { User } from "@/lib/api/current-user";
import { Button } from "@/ui/button";
import { Row, RowList, Section } from "@/ui/section";
import { useRoleLabels } from "../role-labels";
import { CreateLedgerDialog } from "./create-ledger-dialog";
import { LedgerDialog } from "./ledger-dialog";

/** The user's ledgers. */
export function LedgersSection({ user }: { user: User }) {
  const { t } = useLingui();
  const roles = useRoleLabels();
  const [open, setOpen] = useState<string | null>(null);
  const [creating, setCreating] = useState(false);
  const shown = user.ledgers.find((ledger) => ledger.id === open);
  return (
    <Section
      title={t`Ledgers`}
      description={t`Keep one with your household, or one apart for a trip. Your personal ledger stays yours alone.`}
    >
      <RowList>
        {user.ledgers.map((ledger) => (
          <Row
            key={ledger.id}
            title={ledger.name}
            details={`${ledger.personal ? t`yours alone` : roles[ledger.role].name} · ${ledger.currency}`}
          >
            {ledger.personal ? null : (
              <Button aria-label={t`Members of ${ledger.name}`} onPress={() => setOpen(ledger.id)}>
                <Trans>Members</Trans>
              </Button>
            )}
          </Row>
        ))}
      </RowList>
      <div>
        <Button onPress={() => setCreating(true)}>
          <Trans>Create a ledger</Trans>
        </Button>
      </div>
      {creating ? <CreateLedgerDialog onClose={() => setCreating(false)} /> : null}
      {shown ? <LedgerDialog ledger={shown} userId={user.id} onClose={() => setOpen(null)} /> : null}
    </Section>
  );
}

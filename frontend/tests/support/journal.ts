import type { JournalChange, JournalEntry } from "@/features/activity/api/journal";

/** The user of these tests. */
export const USER_ID = "0198f000-0000-7000-8000-0000000000aa";

const FOOD = "0198f000-0000-7000-9000-000000000001";

/** The journal's image of an expense; `part` holds the fields that matter to a test. */
export function anImage(part: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    amount: "12.50",
    minor: 1250,
    currency: "EUR",
    category: FOOD,
    merchant: "Rewe",
    note: null,
    spent_on: "2026-11-22",
    tags: [],
    ...part,
  };
}

export function aChange(
  id: string,
  before: JournalChange["before"],
  after: JournalChange["after"],
  kind = "expense",
): JournalChange {
  return { kind, id, before, after };
}

/** A journal entry, which by default is the only one of its action. */
export function anEntry(
  revision: number,
  action: string,
  pairs: JournalChange[],
  part: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    id: `entry-${revision}`,
    revision,
    action_id: `action-${revision}`,
    action,
    actor: USER_ID,
    via: "web",
    occurred_at: "2026-11-22T20:14:00Z",
    pairs,
    ...part,
  };
}

import { groupBy } from "@/lib/group-by";
import type { JournalChange, JournalEntry } from "./api/journal";

/** All changes of one action: one row of the activity list. */
export interface ActivityItem {
  id: string;
  /** The revision of its first entry. */
  revision: number;
  action: string;
  actor: string | null;
  via: JournalEntry["via"];
  occurredAt: string;
  /** One change per object, from its state before the action to its state after it. */
  changes: JournalChange[];
  /** Whether it was undone, and the undo itself was not undone. */
  undone: boolean;
}

const UNDO = "undo_action";
const OPEN = "open_ledger";

/** Groups entries, newest first, by action. */
export function toActivityItems(entries: readonly JournalEntry[]): ActivityItem[] {
  const items = [...groupBy(entries, (entry) => entry.action_id).values()].flatMap(toActivityItem);
  markUndone(items);
  return items;
}

export function isUndo(item: ActivityItem): boolean {
  return item.action === UNDO;
}

export function canBeUndone(item: ActivityItem): boolean {
  return !item.undone && item.action !== OPEN;
}

function toActivityItem(newestFirst: readonly JournalEntry[]): ActivityItem[] {
  const entries = newestFirst.toReversed();
  const [first] = entries;
  if (!first) return [];
  const { action_id: id, revision, action, actor, via, occurred_at: occurredAt } = first;
  return [
    {
      id,
      revision,
      action,
      actor,
      via,
      occurredAt,
      changes: mergeChanges(entries.flatMap((entry) => entry.pairs)),
      undone: false,
    },
  ];
}

function mergeChanges(changes: readonly JournalChange[]): JournalChange[] {
  const merged = new Map<string, JournalChange>();
  for (const change of changes) {
    const key = keyOf(change);
    merged.set(key, { ...change, before: (merged.get(key) ?? change).before });
  }
  return [...merged.values()];
}

/**
 * Marks undone actions. An undo reverses the changes of the newest older matching action; an action that was undone no
 * longer counts.
 */
function markUndone(newestFirst: readonly ActivityItem[]): void {
  for (const [index, item] of newestFirst.entries()) {
    if (!isUndo(item) || item.undone) continue;
    const target = newestFirst.slice(index + 1).find((older) => !older.undone && isUndoneBy(older, item));
    if (target) target.undone = true;
  }
}

function isUndoneBy(item: ActivityItem, undo: ActivityItem): boolean {
  const changes = new Map(item.changes.map((change) => [keyOf(change), change]));
  return undo.changes.every((change) => {
    const other = changes.get(keyOf(change));
    return other !== undefined && isSame(other.before, change.after) && isSame(other.after, change.before);
  });
}

function keyOf({ kind, id }: JournalChange): string {
  return `${kind} ${id}`;
}

function isSame(first: JournalChange["before"], second: JournalChange["before"]): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

import { groupBy } from "@/lib/groups";
import type { Change, Entry } from "./api/journal";

/** All that one action did: one line of the activity. */
export interface Deed {
  id: string;
  /** Its first entry's. */
  revision: number;
  name: string;
  actor: string | null;
  via: Entry["via"];
  at: string;
  /** One for each thing that it touched, from how it found it to how it left it. */
  changes: Change[];
  /** Taken back since, and not brought back. */
  undone: boolean;
}

const UNDO = "undo_action";
const OPEN = "open_ledger";

/** Entries, newest first, as actions. */
export function deedsOf(entries: readonly Entry[]): Deed[] {
  const deeds = [...groupBy(entries, (entry) => entry.action_id).values()].flatMap(deedOf);
  markUndone(deeds);
  return deeds;
}

export function isUndo(deed: Deed): boolean {
  return deed.name === UNDO;
}

export function canBeUndone(deed: Deed): boolean {
  return !deed.undone && deed.name !== OPEN;
}

function deedOf(newestFirst: readonly Entry[]): Deed[] {
  const entries = newestFirst.toReversed();
  const [first] = entries;
  if (!first) return [];
  const { action_id: id, revision, action: name, actor, via, occurred_at: at } = first;
  return [{ id, revision, name, actor, via, at, changes: wholeOf(entries.flatMap((entry) => entry.pairs)), undone: false }];
}

function wholeOf(changes: readonly Change[]): Change[] {
  const whole = new Map<string, Change>();
  for (const change of changes) {
    const key = keyOf(change);
    whole.set(key, { ...change, before: (whole.get(key) ?? change).before });
  }
  return [...whole.values()];
}

/** An undo is the newest older action's changes, turned round; what was undone itself has no effect any more. */
function markUndone(newestFirst: readonly Deed[]): void {
  for (const [place, deed] of newestFirst.entries()) {
    if (!isUndo(deed) || deed.undone) continue;
    const target = newestFirst.slice(place + 1).find((older) => !older.undone && isUndoneBy(older, deed));
    if (target) target.undone = true;
  }
}

function isUndoneBy(deed: Deed, undo: Deed): boolean {
  const done = new Map(deed.changes.map((change) => [keyOf(change), change]));
  return undo.changes.every((change) => {
    const other = done.get(keyOf(change));
    return other !== undefined && isSame(other.before, change.after) && isSame(other.after, change.before);
  });
}

function keyOf({ kind, id }: Change): string {
  return `${kind} ${id}`;
}

function isSame(one: Change["before"], other: Change["before"]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

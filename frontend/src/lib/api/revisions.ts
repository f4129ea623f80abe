import * as v from "valibot";

const KEY = "outlay.revisions";

/**
 * The highest revision seen of each ledger. Sent with every read, it makes the promise hold that nobody reads
 * older than what they have seen. Kept for the tab, so that a reload right after a write is exact too.
 */
export class RevisionTracker {
  readonly #latest: Map<string, number>;
  readonly #storage: Storage | null;
  /** The ledger of requests that name none: the caller's own. Unknown before sign-in. */
  personalLedger: string | null = null;

  constructor(storage: Storage | null = null) {
    this.#storage = storage;
    this.#latest = new Map(Object.entries(loadStored(storage)));
  }

  latest(ledger: string): number {
    return this.#latest.get(ledger) ?? 0;
  }

  /** Takes note of a revision; true when it is newer than all seen before. */
  advance(ledger: string, revision: number): boolean {
    if (!Number.isSafeInteger(revision) || revision <= this.latest(ledger)) return false;
    this.#latest.set(ledger, revision);
    this.#save();
    return true;
  }

  /** The journal is shorter than we remember (a restored backup): start from what it says. */
  reset(ledger: string): void {
    this.#latest.delete(ledger);
    this.#save();
  }

  clear(): void {
    this.#latest.clear();
    this.personalLedger = null;
    this.#save();
  }

  #save(): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(Object.fromEntries(this.#latest)));
    } catch {
      // Storage is full or blocked: memory holds them until the tab closes.
    }
  }
}

function loadStored(storage: Storage | null): Record<string, number> {
  try {
    const parsed = v.safeParse(v.record(v.string(), v.number()), JSON.parse(storage?.getItem(KEY) ?? "{}"));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}

/** Session storage, or null where the browser refuses it. */
export function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export const revisions = new RevisionTracker(tabStorage());

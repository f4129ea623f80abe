import * as v from "valibot";

const KEY = "outlay.revisions";

/**
 * The latest known revision of each ledger. Every read requests at least this revision, so that users never see older
 * data than before. Stored per tab, so that a reload right after a write is exact too.
 */
export class RevisionTracker {
  readonly #latest: Map<string, number>;
  readonly #storage: Storage | null;
  /** The ledger of requests without a `ledger` parameter: the user's personal one. Unknown before sign-in. */
  personalLedger: string | null = null;

  constructor(storage: Storage | null = null) {
    this.#storage = storage;
    this.#latest = new Map(Object.entries(loadStored(storage)));
  }

  latest(ledger: string): number {
    return this.#latest.get(ledger) ?? 0;
  }

  /** Records a revision. Returns true if it is newer than the latest known one. */
  advance(ledger: string, revision: number): boolean {
    if (!Number.isSafeInteger(revision) || revision <= this.latest(ledger)) return false;
    this.#latest.set(ledger, revision);
    this.#save();
    return true;
  }

  /** Forgets the ledger's revision, because the journal is shorter than that (it was restored from a backup). */
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
      // Storage is full or blocked: the values stay in memory until the tab closes.
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

/** Returns the session storage, or null if the browser denies access. */
export function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export const revisions = new RevisionTracker(tabStorage());

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { revisions } from "@/lib/api/revisions";
import { announceSessionEnd } from "@/lib/api/session";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";
import { goLive } from "@/lib/live/live";
import type { LiveEvent } from "@/lib/live/source";
import { otherInsights } from "@/features/insights/api/insights";

/** A short gap is nobody's business. */
const PAUSED_AFTER_MS = 10_000;

/** Keeps what is on screen fresh while mounted; true when that has not worked for a while. */
export function useLiveUpdates(ledger: Ledger): boolean {
  const queries = useQueryClient();
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const connected = (yes: boolean): void => {
      if (!yes) {
        timer ??= setTimeout(() => setPaused(true), PAUSED_AFTER_MS);
      } else if (timer !== undefined) {
        clearTimeout(timer);
        timer = undefined;
        setPaused(false);
        retryFailed(queries);
      }
    };
    const stop = goLive(ledger.id, ledgerQuery(ledger), {
      event: (event) => take(event, queries),
      connected,
      ended: () => void announceSessionEnd(),
    });
    return () => {
      clearTimeout(timer);
      setPaused(false);
      stop();
    };
  }, [ledger, queries]);
  return paused;
}

/** What could not be fetched while the server was away is asked for again. */
function retryFailed(queries: QueryClient): void {
  void queries.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
}

/** Only news is acted upon: what this tab did itself it has seen already. */
function take(event: LiveEvent, queries: QueryClient): void {
  const ledger = { id: event.ledger };
  if (event.kind === "insights") void queries.invalidateQueries(otherInsights(ledger, event.computedAt));
  else if (revisions.note(event.ledger, event.revision)) void queries.invalidateQueries({ queryKey: ledgerKey(ledger) });
}

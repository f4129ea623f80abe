import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { revisions } from "@/lib/api/revisions";
import { announceSessionEnd } from "@/lib/api/session";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";
import { subscribeToLiveUpdates } from "@/lib/live/live-updates";
import type { LiveEvent } from "@/lib/live/live-source";
import { outdatedInsights } from "@/features/insights/api/insights";

/** Short interruptions are not shown. */
const PAUSED_AFTER_MS = 10_000;

/** Applies live updates while mounted. Returns true if they have failed for a while. */
export function useLiveUpdates(ledger: Ledger): boolean {
  const queries = useQueryClient();
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const handleConnection = (isConnected: boolean): void => {
      if (!isConnected) {
        timer ??= setTimeout(() => setPaused(true), PAUSED_AFTER_MS);
      } else if (timer !== undefined) {
        clearTimeout(timer);
        timer = undefined;
        setPaused(false);
        retryFailed(queries);
      }
    };
    const stop = subscribeToLiveUpdates(ledger.id, ledgerParams(ledger), {
      onEvent: (event) => applyEvent(event, queries),
      onConnectionChange: handleConnection,
      onSessionEnd: () => void announceSessionEnd(),
    });
    return () => {
      clearTimeout(timer);
      setPaused(false);
      stop();
    };
  }, [ledger, queries]);
  return paused;
}

/** Refetches the queries that failed while the server was unreachable. */
function retryFailed(queries: QueryClient): void {
  void queries.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
}

/** Ignores revisions that this tab has already seen, such as those of its own writes. */
function applyEvent(event: LiveEvent, queries: QueryClient): void {
  const ledger = { id: event.ledger };
  if (event.kind === "insights") void queries.invalidateQueries(outdatedInsights(ledger, event.computedAt));
  else if (revisions.advance(event.ledger, event.revision))
    void queries.invalidateQueries({ queryKey: ledgerQueryKey(ledger) });
}

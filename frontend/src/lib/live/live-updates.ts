import { apiUrl } from "@/lib/api/origin";
import { LeaderElection, openChannel } from "./leader-election";
import { type LiveEvent, LiveSource } from "./live-source";

type LiveNews = { event: LiveEvent } | { connected: boolean };

export interface LiveListener {
  onEvent(event: LiveEvent): void;
  onConnectionChange(isConnected: boolean): void;
  onSessionEnd(): void;
}

/**
 * Live updates of a ledger for this tab. Browsers allow six connections to a server, so the tabs that show one ledger
 * share one stream: the leader holds it and passes on what it hears. `query` names the ledger to the server.
 */
export function subscribeToLiveUpdates(ledger: string, query: Record<string, string>, listener: LiveListener): () => void {
  const broadcast = (news: LiveNews): void => election.broadcast(news);
  const source = new LiveSource(apiUrl(`/api/v1/live?${new URLSearchParams(query)}`), {
    onEvent(event) {
      listener.onEvent(event);
      broadcast({ event });
    },
    onConnectionChange(isConnected) {
      listener.onConnectionChange(isConnected);
      broadcast({ connected: isConnected });
    },
    onSessionEnd: () => listener.onSessionEnd(),
  });
  const election = new LeaderElection<LiveNews>(openChannel(`outlay.live.${ledger}`), {
    onLead: () => source.open(),
    onFollow: () => source.close(),
    onNews: (news) => ("event" in news ? listener.onEvent(news.event) : listener.onConnectionChange(news.connected)),
  });
  return followPageLifecycle(election, source);
}

/**
 * A page that is left lets another tab lead; one that comes back from the cache takes part again. When the network is
 * back nobody waits for the next attempt.
 */
function followPageLifecycle(election: LeaderElection<LiveNews>, source: LiveSource): () => void {
  const leave = (): void => {
    election.stop();
    source.close();
  };
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) election.start();
  };
  const reconnect = (): void => source.reconnectNow();
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", reconnect);
  window.addEventListener("pageshow", back);
  election.start();
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("online", reconnect);
    window.removeEventListener("pageshow", back);
    election.close();
    source.close();
  };
}

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
 * Subscribes this tab to a ledger's live updates. Browsers allow six connections to a server, so the tabs that show one
 * ledger share one stream: the leader holds it and forwards its events. `query` names the ledger to the server. Returns
 * the unsubscribe function.
 */
export function subscribeToLiveUpdates(
  ledger: string,
  query: Record<string, string>,
  listener: LiveListener,
): () => void {
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
 * A page that is left makes way for another leader; one that comes back from the back/forward cache takes part again.
 * When the network is back, the stream reconnects at once.
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

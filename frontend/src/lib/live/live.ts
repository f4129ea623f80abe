import { apiUrl } from "@/lib/api/origin";
import { channelOf, Election } from "./election";
import { type LiveEvent, LiveSource } from "./source";

type News = { event: LiveEvent } | { connected: boolean };

export interface LiveListener {
  event(event: LiveEvent): void;
  connected(yes: boolean): void;
  ended(): void;
}

/**
 * Live updates of a ledger for this tab. Browsers allow six connections to a server, so the tabs that show one ledger
 * share one stream: the leader holds it and passes on what it hears. `query` names the ledger to the server.
 */
export function goLive(ledger: string, query: Record<string, string>, listener: LiveListener): () => void {
  const tell = (news: News): void => election.tell(news);
  const source = new LiveSource(apiUrl(`/api/v1/live?${new URLSearchParams(query)}`), {
    event(event) {
      listener.event(event);
      tell({ event });
    },
    connected(yes) {
      listener.connected(yes);
      tell({ connected: yes });
    },
    ended: () => listener.ended(),
  });
  const election = new Election<News>(channelOf(`outlay.live.${ledger}`), {
    lead: () => source.open(),
    follow: () => source.close(),
    news: (news) => ("event" in news ? listener.event(news.event) : listener.connected(news.connected)),
  });
  return watchPage(election, source);
}

/**
 * A page that is left lets another tab lead; one that comes back from the cache takes part again. When the network is
 * back nobody waits for the next attempt.
 */
function watchPage(election: Election<News>, source: LiveSource): () => void {
  const leave = (): void => {
    election.stop();
    source.close();
  };
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) election.start();
  };
  const hurry = (): void => source.hurry();
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", hurry);
  window.addEventListener("pageshow", back);
  election.start();
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("online", hurry);
    window.removeEventListener("pageshow", back);
    election.close();
    source.close();
  };
}

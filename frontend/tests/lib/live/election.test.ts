import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Channel, Election } from "@/lib/live/election";

/** One browser: what a tab says, all other open tabs hear. */
class Browser {
  readonly #tabs = new Map<Channel, (event: MessageEvent) => void>();
  /** While it is, nobody hears anybody. */
  isCut = false;

  channel(): Channel {
    const channel: Channel = {
      postMessage: (data) => {
        if (this.isCut) return;
        for (const [other, hear] of this.#tabs) if (other !== channel) hear(new MessageEvent("message", { data }));
      },
      close: () => this.#tabs.delete(channel),
      addEventListener: (_type, listener) => this.#tabs.set(channel, listener),
    };
    return channel;
  }

  tab(): Tab {
    return new Tab(this.channel());
  }
}

class Tab {
  leads = false;
  heard: string[] = [];
  readonly election: Election<string>;

  constructor(channel: Channel | null) {
    this.election = new Election(channel, {
      lead: () => {
        this.leads = true;
      },
      follow: () => {
        this.leads = false;
      },
      news: (news) => this.heard.push(news),
    });
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function settle(): void {
  vi.advanceTimersByTime(60_000);
}

it("lets exactly one of several tabs lead, and the others hear its news", () => {
  const browser = new Browser();
  const tabs = [browser.tab(), browser.tab(), browser.tab()];
  for (const tab of tabs) tab.election.start();
  settle();
  expect(tabs.filter((tab) => tab.leads)).toHaveLength(1);
  for (const tab of tabs) tab.election.tell("42");
  expect(tabs.map((tab) => tab.heard)).toEqual(tabs.map((tab) => (tab.leads ? [] : ["42"])));
});

it("passes the lead on when the leader leaves", () => {
  const browser = new Browser();
  const [first, second] = [browser.tab(), browser.tab()];
  first.election.start();
  settle();
  second.election.start();
  settle();
  expect([first.leads, second.leads]).toEqual([true, false]);
  first.election.close();
  settle();
  expect(second.leads).toBe(true);
});

it("passes the lead on when the leader died without a word", () => {
  const browser = new Browser();
  const channel = browser.channel();
  const first = new Tab(channel);
  first.election.start();
  settle();
  const second = browser.tab();
  second.election.start();
  settle();
  expect(second.leads).toBe(false);
  channel.close();
  settle();
  expect(second.leads).toBe(true);
});

it("settles two leaders who did not know of each other", () => {
  const browser = new Browser();
  const [first, second] = [browser.tab(), browser.tab()];
  browser.isCut = true;
  first.election.start();
  second.election.start();
  settle();
  expect([first.leads, second.leads]).toEqual([true, true]);
  browser.isCut = false;
  browser.tab().election.start();
  settle();
  expect([first.leads, second.leads].filter(Boolean)).toHaveLength(1);
});

it("leads alone where tabs cannot talk", () => {
  const tab = new Tab(null);
  tab.election.start();
  expect(tab.leads).toBe(true);
});

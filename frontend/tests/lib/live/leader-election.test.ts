import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Channel, LeaderElection } from "@/lib/live/leader-election";

/** One browser, which delivers a tab's messages to all its other tabs. */
class FakeBrowser {
  readonly #tabs = new Map<Channel, (event: MessageEvent) => void>();
  /** Drops all messages while true. */
  isDisconnected = false;

  channel(): Channel {
    const channel: Channel = {
      postMessage: (data) => {
        if (this.isDisconnected) return;
        for (const [other, receive] of this.#tabs)
          if (other !== channel) receive(new MessageEvent("message", { data }));
      },
      close: () => this.#tabs.delete(channel),
      addEventListener: (_type, listener) => this.#tabs.set(channel, listener),
    };
    return channel;
  }

  tab(): ElectionTab {
    return new ElectionTab(this.channel());
  }
}

class ElectionTab {
  isLeader = false;
  received: string[] = [];
  readonly election: LeaderElection<string>;

  constructor(channel: Channel | null) {
    this.election = new LeaderElection(channel, {
      onLead: () => {
        this.isLeader = true;
      },
      onFollow: () => {
        this.isLeader = false;
      },
      onNews: (news) => this.received.push(news),
    });
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function settle(): void {
  vi.advanceTimersByTime(60_000);
}

it("elects exactly one leader, whose news the others receive", () => {
  const browser = new FakeBrowser();
  const tabs = [browser.tab(), browser.tab(), browser.tab()];
  for (const tab of tabs) tab.election.start();
  settle();
  expect(tabs.filter((tab) => tab.isLeader)).toHaveLength(1);
  for (const tab of tabs) tab.election.broadcast("42");
  expect(tabs.map((tab) => tab.received)).toEqual(tabs.map((tab) => (tab.isLeader ? [] : ["42"])));
});

it("elects another leader when the leader leaves", () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.tab(), browser.tab()];
  first.election.start();
  settle();
  second.election.start();
  settle();
  expect([first.isLeader, second.isLeader]).toEqual([true, false]);
  first.election.close();
  settle();
  expect(second.isLeader).toBe(true);
});

it("elects another leader when the leader disappears without a message", () => {
  const browser = new FakeBrowser();
  const channel = browser.channel();
  const first = new ElectionTab(channel);
  first.election.start();
  settle();
  const second = browser.tab();
  second.election.start();
  settle();
  expect(second.isLeader).toBe(false);
  channel.close();
  settle();
  expect(second.isLeader).toBe(true);
});

it("resolves two leaders that did not know of each other", () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.tab(), browser.tab()];
  browser.isDisconnected = true;
  first.election.start();
  second.election.start();
  settle();
  expect([first.isLeader, second.isLeader]).toEqual([true, true]);
  browser.isDisconnected = false;
  browser.tab().election.start();
  settle();
  expect([first.isLeader, second.isLeader].filter(Boolean)).toHaveLength(1);
});

it("leads if there is no BroadcastChannel", () => {
  const tab = new ElectionTab(null);
  tab.election.start();
  expect(tab.isLeader).toBe(true);
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type * as RenewalModule from "@/lib/api/session-renewal";
import { deferredResponse, mockServer } from "../../support/server";

const REFRESH = "/api/v1/auth/refresh";

/** Another tab of the same browser. */
class FakeBroadcastChannel {
  static all: FakeBroadcastChannel[] = [];
  #listeners: ((event: MessageEvent) => void)[] = [];
  received: unknown[] = [];

  constructor(readonly name: string) {
    FakeBroadcastChannel.all.push(this);
  }

  addEventListener(_: string, listener: (event: MessageEvent) => void): void {
    this.#listeners.push(listener);
  }

  postMessage(data: unknown): void {
    const others = FakeBroadcastChannel.all.filter((tab) => tab !== this && tab.name === this.name);
    for (const tab of others) tab.receive(data);
  }

  receive(data: unknown): void {
    this.received.push(data);
    for (const listener of this.#listeners) listener(new MessageEvent("message", { data }));
  }
}

let renewal: typeof RenewalModule;
let otherTab: FakeBroadcastChannel;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", FakeBroadcastChannel);
  vi.resetModules();
  FakeBroadcastChannel.all = [];
  renewal = await import("@/lib/api/session-renewal");
  otherTab = new FakeBroadcastChannel("outlay.renewal");
});
afterEach(() => {
  window.dispatchEvent(new Event("pageshow"));
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1);
}

it("shares one request among concurrent calls, and lets it outlive the page", async () => {
  const server = mockServer({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
  const both = Promise.all([renewal.renewSession(), renewal.renewSession()]);
  await settle();
  expect(await both).toEqual(["renewed", "renewed"]);
  const [request, ...more] = server.requestsTo("POST", REFRESH);
  expect(more).toEqual([]);
  expect([request?.keepalive, request?.headers.get("Outlay-Client")]).toEqual([true, "web"]);
});

it("does not start while the page is hidden, and continues when it is shown again", async () => {
  const server = mockServer({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
  const renewed = renewal.renewSession();
  window.dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.requests).toEqual([]);
  window.dispatchEvent(new Event("pageshow"));
  await settle();
  expect(await renewed).toBe("renewed");
});

it("waits for a response no longer than auth relies on", async () => {
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
    return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("late"))));
  });
  const limit = new AbortController();
  const spy = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
  const renewed = renewal.renewSession();
  await settle();
  limit.abort();
  expect(await renewed).toBe("unsure");
  expect(spy).toHaveBeenCalledExactlyOnceWith(15_000);
  spy.mockRestore();
});

it.each(["renewed", "ended"] as const)("adopts the outcome of another tab: %s", async (outcome) => {
  const server = mockServer({});
  const listener = vi.fn();
  renewal.onSessionRenewed(listener);
  otherTab.postMessage("begins");
  const renewed = renewal.renewSession();
  await settle();
  otherTab.postMessage(outcome);
  expect(await renewed).toBe(outcome);
  expect(server.requests).toEqual([]);
  expect(listener).toHaveBeenCalledTimes(outcome === "renewed" ? 1 : 0);
});

it.each(["the other tab is closed", "the other tab stops responding"])(
  "sends its own request when %s",
  async (what) => {
    const server = mockServer({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
    otherTab.postMessage("begins");
    const renewed = renewal.renewSession();
    await settle();
    expect(server.requests).toEqual([]);
    if (what.includes("closed")) otherTab.postMessage("unsure");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await renewed).toBe("renewed");
  },
);

it("notifies other tabs of its start, its outcome, and its page being hidden in between", async () => {
  const answer = deferredResponse();
  mockServer({ [`POST ${REFRESH}`]: [() => new Response(null, { status: 401 }), () => answer.response] });
  void renewal.renewSession();
  await settle();
  expect(otherTab.received).toEqual(["begins", "ended"]);
  void renewal.renewSession();
  await settle();
  window.dispatchEvent(new Event("pagehide"));
  answer.resolveWith(new Response(null, { status: 200 }));
  await settle();
  expect(otherTab.received).toEqual(["begins", "ended", "begins", "unsure"]);
});

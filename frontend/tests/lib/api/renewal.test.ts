import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type * as Renewals from "@/lib/api/renewal";
import { later, serve } from "../../support/server";

const REFRESH = "/api/v1/auth/refresh";

/** Another tab of the same browser. */
class Tab {
  static all: Tab[] = [];
  #listeners: ((event: MessageEvent) => void)[] = [];
  heard: unknown[] = [];

  constructor(readonly name: string) {
    Tab.all.push(this);
  }

  addEventListener(_: string, listener: (event: MessageEvent) => void): void {
    this.#listeners.push(listener);
  }

  postMessage(data: unknown): void {
    const others = Tab.all.filter((tab) => tab !== this && tab.name === this.name);
    for (const tab of others) tab.hear(data);
  }

  hear(data: unknown): void {
    this.heard.push(data);
    for (const listener of this.#listeners) listener(new MessageEvent("message", { data }));
  }
}

let renewal: typeof Renewals;
let other: Tab;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", Tab);
  vi.resetModules();
  Tab.all = [];
  renewal = await import("@/lib/api/renewal");
  other = new Tab("outlay.renewal");
});
afterEach(() => {
  window.dispatchEvent(new Event("pageshow"));
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1);
}

it("asks once for all who want it at the same time, and lets the answer arrive after the page has gone", async () => {
  const server = serve({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
  const both = Promise.all([renewal.renewSession(), renewal.renewSession()]);
  await settle();
  expect(await both).toEqual(["renewed", "renewed"]);
  const [request, ...more] = server.to("POST", REFRESH);
  expect(more).toEqual([]);
  expect([request?.keepalive, request?.headers.get("Outlay-Client")]).toEqual([true, "web"]);
});

it("does not begin while the page goes away, and goes on when it comes back", async () => {
  const server = serve({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
  const wanted = renewal.renewSession();
  window.dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.requests).toEqual([]);
  window.dispatchEvent(new Event("pageshow"));
  await settle();
  expect(await wanted).toBe("renewed");
});

it("does not wait for an answer for longer than auth counts on", async () => {
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
    return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("late"))));
  });
  const limit = new AbortController();
  const spy = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
  const wanted = renewal.renewSession();
  await settle();
  limit.abort();
  expect(await wanted).toBe("unsure");
  expect(spy).toHaveBeenCalledExactlyOnceWith(15_000);
  spy.mockRestore();
});

it.each(["renewed", "ended"] as const)("takes what another tab found out: %s", async (outcome) => {
  const server = serve({});
  const listener = vi.fn();
  renewal.onRenewal(listener);
  other.postMessage("begins");
  const wanted = renewal.renewSession();
  await settle();
  other.postMessage(outcome);
  expect(await wanted).toBe(outcome);
  expect(server.requests).toEqual([]);
  expect(listener).toHaveBeenCalledTimes(outcome === "renewed" ? 1 : 0);
});

it.each(["the other tab goes away", "the other tab says no more"])("asks for itself when %s", async (what) => {
  const server = serve({ [`POST ${REFRESH}`]: () => new Response(null, { status: 200 }) });
  other.postMessage("begins");
  const wanted = renewal.renewSession();
  await settle();
  expect(server.requests).toEqual([]);
  if (what.includes("goes")) other.postMessage("unsure");
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await wanted).toBe("renewed");
});

it("tells the other tabs when it begins, what came of it, and when its page goes away in between", async () => {
  const answer = later();
  serve({ [`POST ${REFRESH}`]: [() => new Response(null, { status: 401 }), () => answer.answer] });
  void renewal.renewSession();
  await settle();
  expect(other.heard).toEqual(["begins", "ended"]);
  void renewal.renewSession();
  await settle();
  window.dispatchEvent(new Event("pagehide"));
  answer.give(new Response(null, { status: 200 }));
  await settle();
  expect(other.heard).toEqual(["begins", "ended", "begins", "unsure"]);
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LiveSource } from "@/lib/live/live-source";
import { deferredResponse } from "../../support/server";

/** Replaces the browser's EventSource, which jsdom lacks. */
class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static last: FakeEventSource;
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeEventSource.last = this;
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }

  send(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const handlers = { onEvent: vi.fn(), onConnectionChange: vi.fn(), onSessionEnd: vi.fn() };
let source: LiveSource;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeEventSource);
  for (const each of Object.values(handlers)) each.mockReset();
  source = new LiveSource("/api/v1/live", handlers);
  source.open();
});
afterEach(() => {
  source.close();
  vi.useRealTimers();
});

it("forwards the ledger's revision", () => {
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7 });
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(true);
});

it("forwards that insights were stored, and when", () => {
  FakeEventSource.last.send("insights", { ledger: "mine", revision: 7, computed_at: "2026-11-22T12:00:00Z" });
  FakeEventSource.last.send("insights", { ledger: "mine", revision: 7 });
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({
    kind: "insights",
    ledger: "mine",
    computedAt: "2026-11-22T12:00:00Z",
  });
});

it("reports paused updates while the server receives changes late", () => {
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7, paused: true });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(false);
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7 });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(true);
});

it("stays closed if it was closed while the session was renewed", async () => {
  const renewal = deferredResponse();
  vi.stubGlobal("fetch", () => renewal.response);
  const first = FakeEventSource.last;
  first.readyState = FakeEventSource.CLOSED;
  first.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(5000);
  source.close();
  renewal.resolveWith(new Response(null, { status: 200 }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.last).toBe(first);
  expect(handlers.onSessionEnd).not.toHaveBeenCalled();
});

it("renews the session of a refused stream, but not at once, as the page may be unloading", async () => {
  const fetch = vi.fn(async () => new Response(null, { status: 401 }));
  vi.stubGlobal("fetch", fetch);
  FakeEventSource.last.readyState = FakeEventSource.CLOSED;
  FakeEventSource.last.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(700);
  expect(fetch).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(fetch).toHaveBeenCalledOnce();
  expect(handlers.onSessionEnd).toHaveBeenCalledOnce();
});

it("reconnects at once on request, but not after it was closed", async () => {
  const first = FakeEventSource.last;
  first.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(0);
  source.reconnectNow();
  const second = FakeEventSource.last;
  expect(second).not.toBe(first);
  source.reconnectNow();
  source.close();
  source.reconnectNow();
  expect(FakeEventSource.last).toBe(second);
});

it("replaces the stream after a long silence", async () => {
  const first = FakeEventSource.last;
  await vi.advanceTimersByTimeAsync(36_000);
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(false);
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  await vi.advanceTimersByTimeAsync(2000);
  expect(FakeEventSource.last).not.toBe(first);
});

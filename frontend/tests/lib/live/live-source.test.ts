import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LiveSource } from "@/lib/live/live-source";
import { deferredResponse } from "../../support/server";

/** Stands in for the browser's own, which jsdom lacks. */
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

it("passes on where the ledger stands", () => {
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7 });
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(true);
});

it("passes on that insights were stored, and when", () => {
  FakeEventSource.last.send("insights", { ledger: "mine", revision: 7, computed_at: "2026-11-22T12:00:00Z" });
  FakeEventSource.last.send("insights", { ledger: "mine", revision: 7 });
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({ kind: "insights", ledger: "mine", computedAt: "2026-11-22T12:00:00Z" });
});

it("says that live updates pause while the server itself hears of changes late", () => {
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7, paused: true });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(false);
  expect(handlers.onEvent).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  FakeEventSource.last.send("revision", { ledger: "mine", revision: 7 });
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(true);
});

it("stays closed when it was closed while the session was renewed", async () => {
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

it("renews the session of a stream that was refused, but not at once: the page may be going away", async () => {
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

it("does not wait any longer when it is told to hurry, and opens nothing that nobody wants", async () => {
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

it("takes a long silence for a dead line, and opens another", async () => {
  const first = FakeEventSource.last;
  await vi.advanceTimersByTimeAsync(36_000);
  expect(handlers.onConnectionChange).toHaveBeenLastCalledWith(false);
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  await vi.advanceTimersByTimeAsync(2000);
  expect(FakeEventSource.last).not.toBe(first);
});

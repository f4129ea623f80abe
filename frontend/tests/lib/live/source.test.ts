import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LiveSource } from "@/lib/live/source";
import { later } from "../../support/server";

/** Stands in for the browser's own, which jsdom lacks. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static last: Stream;
  readyState = 0;

  constructor(readonly url: string) {
    super();
    Stream.last = this;
  }

  close(): void {
    this.readyState = Stream.CLOSED;
  }

  say(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const sink = { event: vi.fn(), connected: vi.fn(), ended: vi.fn() };
let source: LiveSource;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
  for (const each of Object.values(sink)) each.mockReset();
  source = new LiveSource("/api/v1/live", sink);
  source.open();
});
afterEach(() => {
  source.close();
  vi.useRealTimers();
});

it("passes on where the ledger stands", () => {
  Stream.last.say("revision", { ledger: "mine", revision: 7 });
  expect(sink.event).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  expect(sink.connected).toHaveBeenLastCalledWith(true);
});

it("passes on that insights were stored, and when", () => {
  Stream.last.say("insights", { ledger: "mine", revision: 7, computed_at: "2026-11-22T12:00:00Z" });
  Stream.last.say("insights", { ledger: "mine", revision: 7 });
  expect(sink.event).toHaveBeenCalledExactlyOnceWith({ kind: "insights", ledger: "mine", computedAt: "2026-11-22T12:00:00Z" });
});

it("says that live updates pause while the server itself hears of changes late", () => {
  Stream.last.say("revision", { ledger: "mine", revision: 7, paused: true });
  expect(sink.connected).toHaveBeenLastCalledWith(false);
  expect(sink.event).toHaveBeenCalledExactlyOnceWith({ kind: "revision", ledger: "mine", revision: 7 });
  Stream.last.say("revision", { ledger: "mine", revision: 7 });
  expect(sink.connected).toHaveBeenLastCalledWith(true);
});

it("stays closed when it was closed while the session was renewed", async () => {
  const renewal = later();
  vi.stubGlobal("fetch", () => renewal.answer);
  const first = Stream.last;
  first.readyState = Stream.CLOSED;
  first.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(5000);
  source.close();
  renewal.give(new Response(null, { status: 200 }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Stream.last).toBe(first);
  expect(sink.ended).not.toHaveBeenCalled();
});

it("renews the session of a stream that was refused, but not at once: the page may be going away", async () => {
  const fetch = vi.fn(async () => new Response(null, { status: 401 }));
  vi.stubGlobal("fetch", fetch);
  Stream.last.readyState = Stream.CLOSED;
  Stream.last.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(700);
  expect(fetch).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(fetch).toHaveBeenCalledOnce();
  expect(sink.ended).toHaveBeenCalledOnce();
});

it("does not wait any longer when it is told to hurry, and opens nothing that nobody wants", async () => {
  const first = Stream.last;
  first.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(0);
  source.hurry();
  const second = Stream.last;
  expect(second).not.toBe(first);
  source.hurry();
  source.close();
  source.hurry();
  expect(Stream.last).toBe(second);
});

it("takes a long silence for a dead line, and opens another", async () => {
  const first = Stream.last;
  await vi.advanceTimersByTimeAsync(36_000);
  expect(sink.connected).toHaveBeenLastCalledWith(false);
  expect(first.readyState).toBe(Stream.CLOSED);
  await vi.advanceTimersByTimeAsync(2000);
  expect(Stream.last).not.toBe(first);
});

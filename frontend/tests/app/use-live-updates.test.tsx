import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useLiveUpdates } from "@/app/use-live-updates";
import type { LiveListener } from "@/lib/live/live-updates";
import { LEDGER } from "../support/ledger";

let liveUpdates: LiveListener;
vi.mock("@/lib/live/live-updates", () => ({
  subscribeToLiveUpdates: (_ledger: string, _query: Record<string, string>, listener: LiveListener) => {
    liveUpdates = listener;
    return () => {};
  },
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  return renderHook((ledger) => useLiveUpdates(ledger), { initialProps: LEDGER, wrapper });
}

it("reports paused updates after a delay, and their return at once", () => {
  const { result } = setUp();
  act(() => liveUpdates.onConnectionChange(false));
  expect(result.current).toBe(false);
  act(() => void vi.advanceTimersByTime(11_000));
  expect(result.current).toBe(true);
  act(() => liveUpdates.onConnectionChange(true));
  expect(result.current).toBe(false);
});

it("does not carry the paused state over to another ledger", () => {
  const { result, rerender } = setUp();
  act(() => liveUpdates.onConnectionChange(false));
  act(() => void vi.advanceTimersByTime(11_000));
  rerender({ ...LEDGER, id: "another" });
  act(() => liveUpdates.onConnectionChange(true));
  expect(result.current).toBe(false);
});

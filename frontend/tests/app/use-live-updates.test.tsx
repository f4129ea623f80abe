import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useLiveUpdates } from "@/app/use-live-updates";
import type { LiveListener } from "@/lib/live/live";
import { LEDGER } from "../support/ledger";

let line: LiveListener;
vi.mock("@/lib/live/live", () => ({
  goLive: (_ledger: string, _query: Record<string, string>, listener: LiveListener) => {
    line = listener;
    return () => {};
  },
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  return renderHook((ledger) => useLiveUpdates(ledger), { initialProps: LEDGER, wrapper });
}

it("says that updates are paused after a while, and that they are back at once", () => {
  const { result } = open();
  act(() => line.connected(false));
  expect(result.current).toBe(false);
  act(() => void vi.advanceTimersByTime(11_000));
  expect(result.current).toBe(true);
  act(() => line.connected(true));
  expect(result.current).toBe(false);
});

it("does not carry the pause of one ledger over to another", () => {
  const { result, rerender } = open();
  act(() => line.connected(false));
  act(() => void vi.advanceTimersByTime(11_000));
  rerender({ ...LEDGER, id: "another" });
  act(() => line.connected(true));
  expect(result.current).toBe(false);
});

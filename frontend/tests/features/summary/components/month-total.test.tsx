import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MonthTotal } from "@/features/summary/components/month-total";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { json, mockServer } from "../../../support/server";

const SUMMARY = {
  from: "2026-11-01",
  to: "2026-11-30",
  currency: "EUR",
  total: "12.50",
  count: 1,
  categories: [],
  other: [],
  revision: 4,
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-22T21:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(agreedAt: string | null, headers: Record<string, string> = {}) {
  mockServer({
    "GET /api/v1/summary": () => json(SUMMARY, headers),
    "GET /api/v1/audit": () => json({ revision: 4, audited_at: agreedAt, agreed_at: agreedAt, drifts: 0 }),
  });
  return renderSignedIn(<MonthTotal month="2026-11" />);
}

it("shows when the totals were last audited, and what that means", async () => {
  const { container } = setUp("2026-11-22T20:14:31Z");
  const tick = await screen.findByRole("button", { name: "Checked against your book at 20:14" });
  expect(await accessibilityViolations(container)).toEqual([]);
  await userEvent.click(tick);
  expect(await screen.findByText(/adds up your whole book afresh/)).toBeVisible();
});

it("shows the date of an audit that was not today", async () => {
  setUp("2026-11-21T20:14:31Z");
  expect(await screen.findByText(/Checked against your book on 21 Nov 2026/)).toBeVisible();
});

it("shows no audit if there was none", async () => {
  setUp(null);
  expect(await screen.findByText("€12.50")).toBeVisible();
  expect(screen.queryByText(/Checked/)).toBeNull();
  expect(screen.queryByText(/older/)).toBeNull();
});

it("shows that figures are outdated", async () => {
  setUp(null, { "Outlay-Parked-Revision": "5" });
  expect(await screen.findByText(/These figures are older/)).toBeVisible();
});

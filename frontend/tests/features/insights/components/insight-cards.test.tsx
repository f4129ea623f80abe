import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import { InsightCards } from "@/features/insights/components/insight-cards";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { json, problem, mockServer } from "../../../support/server";

const november = { from: "2026-11-01", to: "2026-11-22", currency: "EUR" };
const TWICE = {
  id: "duplicate.ab12.2026-11-13.6480",
  kind: "duplicate",
  text: "Saffron was paid €64.80 on 22 November, 2 times.",
  direction: "none",
  evidence: { ...november, ids: "a,b" },
  numbers: [
    {
      name: "value",
      text: "€64.80",
      at: 17,
      value: "64.80",
      unit: "EUR",
      evidence: { ...november, ids: "a" },
      proof: "sum",
    },
    {
      name: "times",
      text: "2",
      at: 40,
      value: "2",
      unit: "payments",
      evidence: { ...november, ids: "a,b" },
      proof: "count",
    },
  ],
  formula: "Payments of the same amount on the same day.",
  sent: null,
};
const PAGE = { status: "current", revision: 41, changed_since: 3, computed_at: "2026-11-22T12:00:00Z", items: [TWICE] };
const DISMISS = `/api/v1/insights/${encodeURIComponent(TWICE.id)}/dismiss`;

function linkTo(evidence: Record<string, string>, children: ReactNode) {
  return <a href={`#${evidence.ids}`}>{children}</a>;
}

function setUp(answers: Parameters<typeof mockServer>[0]) {
  const server = mockServer(answers);
  return { server, ...renderSignedIn(<InsightCards linkTo={linkTo} />) };
}

it("links each number to its own payments, and explains the computation", async () => {
  const { container } = setUp({ "GET /api/v1/insights": () => json(PAGE) });
  expect(await screen.findByRole("link", { name: "€64.80" })).toHaveAttribute("href", "#a");
  expect(screen.getByRole("link", { name: "2" })).toHaveAttribute("href", "#a,b");
  expect(screen.getByRole("listitem")).toHaveTextContent(TWICE.text);

  await userEvent.click(screen.getByText("How was this computed?"));
  expect(screen.getByText(TWICE.formula)).toBeVisible();
  expect(screen.getByText(/at revision 41. 3 changes since./)).toBeVisible();
  expect(await accessibilityViolations(container)).toEqual([]);
});

it("shows an insight of a kind that only a newer server knows", async () => {
  setUp({ "GET /api/v1/insights": () => json({ ...PAGE, items: [{ ...TWICE, kind: "new", source: "new" }] }) });
  expect(await screen.findByRole("listitem")).toHaveTextContent(TWICE.text);
});

it("dismisses at once, and restores on undo", async () => {
  const empty = json({ ...PAGE, items: [] });
  const { server } = setUp({
    "GET /api/v1/insights": [() => json(PAGE), () => empty, () => json(PAGE)],
    [`POST ${DISMISS}`]: () => new Response(null, { status: 204 }),
    [`DELETE ${DISMISS}`]: () => new Response(null, { status: 204 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Dismiss: Saffron/ }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "€64.80" })).toBeNull());

  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("link", { name: "€64.80" })).toBeVisible();
  expect([server.requestsTo("POST", DISMISS).length, server.requestsTo("DELETE", DISMISS).length]).toEqual([1, 1]);
});

it("moves the focus to the next insight after a dismissal", async () => {
  const another = { ...TWICE, id: "another", text: "Another was paid €64.80.", numbers: [] };
  setUp({
    "GET /api/v1/insights": [
      () => json({ ...PAGE, items: [TWICE, another] }),
      () => json({ ...PAGE, items: [another] }),
    ],
    [`POST ${DISMISS}`]: () => new Response(null, { status: 204 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Dismiss: Saffron/ }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "€64.80" })).toBeNull());
  expect(screen.getByRole("listitem")).toContainElement(document.activeElement as HTMLElement);
});

it("shows an insight again if it could not be dismissed", async () => {
  setUp({ "GET /api/v1/insights": () => json(PAGE), [`POST ${DISMISS}`]: () => problem(403, "forbidden") });
  await userEvent.click(await screen.findByRole("button", { name: /^Dismiss: Saffron/ }));
  expect(await screen.findByRole("link", { name: "€64.80" })).toBeVisible();
});

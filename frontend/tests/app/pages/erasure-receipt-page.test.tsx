import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ErasureReceiptPage } from "@/app/pages/erasure-receipt-page";
import { accessibilityViolations, renderSignedIn } from "../../support/render";
import { json, problem, mockServer } from "../../support/server";

const ID = "01a215ff-f1b5-77b4-8e0f-73c3e066fd88";
const RECEIPT = {
  receipt: ID,
  asked_at: "2026-11-26T04:00:00Z",
  finished_at: "2026-11-26T04:00:02Z",
  copies_until: null,
  parts: [{ service: "expenses", deleted: { expenses: 3 }, confirmed_at: "2026-11-26T04:00:02Z" }],
};

function setUp(hash: string) {
  const root = createRootRoute();
  const receipt = createRoute({ getParentRoute: () => root, path: "/receipt", component: ErasureReceiptPage });
  const history = createMemoryHistory({ initialEntries: [`/receipt${hash}`] });
  return renderSignedIn(
    <RouterProvider router={createRouter({ routeTree: root.addChildren([receipt]), history }) as never} />,
  );
}

it("shows what was deleted", async () => {
  mockServer({ [`GET /api/v1/erasures/${ID}`]: () => json(RECEIPT) });
  const { container } = setUp(`#${ID}`);
  await screen.findByRole("heading", { name: "Your account is deleted" });
  expect(screen.getByText("expenses 3")).toBeTruthy();
  expect(await accessibilityViolations(container)).toEqual([]);
});

it.each(["", `#${ID}`])("shows no deletion if there is no receipt", async (hash) => {
  mockServer({ [`GET /api/v1/erasures/${ID}`]: () => problem(404, "not-found") });
  setUp(hash);
  await screen.findByRole("heading", { name: "No such receipt" });
  expect(screen.queryByText(/being deleted/)).toBeNull();
});

it("offers a retry if the server is busy, and does not report the receipt as missing", async () => {
  mockServer({ [`GET /api/v1/erasures/${ID}`]: [() => problem(503, "unavailable"), () => json(RECEIPT)] });
  setUp(`#${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Your account is deleted" });
  expect(screen.queryByText("No such receipt")).toBeNull();
});

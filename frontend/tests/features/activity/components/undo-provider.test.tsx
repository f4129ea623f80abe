import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { UndoProvider } from "@/features/activity/components/undo-provider";
import { useUndo } from "@/lib/ledger/undo";
import { Button } from "@/ui/button";
import { aChange, anEntry, anImage } from "../../../support/journal";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { type Responder, json, problem, mockServer } from "../../../support/server";

const PATH = "/api/v1/journal/action-7/undo";
const CHANGED = { kind: "expense", id: "x", reason: "changed" };
const IN_USE = { kind: "category", id: "c1", reason: "in_use" };
const DONE = { action_id: "action-7", undone: 1, skipped: [] };

function UndoButton() {
  const undo = useUndo();
  return <Button onPress={() => undo({ id: "action-7", revision: 7 })}>Take it back</Button>;
}

/** Presses undo for an action that added two expenses and a category. */
async function pressUndo(...answers: Responder[]) {
  const pairs = [
    aChange("c1", null, { name: "Food" }, "category"),
    aChange("x", null, anImage()),
    aChange("y", null, anImage({ merchant: "Lidl" })),
  ];
  const server = mockServer({
    "GET /api/v1/categories": () => json({ items: [], next_cursor: null }),
    "GET /api/v1/journal": () => json({ items: [anEntry(7, "change_expenses", pairs)], head: 9 }),
    [`POST ${PATH}`]: answers,
  });
  renderSignedIn(
    <UndoProvider>
      <UndoButton />
    </UndoProvider>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Take it back" }));
  return server;
}

it("undoes an action and confirms it", async () => {
  await pressUndo(() => json(DONE, {}, 201));
  expect(await screen.findByText("Undone.")).toBeVisible();
});

it("lists the conflicts, and undoes the rest on request", async () => {
  const server = await pressUndo(
    () => problem(409, "changed-since", { changed: [CHANGED, IN_USE] }),
    () => json({ ...DONE, skipped: [CHANGED, IN_USE] }, {}, 201),
  );
  expect(await screen.findByText("Changed or deleted since: Rewe, €12.50")).toBeVisible();
  expect(screen.getByText("Categories that other expenses use now: Food")).toBeVisible();
  expect(await accessibilityViolations(document.body)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Undo the rest" }));
  expect(await screen.findByText("Undone.")).toBeVisible();
  expect(server.requestsTo("POST", PATH).map((request) => new URL(request.url).search)).toEqual(["", "?skip=changed"]);
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("offers no partial undo if everything conflicts", async () => {
  const all = [CHANGED, IN_USE, { ...CHANGED, id: "y" }];
  await pressUndo(() => problem(409, "changed-since", { changed: all }));
  expect(await screen.findByText("Changed or deleted since: Rewe, €12.50; Lidl, €12.50")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo the rest" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("shows an error if Outlay cannot be reached", async () => {
  await pressUndo(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await screen.findByText(/cannot be reached/)).toBeVisible();
});

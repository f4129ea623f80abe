import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { DeleteExpenseDialog } from "@/features/expenses/components/delete-expense-dialog";
import { anExpense } from "../../../support/ledger";
import { renderSignedIn } from "../../../support/render";
import { json, mockServer } from "../../../support/server";

/** Confirms the deletion of an expense which the server holds with `changes`. */
async function confirmDeletion(changes: Parameters<typeof anExpense>[0] = {}) {
  const expense = anExpense({ amount: "10.00", merchant: "Corner Shop" });
  const path = `/api/v1/expenses/${expense.id}`;
  const server = mockServer({
    [`GET ${path}`]: () => json({ ...expense, ...changes }, { ETag: '"current"' }),
    [`DELETE ${path}`]: () =>
      new Response(null, { status: 204, headers: { "Outlay-Action": "deletion-9", "Outlay-Revision": "9" } }),
  });
  const undo = vi.fn();
  const deleted = vi.fn();
  renderSignedIn(<DeleteExpenseDialog expense={expense} onClose={vi.fn()} onDeleted={deleted} />, undo);
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  return { deletions: () => server.requestsTo("DELETE", path), undo, deleted };
}

it("deletes the version that was shown, and offers to undo that very deletion", async () => {
  const { deletions, undo, deleted } = await confirmDeletion();
  expect(await screen.findByText("Deleted: €10.00, Corner Shop.")).toBeVisible();
  expect(deletions().map((request) => request.headers.get("If-Match"))).toEqual(['"current"']);
  expect(deleted).toHaveBeenCalledOnce();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledExactlyOnceWith({ id: "deletion-9", revision: 9 });
});

it.each([
  { amount: "70.00" },
  { currency: "USD" },
  { category_id: "0198f000-0000-7000-9000-000000000002" },
  { merchant: "Another Shop" },
  { note: "for two" },
  { spent_on: "2026-11-21" },
])("deletes nothing if another version is there than was shown: %o", async (changes) => {
  const { deletions, deleted } = await confirmDeletion(changes);
  await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(/changed/));
  expect(deletions()).toHaveLength(0);
  expect(deleted).not.toHaveBeenCalled();
});

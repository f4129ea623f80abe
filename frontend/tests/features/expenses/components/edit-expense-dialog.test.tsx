import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { EditExpenseDialog } from "@/features/expenses/components/edit-expense-dialog";
import { anExpense } from "../../../support/ledger";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { json, problem, mockServer } from "../../../support/server";

const NONE = { items: [], next_cursor: null };

it("corrects the version that was shown, and shows the current one on a conflict", async () => {
  const expense = anExpense({ amount: "10.00", merchant: "Corner Shop" });
  const path = `/api/v1/expenses/${expense.id}`;
  const server = mockServer({
    "GET /api/v1/categories": () => json(NONE),
    [`GET ${path}`]: [
      () => json(expense, { ETag: '"one"' }),
      () => json({ ...expense, amount: "70.00" }, { ETag: '"two"' }),
    ],
    [`PATCH ${path}`]: [() => problem(412, "changed-meanwhile"), () => json(expense)],
  });
  const close = vi.fn();
  const user = userEvent.setup();
  renderSignedIn(<EditExpenseDialog id={expense.id} onClose={close} onDelete={vi.fn()} />);

  const note = await screen.findByRole("textbox", { name: /Note/ });
  expect(await accessibilityViolations(document.body)).toEqual([]);
  await user.type(note, "for two");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/was changed meanwhile/)).toBeVisible();
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Amount in EUR" })).toHaveValue("70.00"));
  expect(close).not.toHaveBeenCalled();

  await user.type(screen.getByRole("textbox", { name: /Note/ }), "for two");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
  const sent = server.requestsTo("PATCH", path);
  expect(sent.map((request) => request.headers.get("If-Match"))).toEqual(['"one"', '"two"']);
  expect(await sent[1]?.json()).toEqual({ note: "for two" });
});

it("offers to undo that very correction", async () => {
  const expense = anExpense({ amount: "10.00" });
  const path = `/api/v1/expenses/${expense.id}`;
  mockServer({
    "GET /api/v1/categories": () => json(NONE),
    [`GET ${path}`]: () => json(expense, { ETag: '"one"', "Outlay-Action": "earlier-3", "Outlay-Revision": "3" }),
    [`PATCH ${path}`]: () => json(expense, { "Outlay-Action": "correction-8", "Outlay-Revision": "8" }),
  });
  const undo = vi.fn();
  const user = userEvent.setup();
  renderSignedIn(<EditExpenseDialog id={expense.id} onClose={vi.fn()} onDelete={vi.fn()} />, undo);
  await user.type(await screen.findByRole("textbox", { name: /Note/ }), "for two");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const offers = await screen.findAllByRole("button", { name: "Undo", hidden: true });
  await user.click(offers.at(-1) as HTMLElement);
  expect(undo).toHaveBeenCalledExactlyOnceWith({ id: "correction-8", revision: 8 });
});

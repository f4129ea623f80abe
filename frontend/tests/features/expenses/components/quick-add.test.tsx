import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { QuickAdd } from "@/features/expenses/components/quick-add";
import { anExpense } from "../../../support/ledger";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { type Responder, json, deferredResponse, problem, mockServer } from "../../../support/server";

const CATEGORIES = {
  items: [{ id: "c1", name: "Food", parent_id: null, colour: null, icon: null }],
  next_cursor: null,
};
const PATH = "/api/v1/expenses";

function setUp(...answers: Responder[]) {
  const server = mockServer({ "GET /api/v1/categories": () => json(CATEGORIES), [`POST ${PATH}`]: answers });
  const undo = vi.fn();
  const { container } = renderSignedIn(<QuickAdd month="2026-11" />, undo);
  const form = within(screen.getByRole("form", { name: "New expense" }));
  return {
    server,
    undo,
    container,
    form,
    amount: form.getByRole("textbox", { name: "Amount in EUR" }),
    category: form.getByRole("combobox", { name: "Category" }),
    merchant: form.getByRole("textbox", { name: /Merchant/ }),
    add: form.getByRole("button", { name: "Add" }),
  };
}

async function save(amount: HTMLElement, category: HTMLElement): Promise<void> {
  await userEvent.type(amount, "5");
  await userEvent.type(category, "Food{Enter}");
  await waitFor(() => expect(amount).toHaveValue(""));
}

afterEach(() => void vi.useRealTimers());

it("saves with Enter, confirms, and is ready for the next expense", async () => {
  const { server, merchant, amount, category } = setUp(() =>
    json(anExpense({ amount: "12.50" }), { "Outlay-Revision": "7" }, 201),
  );
  const user = userEvent.setup();
  await user.type(amount, "12,50");
  await user.type(category, "Food");
  await user.type(merchant, "Corner Shop{Enter}");

  expect(await screen.findByText("Saved: €12.50 for Food.")).toBeVisible();
  const [request] = server.requestsTo("POST", PATH);
  expect(await request?.json()).toMatchObject({
    amount: "12.50",
    category: "Food",
    merchant: "Corner Shop",
    note: null,
  });
  await waitFor(() => expect(amount).toHaveFocus());
  expect(amount).toHaveValue("");
});

it("includes the day in the confirmation if another month is displayed", async () => {
  const { amount, category } = setUp(() => json(anExpense({ spent_on: "2026-10-31" }), {}, 201));
  const user = userEvent.setup();
  await user.type(amount, "12,50");
  await user.type(category, "Food{Enter}");
  expect(await screen.findByText("Saved: €12.50 for Food, on 31 Oct 2026.")).toBeVisible();
});

it("offers to undo the saved expense", async () => {
  const headers = { "Outlay-Action": "action-7", "Outlay-Revision": "7" };
  const { undo, amount, category } = setUp(() => json(anExpense({ amount: "8.00" }), headers, 201));
  const user = userEvent.setup();
  await user.type(amount, "8");
  await user.type(category, "Food{Enter}");
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledExactlyOnceWith({ id: "action-7", revision: 7 });
});

it("sends the same key when an expense is retried, and a new key for the next one", async () => {
  const { server, add, amount, category } = setUp(
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => json(anExpense(), {}, 201),
  );
  const user = userEvent.setup();
  await user.type(amount, "5");
  await user.type(category, "Food");
  await user.click(add);
  expect(await screen.findByRole("alert")).toHaveTextContent("cannot be reached");
  expect(amount).toHaveValue("5");
  await user.click(add);
  await waitFor(() => expect(amount).toHaveValue(""));
  await user.type(amount, "5");
  await user.type(category, "Food");
  await user.click(add);
  await waitFor(() => expect(server.requestsTo("POST", PATH)).toHaveLength(3));

  const keys = server.requestsTo("POST", PATH).map((request) => request.headers.get("Idempotency-Key"));
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

it("sends a new key for the same expense on the same day, once the first one was saved", async () => {
  const today = "2026-11-22";
  vi.useFakeTimers({ now: new Date(`${today}T12:00:00Z`), toFake: ["Date"] });
  const { server, amount, category } = setUp(() => json(anExpense({ spent_on: today }), {}, 201));
  await save(amount, category);
  await save(amount, category);

  const [first, second] = server.requestsTo("POST", PATH);
  expect(await first?.text()).toBe(await second?.text());
  expect(first?.headers.get("Idempotency-Key")).toBeTruthy();
  expect(second?.headers.get("Idempotency-Key")).toBeTruthy();
  expect(second?.headers.get("Idempotency-Key")).not.toBe(first?.headers.get("Idempotency-Key"));
});

it("offers to undo each of two saved expenses by its own action", async () => {
  const { undo, amount, category } = setUp(
    () => json(anExpense(), { "Outlay-Action": "action-7", "Outlay-Revision": "7" }, 201),
    () => json(anExpense(), { "Outlay-Action": "action-8", "Outlay-Revision": "8" }, 201),
  );
  await save(amount, category);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenLastCalledWith({ id: "action-7", revision: 7 });
  await save(amount, category);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenLastCalledWith({ id: "action-8", revision: 8 });
});

it("reports missing fields without a request, and focuses the first one", async () => {
  const { server, add, amount } = setUp(() => json(anExpense(), {}, 201));
  await userEvent.click(add);
  expect(await screen.findByText("How much was it?")).toBeVisible();
  expect(screen.getByText("What was it for?")).toBeVisible();
  await waitFor(() => expect(amount).toHaveFocus());
  expect(server.requestsTo("POST", PATH)).toHaveLength(0);
});

it("keeps what is typed while the previous expense is being saved", async () => {
  const saved = deferredResponse();
  const { server, merchant, amount, category, form } = setUp(() => saved.response);
  const user = userEvent.setup();
  await user.type(amount, "5");
  await user.type(category, "Food");
  await user.type(merchant, "Corner Shop{Enter}");
  await waitFor(() => expect(server.requestsTo("POST", PATH)).toHaveLength(1));
  const note = form.getByRole("textbox", { name: /Note/ });
  await user.type(note, "for the next one");
  saved.resolveWith(json(anExpense(), {}, 201));
  await waitFor(() => expect(amount).toHaveValue(""));
  expect(merchant).toHaveValue("");
  expect(note).toHaveValue("for the next one");
  expect(note).toHaveFocus();
});

it("moves to the new day at midnight, but not while the user is typing", async () => {
  vi.useFakeTimers({ now: new Date("2026-11-22T23:59:50Z"), toFake: ["Date", "setInterval", "clearInterval"] });
  const { amount, form } = setUp(() => json(anExpense(), {}, 201));
  const day = form.getByRole("group", { name: "Date" });
  expect(day).toHaveTextContent("22/11/2026");
  act(() => void vi.advanceTimersByTime(60_000));
  await waitFor(() => expect(day).toHaveTextContent("23/11/2026"));
  await userEvent.type(amount, "5");
  act(() => void vi.advanceTimersByTime(24 * 3_600_000));
  expect(day).toHaveTextContent("23/11/2026");
});

it("reports the maximum length of names", async () => {
  const { server, merchant, amount, category } = setUp(() => json(anExpense(), {}, 201));
  const user = userEvent.setup();
  await user.type(amount, "5");
  await user.click(category);
  await user.paste("C".repeat(81));
  await user.click(merchant);
  await user.paste("M".repeat(201));
  await user.keyboard("{Enter}");
  expect(await screen.findByText("That name is longer than 80 characters.")).toBeVisible();
  expect(screen.getByText("That name is longer than 200 characters.")).toBeVisible();
  expect(server.requestsTo("POST", PATH)).toHaveLength(0);
});

it("shows a validation error of the server at its field", async () => {
  const errors = [{ pointer: "/merchant", detail: "control characters cannot be stored" }];
  const { merchant, amount, category } = setUp(() => problem(422, "invalid", { errors }));
  const user = userEvent.setup();
  await user.type(amount, "5");
  await user.type(category, "Food{Enter}");
  expect(await screen.findByText("Control characters cannot be stored.")).toBeVisible();
  await waitFor(() => expect(merchant).toHaveFocus());
});

it("has no accessibility violations, empty or with errors", async () => {
  const { container, add } = setUp(() => json(anExpense(), {}, 201));
  expect(await accessibilityViolations(container)).toEqual([]);
  await userEvent.click(add);
  await screen.findByText("How much was it?");
  expect(await accessibilityViolations(container)).toEqual([]);
});

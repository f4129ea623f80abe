import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import type { ExpenseFilter } from "@/features/expenses/api/expense-queries";
import { ExpenseFilters } from "@/features/expenses/components/expense-filters";
import { renderSignedIn } from "../../../support/render";
import { json, mockServer } from "../../../support/server";

const CATEGORIES = ["Food", "Coffee", "Müller’s"].map((name) => ({
  id: name[0],
  name,
  parent_id: null,
  colour: null,
  icon: null,
}));

/** Renders the filters with an initial value, as from a link. */
async function setUp(start: ExpenseFilter) {
  mockServer({ "GET /api/v1/categories": () => json({ items: CATEGORIES, next_cursor: null }) });
  const onFilter = vi.fn<(filter: ExpenseFilter) => void>();
  function Page() {
    const [filter, setFilter] = useState(start);
    onFilter.mockImplementation(setFilter);
    return <ExpenseFilters filter={filter} onFilter={onFilter} />;
  }
  renderSignedIn(<Page />);
  const category = screen.getByRole("combobox", { name: "Category" });
  await userEvent.click(screen.getByRole("button", { name: /Show suggestions/ }));
  await screen.findByRole("option", { name: "Coffee" });
  await userEvent.keyboard("{Escape}");
  return { onFilter, category };
}

it("keeps a category from a link when the user tabs through the field", async () => {
  const { onFilter, category } = await setUp({ category: "C", currency: "EUR" });
  await waitFor(() => expect(category).toHaveValue("Coffee"));
  await userEvent.click(category);
  await userEvent.tab();
  expect(category).toHaveValue("Coffee");
  expect(onFilter).not.toHaveBeenCalled();
});

it("applies a category that is picked or typed, and another one after it", async () => {
  const { onFilter, category } = await setUp({});
  await userEvent.type(category, "Fo{ArrowDown}{Enter}");
  expect(onFilter).toHaveBeenLastCalledWith({ category: "F" });
  await userEvent.clear(category);
  expect(onFilter).toHaveBeenLastCalledWith({ category: undefined });
  await userEvent.type(category, "Coffee");
  expect(onFilter).toHaveBeenLastCalledWith({ category: "C" });
});

it("suggests and applies a category regardless of apostrophes and accents", async () => {
  const { onFilter, category } = await setUp({});
  await userEvent.type(category, "muller'");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Müller’s"]);
  await userEvent.clear(category);
  await userEvent.type(category, "MÜLLER'S");
  expect(onFilter).toHaveBeenLastCalledWith({ category: "M" });
});

it("shows an error at the field if the last day is before the first", async () => {
  await setUp({ from: "2026-11-20", to: "2026-11-01" });
  expect(screen.getByText("This is before the first day.")).toBeVisible();
});

it("restores the applied category if the typed text is not a category", async () => {
  const { onFilter, category } = await setUp({ category: "C" });
  await userEvent.type(category, "zzz");
  await userEvent.tab();
  expect(category).toHaveValue("Coffee");
  expect(onFilter).not.toHaveBeenCalled();
});

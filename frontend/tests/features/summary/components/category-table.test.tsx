import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Summary } from "@/features/summary/api/summary";
import { CategoryTable } from "@/features/summary/components/category-table";
import { renderSignedIn } from "../../../support/render";

function setUp(total: string, rows: [total: string, share: string | null][]) {
  const categories = rows.map(([each, share], index) => ({
    category: `C${index}`,
    category_id: `c${index}`,
    total: each,
    count: 1,
    share,
  }));
  const summary: Summary = {
    currency: "EUR",
    total,
    count: rows.length,
    categories,
    other: [],
    isOutdated: false,
  };
  renderSignedIn(
    <CategoryTable
      summary={summary}
      tints={new Map()}
      onHighlight={vi.fn()}
      linkTo={(_id, _currency, children) => children}
    />,
  );
}

it("shows each share", () => {
  setUp("100.00", [
    ["75.50", "0.7550"],
    ["24.50", "0.2450"],
  ]);
  expect(screen.getByText("76%")).toBeVisible();
  expect(screen.queryByText(/No shares/)).toBeNull();
});

it("explains missing shares if refunds exceed spending in a category", () => {
  setUp("6.00", [
    ["100.00", null],
    ["5.00", null],
    ["-99.00", null],
  ]);
  expect(screen.getByText(/more came back than was spent/)).toBeVisible();
  expect(screen.queryByText(/%/)).toBeNull();
});

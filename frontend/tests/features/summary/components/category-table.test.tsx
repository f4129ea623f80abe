import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Summary } from "@/features/summary/api/summary";
import { CategoryTable } from "@/features/summary/components/category-table";
import { show } from "../../../support/render";

function open(total: string, rows: [total: string, share: string | null][]) {
  const categories = rows.map(([each, share], place) => ({
    category: `C${place}`, category_id: `c${place}`, total: each, count: 1, share,
  }));
  const summary: Summary = {
    from: "2026-11-01", to: "2026-11-30", currency: "EUR", total, count: rows.length, categories, other: [], revision: 4, older: false,
  };
  show(<CategoryTable summary={summary} tints={new Map()} onLight={vi.fn()} linkTo={(_id, _currency, children) => children} />);
}

it("shows each share", () => {
  open("100.00", [["75.50", "0.7550"], ["24.50", "0.2450"]]);
  expect(screen.getByText("76%")).toBeVisible();
  expect(screen.queryByText(/No shares/)).toBeNull();
});

it("says why there are none where refunds bend the whole", () => {
  open("6.00", [["100.00", null], ["5.00", null], ["-99.00", null]]);
  expect(screen.getByText(/more came back than was spent/)).toBeVisible();
  expect(screen.queryByText(/%/)).toBeNull();
});
